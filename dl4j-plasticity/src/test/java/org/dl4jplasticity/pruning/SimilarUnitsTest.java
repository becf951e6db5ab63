package org.dl4jplasticity.pruning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.dl4jplasticity.testing.ResizableNetwork.BIDIRECTIONAL;
import static org.dl4jplasticity.testing.ResizableNetwork.CONVOLUTION;
import static org.dl4jplasticity.testing.ResizableNetwork.CONVOLUTION_OF_SEQUENCES;
import static org.dl4jplasticity.testing.ResizableNetwork.DENSE;
import static org.dl4jplasticity.testing.ResizableNetwork.FLATTENED_CONVOLUTION;
import static org.dl4jplasticity.testing.ResizableNetwork.GLOBALLY_POOLED_CONVOLUTION;
import static org.dl4jplasticity.testing.ResizableNetwork.LSTM_BEFORE_LSTM;
import static org.dl4jplasticity.testing.ResizableNetwork.MASKED;
import static org.dl4jplasticity.testing.ResizableNetwork.SIMPLE_RNN;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.dl4jplasticity.growth.NewUnits;
import org.dl4jplasticity.surgery.NetworkSurgery;
import org.dl4jplasticity.surgery.UnitVectors;
import org.dl4jplasticity.surgery.Units;
import org.dl4jplasticity.testing.ResizableNetwork;
import org.dl4jplasticity.testing.TinyNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/** Units that nearly are a multiple of another one and a constant. */
class SimilarUnitsTest {
    private static final double[][] INPUTS = {
        {0.3, -1.2}, {1.1, 0.4}, {-0.7, 0.9}, {0.2, 0.1}, {-1.5, -0.6}
    };

    static Stream<Arguments> networks() {
        return Stream.of(ResizableNetwork.values())
                .filter(kind -> !isRecurrent(kind))
                .flatMap(CutNetworks::inItsClasses);
    }

    static Stream<Arguments> recurrent() {
        return Stream.of(LSTM_BEFORE_LSTM, SIMPLE_RNN, BIDIRECTIONAL)
                .flatMap(CutNetworks::inItsClasses);
    }

    static Stream<Arguments> thatScale() {
        return Stream.of(DENSE, FLATTENED_CONVOLUTION, GLOBALLY_POOLED_CONVOLUTION)
                .flatMap(CutNetworks::inItsClasses);
    }

    private static boolean isRecurrent(ResizableNetwork kind) {
        return kind.name().contains("LSTM")
                || kind.name().contains("RNN")
                || kind.name().contains("BIDIRECTIONAL");
    }

    private static DataSet examples(INDArray features) {
        return new DataSet(features, null);
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
        TinyNetwork again = network.copy();

        Narrowing.similar(examples(features))
                .fraction(4.0 / (width + 4))
                .only(layer)
                .applyTo(network.model());
        Narrowing.duplicates(0).only(layer).applyTo(again.model());

        assertThat(network.topologies()).isEqualTo(before.topologies());
        assertThat(network.parameters()).isEqualTo(again.parameters());
        assertThat(CutNetworks.largestDifference(network.parameters(), before.parameters()))
                .isLessThan(1e-15);
        assertThat(CutNetworks.largestDifference(network.state(), before.state())).isZero();
    }

    @ParameterizedTest
    @MethodSource("recurrent")
    void unitsOfRecurrentLayersStay(ResizableNetwork kind, boolean asGraph) {
        TinyNetwork network = kind.trained(asGraph, DataType.DOUBLE);
        String layer = kind.layer(asGraph);
        NetworkSurgery.of(network.model()).widen(layer, 2, NewUnits.net2Wider(), 9);

        Narrowed narrowed =
                Narrowing.similar(examples(kind.batch(1, DataType.DOUBLE).getFeatures()))
                        .correlation(0.5)
                        .only(layer)
                        .applyTo(network.model());

        assertThat(narrowed.removed()).isZero();
    }

    /** 3.7 times the incoming weights and biases, which is 3.7 times the output for ReLU. */
    @ParameterizedTest
    @MethodSource("thatScale")
    void multiplesAreMergedAndOutputsStay(ResizableNetwork kind, boolean asGraph) {
        TinyNetwork network = withMultiple(kind, asGraph);
        INDArray features = kind.batch(1, DataType.DOUBLE).getFeatures();
        INDArray before = network.output(features);

        Narrowed narrowed =
                Narrowing.similar(examples(features))
                        .cosine(1 - 1e-9)
                        .only(kind.layer(asGraph))
                        .applyTo(network.model());

        assertThat(narrowed.resized().get(0).change().removed()).containsExactly(2);
        assertThat(CutNetworks.largestDifference(network.output(features), before))
                .isLessThan(1e-10);
        network.fit(kind.batch(2, DataType.DOUBLE));
    }

    private static TinyNetwork withMultiple(ResizableNetwork kind, boolean asGraph) {
        TinyNetwork network = kind.trained(asGraph, DataType.DOUBLE);
        Units units = CutNetworks.units(network, kind.layer(asGraph));
        CutNetworks.copy(units.passing(), 0, 2, 1);
        CutNetworks.copy(units.biases(), 0, 2, 3.7);
        CutNetworks.copy(units.incoming(), 0, 2, 3.7);
        return network;
    }

    /** Batch normalization makes 2 x of channel 2 where it makes x of channel 0; then max(0, x). */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void channelsAreComparedAsTheNextWeightsGetThem(boolean asGraph) {
        TinyNetwork network = CONVOLUTION.trained(asGraph, DataType.DOUBLE);
        String layer = CONVOLUTION.layer(asGraph);
        Units units = CutNetworks.units(network, layer);
        CutNetworks.copy(units.incoming(), 0, 2, 1);
        CutNetworks.copy(units.biases(), 0, 2, 1);
        for (UnitVectors parameter : units.passing()) {
            boolean scales = parameter.name().equals("gamma") || parameter.name().equals("beta");
            CutNetworks.copy(List.of(parameter), 0, 2, scales ? 2 : 1);
        }
        INDArray features = CONVOLUTION.batch(1, DataType.DOUBLE).getFeatures();
        INDArray before = network.output(features);

        assertThat(Narrowing.duplicates(1e-9).only(layer).applyTo(network.model()).removed())
                .isZero();
        Narrowed narrowed =
                Narrowing.similar(examples(features))
                        .correlation(1 - 1e-12)
                        .only(layer)
                        .applyTo(network.model());

        assertThat(narrowed.resized().get(0).change().removed()).containsExactly(2);
        assertThat(CutNetworks.largestDifference(network.output(features), before))
                .isLessThan(1e-10);
    }

    /** tanh is odd; a padded convolution has no place for a constant, and needs none. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void withoutAPlaceForConstantsUnitsAreFittedThroughZero(boolean asGraph) {
        TinyNetwork network = CONVOLUTION_OF_SEQUENCES.trained(asGraph, DataType.DOUBLE);
        String layer = CONVOLUTION_OF_SEQUENCES.layer(asGraph);
        Units units = CutNetworks.units(network, layer);
        CutNetworks.copy(units.incoming(), 1, 3, -1);
        CutNetworks.copy(units.biases(), 1, 3, -1);
        INDArray features = CONVOLUTION_OF_SEQUENCES.batch(1, DataType.DOUBLE).getFeatures();
        INDArray before = network.output(features);

        Narrowed narrowed =
                Narrowing.similar(examples(features))
                        .correlation(1 - 1e-12)
                        .only(layer)
                        .applyTo(network.model());

        assertThat(narrowed.resized().get(0).change().removed()).containsExactly(3);
        assertThat(CutNetworks.largestDifference(network.output(features), before))
                .isLessThan(1e-10);
    }

    /** What is added goes beside one of its terms; batch normalization lies behind a merge. */
    @ParameterizedTest
    @EnumSource(names = {"RESIDUAL", "MERGED_CONVOLUTIONS"})
    void unitsStayWhereTheirOutputsAreChangedBesideOthers(ResizableNetwork kind) {
        TinyNetwork network = withMultiple(kind, true);

        Narrowed narrowed =
                Narrowing.similar(examples(kind.batch(1, DataType.DOUBLE).getFeatures()))
                        .cosine(0.5)
                        .only(kind.layer(true))
                        .applyTo(network.model());

        assertThat(narrowed.removed()).isZero();
    }

    /** Unit 1 puts out 2 h + 1 of what unit 0 does, unit 3 puts out 5 - 3 h. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void affineCopiesGiveMultiplesAndConstants(boolean asGraph) {
        TinyNetwork network =
                CutNetworks.dense(
                        asGraph,
                        Activation.IDENTITY,
                        new double[][] {{1, 2, 7, -3}, {2, 4, -3, -6}},
                        new double[] {0.5, 2, 0.25, 3.5},
                        new double[][] {{1, -1}, {10, 20}, {3, 4}, {100, 300}});
        INDArray features = Nd4j.createFromArray(INPUTS);
        INDArray other = Nd4j.createFromArray(new double[][] {{8, -9}});
        INDArray before = network.output(other);

        Narrowed narrowed =
                Narrowing.similar(examples(features))
                        .correlation(0.999999)
                        .applyTo(network.model());

        assertThat(narrowed.resized().get(0).change().removed()).containsExactly(1, 3);
        double[][] outgoing = network.layers().get(1).getParam("W").toDoubleMatrix();
        // 1 + 2 * 10 - 3 * 100 and -1 + 2 * 20 - 3 * 300
        assertThat(outgoing[0]).containsExactly(new double[] {-279, -861}, within(1e-10));
        assertThat(outgoing[1]).containsExactly(3, 4);
        // 1 * 10 + 5 * 100 and 1 * 20 + 5 * 300
        assertThat(network.layers().get(1).getParam("b").dup().data().asDouble())
                .containsExactly(new double[] {510, 1520}, within(1e-10));
        assertThat(CutNetworks.largestDifference(network.output(other), before)).isLessThan(1e-9);
    }

    /** By Cramer's rule from the outputs tanh(x W + b), and what is left goes from the outputs. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theFitIsThatOfLeastSquaresAndOutputsChangeByTheResidual(boolean asGraph) {
        double[][] in = {{1, -0.3, 0.8}, {0.5, 0.9, 0.7}};
        double[] bias = {0.1, -0.2, 0.3};
        double[][] out = {{1, 2}, {-3, 5}, {0.7, -0.4}};
        TinyNetwork network = CutNetworks.dense(asGraph, Activation.TANH, in, bias, out);
        INDArray features = Nd4j.createFromArray(INPUTS);
        double[][] before = network.output(features).toDoubleMatrix();

        Narrowing.similar(examples(features)).fraction(1.0 / 3).applyTo(network.model());

        double n = INPUTS.length;
        double x = 0, y = 0, xx = 0, xy = 0;
        double[][] units = new double[INPUTS.length][3];
        for (int e = 0; e < INPUTS.length; e++) {
            for (int unit = 0; unit < 3; unit++) {
                units[e][unit] =
                        Math.tanh(
                                INPUTS[e][0] * in[0][unit]
                                        + INPUTS[e][1] * in[1][unit]
                                        + bias[unit]);
            }
            x += units[e][0];
            y += units[e][2];
            xx += units[e][0] * units[e][0];
            xy += units[e][0] * units[e][2];
        }
        double determinant = xx * n - x * x;
        double slope = (xy * n - x * y) / determinant;
        double constant = (xx * y - x * xy) / determinant;
        double[][] outgoing = network.layers().get(1).getParam("W").toDoubleMatrix();
        double[] biases = network.layers().get(1).getParam("b").dup().data().asDouble();
        double[][] after = network.output(features).toDoubleMatrix();
        for (int k = 0; k < 2; k++) {
            assertThat(outgoing[0][k]).isCloseTo(out[0][k] + slope * out[2][k], within(1e-12));
            assertThat(outgoing[1][k]).isEqualTo(out[1][k]);
            assertThat(biases[k]).isCloseTo(constant * out[2][k], within(1e-12));
            for (int e = 0; e < INPUTS.length; e++) {
                double residual = units[e][2] - slope * units[e][0] - constant;
                assertThat(before[e][k] - after[e][k])
                        .isCloseTo(residual * out[2][k], within(1e-12));
            }
        }
    }

    /** Of pairs with cosines 0.6 + 0.8 c: unit 1 is 0.96 from 0 and 0.8 from 2. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void incomingWeightsAreComparedByTheirCosine(boolean asGraph) {
        for (double threshold : new double[] {0.95, 0.97}) {
            TinyNetwork network =
                    CutNetworks.dense(
                            asGraph,
                            Activation.TANH,
                            new double[][] {{0.6, 0.8, 0}, {0.8, 0.6, -1}},
                            new double[] {0, 0, 0});

            Narrowed narrowed =
                    Narrowing.similar(examples(Nd4j.createFromArray(INPUTS)))
                            .cosine(threshold)
                            .applyTo(network.model());

            assertThat(narrowed.removed()).isEqualTo(threshold < 0.96 ? 1 : 0);
        }
    }

    /** round(0.4 * 5), then no more than leave 2 of 3. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aFractionOfEachLayerGoesButNoMoreThanItMayLose(boolean asGraph) {
        TinyNetwork network =
                CutNetworks.dense(
                        asGraph,
                        Activation.TANH,
                        new double[][] {{1, 0.9, -0.4, 2, 0.3}, {0.2, 0.4, 1, 0.1, -1}},
                        new double[5]);
        Narrowing.Similar similar = Narrowing.similar(examples(Nd4j.createFromArray(INPUTS)));

        assertThat(similar.fraction(0.4).applyTo(network.model()).removed()).isEqualTo(2);
        assertThat(similar.fraction(0.9).atLeast(2).applyTo(network.model()).removed())
                .isEqualTo(1);
    }

    /** Units 0 and 2 never fire for these, as different as they are. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void unitsThatDoNotVaryAreSimilarToNone(boolean asGraph) {
        TinyNetwork network =
                CutNetworks.dense(
                        asGraph,
                        Activation.RELU,
                        new double[][] {{1, 1, 0}, {1, -1, 2}},
                        new double[] {-9, 0, -9});
        DataSet examples = examples(Nd4j.createFromArray(INPUTS));

        assertThat(Narrowing.similar(examples).correlation(0).applyTo(network.model()).removed())
                .isZero();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void unitsStayWhereTheOtherLacksAConnection(boolean asGraph) {
        TinyNetwork network = MASKED.trained(asGraph, DataType.DOUBLE);
        String layer = MASKED.layer(asGraph);
        Units units = CutNetworks.units(network, layer);
        UnitVectors outgoing = units.outgoing().get(0);
        int[] all = new int[units.count()];
        Arrays.setAll(all, unit -> unit);
        CutNetworks.fill(units.incoming(), 0, all);
        CutNetworks.fill(units.biases(), 0.25, all);
        boolean[] can = new boolean[all.length];
        for (int unit = 1; unit < all.length; unit++) {
            for (int other = 0; other < unit; other++) {
                can[unit] |=
                        DuplicateUnits.missingConnection(group(outgoing, units), other, unit)
                                .isEmpty();
            }
        }
        TinyNetwork before = network.copy();

        Narrowed narrowed =
                Narrowing.similar(examples(MASKED.batch(1, DataType.DOUBLE).getFeatures()))
                        .correlation(0.9)
                        .only(layer)
                        .applyTo(network.model());

        int possible = 0;
        for (boolean each : can) {
            possible += each ? 1 : 0;
        }
        assertThat(narrowed.removed()).isLessThanOrEqualTo(possible);
        assertThat(narrowed.removed() + narrowed.left().size()).isEqualTo(all.length - 1);
        assertThat(narrowed.left()).allMatch(left -> left.reason().contains("lacks a connection"));
        assertThat(before.topologies()).hasSameSizeAs(network.topologies());
    }

    private static UnitGroup group(UnitVectors outgoing, Units units) {
        return new UnitGroup(List.of(outgoing.layerId()), units);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void manyExamplesAreTheSameAsFew(boolean asGraph) {
        double[][] in = {{1, -0.3, 0.8}, {0.5, 0.9, 0.7}};
        double[] bias = {0.1, -0.2, 0.3};
        double[][] out = {{1, 2}, {-3, 5}, {0.7, -0.4}};
        TinyNetwork few = CutNetworks.dense(asGraph, Activation.TANH, in, bias, out);
        TinyNetwork many = CutNetworks.dense(asGraph, Activation.TANH, in, bias, out);
        INDArray features = Nd4j.createFromArray(INPUTS);

        Narrowing.similar(examples(features)).fraction(0.3).applyTo(few.model());
        Narrowing.similar(examples(Nd4j.tile(features, 60, 1))).fraction(0.3).applyTo(many.model());

        assertThat(CutNetworks.largestDifference(few.parameters(), many.parameters()))
                .isLessThan(1e-12);
    }

    @Test
    void refusesNumbersOutOfTheirRange() {
        Narrowing.Similar similar = Narrowing.similar(examples(Nd4j.createFromArray(INPUTS)));
        for (double number : List.of(-0.1, 1.0, Double.NaN)) {
            for (ThrowingCallable call :
                    List.<ThrowingCallable>of(
                            () -> similar.correlation(number),
                            () -> similar.cosine(number),
                            () -> similar.fraction(number))) {
                assertThatThrownBy(call)
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("merged must be in [0, 1), got " + number);
            }
        }
    }
}
