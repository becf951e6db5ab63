package org.dl4jplasticity.layers;

import static org.assertj.core.api.Assertions.assertThat;

import org.deeplearning4j.gradientcheck.GradientCheckUtil;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.NoOp;

class SparseConvolutionGradientTest {

    @BeforeAll
    static void useDoubles() {
        Nd4j.setDefaultDataTypes(DataType.DOUBLE, DataType.DOUBLE);
    }

    @AfterAll
    static void useFloats() {
        Nd4j.setDefaultDataTypes(DataType.FLOAT, DataType.FLOAT);
    }

    @ParameterizedTest
    @CsvSource({
        "Same, 3, 2, 1, 1, 0, TANH, true, 0",
        "Same, 2, 3, 2, 1, 0, SIGMOID, false, 0.01",
        "Truncate, 3, 1, 1, 2, 0, SOFTPLUS, true, 0",
        "Truncate, 2, 3, 2, 1, 1, IDENTITY, true, 0.01",
        "Strict, 3, 3, 1, 1, 1, ELU, false, 0",
        "Strict, 1, 1, 1, 1, 0, TANH, true, 0"
    })
    void gradientsAreThoseOfFiniteDifferences(
            ConvolutionMode mode,
            int height,
            int width,
            int stride,
            int dilation,
            int padding,
            Activation activation,
            boolean bias,
            double l2) {
        MultiLayerNetwork network =
                new MultiLayerNetwork(
                        new NeuralNetConfiguration.Builder()
                                .seed(7)
                                .dataType(DataType.DOUBLE)
                                .updater(new NoOp())
                                .l2(l2)
                                .list()
                                .layer(convolution(2, 2, 1).build())
                                .layer(
                                        convolution(height, width, stride)
                                                .dilation(dilation, dilation)
                                                .padding(padding, padding)
                                                .convolutionMode(mode)
                                                .hasBias(bias)
                                                .activation(activation)
                                                .build())
                                .layer(
                                        new SubsamplingLayer.Builder(
                                                        SubsamplingLayer.PoolingType.AVG)
                                                .kernelSize(2, 2)
                                                .stride(1, 1)
                                                .build())
                                .layer(
                                        new OutputLayer.Builder()
                                                .nOut(3)
                                                .activation(Activation.SOFTMAX)
                                                .build())
                                .setInputType(InputType.convolutional(7, 8, 2))
                                .build());
        network.init();
        assertThat(
                        GradientCheckUtil.checkGradients(
                                new GradientCheckUtil.MLNConfig()
                                        .net(network)
                                        .input(Examples.numbers(DataType.DOUBLE, 3, 5, 2, 7, 8))
                                        .labels(Examples.classes(DataType.DOUBLE, 4, 5, 3))))
                .isTrue();
    }

    private static SparseConvolutionLayer.Builder convolution(int height, int width, int stride) {
        return new SparseConvolutionLayer.Builder(height, width)
                .stride(stride, stride)
                .nOut(3)
                .sparsity(0.4)
                .activation(Activation.TANH);
    }
}
