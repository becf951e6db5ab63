package org.dl4jplasticity.journal;

/**
 * A place between two lines of a journal: what a checkpoint records, so that a resumed run goes on
 * exactly there.
 *
 * @param bytes length of the journal up to here
 * @param sequence number of mutations up to here, which is the sequence number of the next one
 * @param check check of the last line up to here, 16 hexadecimal digits; sixteen zeros at the start
 */
public record Position(long bytes, long sequence, String check) {

    /** The place before the first line. */
    public static final Position START = new Position(0, 0, "0".repeat(16));

    /**
     * Checks the parts.
     *
     * @param bytes at least 0
     * @param sequence at least 0
     * @param check 16 lower-case hexadecimal digits
     * @throws IllegalArgumentException if a number is negative, only one of them is 0, or the check
     *     is not 16 hexadecimal digits
     */
    public Position {
        if (bytes < 0 || sequence < 0 || (bytes == 0) != (sequence == 0)) {
            throw new IllegalArgumentException(
                    ("the position in a journal must be at least 0 bytes and 0 mutations, both 0 only"
                                    + " at the start, got %d bytes and %d mutations")
                            .formatted(bytes, sequence));
        }
        Hexadecimal.require16Digits("the check of a position in a journal", check);
    }
}
