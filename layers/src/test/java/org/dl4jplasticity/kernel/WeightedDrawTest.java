package org.dl4jplasticity.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class WeightedDrawTest {

    private static int[] counts(double[] weights, int draws) {
        WeightedDraw draw = new WeightedDraw(weights);
        SplittableRandom random = new SplittableRandom(1);
        int[] counts = new int[weights.length];
        for (int i = 0; i < draws; i++) {
            counts[draw.next(random)]++;
        }
        return counts;
    }

    @Test
    void indicesComeInProportionToTheirWeights() {
        int[] counts = counts(new double[] {5, 0, 1, 3, 1}, 100_000);
        assertThat(counts[1]).isZero();
        // Five standard deviations, sqrt(n p (1 - p)), either way.
        assertThat(counts[0]).isBetween(50_000 - 790, 50_000 + 790);
        assertThat(counts[2]).isBetween(10_000 - 475, 10_000 + 475);
        assertThat(counts[3]).isBetween(30_000 - 725, 30_000 + 725);
    }

    @Test
    void withoutAnyWeightAllAreEquallyLikely() {
        for (int count : counts(new double[4], 40_000)) {
            assertThat(count).isBetween(10_000 - 435, 10_000 + 435);
        }
    }

    @Test
    void noRoundingBringsForthAnIndexWithoutWeight() {
        double[] weights = new double[1_001];
        for (int i = 0; i < weights.length; i += 2) {
            weights[i] = 1 / (i + 3.0);
        }
        weights[500] = 1e-300;
        int[] counts = counts(weights, 200_000);
        for (int i = 1; i < weights.length; i += 2) {
            assertThat(counts[i]).as("index %d", i).isZero();
        }
    }

    @Test
    void theLargestAndTheSmallestNumbersAreWeights() {
        int[] counts = counts(new double[] {Double.MAX_VALUE, Double.MAX_VALUE, 1}, 10_000);
        assertThat(counts[0]).isBetween(5_000 - 250, 5_000 + 250);
        assertThat(counts[2]).isZero();
        assertThat(counts(new double[] {Double.MIN_VALUE}, 5)).containsExactly(5);
    }
}
