package org.dl4jplasticity.pruning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.dl4jplasticity.testing.ResizableNetwork.BEFORE_LAYER_NORMALIZATION;
import static org.dl4jplasticity.testing.ResizableNetwork.BIDIRECTIONAL;
import static org.dl4jplasticity.testing.ResizableNetwork.CONVOLUTION;
import static org.dl4jplasticity.testing.ResizableNetwork.CONVOLUTION_OF_SEQUENCES;
import static org.dl4jplasticity.testing.ResizableNetwork.DENSE;
import static org.dl4jplasticity.testing.ResizableNetwork.DENSE_WITH_EVERYTHING_BETWEEN;
import static org.dl4jplasticity.testing.ResizableNetwork.FLATTENED_CONVOLUTION;
import static org.dl4jplasticity.testing.ResizableNetwork.GLOBALLY_POOLED_CONVOLUTION;
import static org.dl4jplasticity.testing.ResizableNetwork.LSTM_BEFORE_LSTM;
import static org.dl4jplasticity.testing.ResizableNetwork.MASKED;
import static org.dl4jplasticity.testing.ResizableNetwork.MASKED_CONVOLUTION;
import static org.dl4jplasticity.testing.ResizableNetwork.MERGED_CONVOLUTIONS;
import static org.dl4jplasticity.testing.ResizableNetwork.RESIDUAL;
import static org.dl4jplasticity.testing.ResizableNetwork.SIMPLE_RNN;
import static org.dl4jplasticity.testing.ResizableNetwork.SPARSE;
import static org.dl4jplasticity.testing.ResizableNetwork.SPARSE_BEFORE_DENSE;
import static org.dl4jplasticity.testing.ResizableNetwork.TRANSPOSED_CONVOLUTION;

import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.dl4jplasticity.surgery.Resized;
import org.dl4jplasticity.surgery.Units;
import org.dl4jplasticity.testing.Examples;
import org.dl4jplasticity.testing.NetworkClass;
import org.dl4jplasticity.testing.ResizableNetwork;
import org.dl4jplasticity.testing.TinyNetwork;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Units that put out a constant, and those that nobody hears. */
class DeadUnitsTest {

    static Stream<Arguments> networks() {
        return CutNetworks.all();
    }

    private static Stream<Arguments> of(ResizableNetwork... kinds) {
        return Stream.of(kinds).flatMap(CutNetworks::inItsClasses);
    }

    static Stream<Arguments> thatFold() {
        return of(
                DENSE,
                DENSE_WITH_EVERYTHING_BETWEEN,
                SPARSE,
                SPARSE_BEFORE_DENSE,
                MASKED,
                CONVOLUTION,
                FLATTENED_CONVOLUTION,
                MASKED_CONVOLUTION,
                GLOBALLY_POOLED_CONVOLUTION);
    }

    static Stream<Arguments> thatDoNotFold() {
        return of(
                BEFORE_LAYER_NORMALIZATION,
                TRANSPOSED_CONVOLUTION,
                CONVOLUTION_OF_SEQUENCES,
                RESIDUAL,
                MERGED_CONVOLUTIONS);
    }

    static Stream<Arguments> recurrent() {
        return of(LSTM_BEFORE_LSTM, SIMPLE_RNN, BIDIRECTIONAL);
    }

    /** ReLU's output for a bias below 0, and no normalization behind. */
    static Stream<Arguments> thatPutOutZero() {
        return of(DENSE, BEFORE_LAYER_NORMALIZATION, MASKED, RESIDUAL);
    }

    @ParameterizedTest
    @MethodSource("networks")
    void unitsThatNobodyHearsGoAndOutputsStay(ResizableNetwork kind, boolean asGraph) {
        TinyNetwork network = kind.trained(asGraph, DataType.DOUBLE);
        String layer = kind.layer(asGraph);
        CutNetworks.fill(CutNetworks.units(network, layer).outgoing(), 0, 0, 2);
        INDArray features = kind.batch(1, DataType.DOUBLE).getFeatures();
        INDArray before = network.output(features);
        int width = CutNetworks.width(network, layer);

        Narrowed narrowed = Narrowing.deadUnits().only(layer).applyTo(network.model());

        assertThat(narrowed.resized()).hasSize(1);
        assertThat(narrowed.resized().get(0).change().removed()).contains(0, 2);
        assertThat(CutNetworks.width(network, layer)).isEqualTo(width - narrowed.removed());
        assertThat(CutNetworks.largestDifference(network.output(features), before))
                .isLessThan(1e-12);
        network.fit(kind.batch(2, DataType.DOUBLE));
    }

    @ParameterizedTest
    @MethodSource("thatFold")
    void constantsGoToTheNextBiases(ResizableNetwork kind, boolean asGraph) {
        for (DataType type : List.of(DataType.DOUBLE, DataType.FLOAT)) {
            TinyNetwork network = withDeadUnits(kind, asGraph, 0.3, type);
            String layer = kind.layer(asGraph);
            INDArray features = kind.batch(1, type).getFeatures();
            INDArray before = network.output(features);

            Narrowed narrowed = Narrowing.deadUnits().only(layer).applyTo(network.model());

            assertThat(narrowed.resized()).hasSize(1);
            assertThat(narrowed.resized().get(0).change().removed()).contains(0, 2);
            assertThat(narrowed.left()).isEmpty();
            assertThat(CutNetworks.largestDifference(network.output(features), before))
                    .isLessThan(type == DataType.DOUBLE ? 1e-12 : 1e-6);
        }
    }

    @ParameterizedTest
    @MethodSource("thatDoNotFold")
    void unitsStayWhereTheirConstantCanNotGo(ResizableNetwork kind, boolean asGraph) {
        TinyNetwork network = withDeadUnits(kind, asGraph, 0.3, DataType.DOUBLE);
        TinyNetwork before = network.copy();
        String layer = kind.layer(asGraph);

        Narrowed narrowed = Narrowing.deadUnits().only(layer).applyTo(network.model());

        assertThat(narrowed.resized()).isEmpty();
        assertThat(narrowed.left()).extracting(Narrowed.Left::unit).containsExactly(0, 2);
        assertThat(narrowed.left()).allMatch(left -> !left.reason().isBlank());
        assertThat(network.parameters()).isEqualTo(before.parameters());
    }

    @ParameterizedTest
    @MethodSource("recurrent")
    void recurrentUnitsWithoutIncomingWeightsAreNotDead(ResizableNetwork kind, boolean asGraph) {
        TinyNetwork network = withDeadUnits(kind, asGraph, 0.3, DataType.DOUBLE);

        Narrowed narrowed =
                Narrowing.deadUnits().only(kind.layer(asGraph)).applyTo(network.model());

        assertThat(narrowed.resized()).isEmpty();
        assertThat(narrowed.left()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("thatPutOutZero")
    void unitsThatPutOutZeroGoWhateverComesNext(ResizableNetwork kind, boolean asGraph) {
        TinyNetwork network = withDeadUnits(kind, asGraph, -0.3, DataType.DOUBLE);
        String layer = kind.layer(asGraph);
        INDArray features = kind.batch(1, DataType.DOUBLE).getFeatures();
        INDArray before = network.output(features);

        Narrowed narrowed = Narrowing.deadUnits().only(layer).applyTo(network.model());

        assertThat(narrowed.resized().get(0).change().removed()).contains(0, 2);
        assertThat(CutNetworks.largestDifference(network.output(features), before))
                .isLessThan(1e-12);
    }

    private static TinyNetwork withDeadUnits(
            ResizableNetwork kind, boolean asGraph, double bias, DataType type) {
        TinyNetwork network = kind.trained(asGraph, type);
        Units units = CutNetworks.units(network, kind.layer(asGraph));
        CutNetworks.fill(units.incoming(), 0, 0, 2);
        CutNetworks.fill(units.biases(), bias, 0, 2);
        return network;
    }

    /** Unit 1: tanh(0.5) from nothing, to outputs by 2 and -1. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theNextBiasesGetActOfTheBiasTimesTheWeights(boolean asGraph) {
        TinyNetwork network =
                CutNetworks.dense(
                        asGraph,
                        Activation.TANH,
                        new double[][] {{1, 0, 2}, {3, 0, 4}},
                        new double[] {0.1, 0.5, 0.2},
                        new double[][] {{1, 1}, {2, -1}, {3, 3}});

        Narrowed narrowed = Narrowing.deadUnits().applyTo(network.model());

        assertThat(narrowed.resized())
                .extracting(Resized::layerId)
                .containsExactly(CutNetworks.hidden(asGraph));
        assertThat(network.layers().get(0).getParam("W").toDoubleMatrix())
                .isDeepEqualTo(new double[][] {{1, 2}, {3, 4}});
        assertThat(network.layers().get(1).getParam("W").toDoubleMatrix())
                .isDeepEqualTo(new double[][] {{1, 1}, {3, 3}});
        double[] biases = network.layers().get(1).getParam("b").dup().data().asDouble();
        assertThat(biases[0]).isEqualTo(2 * Math.tanh(0.5), rounding());
        assertThat(biases[1]).isEqualTo(-Math.tanh(0.5), rounding());
    }

    private static Offset<Double> rounding() {
        return within(1e-15);
    }

    /** Unit 0 fires for the second example only, unit 1 for none of these, unit 2 for both. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void unitsThatNeverFireForTheExamplesGo(boolean asGraph) {
        TinyNetwork network =
                CutNetworks.dense(
                        asGraph,
                        Activation.RELU,
                        new double[][] {{1, -1, 1}, {-1, -1, 1}},
                        new double[] {0, 0, 0},
                        new double[][] {{1, 2}, {3, 4}, {5, 6}});
        INDArray features = Nd4j.createFromArray(new double[][] {{1, 2}, {2, 1}});
        INDArray before = network.output(features);
        INDArray other = Nd4j.createFromArray(new double[][] {{-1, -1}});
        assertThat(network.output(other).toDoubleVector()).containsExactly(6, 8);

        assertThat(Narrowing.deadUnits().applyTo(network.model()).removed()).isZero();
        Narrowed narrowed =
                Narrowing.deadUnits(new DataSet(features, null)).applyTo(network.model());

        assertThat(narrowed.resized().get(0).change().removed()).containsExactly(1);
        assertThat(network.output(features)).isEqualTo(before);
        assertThat(network.output(other).toDoubleVector()).containsExactly(0, 0);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whatNormalizationMakesOfNoOutputGoesToTheNextBiases(boolean asGraph) {
        TinyNetwork network =
                (asGraph ? NetworkClass.GRAPH : NetworkClass.SEQUENTIAL)
                        .of(
                                NetworkClass.settings(DataType.DOUBLE, new Adam(0.05), 3),
                                new DenseLayer.Builder()
                                        .nIn(6)
                                        .nOut(5)
                                        .activation(Activation.RELU)
                                        .build(),
                                new BatchNormalization.Builder().nIn(5).nOut(5).build(),
                                new OutputLayer.Builder(LossFunction.MCXENT)
                                        .nIn(5)
                                        .nOut(3)
                                        .activation(Activation.SOFTMAX)
                                        .build());
        for (int step = 0; step < 3; step++) {
            network.fit(Examples.batches(1).get(0));
        }
        String layer = CutNetworks.hidden(asGraph);
        CutNetworks.fill(CutNetworks.units(network, layer).biases(), -100, 1, 4);
        DataSet examples = Examples.batches(1).get(0);
        INDArray before = network.output(examples.getFeatures());

        Narrowed narrowed = Narrowing.deadUnits(examples).applyTo(network.model());

        assertThat(narrowed.resized().get(0).change().removed()).contains(1, 4);
        assertThat(CutNetworks.largestDifference(network.output(examples.getFeatures()), before))
                .isLessThan(1e-12);
    }

    /** Without unit 1 of layer 1, unit 0 of layer 0 has nobody to hear it. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void unitsThatAreDeadOnceOthersAreGoneGoToo(boolean asGraph) {
        TinyNetwork network = DENSE.trained(asGraph, DataType.DOUBLE);
        String first = asGraph ? "layer0" : "0";
        String second = asGraph ? "layer1" : "1";
        CutNetworks.fill(CutNetworks.units(network, second).outgoing(), 0, 1);
        double[] onlyToOne = {0, 0.7, 0, 0};
        CutNetworks.units(network, first).outgoing().get(0).set(0, onlyToOne);
        INDArray features = DENSE.batch(1, DataType.DOUBLE).getFeatures();
        INDArray before = network.output(features);

        Narrowed narrowed = Narrowing.deadUnits().applyTo(network.model());

        assertThat(narrowed.resized()).extracting(Resized::layerId).containsExactly(second, first);
        assertThat(CutNetworks.width(network, first)).isEqualTo(4);
        assertThat(CutNetworks.width(network, second)).isEqualTo(3);
        assertThat(CutNetworks.largestDifference(network.output(features), before))
                .isLessThan(1e-12);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theLastUnitStaysThoughItIsDead(boolean asGraph) {
        TinyNetwork network = DENSE.trained(asGraph, DataType.DOUBLE);
        String layer = DENSE.layer(asGraph);
        CutNetworks.fill(CutNetworks.units(network, layer).outgoing(), 0, 0, 1, 2, 3, 4);
        INDArray features = DENSE.batch(1, DataType.DOUBLE).getFeatures();
        INDArray before = network.output(features);

        Narrowed narrowed = Narrowing.deadUnits().only(layer).applyTo(network.model());

        assertThat(narrowed.removed()).isEqualTo(4);
        assertThat(narrowed.left()).extracting(Narrowed.Left::unit).containsExactly(0);
        assertThat(CutNetworks.width(network, layer)).isEqualTo(1);
        assertThat(CutNetworks.largestDifference(network.output(features), before))
                .isLessThan(1e-12);
    }
}
