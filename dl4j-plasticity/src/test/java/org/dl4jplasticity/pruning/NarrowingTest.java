package org.dl4jplasticity.pruning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.dl4jplasticity.testing.ResizableNetwork.DENSE;
import static org.dl4jplasticity.testing.ResizableNetwork.RESIDUAL;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.dl4jplasticity.journal.Mutation;
import org.dl4jplasticity.journal.MutationJournal;
import org.dl4jplasticity.journal.Replay;
import org.dl4jplasticity.mask.MaskableWeights;
import org.dl4jplasticity.surgery.Resized;
import org.dl4jplasticity.surgery.UnitReplay;
import org.dl4jplasticity.testing.ResizableNetwork;
import org.dl4jplasticity.testing.TinyNetwork;
import org.dl4jplasticity.topology.SparseTopology;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Units of lowest score are removed. */
class NarrowingTest {

    /** Later units are worth more. */
    private static final UnitScore BY_NUMBER =
            (network, groups) ->
                    groups.stream()
                            .map(
                                    group ->
                                            IntStream.range(0, group.units().count())
                                                    .mapToDouble(unit -> unit)
                                                    .toArray())
                            .toArray(double[][]::new);

    static Stream<Arguments> networks() {
        return CutNetworks.all();
    }

    private static UnitScore given(double... scores) {
        return (network, groups) -> new double[][] {scores};
    }

    @ParameterizedTest
    @MethodSource("networks")
    void whatIsLeftComputesWhatItDidWithoutTheOthers(ResizableNetwork kind, boolean asGraph) {
        TinyNetwork network = kind.trained(asGraph, DataType.DOUBLE);
        String layer = kind.layer(asGraph);
        TinyNetwork unheard = network.copy();
        CutNetworks.fill(CutNetworks.units(unheard, layer).outgoing(), 0, 0, 1);
        int width = CutNetworks.width(network, layer);

        Narrowed narrowed =
                Narrowing.by(BY_NUMBER).fraction(2.0 / width).only(layer).applyTo(network.model());

        assertThat(narrowed.resized().get(0).change().removed()).containsExactly(0, 1);
        INDArray features = kind.batch(1, DataType.DOUBLE).getFeatures();
        assertThat(
                        CutNetworks.largestDifference(
                                network.output(features), unheard.output(features)))
                .isLessThan(1e-12);
        network.fit(kind.batch(2, DataType.DOUBLE));
    }

    /** Of 5 and 4 units: 0.3 are 1.5 and 1.2. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aFractionOfEachLayerIsRounded(boolean asGraph) {
        TinyNetwork network = DENSE.trained(asGraph, DataType.DOUBLE);

        Narrowed narrowed = Narrowing.by(BY_NUMBER).fraction(0.3).applyTo(network.model());

        assertThat(removed(narrowed)).containsExactly(List.of(0, 1), List.of(0));
        assertThat(narrowed.removed()).isEqualTo(3);
        assertThat(network.parameters().length())
                .isEqualTo((6 + 1) * 3 + (3 + 1) * 3 + (3 + 1) * 3);
    }

    /** 0.5 of 9 units are 4.5: numbers 0, 1 of both, then 2 of the later layer. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aFractionOfAllTakesTheLeastWhereverTheyAre(boolean asGraph) {
        TinyNetwork network = DENSE.trained(asGraph, DataType.DOUBLE);

        Narrowed narrowed = Narrowing.by(BY_NUMBER).fractionOfAll(0.5).applyTo(network.model());

        assertThat(removed(narrowed)).containsExactly(List.of(0, 1), List.of(0, 1, 2));
    }

    /** The second layer keeps 3 of its 4 units, so that the first gives more. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theNextInLineGoWhereALayerIsAtItsLeast(boolean asGraph) {
        TinyNetwork network = DENSE.trained(asGraph, DataType.DOUBLE);

        Narrowed narrowed =
                Narrowing.by(BY_NUMBER).fractionOfAll(0.33).atLeast(3).applyTo(network.model());

        assertThat(removed(narrowed)).containsExactly(List.of(0, 1), List.of(0));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void unitsOfAtMostTheThresholdGo(boolean asGraph) {
        TinyNetwork network = DENSE.trained(asGraph, DataType.DOUBLE);

        Narrowed narrowed =
                Narrowing.by(given(0.5, 0.1, 0.2, 0.21, -3))
                        .threshold(0.2)
                        .only(DENSE.layer(asGraph))
                        .applyTo(network.model());

        assertThat(removed(narrowed)).containsExactly(List.of(1, 2, 4));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void noLayerIsEmptied(boolean asGraph) {
        TinyNetwork network = DENSE.trained(asGraph, DataType.DOUBLE);

        Narrowing.by(BY_NUMBER).threshold(100).applyTo(network.model());
        assertThat(widths(network)).containsExactly(1, 1);

        assertThat(Narrowing.by(BY_NUMBER).fraction(0.99).applyTo(network.model()).resized())
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void ofEqualScoresTheFirstStay(boolean asGraph) {
        TinyNetwork network = DENSE.trained(asGraph, DataType.DOUBLE);

        Narrowed narrowed =
                Narrowing.by(given(1, 1, 1, 2, 1))
                        .fraction(0.4)
                        .only(DENSE.layer(asGraph))
                        .applyTo(network.model());

        assertThat(removed(narrowed)).containsExactly(List.of(2, 4));
    }

    /** "a" and "b" share their 5 units, "c" has 3. */
    @Test
    void layersWhoseOutputsAreAddedLoseTheSameUnits() {
        TinyNetwork network = RESIDUAL.trained(true, DataType.DOUBLE);
        assertThat(UnitGroup.of(network.model()))
                .extracting(UnitGroup::layers)
                .containsExactly(List.of("a", "b"), List.of("c"));

        Narrowed narrowed =
                Narrowing.by(BY_NUMBER).fraction(0.4).only("b").applyTo(network.model());

        assertThat(removed(narrowed)).containsExactly(List.of(0, 1));
        assertThat(CutNetworks.width(network, "a")).isEqualTo(3);
        assertThat(CutNetworks.width(network, "b")).isEqualTo(3);
        assertThat(CutNetworks.width(network, "c")).isEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whatIsRemovedGoesToTheJournalAndCanBeReplayed(boolean asGraph, @TempDir Path folder)
            throws IOException {
        TinyNetwork network = DENSE.trained(asGraph, DataType.DOUBLE);
        TinyNetwork first = network.copy();
        Path file = folder.resolve("journal.jsonl");
        try (MutationJournal journal = MutationJournal.create(file)) {
            Narrowing.by(UnitScore.random(17))
                    .fraction(0.4)
                    .only(DENSE.layer(asGraph))
                    .recordTo(journal)
                    .applyTo(network.model());
            CutNetworks.fill(CutNetworks.units(network, second(asGraph)).outgoing(), 0, 3);
            Narrowing.deadUnits().recordTo(journal).applyTo(network.model());
        }

        List<Mutation> mutations = MutationJournal.read(file).mutations();
        assertThat(mutations).extracting(Mutation::kind).containsExactly("narrow", "narrow");
        assertThat(mutations)
                .extracting(Mutation::weights)
                .containsExactly(DENSE.layer(asGraph), second(asGraph));
        assertThat(mutations).extracting(Mutation::iteration).containsExactly(2, 2);
        assertThat(mutations).extracting(Mutation::seed).containsExactly(17L, 0L);
        assertThat(mutations.get(0).scores()).containsEntry("fraction", 0.4);
        assertThat(mutations.get(1).dropped()).containsExactly(3);
        Replay replay = Replay.of(Map.of(), new UnitReplay(first.model()));
        mutations.forEach(replay::apply);
        assertThat(widths(first)).containsExactly(3, 3).isEqualTo(widths(network));
    }

    /** Layer 1 has but one unit that leads anywhere, which is to go after units of layer 0 went. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aRefusalLeavesTheNetworkAsItWas(boolean asGraph, @TempDir Path folder) throws IOException {
        TinyNetwork network = DENSE.trained(asGraph, DataType.DOUBLE);
        MaskableWeights last = MaskableWeights.of(network.model()).get(2);
        last.setMask(SparseTopology.of(4, 3, 0, 4, 8));
        last.clearInactive();
        TinyNetwork before = network.copy();
        Path file = folder.resolve("journal.jsonl");
        try (MutationJournal journal = MutationJournal.create(file)) {
            Narrowing narrowing = Narrowing.by(BY_NUMBER).fraction(0.25).recordTo(journal);
            assertThatThrownBy(() -> narrowing.applyTo(network.model()))
                    .isInstanceOf(IllegalArgumentException.class);
        }

        assertThat(MutationJournal.read(file).mutations()).isEmpty();
        assertThat(network.parameters()).isEqualTo(before.parameters());
        assertThat(network.state()).isEqualTo(before.state());
        assertThat(network.topologies()).isEqualTo(before.topologies());
        assertThat(network.iteration()).isEqualTo(2);
        network.fit(DENSE.batch(5, DataType.DOUBLE));
        before.fit(DENSE.batch(5, DataType.DOUBLE));
        assertThat(network.parameters()).isEqualTo(before.parameters());
    }

    /** The survivors of Adam's moments are those of the units that stay. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void optimizerStateOfTheOthersStays(boolean asGraph) {
        TinyNetwork network =
                CutNetworks.dense(
                        asGraph,
                        Activation.RELU,
                        new double[][] {{1, 2, 3}, {4, 5, 6}},
                        new double[] {7, 8, 9});
        TinyNetwork trained = DENSE.trained(asGraph, DataType.DOUBLE);
        INDArray state = trained.state().dup();

        Narrowing.by(given(2, 1, 3)).fraction(0.3).applyTo(network.model());
        Narrowing.by(given(5, 4, 3, 2, 1))
                .fraction(0.2)
                .only(DENSE.layer(asGraph))
                .applyTo(trained.model());

        assertThat(network.layers().get(0).getParam("W").toDoubleMatrix())
                .isDeepEqualTo(new double[][] {{1, 3}, {4, 6}});
        // 6 weights each of units 0 to 3: the first 24 of both moments
        long parameters = trained.parameters().length();
        assertThat(Arrays.copyOf(trained.state().toDoubleVector(), 24))
                .isEqualTo(Arrays.copyOf(state.toDoubleVector(), 24));
        assertThat(trained.state().length()).isEqualTo(2 * parameters);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void refusesWhatCanNotBeMeant(boolean asGraph) {
        TinyNetwork network = DENSE.trained(asGraph, DataType.DOUBLE);
        for (double fraction : new double[] {-0.1, 1, Double.NaN}) {
            assertRefused(
                    () -> Narrowing.by(BY_NUMBER).fraction(fraction), "[0, 1), got " + fraction);
            assertRefused(
                    () -> Narrowing.by(BY_NUMBER).fractionOfAll(fraction),
                    "[0, 1), got " + fraction);
        }
        assertRefused(() -> Narrowing.by(BY_NUMBER).threshold(Double.NaN), "finite, got NaN");
        assertRefused(() -> Narrowing.deadUnits().atLeast(0), "at least 1 unit, got 0");
        assertRefused(
                () -> Narrowing.deadUnits().only("nowhere").applyTo(network.model()),
                "got 'nowhere'");
        Narrowing some = Narrowing.by(given(1, 2)).fraction(0.5).only(DENSE.layer(asGraph));
        assertRefused(() -> some.applyTo(network.model()), "scores of 5 units, got 2");
        Narrowing none =
                Narrowing.by(given(1, 2, 3, 4, Double.NaN))
                        .fraction(0.5)
                        .only(DENSE.layer(asGraph));
        assertRefused(() -> none.applyTo(network.model()), "finite score of unit 4, got NaN");
        assertRefused(
                () -> Narrowing.by(given(1)).fraction(0.5).applyTo(network.model()),
                "scores of 2 groups, got 1");
        assertThat(widths(network)).containsExactly(5, 4);
    }

    private static void assertRefused(ThrowingCallable what, String why) {
        assertThatThrownBy(what)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(why);
    }

    private static String second(boolean asGraph) {
        return asGraph ? "layer1" : "1";
    }

    private static List<Integer> widths(TinyNetwork network) {
        return UnitGroup.of(network.model()).stream().map(group -> group.units().count()).toList();
    }

    private static List<List<Integer>> removed(Narrowed narrowed) {
        return narrowed.resized().stream()
                .map(Resized::change)
                .map(change -> Arrays.stream(change.removed()).boxed().toList())
                .toList();
    }
}
