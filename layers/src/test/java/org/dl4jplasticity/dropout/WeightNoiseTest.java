package org.dl4jplasticity.dropout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jplasticity.layers.SparseConvolutionLayer;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** DropConnect, and scaling at inference, in layers of all kinds. */
class WeightNoiseTest {

    private static MultiLayerNetwork network(InputType input, Layer first) {
        MultiLayerNetwork network =
                new MultiLayerNetwork(
                        new NeuralNetConfiguration.Builder()
                                .seed(3)
                                .dataType(DataType.DOUBLE)
                                .updater(new Sgd(1))
                                .activation(Activation.TANH)
                                .list()
                                .layer(first)
                                .layer(new GlobalPoolingLayer(PoolingType.AVG))
                                .layer(
                                        new OutputLayer.Builder(LossFunction.MSE)
                                                .nOut(2)
                                                .activation(Activation.IDENTITY)
                                                .build())
                                .setInputType(input)
                                .build());
        network.init();
        return network;
    }

    private static INDArray images() {
        return Trial.numbers(1, 4, 75).reshape('c', 4, 3, 5, 5);
    }

    private static INDArray sequences() {
        return Trial.numbers(1, 4, 18).reshape('c', 4, 3, 6);
    }

    /** With a probability to keep of 1/4, a quarter of the weights. */
    private static void assertScales(
            MultiLayerNetwork scaled, MultiLayerNetwork plain, INDArray x) {
        plain.setParams(scaled.params().dup());
        plain.getLayer(0).getParam("W").divi(4);
        assertThat(scaled.output(x).dup('c').data().asDouble())
                .containsExactly(plain.output(x).dup('c').data().asDouble(), within(1e-12));
    }

    @Test
    void inferenceScalesConvolutions() {
        assertScales(
                network(
                        InputType.convolutional(5, 5, 3),
                        new ConvolutionLayer.Builder(2, 2)
                                .nOut(4)
                                .dropOut(new UnscaledDropout(0.25, 1))
                                .weightNoise(new ScaledAtInference())
                                .build()),
                network(
                        InputType.convolutional(5, 5, 3),
                        new ConvolutionLayer.Builder(2, 2).nOut(4).build()),
                images());
    }

    @Test
    void inferenceScalesSparseConvolutions() {
        assertScales(
                network(
                        InputType.convolutional(5, 5, 3),
                        new SparseConvolutionLayer.Builder(2, 2)
                                .nOut(4)
                                .sparsity(0.5)
                                .dropOut(new UnscaledDropout(0.25, 1))
                                .weightNoise(new ScaledAtInference())
                                .build()),
                network(
                        InputType.convolutional(5, 5, 3),
                        new SparseConvolutionLayer.Builder(2, 2).nOut(4).sparsity(0.5).build()),
                images());
    }

    @Test
    void inferenceScalesTheInputWeightsOfAnLstm() {
        assertScales(
                network(
                        InputType.recurrent(3),
                        new LSTM.Builder()
                                .nOut(4)
                                .dropOut(new UnscaledDropout(0.25, 1))
                                .weightNoise(new ScaledAtInference())
                                .build()),
                network(InputType.recurrent(3), new LSTM.Builder().nOut(4).build()),
                sequences());
    }

    /** The outputs change as if each channel's weights were multiplied by its gate. */
    @Test
    void eachChannelIsScaledByItsOwnGate() {
        GeneralizedDropout gates =
                new GeneralizedDropout(0.5, new double[] {0, 0.5, 1}, 1, 1, 0, 0.1, 1);
        for (boolean sparse : new boolean[] {false, true}) {
            Layer layer =
                    sparse
                            ? new SparseConvolutionLayer.Builder(2, 2)
                                    .nOut(4)
                                    .dropOut(gates)
                                    .weightNoise(new ScaledAtInference())
                                    .build()
                            : new ConvolutionLayer.Builder(2, 2)
                                    .nOut(4)
                                    .dropOut(gates)
                                    .weightNoise(new ScaledAtInference())
                                    .build();
            MultiLayerNetwork network = network(InputType.convolutional(5, 5, 3), layer);
            INDArray images = images();
            INDArray outputs = network.output(images).dup();
            // What gate 0 shuts doesn't matter, and gate 1/2 is half the input.
            for (int example = 0; example < 4; example++) {
                images.slice(example).slice(0).assign(7);
            }
            assertThat(network.output(images).dup('c').data().asDouble())
                    .containsExactly(outputs.dup('c').data().asDouble(), within(1e-12));
            ((org.deeplearning4j.nn.conf.layers.BaseLayer) network.getLayer(0).conf().getLayer())
                    .setWeightNoise(null);
            network.getLayer(0).conf().getLayer().setIDropout(null);
            for (int example = 0; example < 4; example++) {
                images.slice(example).slice(0).assign(0);
                images.slice(example).slice(1).divi(2);
            }
            assertThat(network.output(images).dup('c').data().asDouble())
                    .containsExactly(outputs.dup('c').data().asDouble(), within(1e-12));
        }
    }

    @Test
    void droppedWeightsDontMove() {
        MultiLayerNetwork network =
                network(
                        InputType.convolutional(5, 5, 3),
                        new ConvolutionLayer.Builder(2, 2)
                                .nOut(4)
                                .weightNoise(new MaskedDropConnect(0.5, 1))
                                .build());
        network.setListeners(DropoutTraining.of(network));
        INDArray before = network.getLayer(0).getParam("W").dup('c');
        network.fit(new DataSet(images(), Trial.numbers(2, 4, 2)));
        double[] moves = network.getLayer(0).getParam("W").dup('c').subi(before).data().asDouble();
        int still = 0;
        for (double move : moves) {
            still += move == 0 ? 1 : 0;
        }
        // 48 weights, each with probability 1/2: standard deviation 3.5.
        assertThat(still).isBetween(12, 36);
    }

    @Test
    void layersOfOneSeedDropDifferentWeights() {
        MultiLayerNetwork network =
                new MultiLayerNetwork(
                        new NeuralNetConfiguration.Builder()
                                .dataType(DataType.DOUBLE)
                                .updater(new Sgd(1))
                                .activation(Activation.TANH)
                                .weightNoise(new MaskedDropConnect(0.5, 1))
                                .list()
                                .layer(new DenseLayer.Builder().nIn(6).nOut(6).build())
                                .layer(new DenseLayer.Builder().nIn(6).nOut(6).build())
                                .layer(
                                        new OutputLayer.Builder(LossFunction.MSE)
                                                .nIn(6)
                                                .nOut(2)
                                                .activation(Activation.IDENTITY)
                                                .build())
                                .build());
        network.init();
        network.setListeners(DropoutTraining.of(network));
        INDArray first = network.getParam("0_W").dup();
        INDArray second = network.getParam("1_W").dup();
        network.fit(new DataSet(Trial.numbers(1, 5, 6), Trial.numbers(2, 5, 2)));
        assertThat(network.getParam("0_W").sub(first).neq(0))
                .isNotEqualTo(network.getParam("1_W").sub(second).neq(0));
    }

    private static void assertRefused(MultiLayerNetwork network, INDArray x, String message) {
        INDArray before = network.params().dup();
        assertThatIllegalStateException()
                .isThrownBy(() -> network.fit(new DataSet(x, Trial.numbers(2, 4, 2))))
                .withMessage(message);
        assertThat(network.params()).isEqualTo(before);
    }

    @Test
    void whatIsMissingIsSaidBeforeAnythingIsTrained() {
        assertRefused(
                network(
                        InputType.convolutional(5, 5, 3),
                        new ConvolutionLayer.Builder(2, 2)
                                .name("filters")
                                .nOut(4)
                                .weightNoise(new MaskedDropConnect(0.5, 1))
                                .build()),
                images(),
                "Layer 0 (filters): MaskedDropConnect masks the gradient with the help of a"
                        + " listener, add one: model.addListeners(DropoutTraining.of(model))");
        assertRefused(
                network(
                        InputType.convolutional(5, 5, 3),
                        new ConvolutionLayer.Builder(2, 2)
                                .nOut(4)
                                .dropOut(new UnscaledDropout(0.5, 1))
                                .build()),
                images(),
                "UnscaledDropout: inference has to be scaled, add .weightNoise(new"
                        + " ScaledAtInference()) to the layer");
        assertRefused(
                network(
                        InputType.recurrent(3),
                        new LSTM.Builder()
                                .name("memory")
                                .nOut(4)
                                .weightNoise(new ScaledAtInference())
                                .build()),
                sequences(),
                "Layer 0 (memory): ScaledAtInference needs an UnscaledDropout or"
                        + " GeneralizedDropout, got no dropout");
    }
}
