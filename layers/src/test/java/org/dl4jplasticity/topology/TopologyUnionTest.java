package org.dl4jplasticity.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TopologyUnionTest {
    private final SparseTopology small = SparseTopology.of(4, 3, 1, 3, 8, 9);

    @Test
    void aUnionHasTheConnectionsOfBoth() {
        assertThat(small.union(SparseTopology.of(4, 3, 0, 3, 5, 9, 11)))
                .isEqualTo(SparseTopology.of(4, 3, 0, 1, 3, 5, 8, 9, 11));
    }

    @Test
    void aTopologyUnitedWithPartOfItselfIsItself() {
        assertThat(small.union(small)).isEqualTo(small);
        assertThat(small.union(SparseTopology.of(4, 3, 9))).isEqualTo(small);
        assertThat(SparseTopology.of(4, 3, 9).union(small)).isEqualTo(small);
        assertThat(small.union(SparseTopology.dense(4, 3))).isEqualTo(SparseTopology.dense(4, 3));
    }

    @Test
    void theColumnsOfOneRowAreNotThoseOfAnother() {
        // Input 3 of unit 0 and input 0 of unit 1 stand next to each other.
        assertThat(SparseTopology.of(4, 3, 3).union(SparseTopology.of(4, 3, 4)))
                .isEqualTo(SparseTopology.of(4, 3, 3, 4));
    }

    @Test
    void topologiesOfBillionsOfConnectionsAreUnited() {
        long last = 100_000L * 100_000 - 1;
        SparseTopology union =
                SparseTopology.of(100_000, 100_000, 0, 1L << 32)
                        .union(SparseTopology.of(100_000, 100_000, 1L << 32, last));
        assertThat(union.ids()).containsExactly(0, 1L << 32, last);
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void randomUnionsAgreeWithASortedSet(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int nIn = random.nextInt(1, 30);
        int nOut = random.nextInt(1, 30);
        SparseTopology one = random(nIn, nOut, random);
        SparseTopology other = random(nIn, nOut, random);
        TreeSet<Long> expected = new TreeSet<>();
        LongStream.of(one.ids()).forEach(expected::add);
        LongStream.of(other.ids()).forEach(expected::add);

        SparseTopology union = one.union(other);

        TopologyStructure.check(union);
        assertThat(union.ids())
                .containsExactly(expected.stream().mapToLong(Long::longValue).toArray());
        assertThat(other.union(one)).isEqualTo(union);
    }

    private static SparseTopology random(int nIn, int nOut, SplittableRandom random) {
        return SparseTopology.random(nIn, nOut, random.nextInt(1, nIn * nOut + 1), random);
    }

    @ParameterizedTest
    @CsvSource({"3, 4", "4, 4", "5, 3"})
    void topologiesOfOtherShapesAreRefused(int nIn, int nOut) {
        SparseTopology other = SparseTopology.of(nIn, nOut, 0);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> small.union(other))
                .withMessage(
                        "the topologies of a union must have the same shape, got 4 x 3 and %d x %d"
                                .formatted(nIn, nOut));
    }
}
