package org.dl4jplasticity.datasets;

import java.util.Comparator;
import java.util.stream.IntStream;

/** Shares of a stratified draw. */
final class Strata {

    private Strata() {}

    /**
     * How many to draw from each class for a total of {@code wanted}: Hamilton's method of largest
     * remainders.
     *
     * @param counts members of each class
     * @param wanted total to draw, in [0, sum of counts]
     * @return a number per class, at most the class's count, with sum {@code wanted}
     */
    static int[] quotas(int[] counts, int wanted) {
        long total = IntStream.of(counts).asLongStream().sum();
        int[] quotas = new int[counts.length];
        for (int c = 0; c < counts.length; c++) {
            quotas[c] = (int) (counts[c] * (long) wanted / total);
        }
        int missing = wanted - IntStream.of(quotas).sum();
        IntStream.range(0, counts.length)
                .boxed()
                .sorted(Comparator.comparingLong(c -> -(counts[c] * (long) wanted % total)))
                .limit(missing)
                .forEach(c -> quotas[c]++);
        return quotas;
    }
}
