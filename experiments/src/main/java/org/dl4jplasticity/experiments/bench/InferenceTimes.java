package org.dl4jplasticity.experiments.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.dl4jplasticity.datasets.LabeledExamples;
import org.dl4jplasticity.experiments.run.Network;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * How long a batch takes at inference in a network and in what it was pruned to, milliseconds. The
 * two take turns, so that a slow spell of the machine hits both alike.
 *
 * @param batch examples in the batch
 * @param medianMsBefore of the network as given
 * @param minMsBefore the same, the shortest time
 * @param medianMsAfter of the pruned network
 * @param minMsAfter the same, the shortest time
 * @param timesAsFast the median before over that after
 * @param timesAsFastAtBest the minimum before over that after
 */
public record InferenceTimes(
        int batch,
        double medianMsBefore,
        double minMsBefore,
        double medianMsAfter,
        double minMsAfter,
        double timesAsFast,
        double timesAsFastAtBest) {

    private static final int[] BATCHES = {1, 256};

    /** Calls that are timed for one batch size; examples times calls are bounded. */
    private static final int CALLS = 300;

    private static final int EXAMPLES = 15_000;

    /** Calls a network makes before it is the other one's turn. */
    private static final int TURN = 5;

    /** {@return the times for batches of 1 and of 256, or of all examples if there are fewer} */
    public static List<InferenceTimes> of(Network before, Network after, LabeledExamples examples) {
        List<InferenceTimes> all = new ArrayList<>();
        for (int wanted : BATCHES) {
            int batch = Math.min(wanted, examples.size());
            INDArray features = examples.iterator(batch).next().getFeatures();
            int calls = Math.min(CALLS, EXAMPLES / batch);
            times(before, after, features, Math.max(TURN, calls / 5)); // to warm up
            double[][] times = times(before, after, features, calls);
            all.add(of(batch, times[0], times[1]));
        }
        return all;
    }

    private static double[][] times(Network before, Network after, INDArray features, int calls) {
        Network[] networks = {before, after};
        double[][] times = new double[2][calls];
        for (int first = 0; first < calls; first += TURN) {
            for (int i = 0; i < 2; i++) {
                for (int call = first; call < Math.min(first + TURN, calls); call++) {
                    long begin = System.nanoTime();
                    networks[i].output(features);
                    times[i][call] = (System.nanoTime() - begin) / 1e6;
                }
            }
        }
        return times;
    }

    public static InferenceTimes of(int batch, double[] before, double[] after) {
        double medianBefore = StepBenchmark.median(before);
        double medianAfter = StepBenchmark.median(after);
        double minBefore = Arrays.stream(before).min().orElseThrow();
        double minAfter = Arrays.stream(after).min().orElseThrow();
        return new InferenceTimes(
                batch,
                medianBefore,
                minBefore,
                medianAfter,
                minAfter,
                medianBefore / medianAfter,
                minBefore / minAfter);
    }
}
