package org.dl4jplasticity.journal;

import java.util.regex.Pattern;

/** Checks and digests: 16 lower-case hexadecimal digits. */
final class Hexadecimal {
    private static final Pattern DIGITS = Pattern.compile("[0-9a-f]{16}");

    private Hexadecimal() {}

    static void require16Digits(String what, String text) {
        if (!DIGITS.matcher(text).matches()) {
            throw new IllegalArgumentException(
                    "%s must be 16 lower-case hexadecimal digits, got '%s'".formatted(what, text));
        }
    }
}
