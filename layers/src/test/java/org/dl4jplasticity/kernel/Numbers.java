package org.dl4jplasticity.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

/** Comparisons of many numbers, in one pass. */
public final class Numbers {
    private Numbers() {}

    public static void assertClose(
            String what, double[] actual, double[] expected, double tolerance) {
        assertThat(actual).as(what).hasSameSizeAs(expected);
        for (int i = 0; i < expected.length; i++) {
            if (!(Math.abs(actual[i] - expected[i]) <= tolerance)) {
                fail(
                        "%s: at %d expected %s, got %s; tolerance %s",
                        what, i, expected[i], actual[i], tolerance);
            }
        }
    }
}
