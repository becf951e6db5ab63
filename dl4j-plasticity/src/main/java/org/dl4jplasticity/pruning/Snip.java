package org.dl4jplasticity.pruning;

import java.util.List;
import org.deeplearning4j.nn.api.Model;
import org.dl4jplasticity.mask.MaskableWeights;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/** See {@link ConnectionScore#snip(MultiDataSet)}. */
record Snip(MultiDataSet batch) implements ConnectionScore {

    @Override
    public Rating on(Model network, List<MaskableWeights> weights) {
        GradientProbe probe = new GradientProbe(network, weights, new WithoutNoise());
        probe.feed(batch);
        double[][] values = probe.values();
        return active -> {
            double[][] scores = Connections.masked(values, active);
            double[][] gradients = probe.gradients(scores);
            double sum = 0;
            for (int i = 0; i < scores.length; i++) {
                for (int id = 0; id < scores[i].length; id++) {
                    scores[i][id] = Math.abs(gradients[i][id] * scores[i][id]);
                    sum += scores[i][id];
                }
            }
            if (sum == 0) {
                throw new IllegalArgumentException(
                        "SNIP needs weights with a gradient: on this batch every one of the chosen"
                                + " weights or its gradient is 0");
            }
            for (double[] some : scores) {
                for (int id = 0; id < some.length; id++) {
                    some[id] /= sum;
                }
            }
            return scores;
        };
    }
}
