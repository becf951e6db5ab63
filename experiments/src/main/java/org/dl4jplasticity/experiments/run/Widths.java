package org.dl4jplasticity.experiments.run;

import java.util.Arrays;
import java.util.Optional;

/** Layer sizes as the command line takes them: numbers of at least 1 joined by '-'. */
public final class Widths {
    private Widths() {}

    /** {@return the sizes, or nothing if the text is not a list of them} */
    public static Optional<int[]> parse(String text) {
        try {
            int[] widths = Arrays.stream(text.split("-", -1)).mapToInt(Integer::parseInt).toArray();
            return Arrays.stream(widths).allMatch(width -> width >= 1)
                    ? Optional.of(widths)
                    : Optional.empty();
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }
}
