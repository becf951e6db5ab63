package org.dl4jplasticity.datasets;

import java.util.SplittableRandom;

/**
 * Random orders that are a function of a seed and an epoch and nothing else, so that a run that
 * starts at epoch 7 sees what the run that came there from epoch 0 saw.
 */
final class Shuffle {

    private Shuffle() {}

    /**
     * A uniformly drawn permutation of {@code 0 .. n-1}: Fisher and Yates' shuffle fed by a {@link
     * SplittableRandom} seeded with {@code mix(mix(seed) + epoch)}. Mixing keeps the streams of
     * neighbouring epochs apart, which would otherwise be one stream shifted.
     */
    static int[] permutation(int n, long seed, long epoch) {
        SplittableRandom random = new SplittableRandom(mix(mix(seed) + epoch));
        int[] order = new int[n];
        for (int i = 0; i < n; i++) {
            int j = random.nextInt(i + 1);
            order[i] = order[j];
            order[j] = i;
        }
        return order;
    }

    /**
     * The finalizer of SplitMix64 (Steele, Lea and Flood, OOPSLA 2014, figure 17; Stafford's
     * variant 13).
     */
    private static long mix(long z) {
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }
}
