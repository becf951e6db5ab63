package org.dl4jplasticity.dropout;

import java.util.SplittableRandom;

/** Where the draws of this package come from. */
final class Draws {
    private Draws() {}

    /**
     * {@return a source of draws that belongs to a seed and to what they are for, and to nothing
     * else: asked again it gives the same draws again}
     *
     * @param seed of all draws
     * @param what numbers that tell one series of draws from another, such as the iteration
     */
    static SplittableRandom of(long seed, long... what) {
        long mixed = new SplittableRandom(seed).nextLong();
        for (long number : what) {
            mixed =
                    new SplittableRandom(mixed ^ new SplittableRandom(~number).nextLong())
                            .nextLong();
        }
        return new SplittableRandom(mixed);
    }

    /**
     * {@return a factor with a probability, else 0: {@code random.nextDouble() < keep ? factor : 0}
     * without a branch, which nothing could predict}
     *
     * @param random to draw from, once
     * @param keep the probability, in [0, 1]
     */
    static double factor(SplittableRandom random, double keep, double factor) {
        long end = (long) Math.ceil(keep * 0x1p53);
        long drawn = random.nextLong() >>> 11;
        return Double.longBitsToDouble(Double.doubleToRawLongBits(factor) & (drawn - end) >> 63);
    }
}
