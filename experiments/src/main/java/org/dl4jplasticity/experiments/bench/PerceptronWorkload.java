package org.dl4jplasticity.experiments.bench;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jplasticity.experiments.run.Network;

/**
 * A multi-layer perceptron with Nesterov momentum; every layer has the same density.
 *
 * @param widths sizes from inputs to classes, two or more
 * @param batch examples in the minibatch
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
record PerceptronWorkload(int[] widths, int batch) implements Workload {
    private static final double LEARNING_RATE = 0.01;

    @Override
    public String title() {
        return Arrays.stream(widths).mapToObj(String::valueOf).collect(Collectors.joining("-"));
    }

    @Override
    public Contestant dense() {
        return contestant(StepContestants.dense(widths, LEARNING_RATE));
    }

    @Override
    public Contestant packed(double density) {
        return contestant(StepContestants.packed(widths, density, LEARNING_RATE));
    }

    private Contestant contestant(MultiLayerNetwork network) {
        return new NetworkContestant(
                new Network(network), StepContestants.minibatch(widths, batch));
    }
}
