package org.dl4jplasticity.topology;

import java.util.Arrays;

/**
 * Selection by score. NaN is taken last, -0.0 equals 0.0; of equal scores the lower index is taken.
 */
public final class Ranking {
    private Ranking() {}

    /**
     * {@return the indices of the lowest scores, ascending}
     *
     * @param scores any numbers
     * @param count how many, in [0, {@code scores.length}]
     * @throws IllegalArgumentException if the count is out of range
     */
    public static int[] lowest(double[] scores, int count) {
        if (count < 0 || count > scores.length) {
            throw new IllegalArgumentException(
                    "can select between 0 and %d scores, got %d".formatted(scores.length, count));
        }
        if (count == 0) {
            return new int[0];
        }
        double[] values = new double[scores.length];
        Arrays.setAll(values, i -> scores[i] + 0.0); // 0.0 for -0.0, which would rank below it
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        double limit = sorted[count - 1];
        int below = 0;
        for (double value : values) {
            if (Double.compare(value, limit) < 0) {
                below++;
            }
        }
        int atLimit = count - below;
        int[] chosen = new int[count];
        int next = 0;
        for (int i = 0; i < scores.length; i++) {
            int order = Double.compare(values[i], limit);
            if (order < 0 || (order == 0 && atLimit-- > 0)) {
                chosen[next++] = i;
            }
        }
        return chosen;
    }

    /**
     * {@return the indices of the highest scores, ascending}
     *
     * @param scores any numbers
     * @param count how many, in [0, {@code scores.length}]
     * @throws IllegalArgumentException if the count is out of range
     */
    public static int[] highest(double[] scores, int count) {
        double[] negated = new double[scores.length];
        Arrays.setAll(negated, i -> -scores[i]);
        return lowest(negated, count);
    }
}
