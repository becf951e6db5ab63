package org.dl4jplasticity.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.dl4jplasticity.topology.SparseTopology;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class GuidedExplorationTest {
    private static final int N_IN = 40;
    private static final int N_OUT = 30;

    private final SparseTopology occupied =
            SparseTopology.random(N_IN, N_OUT, 200, new SplittableRandom(1));

    private static double[][] numbers(int units, int batch, SplittableRandom random) {
        double[][] values = new double[units][batch];
        for (double[] row : values) {
            Arrays.setAll(row, b -> random.nextInt(-5, 6));
        }
        return values;
    }

    private static long[] sampled(
            Operations operations,
            SparseTopology occupied,
            double[][] delta,
            double[][] x,
            int k,
            long draws,
            long seed) {
        int stride = operations.stride(x[0].length);
        return operations.largestSampledGradients(
                occupied,
                Problem.featureMajor(delta, stride, 0),
                Problem.featureMajor(x, stride, 7),
                stride,
                k,
                draws,
                seed);
    }

    /**
     * One draw at a time, so what is found is what was drawn. Sums of magnitudes over two examples:
     * outputs 1, 2, 0; inputs 3, 1, 0, 4. Of the pairs' products, whose sum is 3 * 8 = 24, output 1
     * and input 3 has 2 * 4: a third of the draws. The only active connection has none.
     */
    @ParameterizedTest(name = "{0}")
    @MethodSource("org.dl4jplasticity.kernel.Operations#all")
    void connectionsAreDrawnInProportionToTheActivityOfBothUnits(Operations operations) {
        SparseTopology oneActive = SparseTopology.of(4, 3, 10);
        double[][] delta = {{1, 0}, {-1, 1}, {0, 0}};
        double[][] x = {{1, -2}, {0, 1}, {0, 0}, {4, 0}};
        double[] products = {3, 1, 0, 4, 6, 2, 0, 8, 0, 0, 0, 0};
        int draws = 6_000;
        int[] counts = new int[products.length];
        for (int seed = 0; seed < draws; seed++) {
            counts[(int) sampled(operations, oneActive, delta, x, 1, 1, seed * 77L)[0]]++;
        }
        double chiSquare = 0;
        for (int id = 0; id < products.length; id++) {
            double expected = draws * products[id] / 24;
            if (expected == 0) {
                assertThat(counts[id]).as("id %d", id).isZero();
            } else {
                chiSquare += (counts[id] - expected) * (counts[id] - expected) / expected;
            }
        }
        // Six kinds, five degrees of freedom: 20.5 is passed once in a thousand times.
        assertThat(chiSquare).isLessThan(20.5);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("org.dl4jplasticity.kernel.Operations#all")
    void activeConnectionsAreNeverFoundAndNoneTwice(Operations operations) {
        SplittableRandom random = new SplittableRandom(2);
        double[][] delta = numbers(N_OUT, 9, random);
        double[][] x = numbers(N_IN, 9, random);
        long[] active = occupied.ids();
        for (int k : new int[] {0, 1, 50, 500, 1_000}) {
            long[] found = sampled(operations, occupied, delta, x, k, 300, k);
            assertThat(found).hasSize(k).isSorted().doesNotHaveDuplicates();
            assertThat(LongStream.of(found).filter(id -> Arrays.binarySearch(active, id) >= 0))
                    .isEmpty();
            assertThat(LongStream.of(found)).allMatch(id -> id >= 0 && id < N_IN * N_OUT);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("org.dl4jplasticity.kernel.Operations#all")
    void aSampleOfEverythingGivesTheLargestOfAll(Operations operations) {
        SplittableRandom random = new SplittableRandom(3);
        double[][] delta = numbers(N_OUT, 5, random);
        double[][] x = numbers(N_IN, 5, random);
        int stride = operations.stride(5);
        long[] largest =
                operations.largestGradients(
                        occupied,
                        Problem.featureMajor(delta, stride, 0),
                        Problem.featureMajor(x, stride, 7),
                        stride,
                        100);
        assertThat(sampled(operations, occupied, delta, x, 100, 200_000, 4)).isEqualTo(largest);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("org.dl4jplasticity.kernel.Operations#all")
    void theSameSeedGivesTheSameOnAnyNumberOfThreads(Operations operations) {
        SplittableRandom random = new SplittableRandom(5);
        double[][] delta = numbers(N_OUT, 64, random);
        double[][] x = numbers(N_IN, 64, random);
        long[] first = sampled(operations.onThreads(1), occupied, delta, x, 60, 3_000, 11);
        assertThat(sampled(operations.onThreads(1), occupied, delta, x, 60, 3_000, 11))
                .isEqualTo(first);
        assertThat(sampled(operations.onThreads(3), occupied, delta, x, 60, 3_000, 11))
                .isEqualTo(first);
        assertThat(sampled(operations, occupied, delta, x, 60, 400, 12))
                .isNotEqualTo(sampled(operations, occupied, delta, x, 60, 400, 13));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("org.dl4jplasticity.kernel.Operations#all")
    void withoutAnyGradientAllConnectionsAreEquallyLikely(Operations operations) {
        double[][] nothing = new double[3][2];
        double[][] x = {{1, 1}, {1, 1}, {1, 1}, {Double.NaN, 1}};
        SparseTopology oneActive = SparseTopology.of(4, 3, 10);
        int[] counts = new int[12];
        for (int seed = 0; seed < 2_200; seed++) {
            counts[(int) sampled(operations, oneActive, nothing, x, 1, 1, seed * 31L)[0]]++;
        }
        assertThat(counts[10]).isZero();
        double chiSquare = 0;
        for (int id = 0; id < 12; id++) {
            chiSquare += id == 10 ? 0 : (counts[id] - 200) * (counts[id] - 200) / 200.0;
        }
        // Eleven kinds, ten degrees of freedom: 29.6 is passed once in a thousand times.
        assertThat(chiSquare).isLessThan(29.6);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("org.dl4jplasticity.kernel.Operations#all")
    void whatCannotBeDrawnIsRefused(Operations operations) {
        double[][] delta = new double[N_OUT][1];
        double[][] x = new double[N_IN][1];
        assertThatIllegalArgumentException()
                .isThrownBy(() -> sampled(operations, occupied, delta, x, 1_001, 5, 1))
                .withMessageStartingWith("k must be in [0, 1000]");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> sampled(operations, occupied, delta, x, 5, 0, 1))
                .withMessage("draws must be at least 1, got 0");
    }
}
