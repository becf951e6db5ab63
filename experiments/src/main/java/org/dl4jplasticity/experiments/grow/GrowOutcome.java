package org.dl4jplasticity.experiments.grow;

/** One run of an experiment on growth, and what came of it. */
sealed interface GrowOutcome {

    /** {@return what was to be run} */
    GrowSettings settings();

    /**
     * A run that went through, now or before.
     *
     * @param settings what was run
     * @param report what it wrote
     */
    record Done(GrowSettings settings, GrowReport report) implements GrowOutcome {}

    /**
     * A run that was refused or broke off.
     *
     * @param settings what was to be run
     * @param cause why it was not
     */
    record Failed(GrowSettings settings, RuntimeException cause) implements GrowOutcome {

        /** {@return which run failed and why, in one sentence} */
        String sentence() {
            String why = cause.getMessage() == null ? cause.toString() : cause.getMessage();
            return settings.inWords() + ": " + why;
        }
    }
}
