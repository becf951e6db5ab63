package org.dl4jplasticity.pruning;

import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleBinaryOperator;
import org.deeplearning4j.nn.api.Model;
import org.dl4jplasticity.mask.MaskableWeights;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/**
 * The mean over batches of a function of each connection's gradient and weight.
 *
 * @param batches examples with labels, at least one batch
 * @param function of gradient and weight
 */
record GradientScore(List<MultiDataSet> batches, DoubleBinaryOperator function)
        implements ConnectionScore {

    GradientScore {
        requireSome(batches);
    }

    static void requireSome(List<MultiDataSet> batches) {
        if (batches.isEmpty()) {
            throw new IllegalArgumentException(
                    "a score of gradients needs at least 1 batch of examples, got none");
        }
    }

    @Override
    public Rating on(Model network, List<MaskableWeights> weights) {
        GradientProbe probe = new GradientProbe(network, weights, new WithoutNoise());
        double[][] values = probe.values();
        return active -> {
            double[][] theta = Connections.masked(values, active);
            double[][] sums = new double[theta.length][];
            Arrays.setAll(sums, i -> new double[theta[i].length]);
            for (MultiDataSet batch : batches) {
                probe.feed(batch);
                add(probe.gradients(theta), theta, sums);
            }
            for (double[] some : sums) {
                for (int id = 0; id < some.length; id++) {
                    some[id] /= batches.size();
                }
            }
            return Connections.masked(sums, active);
        };
    }

    private void add(double[][] gradients, double[][] theta, double[][] sums) {
        for (int i = 0; i < sums.length; i++) {
            for (int id = 0; id < sums[i].length; id++) {
                sums[i][id] += function.applyAsDouble(gradients[i][id], theta[i][id]);
            }
        }
    }
}
