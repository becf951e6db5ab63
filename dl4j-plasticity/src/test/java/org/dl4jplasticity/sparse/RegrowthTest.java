package org.dl4jplasticity.sparse;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.dl4jplasticity.schedule.DropFraction;
import org.dl4jplasticity.testing.Examples;
import org.dl4jplasticity.testing.NetworkClass;
import org.dl4jplasticity.testing.Snapshot;
import org.dl4jplasticity.testing.TinyNetwork;
import org.dl4jplasticity.topology.SparseTopology;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.learning.config.Adam;

/** What becomes of a connection that is dropped and grown again. */
class RegrowthTest {

    /** Grows exactly what was dropped. */
    private static final GrowCriterion THE_DROPPED =
            (weights, survivors, count, random) -> {
                Set<Long> left = Arrays.stream(survivors.ids()).boxed().collect(Collectors.toSet());
                return Arrays.stream(weights.topology().ids())
                        .filter(id -> !left.contains(id))
                        .toArray();
            };

    private static SparseTrainingBuilder regrowing() {
        return DynamicSparseTraining.fixed()
                .eachEpoch()
                .dropFraction(DropFraction.constant(0.3))
                .grow(THE_DROPPED)
                .startingWith((weights, count, random) -> quarters(count));
    }

    private static double[] quarters(int count) {
        double[] values = new double[count];
        Arrays.fill(values, 0.25);
        return values;
    }

    private static TinyNetwork trained(NetworkClass type) {
        TinyNetwork network = type.ofDoubles(new Adam(0.03));
        network.fit(Examples.batches(2), 1);
        network.markState();
        return network;
    }

    @ParameterizedTest
    @EnumSource
    void startsAnewWhereDeclaredSo(NetworkClass type) {
        TinyNetwork network = trained(type);
        Snapshot before = network.snapshot();
        regrowing().regrownKeepValue(false).build().onEpochEnd(network.model());
        Snapshot after = network.snapshot();
        int anew = 0;
        for (int layer = 0; layer < 3; layer++) {
            assertThat(after.layer(layer).keySet()).isEqualTo(before.layer(layer).keySet());
            for (long id : after.layer(layer).keySet()) {
                if (!after.layer(layer).get(id).equals(before.layer(layer).get(id))) {
                    assertThat(after.layer(layer).get(id)).containsExactly(0.25, 0.0, 0.0);
                    anew++;
                }
            }
        }
        // floor(0.3 * 27) + floor(0.3 * 38) + floor(0.3 * 15)
        assertThat(anew).isEqualTo(8 + 11 + 4);
    }

    @ParameterizedTest
    @EnumSource
    void keepsItsValueAndSlotsWhereDeclaredSo(NetworkClass type) {
        TinyNetwork network = trained(type);
        Snapshot before = network.snapshot();
        DynamicSparseTraining keeping = regrowing().regrownKeepValue(true).build();
        keeping.onEpochEnd(network.model());
        assertThat(network.snapshot()).isEqualTo(before);
        assertThat(keeping.updates()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource
    void aConnectionGrownAgainInALaterUpdateStartsAnewInEitherCase(NetworkClass type) {
        for (boolean keep : new boolean[] {false, true}) {
            TinyNetwork network =
                    type.of(
                            NetworkClass.settings(DataType.DOUBLE, new Adam(0.03), 2),
                            NetworkClass.sparse(6, 3, 0)
                                    .topology(SparseTopology.of(6, 3, 0, 3, 4, 8, 11, 17))
                                    .build(),
                            NetworkClass.sparseOutput(3, 3, 0).build());
            network.listen(exchanging(4, 5, keep));
            network.fit(Examples.batches(2), 1);
            assertThat(network.topology(0).ids()).containsExactly(0, 3, 5, 8, 11, 17);
            assertThat(network.snapshot().layer(0).get(5L)).containsExactly(0.25, 0.0, 0.0);
            network.fit(Examples.batches(2), 1);
            assertThat(network.topology(0).ids()).containsExactly(0, 3, 4, 8, 11, 17);
            assertThat(network.snapshot().layer(0).get(4L)).containsExactly(0.25, 0.0, 0.0);
        }
    }

    /** Replaces one of two connections by the other at each epoch's end. */
    private static DynamicSparseTraining exchanging(long one, long other, boolean keep) {
        List<Long> pair = List.of(one, other);
        return regrowing()
                .regrownKeepValue(keep)
                .dropFraction(DropFraction.constant(0.2)) // of six: one
                .drop(weights -> i -> pair.contains(weights.topology().ids()[i]) ? 0 : 1)
                .grow(
                        (weights, survivors, count, random) ->
                                pair.stream()
                                        .mapToLong(id -> id)
                                        .filter(
                                                id ->
                                                        Arrays.binarySearch(
                                                                        weights.topology().ids(),
                                                                        id)
                                                                < 0)
                                        .toArray())
                .build();
    }
}
