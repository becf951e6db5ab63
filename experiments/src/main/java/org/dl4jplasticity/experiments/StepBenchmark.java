package org.dl4jplasticity.experiments;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.dataset.DataSet;

/**
 * Times one training step, {@code fit} of one minibatch with Nesterov momentum, of a dense DL4J
 * network and of packed ones. All contestants live in one process and take turns, so that a slow
 * spell of the machine hits all alike.
 */
final class StepBenchmark {
    /** Steps a contestant makes before it is the next one's turn. */
    private static final int TURN = 10;

    private static final double LEARNING_RATE = 0.01;

    private final int[] widths;
    private final int batch;
    private final int steps;
    private final int warmup;

    StepBenchmark(int[] widths, int batch, int steps, int warmup) {
        this.widths = widths;
        this.batch = batch;
        this.steps = steps;
        this.warmup = warmup;
    }

    /**
     * How one contestant did.
     *
     * @param contestant {@code dense} or {@code packed}
     * @param density active over possible weights of every layer; 1 for dense
     * @param medianMs median time of a step, milliseconds
     * @param minMs shortest time of a step, milliseconds
     * @param ratioToDense times as fast as dense: the dense median over this one
     */
    record Result(
            String contestant,
            double density,
            double medianMs,
            double minMs,
            double ratioToDense) {}

    /** {@return the results, dense first} */
    List<Result> run(double[] densities) {
        Backend.tune();
        List<MultiLayerNetwork> networks = new ArrayList<>();
        networks.add(StepContestants.dense(widths, LEARNING_RATE));
        for (double density : densities) {
            networks.add(StepContestants.packed(widths, density, LEARNING_RATE));
        }
        DataSet minibatch = StepContestants.minibatch(widths, batch);
        for (MultiLayerNetwork network : networks) {
            for (int step = 0; step < warmup; step++) {
                network.fit(minibatch);
            }
        }
        double[][] times = new double[networks.size()][steps];
        for (int first = 0; first < steps; first += TURN) {
            for (int i = 0; i < times.length; i++) {
                for (int step = first; step < Math.min(first + TURN, steps); step++) {
                    long begin = System.nanoTime();
                    networks.get(i).fit(minibatch);
                    times[i][step] = (System.nanoTime() - begin) / 1e6;
                }
            }
        }
        List<Result> results = new ArrayList<>();
        double denseMedian = median(times[0]);
        for (int i = 0; i < times.length; i++) {
            double median = median(times[i]);
            results.add(
                    new Result(
                            i == 0 ? "dense" : "packed",
                            i == 0 ? 1 : densities[i - 1],
                            median,
                            Arrays.stream(times[i]).min().orElseThrow(),
                            denseMedian / median));
        }
        return results;
    }

    static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
