package org.dl4jplasticity.experiments.dropout;

import java.util.List;

/** One run of a comparison, and what came of it. */
sealed interface DropoutOutcome {

    /** {@return what was to be run} */
    DropoutSettings settings();

    /** {@return what those of the runs that went through reported} */
    static List<DropoutReport> reports(List<DropoutOutcome> outcomes) {
        return outcomes.stream()
                .filter(Done.class::isInstance)
                .map(outcome -> ((Done) outcome).report())
                .toList();
    }

    /**
     * A run that went through, now or before.
     *
     * @param settings what was run
     * @param report what it wrote
     */
    record Done(DropoutSettings settings, DropoutReport report) implements DropoutOutcome {}

    /**
     * A run that was refused or broke off.
     *
     * @param settings what was to be run
     * @param cause why it was not
     */
    record Failed(DropoutSettings settings, RuntimeException cause) implements DropoutOutcome {

        /** {@return which run failed and why, in one sentence} */
        String sentence() {
            String why = cause.getMessage() == null ? cause.toString() : cause.getMessage();
            return settings.inWords() + ": " + why;
        }
    }
}
