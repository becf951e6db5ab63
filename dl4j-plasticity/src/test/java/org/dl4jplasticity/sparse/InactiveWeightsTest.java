package org.dl4jplasticity.sparse;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.GradientNormalization;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.dl4jplasticity.layers.Sparsity;
import org.dl4jplasticity.testing.Examples;
import org.dl4jplasticity.testing.Hooks;
import org.dl4jplasticity.testing.MaskedNetworks;
import org.dl4jplasticity.testing.NetworkClass;
import org.dl4jplasticity.testing.Snapshot;
import org.dl4jplasticity.testing.TinyNetwork;
import org.dl4jplasticity.topology.SparseTopology;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.AMSGrad;
import org.nd4j.linalg.learning.config.AdaMax;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.learning.config.RmsProp;
import org.nd4j.linalg.learning.config.Sgd;

/** Masks over convolutional and recurrent layers of DL4J hold at every step. */
class InactiveWeightsTest {

    enum Decay {
        NONE,
        L2,
        WEIGHT_DECAY_AND_CLIPPING;

        NeuralNetConfiguration.Builder on(NeuralNetConfiguration.Builder settings) {
            return switch (this) {
                case NONE -> settings;
                case L2 -> settings.l2(0.05);
                case WEIGHT_DECAY_AND_CLIPPING ->
                        settings.weightDecay(0.05)
                                .gradientNormalization(GradientNormalization.ClipL2PerParamType)
                                .gradientNormalizationThreshold(0.3);
            };
        }
    }

    static Stream<Arguments> updaters() {
        return Stream.of(
                        new Sgd(0.1),
                        new Nesterovs(0.05, 0.9),
                        new Adam(0.03),
                        new RmsProp(0.01),
                        new AMSGrad(0.03),
                        new AdaMax(0.03))
                .flatMap(
                        updater ->
                                Arrays.stream(Decay.values())
                                        .map(decay -> Arguments.of(updater, decay)));
    }

    private static void assertInactiveAreZero(TinyNetwork network) {
        assertThat(network.inactive()).isNotEmpty();
        for (List<Double> numbers : network.inactive()) {
            assertThat(numbers).allMatch(number -> number == 0);
        }
    }

    @ParameterizedTest
    @MethodSource("updaters")
    void areZeroWithTheirSlotsAfterEveryStep(IUpdater updater, Decay decay) {
        for (MaskedNetworks kind : MaskedNetworks.values()) {
            for (boolean graph : new boolean[] {false, true}) {
                TinyNetwork network =
                        kind.half(
                                decay.on(NetworkClass.settings(DataType.DOUBLE, updater, 7)),
                                graph);
                DynamicSparseTraining listener =
                        DynamicSparseTraining.rigl().updateEvery(2).until(20).build();
                network.listen(listener, Hooks.iterationDone(() -> assertInactiveAreZero(network)));
                for (DataSet batch : kind.batches(9)) {
                    network.fit(batch);
                    assertInactiveAreZero(network);
                }
                assertThat(listener.updates()).isEqualTo(4);
                assertThat(network.parameters().toDoubleVector()).doesNotContain(Double.NaN);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(NetworkClass.class)
    void areZeroWithTheirSlotsThoughTheFirstMasksWereLaidWhenTrainingHadBegun(NetworkClass type) {
        TinyNetwork network =
                LatentNetworks.dense(
                        type, NetworkClass.settings(DataType.DOUBLE, new Adam(0.03), 7));
        network.listen(DynamicSparseTraining.fixed().build());
        network.fit(Examples.batches(2), 1);
        Sparsity.of(0.5).seed(3).applyTo(network.model());
        for (DataSet batch : Examples.batches(3)) {
            network.fit(batch);
            assertInactiveAreZero(network);
        }
    }

    static Stream<Arguments> methods() {
        return Arrays.stream(MaskedNetworks.values())
                .flatMap(
                        kind ->
                                Arrays.stream(Method.values())
                                        .map(method -> Arguments.of(kind, method)));
    }

    @ParameterizedTest
    @MethodSource("methods")
    void areZeroWithTheirSlotsWhateverTheMethod(MaskedNetworks kind, Method method) {
        for (boolean graph : new boolean[] {false, true}) {
            TinyNetwork network = kind.half(new Adam(0.03), graph);
            DynamicSparseTraining listener = method.builder().build();
            network.listen(
                    listener,
                    Hooks.iterationDone(
                            () ->
                                    assertThat(network.inactive().stream().flatMap(List::stream))
                                            .allMatch(number -> number == 0)),
                    Hooks.onEpochEnd(
                            () ->
                                    assertThat(network.inactive().stream().flatMap(List::stream))
                                            .allMatch(number -> number == 0)));
            network.fit(kind.batches(8), 5);
            assertThat(listener.updates()).isGreaterThanOrEqualTo(method == Method.STATIC ? 0 : 4);
            assertThat(network.parameters().toDoubleVector()).doesNotContain(Double.NaN);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "CONVOLUTIONAL, false",
        "CONVOLUTIONAL, true",
        "RECURRENT, false",
        "RECURRENT, true"
    })
    void anUpdateOfRigLUndoesItsStepAndMovesNothingButConnections(
            MaskedNetworks kind, boolean graph) {
        TinyNetwork network = kind.half(new Adam(0.03), graph);
        network.listen(DynamicSparseTraining.rigl().updateEvery(2).until(10).build());
        List<DataSet> batches = kind.batches(9);
        int grown = 0;
        for (int t = 0; t < 9; t++) {
            network.markState();
            Snapshot before = network.snapshot();
            List<Integer> counts = counts(network);
            network.fit(batches.get(t));
            Snapshot after = network.snapshot();
            assertThat(counts(network)).isEqualTo(counts);
            if (t == 0 || t % 2 == 1) {
                assertThat(after.others()).isNotEqualTo(before.others());
                continue;
            }
            assertThat(after.others()).isEqualTo(before.others());
            for (int layer = 0; layer < before.connections().size(); layer++) {
                for (Map.Entry<Long, List<Double>> each : after.layer(layer).entrySet()) {
                    List<Double> old = before.layer(layer).get(each.getKey());
                    grown += old == null ? 1 : 0;
                    assertThat(each.getValue())
                            .isEqualTo(old == null ? List.of(0.0, 0.0, 0.0) : old);
                }
            }
        }
        assertThat(grown).as("grown connections seen").isPositive();
    }

    private static List<Integer> counts(TinyNetwork network) {
        return network.topologies().stream().map(SparseTopology::activeCount).toList();
    }

    @ParameterizedTest
    @CsvSource({
        "CONVOLUTIONAL, false",
        "CONVOLUTIONAL, true",
        "RECURRENT, false",
        "RECURRENT, true"
    })
    void setGrowsWhatItDeclaresAndCarriesSlots(MaskedNetworks kind, boolean graph) {
        TinyNetwork network = kind.half(new Adam(0.03), graph);
        network.fit(kind.batches(2), 1);
        network.markState();
        Snapshot before = network.snapshot();
        DynamicSparseTraining set =
                DynamicSparseTraining.set()
                        .startingWith((weights, count, random) -> quarters(count))
                        .build();
        set.onEpochEnd(network.model());
        Snapshot after = network.snapshot();
        assertThat(after.others()).isEqualTo(before.others());
        for (int layer = 0; layer < before.connections().size(); layer++) {
            Map<Long, List<Double>> old = before.layer(layer);
            assertThat(after.active(layer)).isEqualTo(old.size());
            after.layer(layer)
                    .forEach(
                            (place, numbers) ->
                                    assertThat(numbers)
                                            .isIn(List.of(0.25, 0.0, 0.0), old.get(place)));
            long anew =
                    after.layer(layer).values().stream()
                            .filter(numbers -> numbers.equals(List.of(0.25, 0.0, 0.0)))
                            .count();
            // floor(0.3 n), for W and RW apart: 18, 180, 15; 60 and 72, 9; batch normalization
            int all = old.size();
            assertThat(anew).isEqualTo(all == 132 ? 18 + 21 : all * 3 / 10);
        }
        assertInactiveAreZero(network);
    }

    private static double[] quarters(int count) {
        double[] values = new double[count];
        Arrays.fill(values, 0.25);
        return values;
    }

    @ParameterizedTest
    @CsvSource({
        "CONVOLUTIONAL, false",
        "CONVOLUTIONAL, true",
        "RECURRENT, false",
        "RECURRENT, true"
    })
    void aRunIsDecidedByItsSeed(MaskedNetworks kind, boolean graph) {
        Snapshot first = seeded(kind, graph, 1).snapshot();
        assertThat(seeded(kind, graph, 1).snapshot()).isEqualTo(first);
        assertThat(seeded(kind, graph, 2).snapshot().connections())
                .isNotEqualTo(first.connections());
    }

    private static TinyNetwork seeded(MaskedNetworks kind, boolean graph, long seed) {
        TinyNetwork network = kind.half(new Adam(0.03), graph);
        network.listen(
                DynamicSparseTraining.set()
                        .startingWith(GrowthInitialization.layerDefault())
                        .seed(seed)
                        .build());
        network.fit(kind.batches(3), 3);
        return network;
    }

    @ParameterizedTest
    @CsvSource({"false", "true"})
    void inputAndRecurrentWeightsDrawFromStreamsOfTheirOwn(boolean graph) {
        TinyNetwork network =
                MaskedNetworks.RECURRENT.half(
                        NetworkClass.settings(DataType.DOUBLE, new Sgd(0.1), 7), graph);
        Map<String, Long> drawn = new TreeMap<>();
        GrowthInitialization noting =
                (weights, count, random) -> {
                    drawn.put(weights.name(), random.nextLong());
                    return new double[count];
                };
        DynamicSparseTraining.set()
                .grow(
                        (weights, survivors, count, random) ->
                                survivors.sampleInactive(count, new SplittableRandom(5)))
                .startingWith(noting)
                .build()
                .onEpochEnd(network.model());
        assertThat(drawn).hasSize(3);
        assertThat(drawn.values()).doesNotHaveDuplicates();
        assertThat(drawn.keySet()).anyMatch(name -> name.endsWith(" RW"));
    }
}
