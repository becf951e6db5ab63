package org.dl4jplasticity.pruning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.dl4jplasticity.testing.ResizableNetwork.CONVOLUTION;
import static org.dl4jplasticity.testing.ResizableNetwork.CONVOLUTION_OF_SEQUENCES;
import static org.dl4jplasticity.testing.ResizableNetwork.DENSE;
import static org.dl4jplasticity.testing.ResizableNetwork.DENSE_WITH_EVERYTHING_BETWEEN;
import static org.dl4jplasticity.testing.ResizableNetwork.FLATTENED_CONVOLUTION;
import static org.dl4jplasticity.testing.ResizableNetwork.GLOBALLY_POOLED_CONVOLUTION;
import static org.dl4jplasticity.testing.ResizableNetwork.MASKED;
import static org.dl4jplasticity.testing.ResizableNetwork.RESIDUAL;
import static org.dl4jplasticity.testing.ResizableNetwork.SIMPLE_RNN;

import java.util.List;
import java.util.stream.Stream;
import org.dl4jplasticity.growth.NewUnits;
import org.dl4jplasticity.surgery.NetworkSurgery;
import org.dl4jplasticity.surgery.UnitVectors;
import org.dl4jplasticity.surgery.Units;
import org.dl4jplasticity.testing.ResizableNetwork;
import org.dl4jplasticity.testing.TinyNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Units that another one can stand for. */
class DuplicateUnitsTest {

    static Stream<Arguments> networks() {
        return CutNetworks.all();
    }

    static Stream<Arguments> withAllConnections() {
        return Stream.of(ResizableNetwork.values())
                .filter(kind -> !kind.name().startsWith("MASKED"))
                .filter(kind -> !kind.name().startsWith("SPARSE"))
                .flatMap(CutNetworks::inItsClasses);
    }

    /** Nothing but ReLU, its like and pooling from the sum of inputs to the next layers. */
    static Stream<Arguments> thatScale() {
        return Stream.of(DENSE, FLATTENED_CONVOLUTION, GLOBALLY_POOLED_CONVOLUTION, RESIDUAL)
                .flatMap(CutNetworks::inItsClasses);
    }

    /** Batch normalization or another activation function between. */
    static Stream<Arguments> thatDoNotScale() {
        return Stream.of(
                        DENSE_WITH_EVERYTHING_BETWEEN,
                        CONVOLUTION,
                        CONVOLUTION_OF_SEQUENCES,
                        SIMPLE_RNN)
                .flatMap(CutNetworks::inItsClasses);
    }

    @ParameterizedTest
    @MethodSource("networks")
    void mergingIsTheInverseOfNet2Wider(ResizableNetwork kind, boolean asGraph) {
        TinyNetwork network = kind.trained(asGraph, DataType.DOUBLE);
        TinyNetwork before = network.copy();
        String layer = kind.layer(asGraph);
        INDArray features = kind.batch(1, DataType.DOUBLE).getFeatures();
        NetworkSurgery surgery = NetworkSurgery.of(network.model());
        int width = surgery.width(layer);
        surgery.widen(layer, 4, NewUnits.net2Wider(), 9);

        Narrowed narrowed = Narrowing.duplicates(0).applyTo(network.model());

        assertThat(narrowed.resized()).hasSize(1);
        assertThat(narrowed.resized().get(0).change().removed())
                .containsExactly(width, width + 1, width + 2, width + 3);
        assertThat(narrowed.left()).isEmpty();
        assertThat(network.topologies()).isEqualTo(before.topologies());
        assertThat(CutNetworks.largestDifference(network.parameters(), before.parameters()))
                .isLessThan(1e-15);
        assertThat(CutNetworks.largestDifference(network.state(), before.state())).isZero();
        assertThat(CutNetworks.largestDifference(network.output(features), before.output(features)))
                .isLessThan(1e-12);
    }

    @ParameterizedTest
    @MethodSource("withAllConnections")
    void aUnitThatTwinsWithAnotherGivesItItsOutgoingWeights(
            ResizableNetwork kind, boolean asGraph) {
        TinyNetwork network = kind.trained(asGraph, DataType.DOUBLE);
        String layer = kind.layer(asGraph);
        Units units = CutNetworks.units(network, layer);
        CutNetworks.copy(units.passing(), 0, 2, 1);
        CutNetworks.copy(units.biases(), 0, 2, 1);
        CutNetworks.copy(units.incoming(), 0, 2, 1);
        INDArray features = kind.batch(1, DataType.DOUBLE).getFeatures();
        INDArray before = network.output(features);

        Narrowed narrowed = Narrowing.duplicates(0).applyTo(network.model());

        assertThat(narrowed.resized()).hasSize(1);
        assertThat(narrowed.resized().get(0).change().removed()).containsExactly(2);
        assertThat(CutNetworks.largestDifference(network.output(features), before))
                .isLessThan(1e-12);
        network.fit(kind.batch(2, DataType.DOUBLE));
    }

    @ParameterizedTest
    @MethodSource("thatScale")
    void multiplesAreMerged(ResizableNetwork kind, boolean asGraph) {
        TinyNetwork network = withMultiple(kind, asGraph);
        INDArray features = kind.batch(1, DataType.DOUBLE).getFeatures();
        INDArray before = network.output(features);

        Narrowed narrowed = Narrowing.duplicates(1e-12).applyTo(network.model());

        assertThat(narrowed.resized().get(0).change().removed()).containsExactly(2);
        assertThat(CutNetworks.largestDifference(network.output(features), before))
                .isLessThan(1e-12);
    }

    @ParameterizedTest
    @MethodSource("thatDoNotScale")
    void multiplesStayWhereOutputsAreNoMultiples(ResizableNetwork kind, boolean asGraph) {
        TinyNetwork network = withMultiple(kind, asGraph);

        assertThat(Narrowing.duplicates(1e-12).applyTo(network.model()).removed()).isZero();
    }

    private static TinyNetwork withMultiple(ResizableNetwork kind, boolean asGraph) {
        TinyNetwork network = kind.trained(asGraph, DataType.DOUBLE);
        Units units = CutNetworks.units(network, kind.layer(asGraph));
        CutNetworks.copy(units.passing(), 0, 2, 1);
        // In this order: what comes from unit 0 itself is incoming too where outputs are added.
        CutNetworks.copy(units.biases(), 0, 2, 3.7);
        CutNetworks.copy(units.incoming(), 0, 2, 3.7);
        return network;
    }

    /** Units 0 and 2 are (1, 2; 0.5) and three times that: what they give is (1 + 3 * 5, ...). */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theOneThatStaysGetsTheWeightsTimesTheMultiple(boolean asGraph) {
        TinyNetwork network =
                CutNetworks.dense(
                        asGraph,
                        Activation.RELU,
                        new double[][] {{1, 7, 3}, {2, 8, 6}},
                        new double[] {0.5, 9, 1.5},
                        new double[][] {{1, 2}, {3, 4}, {5, 6}});

        Narrowing.duplicates(1e-9).applyTo(network.model());

        assertThat(network.layers().get(0).getParam("W").toDoubleMatrix())
                .isDeepEqualTo(new double[][] {{1, 7}, {2, 8}});
        double[][] outgoing = network.layers().get(1).getParam("W").toDoubleMatrix();
        assertThat(outgoing[0][0]).isCloseTo(16, within(1e-12));
        assertThat(outgoing[0][1]).isCloseTo(20, within(1e-12));
        assertThat(outgoing[1]).containsExactly(3, 4);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void oppositesAndOtherBiasesAreNoDuplicates(boolean asGraph) {
        TinyNetwork network =
                CutNetworks.dense(
                        asGraph,
                        Activation.RELU,
                        new double[][] {{1, -1, 1}, {2, -2, 2}},
                        new double[] {0.5, -0.5, 0.6});

        assertThat(Narrowing.duplicates(1e-3).applyTo(network.model()).removed()).isZero();
    }

    /** The distance is 0.01, the norm sqrt(5.01^2...): 0.0019 of it. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theToleranceIsAShareOfTheNorm(boolean asGraph) {
        for (double tolerance : new double[] {0.0018, 0.0021}) {
            TinyNetwork network =
                    CutNetworks.dense(
                            asGraph,
                            Activation.TANH,
                            new double[][] {{3, 3}, {4, 4.01}},
                            new double[] {0, 0});

            Narrowed narrowed = Narrowing.duplicates(tolerance).applyTo(network.model());

            assertThat(narrowed.removed()).isEqualTo(tolerance < 0.0019 ? 0 : 1);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void noMoreAreMergedThanALayerMayLose(boolean asGraph) {
        double[][] same = {{1, 1, 1, 1}, {2, 2, 2, 2}};
        TinyNetwork network =
                CutNetworks.dense(asGraph, Activation.TANH, same, new double[] {0, 0, 0, 0});

        assertThat(Narrowing.duplicates(0).atLeast(3).applyTo(network.model()).removed())
                .isEqualTo(1);
        assertThat(Narrowing.duplicates(0).applyTo(network.model()).removed()).isEqualTo(2);
        assertThat(CutNetworks.width(network, CutNetworks.hidden(asGraph))).isEqualTo(1);
    }

    /** Of twins in masked weights the first lacks a connection that the second has. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void sparseTwinsStayWhereAConnectionIsMissing(boolean asGraph) {
        TinyNetwork network = MASKED.trained(asGraph, DataType.DOUBLE);
        String layer = MASKED.layer(asGraph);
        Units units = CutNetworks.units(network, layer);
        UnitVectors outgoing = units.outgoing().get(0);
        int[] pair = pairWithDifferentConnections(outgoing, units.count());
        CutNetworks.fill(units.incoming(), 0, pair);
        CutNetworks.fill(units.biases(), 0.25, pair);
        TinyNetwork before = network.copy();

        Narrowed narrowed = Narrowing.duplicates(0).only(layer).applyTo(network.model());

        assertThat(narrowed.removed()).isZero();
        assertThat(narrowed.left()).extracting(Narrowed.Left::unit).containsExactly(pair[1]);
        assertThat(network.parameters()).isEqualTo(before.parameters());
        CutNetworks.fill(units.outgoing(), 0, pair[1]);
        assertThat(Narrowing.duplicates(0).only(layer).applyTo(network.model()).removed())
                .isEqualTo(1);
    }

    private static int[] pairWithDifferentConnections(UnitVectors outgoing, int count) {
        for (int first = 0; first < count; first++) {
            for (int second = first + 1; second < count; second++) {
                for (int entry = 0; entry < outgoing.length(); entry++) {
                    if (!outgoing.isActive(first, entry)
                            && outgoing.isActive(second, entry)
                            && outgoing.get(second)[entry] != 0) {
                        return new int[] {first, second};
                    }
                }
            }
        }
        throw new AssertionError("all units have the same connections");
    }

    @Test
    void refusesAToleranceOutOfItsRange() {
        for (double tolerance : List.of(-0.1, 1.0, Double.NaN)) {
            assertThatThrownBy(() -> Narrowing.duplicates(tolerance))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("[0, 1), got " + tolerance);
        }
    }
}
