package org.dl4jplasticity.topology;

import java.util.Arrays;
import java.util.function.IntToDoubleFunction;

/**
 * Selection by score. NaN is taken last, -0.0 equals 0.0; of equal scores the lower index is taken.
 * Time is linear in the scores, and none is kept: they may be those of a layer that nearly fills
 * the memory.
 */
public final class Ranking {
    /** Bits of a score that one pass over all of them settles. */
    private static final int DIGIT = 8;

    private Ranking() {}

    /**
     * {@return the indices of the lowest scores, ascending}
     *
     * @param scores any numbers
     * @param count how many, in [0, {@code scores.length}]
     * @throws IllegalArgumentException if the count is out of range
     */
    public static int[] lowest(double[] scores, int count) {
        return lowest(scores.length, index -> scores[index], count);
    }

    /**
     * {@return the indices of the highest scores, ascending}
     *
     * @param scores any numbers
     * @param count how many, in [0, {@code scores.length}]
     * @throws IllegalArgumentException if the count is out of range
     */
    public static int[] highest(double[] scores, int count) {
        return lowest(scores.length, index -> -scores[index], count);
    }

    /**
     * {@return the indices of the lowest scores, ascending}
     *
     * @param length number of scores
     * @param scores the score of each index in [0, length), any number; asked for several times,
     *     and the same each time
     * @param count how many, in [0, length]
     * @throws IllegalArgumentException if the count is out of range
     */
    public static int[] lowest(int length, IntToDoubleFunction scores, int count) {
        if (count < 0 || count > length) {
            throw new IllegalArgumentException(
                    "can select between 0 and %d scores, got %d".formatted(length, count));
        }
        if (count == 0) {
            return new int[0];
        }
        long limit = 0;
        int atLimit = count; // how many are still to be taken among those that begin like the limit
        int[] counts = new int[1 << DIGIT];
        for (int shift = Long.SIZE - DIGIT; shift >= 0; shift -= DIGIT) {
            Arrays.fill(counts, 0);
            for (int i = 0; i < length; i++) {
                long difference = (rank(scores.applyAsDouble(i)) ^ limit) >>> shift;
                if ((difference & -counts.length) == 0) { // the digits above are those of the limit
                    counts[(int) difference]++;
                }
            }
            int digit = 0;
            while (counts[digit] < atLimit) {
                atLimit -= counts[digit++];
            }
            limit |= (long) digit << shift;
        }
        int[] chosen = new int[count];
        int next = 0;
        for (int i = 0; i < length && next < count; i++) {
            int order = Long.compareUnsigned(rank(scores.applyAsDouble(i)), limit);
            if (order < 0 || (order == 0 && atLimit-- > 0)) {
                chosen[next++] = i;
            }
        }
        return chosen;
    }

    /** A number whose unsigned order is that of the scores. */
    private static long rank(double score) {
        long bits = Double.doubleToLongBits(score + 0.0); // 0.0 for -0.0, which would rank below it
        return bits ^ (bits < 0 ? -1 : Long.MIN_VALUE);
    }
}
