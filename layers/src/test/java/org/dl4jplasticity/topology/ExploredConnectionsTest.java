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

class ExploredConnectionsTest {
    private final SparseTopology small = SparseTopology.of(4, 3, 1, 3, 8, 9);

    @Test
    void aConnectionIsCountedOnceHoweverOftenItIsActive() {
        ExploredConnections explored = new ExploredConnections(small);
        assertThat(explored.count()).isEqualTo(4);
        explored.add(small);
        explored.add(SparseTopology.of(4, 3, 9));
        assertThat(explored.count()).isEqualTo(4);
        explored.add(SparseTopology.of(4, 3, 0, 3, 5, 9, 11));
        assertThat(explored.count()).isEqualTo(7);
        assertThat(explored.topology()).isEqualTo(SparseTopology.of(4, 3, 0, 1, 3, 5, 8, 9, 11));
        assertThat(small.ids()).containsExactly(1, 3, 8, 9);
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void manyTopologiesAgreeWithASortedSet(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int nIn = random.nextInt(1, 40_000);
        int nOut = random.nextInt(1, 30);
        TreeSet<Long> expected = new TreeSet<>();
        ExploredConnections explored = null;
        for (int update = 0; update < 6; update++) {
            int active = random.nextInt(1, 1 + Math.min(nIn * nOut, 500));
            SparseTopology topology = SparseTopology.random(nIn, nOut, active, random);
            LongStream.of(topology.ids()).forEach(expected::add);
            if (explored == null) {
                explored = new ExploredConnections(topology);
            } else {
                explored.add(topology);
            }
            SparseTopology all = explored.topology();
            TopologyStructure.check(all);
            assertThat(all.ids())
                    .containsExactly(expected.stream().mapToLong(Long::longValue).toArray());
            assertThat(explored.count()).isEqualTo(expected.size());
            assertThat(explored.toText()).isEqualTo(all.toText());
        }
    }

    @Test
    void gapsOfEveryLengthAreKept() {
        int nIn = Integer.MAX_VALUE;
        long[] ids = {0, 127, 128, 256, 16_639, 16_640, 2_113_791, 270_549_247, nIn - 1L};
        ExploredConnections explored =
                new ExploredConnections(SparseTopology.of(nIn, 2, 2L * nIn - 1));
        for (long id : ids) {
            explored.add(SparseTopology.of(nIn, 2, id));
        }
        assertThat(explored.topology().ids())
                .containsExactly(
                        LongStream.concat(LongStream.of(ids), LongStream.of(2L * nIn - 1))
                                .toArray());
    }

    @ParameterizedTest
    @CsvSource({"3, 4", "4, 4", "5, 3"})
    void topologiesOfOtherShapesAreRefusedAndChangeNothing(int nIn, int nOut) {
        ExploredConnections explored = new ExploredConnections(small);
        SparseTopology other = SparseTopology.of(nIn, nOut, 0);
        assertThat(explored.isOfShape(other)).isFalse();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> explored.add(other))
                .withMessage(
                        "explored connections of a 4 x 3 topology can't take in those of a %d x %d"
                                .formatted(nIn, nOut));
        assertThat(explored.topology()).isEqualTo(small);
    }
}
