package org.dl4jplasticity.experiments;

import java.util.Arrays;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jplasticity.datasets.LabeledExamples;
import org.dl4jplasticity.layers.SparseLayer;
import org.dl4jplasticity.layers.SparseOutputLayer;
import org.dl4jplasticity.layers.Sparsity;
import org.dl4jplasticity.packing.Packing;
import org.dl4jplasticity.pruning.PruningAtInitialization;

/** Makes a network sparse as a run's method and mode ask for. */
final class Sparsification {
    private final TrainSettings settings;

    Sparsification(TrainSettings settings) {
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
    Network apply(Network network, LabeledExamples examples) {
        Method method = settings.method();
        if (!method.isSparse() || method.choosesItsOwnWeights()) {
            return network;
        }
        if (network.topologies().isEmpty()) {
            layMasks(network, examples);
        }
        return switch (settings.mode()) {
            case PACKED -> packed(network);
            case MASKED -> unpacked(network, false);
            case AUTO ->
                    method.needsMasks() ? unpacked(network, false) : fastest(network);
        };
    }

    private void layMasks(Network network, LabeledExamples examples) {
        PruningAtInitialization pruning =
                switch (settings.method()) {
                    case SNIP -> PruningAtInitialization.snip(batch(examples));
                    case GRASP -> PruningAtInitialization.grasp(batch(examples));
                    case SYNFLOW -> PruningAtInitialization.synflow();
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
}
