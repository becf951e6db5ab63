package org.dl4jplasticity.experiments.run;

import java.io.PrintWriter;
import java.io.UncheckedIOException;
import org.deeplearning4j.exception.DL4JException;
import org.dl4jplasticity.datasets.DataException;

/** Tells the failures that a user can mend from those that are our own faults. */
public final class Failure {
    private Failure() {}

    /** {@return whether what was asked or given is at fault} */
    public static boolean isBadInput(Exception exception) {
        return exception instanceof IllegalArgumentException
                || exception instanceof DataException
                || exception instanceof DL4JException;
    }

    /** {@return whether the message is all that a user needs; a trace is for our own faults} */
    public static boolean isToldInOneSentence(Exception exception) {
        return isBadInput(exception)
                || exception instanceof TrainingDiverged
                || exception instanceof UncheckedIOException;
    }

    /**
     * Tells what went wrong: in one sentence, and with its trace if the fault is our own.
     *
     * @param err where to
     * @param sentence what is told
     * @param cause what went wrong
     */
    public static void tell(PrintWriter err, String sentence, Exception cause) {
        err.println("plasticity: " + sentence);
        if (!isToldInOneSentence(cause)) {
            cause.printStackTrace(err);
        }
    }
}
