package org.dl4jplasticity.relevance;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.ScaleVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.Deconvolution2D;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LocalResponseNormalization;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jplasticity.testing.NetworkClass;
import org.dl4jplasticity.testing.TinyNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/** What can't be explained is refused in a sentence. */
class RefusalTest {
    private static final InputType IMAGE = InputType.convolutional(6, 6, 2);
    private static final INDArray FEATURES = Networks.gaussian(1, 2, 4);
    private static final RelevanceStart START = RelevanceStart.allLogits();

    private static TinyNetwork dense() {
        return Networks.chain(
                NetworkClass.SEQUENTIAL,
                InputType.feedForward(4),
                Networks.dense(5).build(),
                Networks.logits(3).build());
    }

    static Stream<Arguments> layers() {
        String rule = " has no rule of relevance propagation here";
        return Stream.of(
                Arguments.of(new LocalResponseNormalization(), "LocalResponseNormalization" + rule),
                Arguments.of(
                        new Deconvolution2D.Builder(2, 2).nOut(2).build(),
                        "Deconvolution2D" + rule),
                Arguments.of(
                        Networks.dense(4).hasLayerNorm(true).build(),
                        "DenseLayer with layer normalization" + rule),
                Arguments.of(
                        Networks.dense(4).activation(Activation.SOFTMAX).build(),
                        "DenseLayer with softmax before the end of the network" + rule),
                Arguments.of(
                        new SubsamplingLayer.Builder(PoolingType.PNORM, new int[] {2, 2})
                                .pnorm(2)
                                .build(),
                        "SubsamplingLayer with pooling type PNORM has no rule here"));
    }

    @ParameterizedTest
    @MethodSource("layers")
    void aLayerWithoutARuleIsRefusedByNameAndType(Layer layer, String message) {
        for (NetworkClass type : new NetworkClass[] {NetworkClass.SEQUENTIAL, NetworkClass.GRAPH}) {
            TinyNetwork network =
                    Networks.chain(
                            type,
                            IMAGE,
                            Networks.convolution(2, 2, 2).build(),
                            layer.clone(),
                            Networks.logits(3).build());
            String name = type == NetworkClass.SEQUENTIAL ? "1 (layer1)" : "layer1";
            assertThatIllegalArgumentException()
                    .isThrownBy(
                            () ->
                                    Relevance.of(network.model())
                                            .explain(Networks.gaussian(1, 2, 2, 6, 6), START))
                    .withMessageStartingWith("Layer " + name + ": " + message);
        }
    }

    @Test
    void poolingOverChannelsIsRefused() {
        TinyNetwork network =
                Networks.chain(
                        NetworkClass.SEQUENTIAL,
                        IMAGE,
                        new GlobalPoolingLayer(PoolingType.MAX),
                        Networks.logits(3).build());
        ((GlobalPoolingLayer) network.layers().get(0).conf().getLayer())
                .setPoolingDimensions(new int[] {1, 2});
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () ->
                                Relevance.of(network.model())
                                        .explain(Networks.gaussian(1, 2, 2, 6, 6), START))
                .withMessageContaining("pooling dimensions other than height and width");
    }

    @Test
    void recurrentLayersAreRefused() {
        TinyNetwork network =
                Networks.chain(
                        NetworkClass.SEQUENTIAL,
                        InputType.recurrent(4),
                        new LSTM.Builder()
                                .name("memory")
                                .nOut(3)
                                .activation(Activation.TANH)
                                .build(),
                        new RnnOutputLayer.Builder().nOut(2).build());
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () ->
                                Relevance.of(network.model())
                                        .explain(Networks.gaussian(1, 2, 4, 5), START))
                .withMessage(
                        "Layer 0 (memory): LSTM has no rule of relevance propagation here; expected"
                                + " dense, sparse, output, convolution, subsampling, global pooling,"
                                + " batch normalization, activation, dropout or loss layers");
    }

    @Test
    void imagesWithChannelsLastAreRefused() {
        TinyNetwork network =
                Networks.chain(
                        NetworkClass.SEQUENTIAL,
                        InputType.convolutional(6, 6, 2, CNN2DFormat.NHWC),
                        Networks.convolution(2, 2, 2).dataFormat(CNN2DFormat.NHWC).build(),
                        Networks.logits(3).build());
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () ->
                                Relevance.of(network.model())
                                        .explain(Networks.gaussian(1, 2, 6, 6, 2), START))
                .withMessage(
                        "Layer 0 (layer0): ConvolutionLayer with NHWC images has no rule of relevance"
                                + " propagation here");
    }

    @Test
    void otherVerticesAreRefusedByNameAndType() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> explainWithVertex(new ScaleVertex(2), "in"))
                .withMessage(
                        "Vertex odd: ScaleVertex has no rule of relevance propagation here;"
                                + " expected layers, addition, merging along axis 1 or flattening");
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () ->
                                explainWithVertex(
                                        new ElementWiseVertex(ElementWiseVertex.Op.Product),
                                        "in",
                                        "in"))
                .withMessageStartingWith(
                        "Vertex odd: ElementWiseVertex with operation Product has no rule");
    }

    private static void explainWithVertex(GraphVertex vertex, String... inputs) {
        TinyNetwork network =
                Networks.graph(
                        Networks.settings(DataType.DOUBLE)
                                .graphBuilder()
                                .addInputs("in")
                                .setInputTypes(InputType.feedForward(4))
                                .addVertex("odd", vertex, inputs)
                                .addLayer("out", Networks.logits(3).build(), "odd")
                                .setOutputs("out"));
        Relevance.of(network.model()).explain(FEATURES, START);
    }

    @Test
    void aNetworkHasOneOutput() {
        TinyNetwork network =
                Networks.graph(
                        Networks.settings(DataType.DOUBLE)
                                .graphBuilder()
                                .addInputs("in")
                                .setInputTypes(InputType.feedForward(4))
                                .addLayer("left", Networks.logits(3).build(), "in")
                                .addLayer("right", Networks.logits(3).build(), "in")
                                .setOutputs("left", "right"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Relevance.of(network.model()).explain(FEATURES, START))
                .withMessage("expected a network with one output, got [left, right]");
    }

    @Test
    void aNetworkMustBeInitialized() {
        MultiLayerNetwork network =
                new MultiLayerNetwork(
                        Networks.settings(DataType.DOUBLE)
                                .list()
                                .layer(Networks.logits(3).nIn(4).build())
                                .build());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Relevance.of(network).explain(FEATURES, START))
                .withMessage("expected an initialized network: call its init() first");
    }

    @Test
    void featuresMustFitTheNetwork() {
        Relevance relevance = Relevance.of(dense().model());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> relevance.explain(Networks.gaussian(1, 2, 6), START))
                .withMessage("Layer 0: expected an input of [4] per example, got [6]");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> relevance.explain(Networks.gaussian(1, 2, 4, 3), START))
                .withMessageContaining("expected features [examples, inputs]")
                .withMessageEndingWith("got [2, 4, 3]");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> relevance.explain(new INDArray[] {FEATURES, FEATURES}, START))
                .withMessage("expected features for the network's 1 inputs, got 2");
    }

    @Test
    void labelsMustFitTheLogits() {
        Relevance relevance = Relevance.of(dense().model());
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () ->
                                relevance.explain(
                                        FEATURES, RelevanceStart.trueLabel(Networks.labels(2, 4))))
                .withMessage("labels must have the shape [2, 3], got [2, 4]");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> relevance.explain(FEATURES, RelevanceStart.of(Nd4j.zeros(1, 3))))
                .withMessage("the relevance of the logits must have the shape [2, 3], got [1, 3]");
    }

    @Test
    void logitsStandInARow() {
        TinyNetwork network =
                Networks.chain(
                        NetworkClass.SEQUENTIAL, IMAGE, Networks.convolution(2, 2, 2).build());
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () ->
                                Relevance.of(network.model())
                                        .explain(Networks.gaussian(1, 2, 2, 6, 6), START))
                .withMessage(
                        "expected a network with an output of [examples, classes], got [2, 5, 5] per example");
    }

    @Test
    void aCompositeGivesEveryLayerARule() {
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () ->
                                Relevance.of(dense().model())
                                        .rules(layer -> layer.first() ? RelevanceRule.flat() : null)
                                        .explain(FEATURES, START))
                .withMessage("Layer 1: expected a rule from the composite, got none");
    }

    @Test
    void sumsTakeTheZeroOrAnEpsilonRule() {
        RelevanceComposite composite =
                new RelevanceComposite() {
                    @Override
                    public RelevanceRule ruleFor(RelevanceLayer layer) {
                        return RelevanceRule.zero();
                    }

                    @Override
                    public RelevanceRule ruleForSums() {
                        return RelevanceRule.zPlus();
                    }
                };
        TinyNetwork network =
                Networks.chain(
                        NetworkClass.SEQUENTIAL,
                        IMAGE,
                        new GlobalPoolingLayer(PoolingType.AVG),
                        Networks.logits(2).build());
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () ->
                                Relevance.of(network.model())
                                        .rules(composite)
                                        .explain(Networks.gaussian(1, 2, 2, 6, 6), START))
                .withMessage(
                        "sums need the zero rule or an epsilon rule, got AlphaBeta[alpha=1.0,"
                                + " beta=0.0]");
    }

    @Test
    void rulesCheckTheirNumbers() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RelevanceRule.epsilon(0))
                .withMessage("epsilon must be in (0, infinity), got 0.0; for 0 there is zero()");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RelevanceRule.relativeEpsilon(Double.NaN));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RelevanceRule.gamma(-0.1))
                .withMessage("gamma of the gamma rule must be in [0, infinity), got -0.1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RelevanceRule.alphaBeta(2, 0.5))
                .withMessage(
                        "the alpha-beta rule needs alpha - beta = 1 and beta >= 0, got alpha = 2.0,"
                                + " beta = 0.5");
        assertThatIllegalArgumentException().isThrownBy(() -> RelevanceRule.alphaBeta(0.5, -0.5));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RelevanceRule.zB(1, 1))
                .withMessage(
                        "the zB rule needs finite bounds with low < high, got low = 1.0, high = 1.0");
    }

    @Test
    void whatWasNotAskedForIsNotThere() {
        Explanation explanation = Relevance.of(dense().model()).explain(FEATURES, START);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> explanation.neurons("0"))
                .withMessage("this relevance wasn't asked for: call Relevance's withNeurons()");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> explanation.weights("0"))
                .withMessage("this relevance wasn't asked for: call Relevance's withWeights()");
        Explanation full = Relevance.of(dense().model()).withNeurons().explain(FEATURES, START);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> full.neurons("hidden"))
                .withMessage("layer must be one of [0, 1], got hidden");
    }

    @Test
    void oneOfSeveralInputsMustBeNamed() {
        TinyNetwork network =
                Networks.graph(
                        Networks.settings(DataType.DOUBLE)
                                .graphBuilder()
                                .addInputs("left", "right")
                                .setInputTypes(InputType.feedForward(4), InputType.feedForward(4))
                                .addVertex(
                                        "sum",
                                        new ElementWiseVertex(ElementWiseVertex.Op.Add),
                                        "left",
                                        "right")
                                .addLayer("out", Networks.logits(3).build(), "sum")
                                .setOutputs("out"));
        Explanation explanation =
                Relevance.of(network.model()).explain(new INDArray[] {FEATURES, FEATURES}, START);
        assertThatIllegalStateException()
                .isThrownBy(explanation::inputs)
                .withMessage("expected a network with one input, got 2: name the input");
    }

    @Test
    void masksOfFeaturesAreRefused() {
        DataSet masked = new DataSet(FEATURES, Networks.labels(2, 3), Nd4j.ones(2, 1), null);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LayerRelevance.of(dense().model(), masked))
                .withMessage("expected features without a mask, got one");
    }
}
