package org.dl4jplasticity.experiments;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * The runs of one method at one sparsity. What can't be told, because no run went through or a
 * single one did, is null.
 *
 * @param method how connections change
 * @param sparsity share of connections that are not active
 * @param seeds runs that went through
 * @param failed runs that did not
 * @param meanTestAccuracy in [0, 1], or null
 * @param standardDeviation of the sample, n - 1 under the root, or null
 * @param minTestAccuracy in [0, 1], or null
 * @param maxTestAccuracy in [0, 1], or null
 * @param trainSeconds of all runs together
 */
record SweepCell(
        Method method,
        double sparsity,
        int seeds,
        int failed,
        Double meanTestAccuracy,
        Double standardDeviation,
        Double minTestAccuracy,
        Double maxTestAccuracy,
        double trainSeconds) {

    /**
     * {@return the cell of some runs}
     *
     * @param runs at least one, of one method and sparsity
     */
    static SweepCell of(List<SweepRun> runs) {
        TrainSettings settings = runs.get(0).settings();
        List<TrainReport> reports = SweepRun.reports(runs);
        double[] sorted =
                reports.stream().mapToDouble(TrainReport::testAccuracy).sorted().toArray();
        int n = sorted.length;
        return new SweepCell(
                settings.method(),
                settings.sparsity(),
                n,
                runs.size() - n,
                n == 0 ? null : mean(sorted),
                n < 2 ? null : standardDeviation(sorted),
                n == 0 ? null : sorted[0],
                n == 0 ? null : sorted[n - 1],
                SweepRun.trainSeconds(runs));
    }

    private static double mean(double[] values) {
        return Arrays.stream(values).sum() / values.length;
    }

    private static double standardDeviation(double[] values) {
        double mean = mean(values);
        double squares = Arrays.stream(values).map(x -> (x - mean) * (x - mean)).sum();
        return Math.sqrt(squares / (values.length - 1));
    }

    /** {@return percent ± percent, and of how many seeds that is if some failed} */
    String inPercent() {
        if (seeds == 0) {
            return "failed";
        }
        return percent(meanTestAccuracy)
                + (standardDeviation == null ? "" : " ± " + percent(standardDeviation))
                + (failed == 0 ? "" : " (%d of %d seeds)".formatted(seeds, seeds + failed));
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.2f", 100 * share);
    }
}
