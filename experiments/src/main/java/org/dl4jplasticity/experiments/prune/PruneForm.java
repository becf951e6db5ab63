package org.dl4jplasticity.experiments.prune;

import java.util.List;
import java.util.Locale;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jplasticity.experiments.run.Network;
import org.dl4jplasticity.layers.runtime.SparseRuntime;
import org.dl4jplasticity.mask.WeightFilter;
import org.dl4jplasticity.packing.Packing;
import org.dl4jplasticity.surgery.PlasticNetwork;

/** How a pruned network is written. */
enum PruneForm {
    /** Fully connected layers hold only what is active. */
    PACKED {
        @Override
        Network of(Network masked) {
            return masked.packed(WeightFilter.all());
        }
    },
    /** Everything is there, and masks lie over it. */
    MASKED {
        @Override
        Network of(Network masked) {
            return masked;
        }
    },
    /** DL4J's own: what isn't active is 0. */
    PLAIN {
        @Override
        Network of(Network masked) {
            return new Network(
                    masked.model() instanceof MultiLayerNetwork sequence
                            ? Packing.export(sequence)
                            : Packing.export((ComputationGraph) masked.model()));
        }
    };

    /** {@return the network in this form} */
    abstract Network of(Network masked);

    /** {@return the layers that hold only what is active, by their index or name} */
    static List<String> packedLayers(Network network) {
        PlasticNetwork view = PlasticNetwork.of(network.model());
        return view.layers().stream()
                .filter(SparseRuntime.class::isInstance)
                .map(view::layerId)
                .toList();
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
