package org.dl4jplasticity.relevance;

import java.util.List;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.dl4jplasticity.testing.NetworkClass;
import org.dl4jplasticity.testing.TinyNetwork;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** What is propagated starts from the logits that DL4J computes, whatever the layers. */
class LogitsTest {
    private static final InputType IMAGE = InputType.convolutional(9, 8, 2);

    /** Layers between an image and three logits. */
    static Stream<List<Layer>> hidden() {
        return Stream.of(
                List.of(convolution(ConvolutionMode.Truncate, 2, 0, 1)),
                List.of(convolution(ConvolutionMode.Truncate, 1, 2, 1)),
                List.of(convolution(ConvolutionMode.Truncate, 1, 1, 2)),
                List.of(convolution(ConvolutionMode.Strict, 1, 0, 1)),
                List.of(convolution(ConvolutionMode.Same, 1, 0, 1)),
                List.of(convolution(ConvolutionMode.Same, 2, 0, 1)),
                List.of(convolution(ConvolutionMode.Same, 1, 0, 2)),
                List.of(pooling(PoolingType.MAX, ConvolutionMode.Truncate, 0)),
                List.of(pooling(PoolingType.MAX, ConvolutionMode.Truncate, 1)),
                List.of(pooling(PoolingType.MAX, ConvolutionMode.Same, 0)),
                List.of(pooling(PoolingType.AVG, ConvolutionMode.Truncate, 0)),
                List.of(pooling(PoolingType.AVG, ConvolutionMode.Truncate, 1)),
                List.of(pooling(PoolingType.AVG, ConvolutionMode.Same, 0)),
                List.of(
                        new SubsamplingLayer.Builder(PoolingType.AVG, new int[] {3, 2})
                                .padding(1, 1)
                                .avgPoolIncludePadInDivisor(true)
                                .build()),
                List.of(new GlobalPoolingLayer(PoolingType.MAX)),
                List.of(new GlobalPoolingLayer(PoolingType.AVG)),
                List.of(new GlobalPoolingLayer(PoolingType.SUM)),
                List.of(
                        new GlobalPoolingLayer.Builder(PoolingType.AVG)
                                .collapseDimensions(false)
                                .build()),
                List.of(
                        Networks.convolution(4, 3, 3).activation(Activation.IDENTITY).build(),
                        new BatchNormalization(),
                        new ActivationLayer(Activation.RELU),
                        Networks.dense(6).activation(Activation.TANH).build(),
                        new BatchNormalization.Builder().useLogStd(false).build(),
                        new DropoutLayer(0.5),
                        Networks.dense(5).activation(Activation.LEAKYRELU).dropOut(0.5).build()),
                List.of(
                        new BatchNormalization.Builder().lockGammaBeta(true).gamma(2).build(),
                        new FrozenLayer(Networks.dense(6).hasBias(false).build()),
                        new BatchNormalization.Builder()
                                .lockGammaBeta(true)
                                .gamma(2)
                                .beta(0.5)
                                .build()));
    }

    private static ConvolutionLayer convolution(
            ConvolutionMode mode, int stride, int padding, int dilation) {
        return Networks.convolution(3, 3, 2)
                .convolutionMode(mode)
                .stride(stride, stride)
                .padding(padding, padding)
                .dilation(dilation, dilation)
                .activation(Activation.RELU)
                .build();
    }

    private static SubsamplingLayer pooling(PoolingType type, ConvolutionMode mode, int padding) {
        return new SubsamplingLayer.Builder(type, new int[] {3, 2})
                .stride(2, 2)
                .convolutionMode(mode)
                .padding(padding, padding)
                .build();
    }

    @ParameterizedTest
    @MethodSource("hidden")
    void theLogitsAreThoseOfTheNetwork(List<Layer> hidden) {
        for (NetworkClass type : List.of(NetworkClass.SEQUENTIAL, NetworkClass.GRAPH)) {
            Layer[] layers =
                    Stream.concat(
                                    hidden.stream().map(Layer::clone),
                                    Stream.of(Networks.logits(3).build()))
                            .toArray(Layer[]::new);
            TinyNetwork network = Networks.chain(type, IMAGE, layers);
            makeStatisticsPositive(network);
            INDArray features = Networks.gaussian(3, 4, 2, 9, 8);

            Explanation explanation =
                    Relevance.of(network.model())
                            .withNeurons()
                            .explain(features, RelevanceStart.allLogits());

            Networks.assertClose(
                    explanation.neurons(Networks.id(type, hidden.size())),
                    network.output(features),
                    1e-11);
            for (LayerBalance layer : explanation.balance()) {
                RelevanceTest.assertBalanced(layer);
            }
        }
    }

    /** Random parameters, but variances that are none would be no variances. */
    private static void makeStatisticsPositive(TinyNetwork network) {
        Networks.shaken(network);
        for (org.deeplearning4j.nn.api.Layer layer : network.layers()) {
            if (layer.paramTable() != null && layer.paramTable().containsKey("var")) {
                INDArray variance = layer.getParam("var");
                variance.muli(variance).addi(0.5);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("lastLayers")
    void theActivationFunctionAtTheEndTakesNoPart(Layer last) {
        TinyNetwork network =
                Networks.chain(
                        NetworkClass.SEQUENTIAL,
                        InputType.feedForward(4),
                        Networks.dense(5).build(),
                        Networks.dense(3).activation(Activation.IDENTITY).build(),
                        last);
        TinyNetwork plain =
                Networks.chain(
                        NetworkClass.SEQUENTIAL,
                        InputType.feedForward(4),
                        Networks.dense(5).build(),
                        Networks.dense(3).activation(Activation.IDENTITY).build());
        plain.parameters().assign(network.parameters());
        INDArray features = Networks.gaussian(3, 4, 4);
        Networks.assertClose(
                Relevance.of(network.model())
                        .withNeurons()
                        .explain(features, RelevanceStart.allLogits())
                        .neurons("2"),
                plain.output(features),
                1e-12);
    }

    static Stream<Layer> lastLayers() {
        return Stream.of(
                new LossLayer.Builder(LossFunction.MCXENT).activation(Activation.SOFTMAX).build(),
                new ActivationLayer(Activation.SOFTMAX),
                new ActivationLayer(Activation.SIGMOID));
    }
}
