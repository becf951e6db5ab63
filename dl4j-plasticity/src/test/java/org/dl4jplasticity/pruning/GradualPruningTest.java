package org.dl4jplasticity.pruning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.dl4jplasticity.journal.Mutation;
import org.dl4jplasticity.journal.MutationJournal;
import org.dl4jplasticity.mask.MaskableWeights;
import org.dl4jplasticity.schedule.SparsitySchedule;
import org.dl4jplasticity.schedule.UpdateSchedule;
import org.dl4jplasticity.testing.Examples;
import org.dl4jplasticity.testing.Hooks;
import org.dl4jplasticity.testing.NetworkClass;
import org.dl4jplasticity.testing.TinyNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.Adam;

/** Pruning while a network trains. 60 + 80 + 24 weights, 10 and 8 hidden units. */
class GradualPruningTest {
    private static final List<DataSet> BATCHES = Examples.batches(10);

    /** 0.4625 at 2, 0.7 at 4, 0.7875 at 6, 0.8 from 8 on. */
    private static final SparsitySchedule CUBIC = SparsitySchedule.cubic(0, 0.8, 0, 8);

    private static TinyNetwork network(NetworkClass type) {
        return type.of(
                NetworkClass.settings(DataType.DOUBLE, new Adam(0.01), 5).l2(1e-3),
                Networks.dense(6, 10, Activation.RELU).build(),
                Networks.dense(10, 8, Activation.RELU).build(),
                Networks.softmax(8, 3));
    }

    private static GradualPruning everySecond(ConnectionScore score) {
        return GradualPruning.of(Pruning.by(score))
                .following(CUBIC)
                .updating(UpdateSchedule.every(2));
    }

    private static GradualPruning units(String... layers) {
        return GradualPruning.of(Narrowing.by(UnitScore.weightNorm()), layers)
                .following(SparsitySchedule.cubic(0, 0.6, 0, 4))
                .updating(UpdateSchedule.every(2));
    }

    private static long active(TinyNetwork network) {
        return MaskableWeights.of(network.model()).stream()
                .mapToLong(
                        each ->
                                each.mask()
                                        .map(mask -> (long) mask.activeCount())
                                        .orElse((long) each.rows() * each.rowLength()))
                .sum();
    }

    private static List<Integer> widths(TinyNetwork network) {
        return UnitGroup.of(network.model()).stream().map(group -> group.units().count()).toList();
    }

    static Stream<ConnectionScore> scores() {
        return Stream.of(
                ConnectionScore.magnitude(),
                ConnectionScore.lamp(),
                ConnectionScore.random(3),
                ConnectionScore.taylor(BATCHES.get(0)),
                new Movement());
    }

    /** Of 164: 88.15 at 2, 49.2 at 4, 34.85 at 6, 32.8 at 8. */
    @ParameterizedTest
    @EnumSource(names = {"SEQUENTIAL", "GRAPH"})
    void asManyConnectionsStayAsTheScheduleSays(NetworkClass type) {
        for (ConnectionScore score : scores().toList()) {
            TinyNetwork network = network(type);
            GradualPruning pruning = everySecond(score);
            if (score instanceof Movement movement) {
                network.listen(movement);
            }
            List<Long> counts = new ArrayList<>();
            network.listen(pruning, Hooks.iterationDone(() -> counts.add(active(network))));

            network.fit(BATCHES, 1);

            assertThat(counts).containsExactly(164L, 164L, 88L, 88L, 49L, 49L, 35L, 35L, 33L, 33L);
            assertThat(pruning.updates()).isEqualTo(4);
        }
    }

    /** Of 60, 80 and 24 at 4: 18, 24 and 7.2. */
    @ParameterizedTest
    @EnumSource(names = {"SEQUENTIAL", "GRAPH"})
    void layersHaveTheirShareWhereTheyArePrunedEachForItself(NetworkClass type) {
        TinyNetwork network = network(type);
        network.listen(
                GradualPruning.of(Pruning.by(ConnectionScore.magnitude()).eachLayer())
                        .following(CUBIC)
                        .updating(UpdateSchedule.every(4).until(4)));

        network.fit(BATCHES, 1);

        assertThat(Networks.active(network.model()))
                .extracting(List::size)
                .containsExactly(18, 24, 7);
    }

    /** 0.4625 when one epoch is done, 0.7 when two are, of a schedule twice as slow. */
    @ParameterizedTest
    @EnumSource(names = {"SEQUENTIAL", "GRAPH"})
    void atTheEndsOfEpochsTheScheduleCountsEpochs(NetworkClass type) {
        TinyNetwork network = network(type);
        network.listen(
                GradualPruning.of(Pruning.by(ConnectionScore.magnitude()))
                        .following(SparsitySchedule.cubic(0, 0.8, 0, 4))
                        .updating(UpdateSchedule.eachEpoch()));

        network.fit(BATCHES.subList(0, 3), 1);
        assertThat(active(network)).isEqualTo(88);
        network.fit(BATCHES.subList(0, 3), 1);
        assertThat(active(network)).isEqualTo(49);
    }

    @ParameterizedTest
    @EnumSource(names = {"SEQUENTIAL", "GRAPH"})
    void whatIsGoneStaysZeroWithItsOptimizerSlots(NetworkClass type) {
        TinyNetwork network = network(type);
        List<Double> gone = new ArrayList<>();
        network.listen(
                everySecond(ConnectionScore.lamp()),
                Hooks.iterationDone(() -> network.inactive().forEach(gone::addAll)));

        network.fit(BATCHES, 1);

        // weight and two slots each, of 76, 115, 129 and 131 connections for two iterations each
        assertThat(gone).hasSize(3 * 2 * (76 + 115 + 129 + 131)).containsOnly(0.0);
        assertThat(network.snapshot().weight(0, network.topology(0).ids()[0])).isNotZero();
    }

    @ParameterizedTest
    @EnumSource(names = {"SEQUENTIAL", "GRAPH"})
    void masksThatLeaveFewerAreHeldUntilTheScheduleGoesOn(NetworkClass type) {
        TinyNetwork network = network(type);
        Pruning.by(ConnectionScore.magnitude()).applyTo(network.model(), 0.6);
        List<Long> counts = new ArrayList<>();
        List<Double> gone = new ArrayList<>();
        network.listen(
                everySecond(ConnectionScore.magnitude()),
                Hooks.iterationDone(
                        () -> {
                            counts.add(active(network));
                            network.inactive().forEach(gone::addAll);
                        }));

        network.fit(BATCHES.subList(0, 6), 1);

        assertThat(counts).containsExactly(66L, 66L, 66L, 66L, 49L, 49L);
        assertThat(gone).containsOnly(0.0);
    }

    /** Of 10 and 8: 0.475 at 2 is 4.75 and 3.8, 0.4 from 4 on is 4 and 3.2. */
    @ParameterizedTest
    @EnumSource(names = {"SEQUENTIAL", "GRAPH"})
    void layersAreAsWideAsTheScheduleSaysOfTheirWidthAtTheStart(NetworkClass type) {
        TinyNetwork network = network(type);
        List<List<Integer>> widths = new ArrayList<>();
        network.listen(units(), Hooks.iterationDone(() -> widths.add(widths(network))));

        network.fit(BATCHES.subList(0, 8), 1);

        List<Integer> start = List.of(10, 8);
        List<Integer> then = List.of(5, 4);
        List<Integer> end = List.of(4, 3);
        assertThat(widths).containsExactly(start, start, then, then, end, end, end, end);
    }

    @ParameterizedTest
    @EnumSource(names = {"SEQUENTIAL", "GRAPH"})
    void onlyTheLayersNamedAreNarrowed(NetworkClass type) {
        TinyNetwork network = network(type);
        network.listen(units(type == NetworkClass.GRAPH ? "layer1" : "1"));

        network.fit(BATCHES, 1);

        assertThat(widths(network)).containsExactly(10, 3);
    }

    /** Units by a score that is a listener itself. */
    @ParameterizedTest
    @EnumSource(names = {"SEQUENTIAL", "GRAPH"})
    void unitsGoByWhatWasCountedSinceTheLastUpdate(NetworkClass type) {
        TinyNetwork network = network(type);
        FiringCount firing = new FiringCount();
        network.listen(
                firing,
                GradualPruning.of(Narrowing.by(firing))
                        .following(SparsitySchedule.cubic(0, 0.6, 0, 4))
                        .updating(UpdateSchedule.every(2)));

        network.fit(BATCHES, 1);

        assertThat(widths(network)).containsExactly(4, 3);
    }

    @ParameterizedTest
    @EnumSource(names = {"SEQUENTIAL", "GRAPH"})
    void aResumedRunIsTheUninterruptedOne(NetworkClass type, @TempDir File folder)
            throws IOException {
        for (boolean ofUnits : new boolean[] {false, true}) {
            TinyNetwork whole = network(type);
            GradualPruning pruning = ofUnits ? units() : everySecond(ConnectionScore.magnitude());
            whole.listen(pruning);
            whole.fit(BATCHES.subList(0, 4), 1);
            TinyNetwork resumed = whole.savedAndLoaded(folder);
            GradualPruning again = ofUnits ? units() : everySecond(ConnectionScore.magnitude());
            assertThat(again.method()).isEqualTo(pruning.method());
            again.restore(resumed.model(), pruning.save());
            resumed.listen(again);

            whole.fit(BATCHES.subList(4, 10), 1);
            resumed.fit(BATCHES.subList(4, 10), 1);

            assertThat(again.updates()).isEqualTo(pruning.updates()).isEqualTo(4);
            assertThat(resumed.parameters()).isEqualTo(whole.parameters());
            assertThat(resumed.state()).isEqualTo(whole.state());
            assertThat(resumed.topologies()).isEqualTo(whole.topologies());
        }
    }

    @Test
    void aStateOfSomethingElseIsRefused() {
        TinyNetwork network = network(NetworkClass.SEQUENTIAL);
        GradualPruning units = units();

        assertThatThrownBy(
                        () ->
                                units.restore(
                                        network.model(),
                                        everySecond(ConnectionScore.magnitude()).save()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Layer 0: expected its width at the start");
    }

    @Test
    void oneInstanceServesOneNetwork() {
        GradualPruning pruning = everySecond(ConnectionScore.magnitude());
        TinyNetwork first = network(NetworkClass.SEQUENTIAL);
        TinyNetwork second = network(NetworkClass.SEQUENTIAL);
        first.listen(pruning);
        second.listen(pruning);
        first.fit(BATCHES.get(0));

        assertThatThrownBy(() -> second.fit(BATCHES.get(0)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("serves one network");
    }

    /** 76 connections at 2 and 39 at 4; 5 and 4 units at 2 and one of each at 4. */
    @Test
    void whatGoesIsWrittenToAJournal(@TempDir Path folder) throws IOException {
        for (boolean ofUnits : new boolean[] {false, true}) {
            Path file = folder.resolve("journal" + ofUnits + ".jsonl");
            try (MutationJournal journal = MutationJournal.create(file)) {
                TinyNetwork network = network(NetworkClass.SEQUENTIAL);
                GradualPruning pruning =
                        ofUnits ? units() : everySecond(ConnectionScore.magnitude());
                pruning.recordTo(journal);
                network.listen(pruning);
                network.fit(BATCHES.subList(0, 5), 1);
            }
            int[] gone = new int[5];
            for (Mutation each : MutationJournal.read(file).mutations()) {
                assertThat(each.kind()).isEqualTo(ofUnits ? "narrow" : "drop");
                gone[each.iteration()] += each.dropped().length;
            }
            assertThat(Arrays.stream(gone).boxed().toList())
                    .isEqualTo(ofUnits ? List.of(0, 0, 9, 0, 2) : List.of(0, 0, 76, 0, 39));
        }
    }
}
