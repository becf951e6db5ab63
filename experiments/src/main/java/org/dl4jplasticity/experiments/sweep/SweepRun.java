package org.dl4jplasticity.experiments.sweep;

import java.util.List;
import org.dl4jplasticity.experiments.train.TrainReport;
import org.dl4jplasticity.experiments.train.TrainSettings;

/** One combination of a sweep, and what came of it. */
sealed interface SweepRun {

    /** {@return what was to be trained} */
    TrainSettings settings();

    /** {@return the combination in words} */
    static String describe(TrainSettings settings) {
        return "%s, sparsity %s, seed %d"
                .formatted(settings.method(), settings.sparsity(), settings.seed());
    }

    /** {@return what those of the runs that went through reported} */
    static List<TrainReport> reports(List<SweepRun> runs) {
        return runs.stream()
                .filter(Done.class::isInstance)
                .map(run -> ((Done) run).report())
                .toList();
    }

    /** {@return seconds in training steps of all the runs that went through} */
    static double trainSeconds(List<SweepRun> runs) {
        return reports(runs).stream().mapToDouble(TrainReport::trainSeconds).sum();
    }

    /**
     * A run that went through, now or in an earlier sweep.
     *
     * @param settings what was trained
     * @param report what it wrote
     */
    record Done(TrainSettings settings, TrainReport report) implements SweepRun {}

    /**
     * A run that was refused or broke off.
     *
     * @param settings what was to be trained
     * @param cause why it was not
     */
    record Failed(TrainSettings settings, RuntimeException cause) implements SweepRun {

        /** {@return which combination failed and why, in one sentence} */
        String sentence() {
            String why = cause.getMessage() == null ? cause.toString() : cause.getMessage();
            return describe(settings) + ": " + why;
        }
    }
}
