package org.dl4jplasticity.pruning;

import java.util.List;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.dl4jplasticity.mask.MaskableWeights;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * See {@link ConnectionScore#synflow(InputType...)}. The gradient of R, the sum of the outputs,
 * comes from DL4J's own backpropagation: R is the absolute distance of the outputs from zeros,
 * since no output is negative.
 */
record SynFlow(List<InputType> inputs) implements ConnectionScore {

    @Override
    public Rating on(Model network, List<MaskableWeights> weights) {
        long[][] shapes = InputShapes.of(network, inputs);
        GradientProbe probe =
                new GradientProbe(network, weights, new Linearization("SynFlow", "SNIP or GraSP"));
        try (MemoryWorkspace outside = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
            INDArray parameters = probe.parameters();
            parameters.assign(Nd4j.math().abs(parameters));
            probe.feedWithZeros(InputShapes.ones(shapes));
        }
        double[][] values = probe.values();
        return active -> {
            double[][] scores = Connections.masked(values, active);
            double[][] gradients = probe.gradients(scores);
            double sum = 0;
            for (int i = 0; i < scores.length; i++) {
                for (int id = 0; id < scores[i].length; id++) {
                    scores[i][id] *= gradients[i][id];
                    sum += scores[i][id];
                }
            }
            requireFlow(sum);
            return scores;
        };
    }

    private static void requireFlow(double sum) {
        if (!Double.isFinite(sum)) {
            throw new IllegalArgumentException(
                    "the network's synaptic flow is not a finite number: its weights are not, or it"
                            + " is so deep and wide that the flow is beyond "
                            + Double.MAX_VALUE);
        }
        if (sum == 0) {
            throw new IllegalArgumentException(
                    "the network has no synaptic flow: no path of nonzero weights through the chosen"
                            + " ones leads from the inputs to the outputs; a lower sparsity or more"
                            + " rounds may leave one");
        }
    }
}
