package org.dl4jplasticity.growth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.dl4jplasticity.growth.GrowthNetworks.SIX;
import static org.dl4jplasticity.growth.GrowthNetworks.batches;
import static org.dl4jplasticity.growth.GrowthNetworks.dense;
import static org.dl4jplasticity.growth.GrowthNetworks.id;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.dl4jplasticity.journal.Mutation;
import org.dl4jplasticity.journal.MutationJournal;
import org.dl4jplasticity.surgery.NetworkSurgery;
import org.dl4jplasticity.surgery.PlasticNetwork;
import org.dl4jplasticity.surgery.UnitVectors;
import org.dl4jplasticity.testing.NetworkClass;
import org.dl4jplasticity.testing.ResizableNetwork;
import org.dl4jplasticity.testing.TinyNetwork;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.Adam;

/** Units are recycled beside listeners that add and remove units. */
class ChangingWidthsTest {
    private static final List<DataSet> BATCHES = batches(SIX, DataType.DOUBLE, 3);

    /** {@return a listener that widens the first layer by 2 at iteration 1, or takes 3 units} */
    private static TrainingListener resizing(NetworkClass type, boolean widens) {
        return new BaseTrainingListener() {
            @Override
            public void iterationDone(Model model, int iteration, int epoch) {
                if (iteration != 1) {
                    return;
                }
                NetworkSurgery surgery = NetworkSurgery.of(model);
                if (widens) {
                    surgery.widen(
                            id(type, 0),
                            2,
                            (site, added, random) ->
                                    (units, firstNew) -> {
                                        for (int i = firstNew; i < units.count(); i++) {
                                            for (UnitVectors in : units.incoming()) {
                                                in.set(
                                                        i,
                                                        random.doubles(in.length(), -1, 1)
                                                                .toArray());
                                            }
                                        }
                                    },
                            3);
                } else {
                    surgery.narrow(id(type, 0), 0, 2, 3);
                }
            }
        };
    }

    static Stream<Arguments> orders() {
        return Stream.of(NetworkClass.SEQUENTIAL, NetworkClass.GRAPH)
                .flatMap(type -> Stream.of(false, true).map(first -> Arguments.of(type, first)));
    }

    @ParameterizedTest
    @MethodSource("orders")
    void addedUnitsAreYoung(NetworkClass type, boolean resizesFirst) {
        TinyNetwork network = dense(type, new Adam(0.01));
        ContinualBackprop listener = ContinualBackprop.replacing(1e-6).build();
        TrainingListener resizing = resizing(type, true);
        network.listen(resizesFirst ? resizing : listener, resizesFirst ? listener : resizing);
        network.fit(BATCHES, 1);
        assertThat(listener.worth(id(type, 0)).ages()).containsExactly(3, 3, 3, 3, 3, 1, 1);
        assertThat(listener.worth(id(type, 1)).ages()).containsExactly(3, 3, 3, 3);
        network.fit(BATCHES, 2);
        assertThat(listener.worth(id(type, 0)).ages()).containsExactly(9, 9, 9, 9, 9, 7, 7);
    }

    @ParameterizedTest
    @MethodSource("orders")
    void unitsAreYoungWhereSomeWereRemoved(NetworkClass type, boolean resizesFirst) {
        TinyNetwork network = dense(type, new Adam(0.01));
        ContinualBackprop listener = ContinualBackprop.replacing(1e-6).build();
        TrainingListener resizing = resizing(type, false);
        network.listen(resizesFirst ? resizing : listener, resizesFirst ? listener : resizing);
        network.fit(BATCHES, 1);
        assertThat(listener.worth(id(type, 0)).ages()).containsExactly(1, 1);
        assertThat(listener.worth(id(type, 1)).ages()).containsExactly(3, 3, 3, 3);
    }

    @ParameterizedTest
    @MethodSource("orders")
    void dormantUnitsOfAWidthThatChangesAreRecycled(NetworkClass type, boolean resizesFirst) {
        for (boolean widens : new boolean[] {true, false}) {
            TinyNetwork network = dense(type, new Adam(0.01));
            List<RecycledUnits> recycled = new ArrayList<>();
            DormantUnits listener = DormantUnits.every(1).threshold(100).build();
            listener.journal().tell(recycled::add);
            TrainingListener resizing = resizing(type, widens);
            network.listen(resizesFirst ? resizing : listener, resizesFirst ? listener : resizing);
            network.fit(BATCHES, 1);
            List<Integer> counts =
                    recycled.stream()
                            .filter(it -> it.layerId().equals(id(type, 0)))
                            .map(it -> it.units().length)
                            .toList();
            // Removed before it looks, there is no telling which units the scores were of.
            assertThat(counts)
                    .isEqualTo(widens ? List.of(5, 7) : resizesFirst ? List.of(2) : List.of(5, 2));
        }
    }

    static Stream<Arguments> networks() {
        return Stream.of(ResizableNetwork.values())
                .flatMap(
                        network ->
                                (network.isGraph() ? Stream.of(true) : Stream.of(false, true))
                                        .map(asGraph -> Arguments.of(network, asGraph)));
    }

    /** Every kind of layer before every kind of layer: what starts anew has no way out yet. */
    @ParameterizedTest
    @MethodSource("networks")
    void unitsOfEveryKindOfLayerStartAnew(ResizableNetwork kind, boolean asGraph) {
        TinyNetwork network = kind.build(asGraph, DataType.DOUBLE, new Adam(0.01));
        List<HiddenUnits> layers = HiddenUnits.of(PlasticNetwork.of(network.model()));
        if (layers.isEmpty()) {
            assertThat(kind.name()).containsAnyOf("LSTM", "RNN", "BIDIRECTIONAL");
            return;
        }
        ContinualBackprop continual =
                ContinualBackprop.replacing(0.5)
                        .maturity(0)
                        .utility(UnitUtility.ADAPTABLE_CONTRIBUTION)
                        .build();
        DormantUnits dormant = DormantUnits.every(2).until(2).threshold(1).build();
        List<RecycledUnits> recycled = new ArrayList<>();
        continual.journal().tell(recycled::add);
        dormant.journal().tell(recycled::add);
        network.listen(continual, dormant);
        for (int step = 0; step < 3; step++) {
            recycled.clear();
            network.fit(kind.batch(step, DataType.DOUBLE));
        }
        assertThat(recycled).isNotEmpty();
        RecycledUnits last = recycled.get(recycled.size() - 1);
        var units = NetworkSurgery.of(network.model()).units(last.layerId());
        for (int unit : last.units()) {
            assertThat(units.outgoing())
                    .allSatisfy(
                            outgoing ->
                                    assertThat(outgoing.magnitudes(units.count())[unit]).isZero());
            for (UnitVectors incoming : units.incoming()) {
                assertThat(incoming.get(unit)).isNotEqualTo(new double[incoming.length()]);
            }
        }
        assertThat(Double.isFinite(network.loss(kind.batch(9, DataType.DOUBLE)))).isTrue();
    }

    @ParameterizedTest
    @EnumSource(names = {"SEQUENTIAL", "GRAPH"})
    void theJournalTellsWhichUnitsStartedAnew(NetworkClass type, @TempDir Path folder)
            throws IOException {
        TinyNetwork network = dense(type, new Adam(0.01));
        ContinualBackprop continual = ContinualBackprop.replacing(0.25).maturity(0).build();
        DormantUnits dormant = DormantUnits.every(2).until(2).threshold(0.9).build();
        List<RecycledUnits> recycled = new ArrayList<>();
        continual.journal().tell(recycled::add);
        dormant.journal().tell(recycled::add);
        network.listen(continual, dormant);
        Path file = folder.resolve("journal.jsonl");
        try (MutationJournal journal = MutationJournal.create(file)) {
            continual.recordTo(journal);
            dormant.recordTo(journal);
            network.fit(BATCHES, 2);
        }
        List<Mutation> mutations = MutationJournal.read(file).mutations();
        assertThat(recycled).hasSizeGreaterThan(4);
        assertThat(mutations).hasSameSizeAs(recycled);
        for (int i = 0; i < recycled.size(); i++) {
            Mutation mutation = mutations.get(i);
            RecycledUnits told = recycled.get(i);
            long[] units = Arrays.stream(told.units()).asLongStream().toArray();
            assertThat(mutation.kind()).isEqualTo("recycle");
            assertThat(mutation.weights()).isEqualTo(told.layerId());
            assertThat(mutation.dropped()).isEqualTo(units);
            assertThat(mutation.grown()).isEqualTo(units);
            assertThat(mutation.iteration()).isEqualTo(told.iteration());
            assertThat(mutation.epoch()).isEqualTo(told.epoch());
            assertThat(mutation.seed()).isEqualTo(told.seed());
            assertThat(mutation.scores()).isEqualTo(told.scores());
            assertThat(mutation.after()).isEqualTo(mutation.before());
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"SEQUENTIAL", "GRAPH"})
    void bothListenersServeANetworkTogether(NetworkClass type) {
        TinyNetwork network = dense(type, new Adam(0.01));
        ContinualBackprop continual = ContinualBackprop.replacing(0.1).maturity(1).build();
        DormantUnits dormant = DormantUnits.every(2).threshold(0.9).build();
        network.listen(continual, dormant);
        network.fit(BATCHES, 4);
        assertThat(continual.replaced()).isPositive();
        assertThat(dormant.recycled()).isPositive();
    }
}
