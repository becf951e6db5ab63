package org.dl4jplasticity.experiments.run;

import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine;

/**
 * One run of a series, and what came of it.
 *
 * @param <S> its settings
 * @param <R> its report
 */
public sealed interface Outcome<S, R> {

    /** {@return what was to be run} */
    S settings();

    /** {@return what those of the runs that went through reported} */
    static <S, R> List<R> reports(List<Outcome<S, R>> outcomes) {
        return outcomes.stream()
                .filter(Done.class::isInstance)
                .map(outcome -> ((Done<S, R>) outcome).report())
                .toList();
    }

    /** {@return the runs that did not go through} */
    static <S, R> List<Failed<S, R>> failures(List<Outcome<S, R>> outcomes) {
        return outcomes.stream()
                .filter(Failed.class::isInstance)
                .map(outcome -> (Failed<S, R>) outcome)
                .toList();
    }

    /**
     * Tells the runs that did not go through.
     *
     * @param failures those runs
     * @param err where to
     * @return the exit code of the series
     */
    static <S, R> int tell(List<Failed<S, R>> failures, PrintWriter err) {
        failures.forEach(failed -> Failure.tell(err, failed.sentence(), failed.cause()));
        return failures.isEmpty() ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
    }

    /**
     * A run that went through, now or before.
     *
     * @param settings what was run
     * @param report what it wrote
     */
    record Done<S, R>(S settings, R report) implements Outcome<S, R> {}

    /**
     * A run that was refused or broke off.
     *
     * @param settings what was to be run
     * @param inWords the run in words
     * @param cause why it was not
     */
    record Failed<S, R>(S settings, String inWords, RuntimeException cause)
            implements Outcome<S, R> {

        /** {@return which run failed and why, in one sentence} */
        public String sentence() {
            String why = cause.getMessage() == null ? cause.toString() : cause.getMessage();
            return inWords + ": " + why;
        }
    }
}
