package org.dl4jplasticity.datasets;

/**
 * A data set that can't be had: a file that is missing, damaged or of another format, a name nobody
 * knows, a download that failed. The message is one sentence for the user: what, where, expected
 * and got.
 */
public final class DataException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /**
     * A refusal found by looking at the data.
     *
     * @param message the sentence shown to the user
     */
    public DataException(String message) {
        super(message);
    }

    /**
     * A refusal caused by a failure below.
     *
     * @param message the sentence shown to the user; it says what the cause means and stands
     *     without it
     * @param cause what failed
     */
    public DataException(String message, Throwable cause) {
        super(message, cause);
    }
}
