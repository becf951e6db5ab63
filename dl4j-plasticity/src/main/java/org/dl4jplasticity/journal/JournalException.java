package org.dl4jplasticity.journal;

/**
 * A journal that isn't what it should be: a line that was damaged or moved, a file that ends before
 * the position of a checkpoint, a mutation that doesn't fit the topology it is applied to. The
 * message is one sentence for the user: what, where, expected and got.
 */
public final class JournalException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    private final long line;

    JournalException(long line, String message, Throwable cause) {
        super(message, cause);
        this.line = line;
    }

    /** {@return the number of the line at fault, from 1; the message says it too} */
    public long line() {
        return line;
    }
}
