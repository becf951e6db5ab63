package org.dl4jplasticity.experiments.train;

import org.deeplearning4j.nn.conf.layers.Layer;
import org.dl4jplasticity.datasets.LabeledExamples;
import org.dl4jplasticity.experiments.run.Mode;
import org.dl4jplasticity.experiments.run.Network;
import org.dl4jplasticity.layers.SparseLayer;
import org.dl4jplasticity.layers.SparseOutputLayer;
import org.dl4jplasticity.layers.Sparsity;
import org.dl4jplasticity.mask.WeightFilter;
import org.dl4jplasticity.packing.Packing;
import org.dl4jplasticity.pruning.Pruning;
import org.nd4j.linalg.dataset.DataSet;

/** Makes a network sparse as a run's method and mode ask for. */
public final class Sparsification {
    /** That connections are chosen by before training; the papers take one or a few batches. */
    private static final int EXAMPLES = 1_000;

    private final TrainSettings settings;

    public Sparsification(TrainSettings settings) {
        this.settings = settings;
        if (settings.mode() == Mode.PACKED && settings.method().needsMasks()) {
            throw new IllegalArgumentException(
                    "--mode packed: method %s needs all weights to exist; use masked or auto"
                            .formatted(settings.method()));
        }
    }

    /**
     * {@return the network with masks or sparse layers}
     *
     * @param network a network as its model specification makes it, with sparse layers or without
     * @param examples to choose connections by, for methods that do
     */
    public Network apply(Network network, LabeledExamples examples) {
        Method method = settings.method();
        if (!method.isSparse() || method.isLatent()) {
            return network;
        }
        if (network.topologies().isEmpty()) {
            layMasks(network, examples);
        }
        return switch (settings.mode()) {
            case PACKED -> network.packed(WeightFilter.all());
            case MASKED -> network.unpacked();
            case AUTO ->
                    method.needsMasks()
                            ? network.unpacked()
                            : network.unpacked(layer -> !isFasterPacked(layer))
                                    .packed(Packing.whereFaster());
        };
    }

    /** An output layer of ours has softmax and loss fused, which outweighs a high density. */
    private static boolean isFasterPacked(SparseLayer layer) {
        return layer instanceof SparseOutputLayer
                || Packing.fasterPacked((Layer) layer, layer.getTopology());
    }

    private void layMasks(Network network, LabeledExamples examples) {
        Pruning pruning =
                switch (settings.method()) {
                    case SNIP -> Pruning.snip(batch(examples));
                    case GRASP -> Pruning.grasp(batch(examples));
                    case SYNFLOW -> Pruning.synflow();
                    default -> null;
                };
        if (pruning != null) {
            pruning.applyTo(network.model(), settings.sparsity());
            return;
        }
        Sparsity sparsity =
                Sparsity.of(settings.method().firstSparsity(settings.sparsity()))
                        .by(settings.distribution());
        boolean trained = settings.model().endsWith(".zip");
        (trained ? sparsity.keepingLargest() : sparsity.seed(settings.seed()).rescaling())
                .applyTo(network.model());
    }

    /** One large batch, in the order of the run's seed. */
    private DataSet batch(LabeledExamples examples) {
        return examples.iterator(Math.min(EXAMPLES, examples.size()), settings.seed()).next();
    }
}
