package org.dl4jplasticity.topology;

import java.util.Arrays;
import java.util.random.RandomGenerator;

/** Draws sets of distinct numbers, every set of a size equally likely. */
final class RandomRanks {
    private RandomRanks() {}

    /**
     * {@return {@code count} distinct numbers of [0, bound), ascending} Draws with rejection:
     * numbers are drawn until as many as wanted are distinct, so each set is equally likely; when
     * more than half are wanted, those to leave out are drawn instead. Memory and time O(count log
     * count), whatever the bound.
     */
    static long[] draw(int count, long bound, RandomGenerator random) {
        if (count > bound / 2) {
            return complement(draw((int) (bound - count), bound, random), bound, count);
        }
        long[] drawn = new long[count];
        int distinct = 0;
        while (distinct < count) {
            for (int i = distinct; i < count; i++) {
                drawn[i] = random.nextLong(bound);
            }
            Arrays.sort(drawn);
            distinct = 1;
            for (int i = 1; i < count; i++) {
                if (drawn[i] != drawn[distinct - 1]) {
                    drawn[distinct++] = drawn[i];
                }
            }
        }
        return drawn;
    }

    private static long[] complement(long[] excluded, long bound, int count) {
        long[] kept = new long[count];
        int next = 0;
        int skip = 0;
        for (long rank = 0; rank < bound; rank++) {
            if (skip < excluded.length && excluded[skip] == rank) {
                skip++;
            } else {
                kept[next++] = rank;
            }
        }
        return kept;
    }
}
