package org.dl4jplasticity.journal;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * How a line carries its check. A line is a JSON object whose last field is the check, so its bytes
 * are the object's up to there, then {@value #BEFORE_CHECK}, 16 digits, {@value #AFTER_CHECK}.
 */
final class Chain {
    static final String BEFORE_CHECK = ",\"check\":\"";
    static final String AFTER_CHECK = "\"}";

    private static final int DIGITS = 16;
    private static final byte[] BEFORE = BEFORE_CHECK.getBytes(StandardCharsets.US_ASCII);
    private static final byte[] AFTER = AFTER_CHECK.getBytes(StandardCharsets.US_ASCII);

    /** Bytes of a line from the comma before the check to its end. */
    private static final int TAIL = BEFORE.length + DIGITS + AFTER.length;

    private Chain() {}

    /** {@return the check of a line that begins with given text, in ASCII, before its own check} */
    static String check(String previous, String open) {
        byte[] bytes = open.getBytes(StandardCharsets.US_ASCII);
        return check(previous, bytes, bytes.length);
    }

    private static String check(String previous, byte[] bytes, int length) {
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            sha.update(previous.getBytes(StandardCharsets.US_ASCII));
            sha.update(bytes, 0, length);
            return HexFormat.of().formatHex(sha.digest(), 0, DIGITS / 2);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /**
     * {@return the check of a line, confirmed}
     *
     * @param previous the check of the line before
     * @param line without its newline
     * @throws IllegalArgumentException if the line ends in no check or in a wrong one
     */
    static String confirm(String previous, byte[] line) {
        int content = line.length - TAIL;
        int digits = content + BEFORE.length;
        int after = digits + DIGITS;
        if (content < 0
                || !Arrays.equals(line, content, digits, BEFORE, 0, BEFORE.length)
                || !Arrays.equals(line, after, line.length, AFTER, 0, AFTER.length)) {
            throw new IllegalArgumentException(
                    "expected a JSON object that ends in its check, got "
                            + excerpt(line, Math.max(0, content)));
        }
        String expected = check(previous, line, content);
        String got = new String(line, digits, DIGITS, StandardCharsets.ISO_8859_1);
        if (!got.equals(expected)) {
            throw new IllegalArgumentException(
                    "expected check %s, got '%s': the line is not as it was written, or not where"
                                    .formatted(expected, printable(got))
                            + " it was written");
        }
        return got;
    }

    /**
     * {@return whether bytes without a newline can be the beginning of a line} They can't when they
     * hold a whole line and then go on: there the newline was changed.
     */
    static boolean isCutLine(byte[] bytes) {
        for (int start = bytes.length - TAIL - 1; start >= 0; start--) {
            if (Arrays.equals(bytes, start, start + BEFORE.length, BEFORE, 0, BEFORE.length)) {
                return false;
            }
        }
        return true;
    }

    private static String excerpt(byte[] line, int from) {
        String text = new String(line, from, line.length - from, StandardCharsets.ISO_8859_1);
        return line.length == 0
                ? "an empty line"
                : "a line that ends in '%s'".formatted(printable(text));
    }

    private static String printable(String text) {
        return text.replaceAll("[^ -~]", "?");
    }
}
