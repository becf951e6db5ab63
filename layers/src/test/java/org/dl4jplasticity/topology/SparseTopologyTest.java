package org.dl4jplasticity.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SparseTopologyTest {

    /**
     * 4 inputs, 3 units: the first listens to inputs 1 and 3, the second to none, the third to 0
     * and 1.
     */
    private final SparseTopology small = SparseTopology.of(4, 3, 1, 3, 8, 9);

    @Test
    void rowsAreCompressedByOutputUnit() {
        assertThat(small.nIn()).isEqualTo(4);
        assertThat(small.nOut()).isEqualTo(3);
        assertThat(small.activeCount()).isEqualTo(4);
        assertThat(small.possibleCount()).isEqualTo(12);
        assertThat(small.density()).isEqualTo(1 / 3.0);
        assertThat(small.rowStarts()).containsExactly(0, 2, 2, 4);
        assertThat(small.columns()).containsExactly(1, 3, 0, 1);
        assertThat(small.ids()).containsExactly(1, 3, 8, 9);
        TopologyStructure.check(small);
    }

    @Test
    void theTransposeHasTheSameConnectionsByInput() {
        SparseTopology.Transpose transpose = small.transpose();
        assertThat(transpose.rowStarts()).containsExactly(0, 1, 3, 3, 4);
        assertThat(transpose.columns()).containsExactly(2, 0, 2, 0);
        assertThat(transpose.positions()).containsExactly(2, 0, 3, 1);
    }

    @Test
    void theTransposeIsComputedOnce() {
        assertThat(small.transpose()).isSameAs(small.transpose());
    }

    @Test
    void aSingleConnectionIsATopology() {
        SparseTopology one = SparseTopology.of(1, 1, 0);
        assertThat(one.rowStarts()).containsExactly(0, 1);
        assertThat(one.columns()).containsExactly(0);
        assertThat(one.density()).isEqualTo(1);
        TopologyStructure.check(one);
    }

    @Test
    void inADenseTopologyEveryConnectionIsActive() {
        SparseTopology dense = SparseTopology.dense(3, 2);
        assertThat(dense.ids()).containsExactly(0, 1, 2, 3, 4, 5);
        assertThat(dense.rowStarts()).containsExactly(0, 3, 6);
        assertThat(dense.density()).isEqualTo(1);
        TopologyStructure.check(dense);
    }

    @Test
    void idsMayExceedTheRangeOfAnInt() {
        long last = 100_000L * 100_000 - 1;
        SparseTopology huge = SparseTopology.of(100_000, 100_000, 0, 1L << 32, last);
        assertThat(huge.ids()).containsExactly(0, 1L << 32, last);
        // 2^32 = 42949 * 100000 + 67296
        assertThat(huge.columns()).containsExactly(0, 67_296, 99_999);
        assertThat(huge.rowStarts()[42_949]).isEqualTo(1);
        assertThat(huge.rowStarts()[42_950]).isEqualTo(2);
        assertThat(huge.possibleCount()).isEqualTo(10_000_000_000L);
        assertThat(huge.density()).isCloseTo(3e-10, within(1e-20));
    }

    @Test
    void equalConnectionsMakeEqualTopologies() {
        SparseTopology same = SparseTopology.of(4, 3, 1, 3, 8, 9);
        assertThat(same).isEqualTo(small).hasSameHashCodeAs(small);
        assertThat(small).isNotEqualTo(SparseTopology.of(4, 3, 1, 3, 8, 10));
        assertThat(small).isNotEqualTo(SparseTopology.of(4, 3, 1, 3, 8));
        assertThat(small).isNotEqualTo(SparseTopology.of(4, 4, 1, 3, 8, 9));
        assertThat(small).isNotEqualTo(SparseTopology.of(5, 3, 1, 3, 8, 9));
        // The same columns in other rows.
        assertThat(SparseTopology.of(4, 3, 1, 3, 4, 5)).isNotEqualTo(small);
        assertThat(small).isNotEqualTo(null).isNotEqualTo("1:4:3:4:");
    }

    @Test
    void itsDescriptionGivesShapeConnectionsAndDensity() {
        assertThat(small).hasToString("SparseTopology[4 x 3, 4 active, density 0.3333]");
    }

    @Test
    void noConnectionIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SparseTopology.of(4, 3))
                .withMessage("a topology needs at least 1 active connection, got none");
    }

    @ParameterizedTest
    @CsvSource({"0, 3", "4, 0", "-1, -1"})
    void aShapeWithoutInputsOrOutputsIsRefused(int nIn, int nOut) {
        String message =
                "a topology needs at least 1 input and 1 output, got %d x %d".formatted(nIn, nOut);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SparseTopology.of(nIn, nOut, 0))
                .withMessage(message);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SparseTopology.dense(nIn, nOut))
                .withMessage(message);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SparseTopology.random(nIn, nOut, 1, new SplittableRandom(1)))
                .withMessage(message);
    }

    @ParameterizedTest
    @CsvSource({"5, 5, 5 after 5", "5, 4, 4 after 5", "0, 12, 12 after 0", "-1, 3, -1 after -1"})
    void idsOutOfOrderOrRangeAreRefused(long first, long second, String got) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SparseTopology.of(4, 3, first, second))
                .withMessage(
                        "connection ids of a 4 x 3 topology must be strictly ascending in [0, 12),"
                                + " got "
                                + got);
    }

    @Test
    void aDenseTopologyOfMoreConnectionsThanAnArrayHoldsIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SparseTopology.dense(100_000, 100_000))
                .withMessage(
                        "active connections of a 100000 x 100000 topology must be in"
                                + " [1, 2147483647], got 10000000000");
    }
}
