package org.dl4jplasticity.sparse;

import java.util.Map;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * What a forward pass of one example costs, in the accounting of {@link SparsityReport}: a
 * multiplication and an addition for each active weight wherever it is applied. Biases, activation
 * functions, normalization and pooling are not counted.
 *
 * @param flops floating-point operations with the weights that are active
 * @param denseFlops the same if all weights were active
 */
public record InferenceCost(double flops, double denseFlops) {

    /**
     * {@return the cost of a network, which is run once for the sizes of its activations}
     *
     * @param network an initialized {@code MultiLayerNetwork} or {@code ComputationGraph}, which
     *     stays as it is
     * @param features what it gets, at least one example each
     */
    public static InferenceCost of(Model network, INDArray... features) {
        TrainingCost cost = new TrainingCost();
        try (MemoryWorkspace outside = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
            if (network instanceof MultiLayerNetwork sequence) {
                cost.observe(network, sequence.feedForward(features[0], false));
            } else {
                ComputationGraph graph = (ComputationGraph) network;
                Map<String, INDArray> activations = graph.feedForward(features, false);
                graph.setInputs(features); // the forward pass may have let go of them
                cost.observe(graph, activations);
            }
        }
        return new InferenceCost(cost.inference(), cost.denseInference());
    }
}
