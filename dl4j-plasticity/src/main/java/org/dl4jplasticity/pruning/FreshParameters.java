package org.dl4jplasticity.pruning;

import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.rng.Random;
import org.nd4j.linalg.factory.Nd4j;

/** Draws the parameters of a network anew, each layer by its own initialization. */
final class FreshParameters {
    private FreshParameters() {}

    /**
     * {@return another network of the same configuration, initialized from another seed} DL4J's
     * initializations draw from ND4J's generator, which is put back into its state.
     *
     * @param network an initialized network, which stays as it is
     * @param seed in place of its own
     */
    static Model of(Model network, long seed) {
        Random global = Nd4j.getRandom();
        long root = global.rootState();
        long node = global.nodeState();
        long before = global.getSeed();
        try {
            return network instanceof MultiLayerNetwork sequential
                    ? sequential(sequential, seed)
                    : graph((ComputationGraph) network, seed);
        } finally {
            global.setSeed(before);
            global.setStates(root, node);
        }
    }

    private static MultiLayerNetwork sequential(MultiLayerNetwork network, long seed) {
        MultiLayerConfiguration configuration =
                MultiLayerConfiguration.fromJson(network.getLayerWiseConfigurations().toJson());
        for (NeuralNetConfiguration layer : configuration.getConfs()) {
            layer.setSeed(seed);
        }
        MultiLayerNetwork fresh = new MultiLayerNetwork(configuration);
        fresh.init();
        return fresh;
    }

    private static ComputationGraph graph(ComputationGraph network, long seed) {
        ComputationGraphConfiguration configuration =
                ComputationGraphConfiguration.fromJson(network.getConfiguration().toJson());
        configuration.getDefaultConfiguration().setSeed(seed);
        ComputationGraph fresh = new ComputationGraph(configuration);
        fresh.init();
        return fresh;
    }
}
