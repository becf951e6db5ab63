package org.dl4jplasticity.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TopologyLookupTest {

    /** The second unit listens to no input. */
    private final SparseTopology small = SparseTopology.of(4, 3, 1, 3, 8, 9);

    @Test
    void activeConnectionsHaveTheirRankAsPosition() {
        assertThat(small.positionOf(1)).isEqualTo(0);
        assertThat(small.positionOf(3)).isEqualTo(1);
        assertThat(small.positionOf(8)).isEqualTo(2);
        assertThat(small.positionOf(9)).isEqualTo(3);
    }

    @Test
    void inactiveConnectionsHaveNoPosition() {
        for (long id : new long[] {0, 2, 4, 5, 6, 7, 10, 11}) {
            assertThat(small.positionOf(id)).as("connection %d", id).isEqualTo(-1);
            assertThat(small.contains(id)).as("connection %d", id).isFalse();
        }
    }

    @Test
    void aRowHasAsManyActiveConnectionsAsItsUnitHasInputs() {
        assertThat(small.rowActive(0)).isEqualTo(2);
        assertThat(small.rowActive(1)).isEqualTo(0);
        assertThat(small.rowActive(2)).isEqualTo(2);
    }

    @Test
    void connectionsBeyondTheRangeOfAnIntAreFound() {
        long last = 100_000L * 100_000 - 1;
        SparseTopology huge = SparseTopology.of(100_000, 100_000, 0, 1L << 32, last);
        assertThat(huge.positionOf(1L << 32)).isEqualTo(1);
        assertThat(huge.positionOf(last)).isEqualTo(2);
        assertThat(huge.contains(last - 1)).isFalse();
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void everyConnectionIsFoundWhereALinearSearchFindsIt(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int nIn = random.nextInt(1, 25);
        int nOut = random.nextInt(1, 25);
        SparseTopology topology =
                SparseTopology.random(nIn, nOut, random.nextInt(1, nIn * nOut + 1), random);
        long[] ids = topology.ids();
        int[] expectedRows = new int[nOut];
        for (long id = 0; id < topology.possibleCount(); id++) {
            int expected = -1;
            for (int position = 0; position < ids.length; position++) {
                if (ids[position] == id) {
                    expected = position;
                    expectedRows[(int) (id / nIn)]++;
                }
            }
            assertThat(topology.positionOf(id)).isEqualTo(expected);
            assertThat(topology.contains(id)).isEqualTo(expected >= 0);
        }
        int[] rows = new int[nOut];
        Arrays.setAll(rows, topology::rowActive);
        assertThat(rows).isEqualTo(expectedRows);
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 12, Long.MAX_VALUE, Long.MIN_VALUE})
    void aConnectionThatIsNotPossibleIsRefused(long id) {
        String message = "connection id of a 4 x 3 topology must be in [0, 12), got " + id;
        assertThatIllegalArgumentException()
                .isThrownBy(() -> small.positionOf(id))
                .withMessage(message);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> small.contains(id))
                .withMessage(message);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 3})
    void aRowThatDoesNotExistIsRefused(int row) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> small.rowActive(row))
                .withMessage("row of a 4 x 3 topology must be in [0, 3), got " + row);
    }
}
