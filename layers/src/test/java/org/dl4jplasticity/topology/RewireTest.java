package org.dl4jplasticity.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class RewireTest {
    private final SparseTopology old = SparseTopology.of(4, 3, 1, 3, 8, 9);

    @Test
    void droppedConnectionsGoAndGrownOnesComeInOrder() {
        TopologyChange change = old.rewire(new int[] {1, 2}, new long[] {0, 11});
        assertThat(change.topology()).isEqualTo(SparseTopology.of(4, 3, 0, 1, 9, 11));
        assertThat(change.sources()).containsExactly(-1, 0, 3, -1);
    }

    @Test
    void aConnectionThatIsDroppedAndGrownCountsAsGrown() {
        TopologyChange change = old.rewire(new int[] {0, 3}, new long[] {1, 9});
        assertThat(change.topology()).isEqualTo(old);
        assertThat(change.sources()).containsExactly(-1, 1, 2, -1);
    }

    @Test
    void nothingDroppedAndNothingGrownIsTheSameTopology() {
        TopologyChange change = old.rewire(new int[0], new long[0]);
        assertThat(change.topology()).isEqualTo(old);
        assertThat(change.sources()).containsExactly(0, 1, 2, 3);
    }

    @Test
    void everyConnectionCanBeReplaced() {
        TopologyChange change = old.rewire(new int[] {0, 1, 2, 3}, new long[] {5});
        assertThat(change.topology()).isEqualTo(SparseTopology.of(4, 3, 5));
        assertThat(change.sources()).containsExactly(-1);
    }

    @Test
    void survivorsCarryTheirValuesAndGrownConnectionsGetTheirs() {
        TopologyChange change = old.rewire(new int[] {1, 2}, new long[] {0, 11});
        assertThat(change.grownCount()).isEqualTo(2);
        assertThat(change.carry(new double[] {10, 20, 30, 40}, new double[] {0.5, 0.25}))
                .containsExactly(0.5, 10, 40, 0.25);
    }

    @Test
    void aConnectionThatIsDroppedAndRegrownCanAlsoStay() {
        TopologyChange change = old.rewireKeepingRegrown(new int[] {0, 2, 3}, new long[] {1, 6, 9});
        assertThat(change.topology()).isEqualTo(SparseTopology.of(4, 3, 1, 3, 6, 9));
        assertThat(change.sources()).containsExactly(0, 1, -1, 3);
        assertThat(change.grownCount()).isEqualTo(1);
    }

    @Test
    void survivorsCantBeGrownEvenWhereTheRegrownStay() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> old.rewireKeepingRegrown(new int[] {0}, new long[] {8}))
                .withMessage("connection 8 can't be grown: it is active");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> old.rewireKeepingRegrown(new int[] {2, 1}, new long[] {0}))
                .withMessageStartingWith("positions to drop must be strictly ascending in [0, 4)");
    }

    @Test
    void withoutSomePositionsTheOthersStay() {
        assertThat(old.without(new int[] {0, 2})).isEqualTo(SparseTopology.of(4, 3, 3, 9));
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void randomChangesAgreeWithASortedMap(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int nIn = random.nextInt(1, 20);
        int nOut = random.nextInt(1, 20);
        int possible = nIn * nOut;
        int active = random.nextInt(1, possible + 1);
        SparseTopology topology = SparseTopology.random(nIn, nOut, active, random);
        long[] ids = topology.ids();
        int[] dropped = IntStream.range(0, active).filter(p -> random.nextInt(3) == 0).toArray();
        TreeMap<Long, Integer> expected = new TreeMap<>();
        IntStream.range(0, active).forEach(p -> expected.put(ids[p], p));
        IntStream.of(dropped).forEach(p -> expected.remove(ids[p]));
        long[] grown =
                LongStream.range(0, possible)
                        .filter(id -> !expected.containsKey(id) && random.nextInt(3) == 0)
                        .toArray();
        LongStream.of(grown).forEach(id -> expected.put(id, -1));
        if (expected.isEmpty()) {
            return;
        }

        TopologyChange change = topology.rewire(dropped, grown);

        TopologyStructure.check(change.topology());
        assertThat(change.topology().activeCount())
                .isEqualTo(active - dropped.length + grown.length);
        assertThat(change.topology().ids())
                .containsExactly(expected.keySet().stream().mapToLong(id -> id).toArray());
        assertThat(change.sources())
                .containsExactly(expected.values().stream().mapToInt(p -> p).toArray());
        assertThat(topology.ids()).containsExactly(ids);
    }

    static Stream<Arguments> refusals() {
        return Stream.of(
                Arguments.of(
                        new int[] {0, 1, 2, 3},
                        new long[0],
                        "dropping 4 of 4 connections and growing 0 would leave 0, expected at"
                                + " least 1"),
                Arguments.of(
                        new int[] {2, 1},
                        new long[0],
                        "positions to drop must be strictly ascending in [0, 4), got 1 after 2"),
                Arguments.of(
                        new int[] {1, 1},
                        new long[0],
                        "positions to drop must be strictly ascending in [0, 4), got 1 after 1"),
                Arguments.of(
                        new int[] {4},
                        new long[0],
                        "positions to drop must be strictly ascending in [0, 4), got 4 after -1"),
                Arguments.of(
                        new int[] {-1},
                        new long[0],
                        "positions to drop must be strictly ascending in [0, 4), got -1 after -1"),
                Arguments.of(
                        new int[] {0}, new long[] {8}, "connection 8 can't be grown: it is active"),
                Arguments.of(
                        new int[] {0},
                        new long[] {12},
                        "connection ids to grow must be strictly ascending in [0, 12), got 12 after -1"),
                Arguments.of(
                        new int[] {0},
                        new long[] {0, 400},
                        "connection ids to grow must be strictly ascending in [0, 12), got 400 after 0"),
                Arguments.of(
                        new int[] {0},
                        new long[] {-3},
                        "connection ids to grow must be strictly ascending in [0, 12), got -3 after -1"),
                Arguments.of(
                        new int[] {0},
                        new long[] {5, 4},
                        "connection ids to grow must be strictly ascending in [0, 12), got 4 after 5"),
                Arguments.of(
                        new int[] {0},
                        new long[] {10, 10},
                        "connection ids to grow must be strictly ascending in [0, 12), got 10 after 10"));
    }

    @ParameterizedTest(name = "{2}")
    @MethodSource("refusals")
    void aRefusedChangeLeavesEverythingAsItWas(int[] dropped, long[] grown, String message) {
        int[] droppedBefore = dropped.clone();
        long[] grownBefore = grown.clone();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> old.rewire(dropped, grown))
                .withMessage(message);
        assertThat(old).isEqualTo(SparseTopology.of(4, 3, 1, 3, 8, 9));
        assertThat(dropped).containsExactly(droppedBefore);
        assertThat(grown).containsExactly(grownBefore);
    }

    @Test
    void nothingButAllConnectionsCanBeTakenAway() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> old.without(new int[] {0, 1, 2, 3}))
                .withMessageContaining("would leave 0");
        assertThat(old.without(new int[] {0, 1, 2}).activeCount()).isEqualTo(1);
    }

    @Test
    void aChangeOfAHugeTopologyKeepsTheRest() {
        SparseTopology huge =
                SparseTopology.random(100_000, 100_000, 10_000, new SplittableRandom(1));
        long[] grown = huge.sampleInactive(100, new SplittableRandom(2));
        TopologyChange change = huge.rewire(IntStream.range(0, 100).toArray(), grown);
        assertThat(change.topology().activeCount()).isEqualTo(10_000);
        assertThat(change.topology().ids()).contains(grown).isSorted();
        assertThat(Arrays.stream(change.sources()).filter(s -> s >= 0).toArray())
                .containsExactly(IntStream.range(100, 10_000).toArray());
    }
}
