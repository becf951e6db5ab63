package org.dl4jplasticity.sparse;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.dl4jplasticity.schedule.DropFraction;
import org.dl4jplasticity.testing.DenseTwin;
import org.dl4jplasticity.testing.Examples;
import org.dl4jplasticity.testing.NetworkClass;
import org.dl4jplasticity.testing.Snapshot;
import org.dl4jplasticity.testing.TinyNetwork;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.Adam;

/**
 * RigL by its definition (Evci et al. 2020, algorithm 1), the dense gradient taken from a dense
 * network of DL4J's own with the same weights.
 */
class RigLTest {

    /**
     * For layers of 27, 38 and 15 connections, alpha = 0.3 and an end at 8: {@code floor(0.15 (1 +
     * cos(pi t / 8)) n)} for t = 2, 4, 6, 8, where the fraction is 0.25607, 0.15, 0.04393, 0.
     */
    private static final int[][] DROPPED = {{6, 9, 3}, {4, 5, 2}, {1, 1, 0}, {0, 0, 0}};

    private static DynamicSparseTraining everySecondUntilEight() {
        return DynamicSparseTraining.rigl().updateEvery(2).until(8).build();
    }

    enum Regularization {
        NONE,
        L2,
        WEIGHT_DECAY;

        NeuralNetConfiguration.Builder on(NeuralNetConfiguration.Builder settings) {
            return switch (this) {
                case NONE -> settings;
                case L2 -> settings.l2(0.7);
                case WEIGHT_DECAY -> settings.weightDecay(0.7);
            };
        }
    }

    @ParameterizedTest
    @CsvSource({
        "SEQUENTIAL, NONE",
        "SEQUENTIAL, L2",
        "SEQUENTIAL, WEIGHT_DECAY",
        "GRAPH, NONE",
        "GRAPH, L2",
        "GRAPH, WEIGHT_DECAY",
        "MASKED_SEQUENTIAL, NONE",
        "MASKED_SEQUENTIAL, L2",
        "MASKED_GRAPH, NONE",
        "MASKED_GRAPH, WEIGHT_DECAY"
    })
    void dropsTheSmallestWeightsAndGrowsTheLargestGradients(
            NetworkClass type, Regularization regularization) {
        TinyNetwork network =
                type.of(
                        regularization.on(
                                NetworkClass.settings(DataType.DOUBLE, new Adam(0.03), 7)),
                        NetworkClass.threeSparseLayers());
        network.listen(everySecondUntilEight());
        List<DataSet> batches = Examples.batches(9);
        for (int t = 0; t <= 8; t++) {
            DataSet batch = batches.get(t);
            Snapshot before = network.snapshot();
            DenseTwin twin = DenseTwin.of(network);
            List<Set<Long>> expected = new ArrayList<>();
            for (int layer = 0; layer < 3; layer++) {
                int k = t > 0 && t % 2 == 0 ? DROPPED[t / 2 - 1][layer] : 0;
                expected.add(rewired(before, layer, k, twin.gradient(layer, batch)));
            }
            network.fit(batch);
            for (int layer = 0; layer < 3; layer++) {
                assertThat(network.snapshot().layer(layer).keySet())
                        .as("layer %d, iteration %d", layer, t)
                        .isEqualTo(expected.get(layer));
            }
        }
    }

    /** The definition, by sorting everything. */
    private static Set<Long> rewired(Snapshot before, int layer, int k, double[] gradient) {
        Set<Long> connections = new TreeSet<>(before.layer(layer).keySet());
        before.layer(layer).keySet().stream()
                .sorted(Comparator.comparing(id -> Math.abs(before.weight(layer, id))))
                .limit(k)
                .forEach(connections::remove);
        List<Long> grown =
                LongStream.range(0, gradient.length)
                        .boxed()
                        .filter(id -> !connections.contains(id))
                        .sorted(Comparator.comparing(id -> -Math.abs(gradient[id.intValue()])))
                        .limit(k)
                        .toList();
        connections.addAll(grown);
        return connections;
    }

    @ParameterizedTest
    @EnumSource
    void grownWeightsAndTheirSlotsAreZeroAndEverythingElseStaysBitForBit(NetworkClass type) {
        TinyNetwork network = type.ofDoubles(new Adam(0.03));
        network.listen(everySecondUntilEight());
        List<DataSet> batches = Examples.batches(9);
        int grown = 0;
        for (int t = 0; t <= 8; t++) {
            network.markState();
            Snapshot before = network.snapshot();
            network.fit(batches.get(t));
            Snapshot after = network.snapshot();
            assertThat(network.iteration()).isEqualTo(t + 1);
            // RigL updates at t < T_end: at 8 the fraction is 0, and the step is an ordinary one.
            if (t == 0 || t == 8 || t % 2 == 1) {
                assertThat(after.others()).isNotEqualTo(before.others());
                continue;
            }
            assertThat(after.others()).isEqualTo(before.others());
            for (int layer = 0; layer < 3; layer++) {
                for (long id : after.layer(layer).keySet()) {
                    List<Double> now = after.layer(layer).get(id);
                    if (before.layer(layer).containsKey(id)) {
                        assertThat(now).isEqualTo(before.layer(layer).get(id));
                    } else {
                        assertThat(now).containsExactly(0.0, 0.0, 0.0);
                        grown++;
                    }
                }
            }
        }
        assertThat(grown).as("grown connections seen").isPositive();
    }

    @ParameterizedTest
    @EnumSource
    void updatesOnlyWithinItsWindowAndCountsThem(NetworkClass type) {
        TinyNetwork network = type.ofDoubles(new Adam(0.03));
        DynamicSparseTraining listener =
                DynamicSparseTraining.rigl()
                        .dropFraction(DropFraction.constant(0.3))
                        .updateEvery(2)
                        .from(3)
                        .until(7)
                        .build();
        network.listen(listener);
        List<Integer> changedAt = new ArrayList<>();
        for (int t = 0; t < 12; t++) {
            Object before = network.topologies();
            network.fit(Examples.batches(1).get(0));
            if (!network.topologies().equals(before)) {
                changedAt.add(t);
            }
        }
        assertThat(changedAt).containsExactly(4, 6);
        assertThat(listener.updates()).isEqualTo(2);
    }

    @ParameterizedTest
    @EnumSource
    void doesNotUpdateAtIterationZero(NetworkClass type) {
        TinyNetwork network = type.ofDoubles(new Adam(0.03));
        DynamicSparseTraining listener =
                DynamicSparseTraining.rigl().updateEvery(1).until(100).build();
        network.listen(listener);
        Object before = network.topologies();
        network.fit(Examples.batches(1).get(0));
        assertThat(network.topologies()).isEqualTo(before);
        assertThat(listener.updates()).isZero();
        network.fit(Examples.batches(1).get(0));
        assertThat(network.topologies()).isNotEqualTo(before);
        assertThat(listener.updates()).isEqualTo(1);
    }
}
