package org.dl4jplasticity.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.deeplearning4j.exception.DL4JInvalidInputException;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;
import org.nd4j.linalg.ops.transforms.Transforms;

/** Inputs of every size, order, type and form. */
class InputsTest {

    @ParameterizedTest
    @EnumSource(
            value = DataType.class,
            names = {"FLOAT", "DOUBLE"})
    void oneExampleAloneGivesItsRowOfTheMinibatch(DataType type) {
        MultiLayerNetwork network = new Design().type(type).sparse();
        INDArray features = Examples.numbers(type, 1, 37, Design.N_IN);
        INDArray outputs = network.output(features);
        for (int example = 0; example < 37; example++) {
            Examples.assertClose(
                    "example " + example,
                    network.output(features.getRow(example, true)),
                    outputs.getRow(example, true),
                    Examples.tolerance(type));
        }
    }

    @Test
    void minibatchesOfChangingSizeTrainAsTheDenseTwins() {
        Twins twins = new Design().twins();
        int[] batches = {32, 32, 5, 32, 1, 2, 130, 64, 3};
        for (int step = 0; step < batches.length; step++) {
            DataSet minibatch = Examples.minibatch(DataType.DOUBLE, step, batches[step]);
            twins.sparse().fit(minibatch);
            twins.dense().fit(minibatch);
            twins.maskDense();
            twins.assertSameParameters("after a minibatch of " + batches[step]);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 16})
    void theOrderOfTheInputInMemoryDoesntMatter(int batch) {
        MultiLayerNetwork network = new Design().type(DataType.FLOAT).sparse();
        INDArray features = Examples.numbers(DataType.FLOAT, 1, batch, Design.N_IN);
        double[] expected = Examples.elements(network.output(features));

        INDArray wide = Nd4j.ones(DataType.FLOAT, batch + 3, 2 * Design.N_IN + 1);
        INDArray view =
                wide.get(
                        NDArrayIndex.interval(2, batch + 2),
                        NDArrayIndex.interval(1, 2, 2 * Design.N_IN + 1));
        view.assign(features);
        assertThat(view.isView()).isTrue();
        INDArray rows = Nd4j.ones(DataType.FLOAT, batch + 3, Design.N_IN);
        INDArray rowView = rows.get(NDArrayIndex.interval(3, batch + 3), NDArrayIndex.all());
        rowView.assign(features);
        INDArray columns = Nd4j.ones(DataType.FLOAT, batch, Design.N_IN + 2).dup('f');
        INDArray columnView =
                columns.get(NDArrayIndex.all(), NDArrayIndex.interval(2, Design.N_IN + 2));
        columnView.assign(features);
        INDArray transposed = features.transpose().dup('c').transpose();

        for (INDArray same :
                new INDArray[] {features.dup('f'), view, rowView, columnView, transposed}) {
            assertThat(Examples.elements(network.output(same)))
                    .as(same.shapeInfoToString())
                    .isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = DataType.class,
            names = {"FLOAT", "DOUBLE", "INT", "UBYTE"})
    void inputsOfAnotherTypeTrain(DataType inputs) {
        INDArray whole = Examples.numbers(DataType.DOUBLE, 1, 9, Design.N_IN).muli(9);
        INDArray features = Transforms.abs(whole).castTo(inputs);
        INDArray labels = Examples.classes(DataType.FLOAT, 2, 9, Design.N_OUT);
        for (DataType type : new DataType[] {DataType.FLOAT, DataType.DOUBLE}) {
            Twins twins = new Design().type(type).twins();
            for (int step = 0; step < 3; step++) {
                twins.sparse().fit(features, labels);
                twins.dense().fit(features, labels);
                twins.maskDense();
                twins.assertSameParameters("after step %d in %s".formatted(step, type));
            }
        }
    }

    @Test
    void imagesAreFlattenedByTheAutomaticPreprocessorAndTheWidthIsInferred() {
        MultiLayerNetwork network =
                new MultiLayerNetwork(
                        new NeuralNetConfiguration.Builder()
                                .list()
                                .layer(new SparseDenseLayer.Builder().nOut(5).sparsity(0.5).build())
                                .layer(new SparseOutputLayer.Builder().nOut(3).build())
                                .setInputType(InputType.convolutional(4, 3, 2))
                                .build());
        network.init();
        assertThat(((SparseDenseLayer) network.getLayer(0).conf().getLayer()).getNIn())
                .isEqualTo(24);
        INDArray images = Examples.numbers(DataType.FLOAT, 1, 6, 2, 4, 3);
        INDArray labels = Examples.classes(DataType.FLOAT, 1, 6, 3);
        network.fit(images, labels);
        assertThat(network.output(images).shape()).containsExactly(6, 3);
    }

    @ParameterizedTest
    @ValueSource(ints = {11, 13})
    void inputsOfAnotherWidthAreRefused(int width) {
        MultiLayerNetwork network = new Design().sparse();
        assertThatThrownBy(() -> network.output(Examples.numbers(DataType.DOUBLE, 1, 5, width)))
                .isInstanceOf(DL4JInvalidInputException.class)
                .hasMessage(
                        "expected input of shape [minibatch, 12], got [5, %d]; is a preprocessor"
                                        .formatted(width)
                                + " missing? (layer name: layer0, layer index: 0, layer type:"
                                + " SparseDense)");
    }

    @Test
    void inputsOfAnotherRankAreRefused() {
        MultiLayerNetwork network = new Design().sparse();
        assertThatThrownBy(
                        () ->
                                network.output(
                                        Examples.numbers(DataType.DOUBLE, 1, 5, Design.N_IN, 3)))
                .isInstanceOf(DL4JInvalidInputException.class)
                .hasMessageContaining("got [5, 12, 3]; is a preprocessor missing?");
    }

    @ParameterizedTest(name = "[{0}, ...]")
    @ValueSource(longs = {3, 5})
    void labelsOfAnotherWidthAreRefused(long width) {
        MultiLayerNetwork network = new Design().sparse();
        double[] before = Examples.elements(network.params());
        assertThatThrownBy(
                        () ->
                                network.fit(
                                        Examples.numbers(DataType.DOUBLE, 1, 6, Design.N_IN),
                                        Examples.numbers(DataType.DOUBLE, 1, 6, width)))
                .isInstanceOf(DL4JInvalidInputException.class)
                .hasMessage(
                        "expected labels of shape [6, 4], got [6, %d] (layer name: layer1, layer"
                                        .formatted(width)
                                + " index: 1, layer type: SparseOutput)");
        assertThat(Examples.elements(network.params())).isEqualTo(before);
    }

    @ParameterizedTest(name = "{0} labels of 6 examples")
    @ValueSource(ints = {1, 5, 7, 60})
    void labelsOfAnotherNumberOfExamplesAreRefused(int examples) {
        MultiLayerNetwork network = new Design().sparse();
        double[] before = Examples.elements(network.params());
        assertThatThrownBy(
                        () ->
                                network.fit(
                                        Examples.numbers(DataType.DOUBLE, 1, 6, Design.N_IN),
                                        Examples.classes(
                                                DataType.DOUBLE, 1, examples, Design.N_OUT)))
                .isInstanceOf(DL4JInvalidInputException.class)
                .hasMessage(
                        "expected labels of shape [6, 4], got [%d, 4] (layer name: layer1, layer"
                                        .formatted(examples)
                                + " index: 1, layer type: SparseOutput)");
        assertThat(Examples.elements(network.params())).isEqualTo(before);
    }

    @Test
    void otherLossesRefuseLabelsOfAnotherNumberOfExamplesToo() {
        MultiLayerNetwork network =
                new Design().output(Activation.IDENTITY, new LossMSE()).sparse();
        assertThatThrownBy(
                        () ->
                                network.fit(
                                        Examples.numbers(DataType.DOUBLE, 1, 6, Design.N_IN),
                                        Examples.numbers(DataType.DOUBLE, 1, 5, Design.N_OUT)))
                .isInstanceOf(DL4JInvalidInputException.class)
                .hasMessageStartingWith(
                        "expected labels of shape [6, ...], got [5, 4] (layer name");
    }
}
