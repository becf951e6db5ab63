package org.dl4jplasticity.topology;

import java.util.Arrays;

/** Selection by score. NaN ranks above every number; of equal scores the lower index is taken. */
public final class Ranking {
    private Ranking() {}

    /**
     * {@return the indices of the lowest scores, ascending}
     *
     * @param scores any numbers
     * @param count how many, in [0, {@code scores.length}]
     */
    public static int[] lowest(double[] scores, int count) {
        if (count < 0 || count > scores.length) {
            throw new IllegalArgumentException(
                    "can select between 0 and %d scores, got %d".formatted(scores.length, count));
        }
        if (count == 0) {
            return new int[0];
        }
        double[] sorted = scores.clone();
        Arrays.sort(sorted);
        double limit = sorted[count - 1];
        int below = 0;
        for (double score : scores) {
            if (Double.compare(score, limit) < 0) {
                below++;
            }
        }
        int atLimit = count - below;
        int[] chosen = new int[count];
        int next = 0;
        for (int i = 0; i < scores.length; i++) {
            int order = Double.compare(scores[i], limit);
            if (order < 0 || (order == 0 && atLimit-- > 0)) {
                chosen[next++] = i;
            }
        }
        return chosen;
    }

    /**
     * {@return the indices of the highest scores, ascending} NaN counts as lowest here: what is not
     * a number is not worth keeping.
     *
     * @param scores any numbers
     * @param count how many, in [0, {@code scores.length}]
     */
    public static int[] highest(double[] scores, int count) {
        double[] negated = new double[scores.length];
        for (int i = 0; i < scores.length; i++) {
            negated[i] = -scores[i] + 0.0; // so that -0.0 and 0.0 are equal
        }
        return lowest(negated, count);
    }
}
