package org.dl4jplasticity.sparse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.dl4jplasticity.testing.Examples;
import org.dl4jplasticity.testing.Hooks;
import org.dl4jplasticity.testing.NetworkClass;
import org.dl4jplasticity.testing.Snapshot;
import org.dl4jplasticity.testing.TinyNetwork;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.Sgd;

/** SET by its definition (Mocanu et al. 2018). */
class SetTest {

    /** The connections that stay: floor(0.3 n) go, those nearest to 0, of each sign its share. */
    static Set<Long> survivors(Snapshot before, int layer) {
        Map<Boolean, List<Long>> bySign =
                before.layer(layer).keySet().stream()
                        .sorted(Comparator.comparing(id -> Math.abs(before.weight(layer, id))))
                        .collect(Collectors.partitioningBy(id -> before.weight(layer, id) < 0));
        int all = before.layer(layer).size();
        int gone = all * 3 / 10;
        int negative = (int) Math.floor((double) gone * bySign.get(true).size() / all + 0.5);
        Set<Long> left = new TreeSet<>(before.layer(layer).keySet());
        left.removeAll(bySign.get(true).subList(0, negative));
        left.removeAll(bySign.get(false).subList(0, gone - negative));
        return left;
    }

    @ParameterizedTest
    @EnumSource
    void replacesThoseNearestToZeroOfEachSignAtTheEndOfEachEpoch(NetworkClass type) {
        TinyNetwork network = type.ofDoubles(new Adam(0.03));
        DynamicSparseTraining set = DynamicSparseTraining.set().build();
        List<Snapshot> before = new ArrayList<>();
        List<Snapshot> after = new ArrayList<>();
        network.listen(
                Hooks.onEpochEnd(
                        () -> {
                            network.markState();
                            before.add(network.snapshot());
                        }),
                set,
                Hooks.onEpochEnd(() -> after.add(network.snapshot())));
        network.fit(Examples.batches(3), 4);
        assertThat(set.updates()).isEqualTo(4);
        for (int epoch = 0; epoch < 4; epoch++) {
            Snapshot old = before.get(epoch);
            Snapshot now = after.get(epoch);
            assertThat(now.others()).isEqualTo(old.others());
            for (int layer = 0; layer < 3; layer++) {
                Set<Long> survivors = survivors(old, layer);
                assertThat(now.active(layer)).isEqualTo(old.active(layer));
                assertThat(now.layer(layer).keySet()).containsAll(survivors);
                for (long id : now.layer(layer).keySet()) {
                    if (survivors.contains(id)) {
                        assertThat(now.layer(layer).get(id)).isEqualTo(old.layer(layer).get(id));
                    } else {
                        assertThat(now.weight(layer, id)).isNotZero();
                        assertThat(now.layer(layer).get(id).subList(1, 3))
                                .containsExactly(0.0, 0.0);
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void leavesTopologiesAloneWithinAnEpoch(NetworkClass type) {
        TinyNetwork network = type.ofDoubles(new Sgd(0.1));
        List<Object> seen = new ArrayList<>();
        network.listen(
                DynamicSparseTraining.set().build(),
                Hooks.iterationDone(() -> seen.add(network.topologies())));
        network.fit(Examples.batches(3), 2);
        assertThat(seen.subList(0, 3)).containsOnly(seen.get(0));
        assertThat(seen.subList(3, 6)).containsOnly(seen.get(3));
        assertThat(seen.get(3)).isNotEqualTo(seen.get(0));
    }

    @ParameterizedTest
    @EnumSource
    void drawsGrownWeightsFromANormalDistributionOfDeviationOneTenth(NetworkClass type) {
        TinyNetwork network =
                type.of(
                        NetworkClass.settings(DataType.DOUBLE, new Sgd(0.1), 3),
                        NetworkClass.sparse(250, 200, 0.5).build(),
                        NetworkClass.sparseOutput(200, 3, 0).build());
        Snapshot before = network.snapshot();
        DynamicSparseTraining.set().build().onEpochEnd(network.model());
        Snapshot after = network.snapshot();
        Set<Long> survivors = survivors(before, 0);
        double[] grown =
                after.layer(0).keySet().stream()
                        .filter(id -> !survivors.contains(id))
                        .mapToDouble(id -> after.weight(0, id))
                        .toArray();
        // 7,500 or one less per sign; bounds are five standard errors.
        int n = grown.length;
        assertThat(n).isBetween(7_498, 7_500);
        double mean = Arrays.stream(grown).average().orElseThrow();
        double variance = Arrays.stream(grown).map(w -> w * w).average().orElseThrow();
        double withinOneDeviation = Arrays.stream(grown).filter(w -> Math.abs(w) < 0.1).count();
        double withinTwo = Arrays.stream(grown).filter(w -> Math.abs(w) < 0.2).count();
        assertThat(mean).isCloseTo(0, within(5 * 0.1 / Math.sqrt(n)));
        assertThat(Math.sqrt(variance)).isCloseTo(0.1, within(5 * 0.1 / Math.sqrt(2 * n)));
        assertThat(withinOneDeviation / n).isCloseTo(0.6827, within(5 * 0.4654 / Math.sqrt(n)));
        assertThat(withinTwo / n).isCloseTo(0.9545, within(5 * 0.2084 / Math.sqrt(n)));
    }
}
