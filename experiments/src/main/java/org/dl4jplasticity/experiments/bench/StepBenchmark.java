package org.dl4jplasticity.experiments.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.dl4jplasticity.experiments.run.Backend;

/**
 * Times one step of a workload in DL4J's dense form and in packed ones. All contestants live in one
 * process and take turns, so that a slow spell of the machine hits all alike.
 */
final class StepBenchmark {
    /** Steps a contestant makes before it is the next one's turn. */
    private static final int TURN = 10;

    private final Workload workload;
    private final Consumer<Workload.Contestant> step;
    private final int steps;
    private final int warmup;

    /**
     * Creates a benchmark.
     *
     * @param workload what is timed
     * @param step what a contestant does at each step
     * @param steps timed ones of each contestant
     * @param warmup steps of each contestant before
     */
    StepBenchmark(Workload workload, Consumer<Workload.Contestant> step, int steps, int warmup) {
        this.workload = workload;
        this.step = step;
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
        List<Workload.Contestant> contestants = new ArrayList<>();
        contestants.add(workload.dense());
        for (double density : densities) {
            contestants.add(workload.packed(density));
        }
        for (Workload.Contestant contestant : contestants) {
            for (int i = 0; i < warmup; i++) {
                step.accept(contestant);
            }
        }
        double[][] times = new double[contestants.size()][steps];
        for (int first = 0; first < steps; first += TURN) {
            for (int i = 0; i < times.length; i++) {
                for (int timed = first; timed < Math.min(first + TURN, steps); timed++) {
                    long begin = System.nanoTime();
                    step.accept(contestants.get(i));
                    times[i][timed] = (System.nanoTime() - begin) / 1e6;
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
