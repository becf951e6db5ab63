package org.dl4jplasticity.checkpoint;

/**
 * A file that can't be gone on from: no checkpoint, a damaged one, one of a newer format, of
 * another method or of another architecture. The message is one sentence for the user: what, where,
 * expected and got.
 */
public final class CheckpointException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    CheckpointException(String message) {
        super(message);
    }

    CheckpointException(String message, Throwable cause) {
        super(message, cause);
    }
}
