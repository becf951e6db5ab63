package org.dl4jplasticity.experiments.sweep;

import java.util.List;
import org.dl4jplasticity.experiments.run.Outcome;
import org.dl4jplasticity.experiments.run.Sample;
import org.dl4jplasticity.experiments.train.Method;
import org.dl4jplasticity.experiments.train.TrainReport;
import org.dl4jplasticity.experiments.train.TrainSettings;

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
    static SweepCell of(List<Outcome<TrainSettings, TrainReport>> runs) {
        TrainSettings settings = runs.get(0).settings();
        List<TrainReport> reports = Outcome.reports(runs);
        Sample sample = Sample.of(reports.stream().map(TrainReport::testAccuracy).toList());
        return new SweepCell(
                settings.method(),
                settings.sparsity(),
                sample.size(),
                runs.size() - sample.size(),
                sample.mean(),
                sample.standardDeviation(),
                sample.min(),
                sample.max(),
                trainSeconds(runs));
    }

    /** {@return seconds in training steps of all the runs that went through} */
    static double trainSeconds(List<Outcome<TrainSettings, TrainReport>> runs) {
        return Outcome.reports(runs).stream().mapToDouble(TrainReport::trainSeconds).sum();
    }

    /** {@return percent ± percent, and of how many seeds that is if some failed} */
    String inPercent() {
        if (seeds == 0) {
            return "failed";
        }
        return new Sample(
                                seeds,
                                meanTestAccuracy,
                                standardDeviation,
                                minTestAccuracy,
                                maxTestAccuracy)
                        .inPercent()
                + (failed == 0 ? "" : " (%d of %d seeds)".formatted(seeds, seeds + failed));
    }
}
