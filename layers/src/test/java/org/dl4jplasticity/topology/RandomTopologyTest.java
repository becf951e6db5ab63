package org.dl4jplasticity.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RandomTopologyTest {

    @ParameterizedTest(name = "{0} x {1}, {2} active, seed {3}")
    @CsvSource({
        "1, 1, 1, 1",
        "7, 5, 1, 2",
        "7, 5, 17, 3",
        "7, 5, 18, 4",
        "7, 5, 34, 5",
        "7, 5, 35, 6",
        "1, 40, 20, 7",
        "40, 1, 20, 8",
        "300, 200, 600, 9",
        "300, 200, 59999, 10"
    })
    void exactlyAsManyConnectionsAreActiveAsWanted(int nIn, int nOut, int active, long seed) {
        SparseTopology topology =
                SparseTopology.random(nIn, nOut, active, new SplittableRandom(seed));
        assertThat(topology.activeCount()).isEqualTo(active);
        TopologyStructure.check(topology);
    }

    @Test
    void theSameSeedDrawsTheSameConnections() {
        assertThat(SparseTopology.random(30, 20, 100, new SplittableRandom(5)))
                .isEqualTo(SparseTopology.random(30, 20, 100, new SplittableRandom(5)))
                .isNotEqualTo(SparseTopology.random(30, 20, 100, new SplittableRandom(6)));
    }

    @Test
    void aMillionConnectionsOfTenBillionAreSpreadOverTheWholeMatrix() {
        SparseTopology huge =
                SparseTopology.random(100_000, 100_000, 1_000_000, new SplittableRandom(1));
        long[] ids = huge.ids();
        assertThat(ids).hasSize(1_000_000);
        for (int i = 1; i < ids.length; i++) {
            if (ids[i] <= ids[i - 1]) {
                throw new AssertionError("not ascending at " + i);
            }
        }
        assertThat(ids[ids.length - 1]).isBetween(1L << 33, 9_999_999_999L);
        // Quarters of the matrix, by rows and by columns: 250000 each, standard deviation 433.
        int[] rowStarts = huge.rowStarts();
        int[] transposed = huge.transpose().rowStarts();
        for (int quarter = 0; quarter < 4; quarter++) {
            int from = quarter * 25_000;
            assertThat(rowStarts[from + 25_000] - rowStarts[from]).isBetween(247_500, 252_500);
            assertThat(transposed[from + 25_000] - transposed[from]).isBetween(247_500, 252_500);
        }
    }

    /** Below half the connections are drawn, above half those to leave out: both ways. */
    @ParameterizedTest(name = "{0} of 6, {1} sets")
    @CsvSource({"1, 6", "2, 15", "3, 20", "4, 15", "5, 6"})
    void everySetOfConnectionsIsEquallyLikely(int active, int sets) {
        SplittableRandom random = new SplittableRandom(42);
        assertUniform(sets, () -> SparseTopology.random(3, 2, active, random).ids());
    }

    /** Inactive are 0, 2, 3 and 5 of a 3 x 2 matrix. */
    @ParameterizedTest(name = "{0} of 4, {1} sets")
    @CsvSource({"1, 4", "2, 6", "3, 4", "4, 1"})
    void everySetOfInactiveConnectionsIsEquallyLikely(int count, int sets) {
        SparseTopology topology = SparseTopology.of(3, 2, 1, 4);
        SplittableRandom random = new SplittableRandom(43);
        assertUniform(
                sets,
                () -> {
                    long[] sample = topology.sampleInactive(count, random);
                    assertThat(sample).hasSize(count).doesNotContain(1, 4);
                    return sample;
                });
    }

    /** Pearson's chi-squared; refuses a uniform source less than once in 10^5. */
    private static void assertUniform(int sets, Supplier<long[]> draw) {
        int draws = 1_000 * sets;
        Map<String, Integer> counts = new TreeMap<>();
        for (int i = 0; i < draws; i++) {
            counts.merge(Arrays.toString(draw.get()), 1, Integer::sum);
        }
        assertThat(counts).hasSize(sets);
        double chiSquared = 0;
        for (int count : counts.values()) {
            chiSquared += (count - 1_000.0) * (count - 1_000.0) / 1_000;
        }
        int degrees = sets - 1;
        assertThat(chiSquared).isLessThan(degrees + 6 * Math.sqrt(2.0 * degrees) + 12);
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void aSampleOfInactiveConnectionsIsAscendingAndInactive(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        SparseTopology topology = SparseTopology.random(23, 31, 300, random);
        for (int count : new int[] {0, 1, 50, 206, 207, 413}) {
            long[] sample = topology.sampleInactive(count, random);
            assertThat(sample).hasSize(count);
            for (int i = 0; i < count; i++) {
                assertThat(sample[i]).isBetween(i == 0 ? 0 : sample[i - 1] + 1, 23 * 31 - 1L);
                assertThat(Arrays.binarySearch(topology.ids(), sample[i])).isNegative();
            }
        }
    }

    @Test
    void allInactiveConnectionsCanBeSampled() {
        assertThat(SparseTopology.of(3, 2, 0, 1, 5).sampleInactive(3, new SplittableRandom(1)))
                .containsExactly(2, 3, 4);
    }

    @Test
    void inactiveConnectionsBeyondTheRangeOfAnIntAreSampled() {
        SparseTopology huge =
                SparseTopology.random(100_000, 100_000, 1_000, new SplittableRandom(3));
        long[] sample = huge.sampleInactive(1_000, new SplittableRandom(4));
        assertThat(sample).hasSize(1_000).isSorted().doesNotHaveDuplicates();
        assertThat(sample).doesNotContain(huge.ids());
        assertThat(sample[999]).isBetween(1L << 33, 9_999_999_999L);
        assertThat(sample[0]).isBetween(0L, 200_000_000L);
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 0, 13})
    void anImpossibleNumberOfConnectionsIsRefused(long active) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SparseTopology.random(4, 3, active, new SplittableRandom(1)))
                .withMessage(
                        "active connections of a 4 x 3 topology must be in [1, 12], got " + active);
    }

    @Test
    void moreConnectionsThanAnArrayHoldsAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () ->
                                SparseTopology.random(
                                        100_000, 100_000, 1L << 31, new SplittableRandom(1)))
                .withMessage(
                        "active connections of a 100000 x 100000 topology must be in"
                                + " [1, 2147483647], got 2147483648");
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 9})
    void sampleOfMoreThanAreInactiveIsRefused(int count) {
        SparseTopology topology = SparseTopology.of(4, 3, 1, 3, 8, 9);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> topology.sampleInactive(count, new SplittableRandom(1)))
                .withMessage("can sample between 0 and 8 inactive connections, got " + count);
    }

    @Test
    void nothingIsLeftToSampleOfADenseTopology() {
        assertThat(SparseTopology.dense(4, 3).sampleInactive(0, new SplittableRandom(1))).isEmpty();
    }
}
