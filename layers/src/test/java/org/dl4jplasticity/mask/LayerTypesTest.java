package org.dl4jplasticity.mask;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.AutoEncoder;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.CapsuleLayer;
import org.deeplearning4j.nn.conf.layers.CenterLossOutputLayer;
import org.deeplearning4j.nn.conf.layers.Convolution1DLayer;
import org.deeplearning4j.nn.conf.layers.Convolution3D;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.Deconvolution2D;
import org.deeplearning4j.nn.conf.layers.Deconvolution3D;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.conf.layers.EmbeddingLayer;
import org.deeplearning4j.nn.conf.layers.EmbeddingSequenceLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LearnedSelfAttentionLayer;
import org.deeplearning4j.nn.conf.layers.LocallyConnected1D;
import org.deeplearning4j.nn.conf.layers.LocallyConnected2D;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PReLULayer;
import org.deeplearning4j.nn.conf.layers.PrimaryCapsules;
import org.deeplearning4j.nn.conf.layers.RecurrentAttentionLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.SelfAttentionLayer;
import org.deeplearning4j.nn.conf.layers.SeparableConvolution2D;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.misc.ElementWiseMultiplicationLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayerWithBackprop;
import org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional;
import org.deeplearning4j.nn.conf.layers.recurrent.LastTimeStep;
import org.deeplearning4j.nn.conf.layers.recurrent.SimpleRnn;
import org.deeplearning4j.nn.conf.layers.recurrent.TimeDistributed;
import org.deeplearning4j.nn.conf.layers.util.MaskZeroLayer;
import org.deeplearning4j.nn.conf.layers.variational.GaussianReconstructionDistribution;
import org.deeplearning4j.nn.conf.layers.variational.VariationalAutoencoder;
import org.deeplearning4j.nn.conf.ocnn.OCNNOutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.dl4jplasticity.layers.SparseDenseLayer;
import org.dl4jplasticity.topology.SparseTopology;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/**
 * Which parameters of DL4J's layers can be masked, how their rows lie, and which weight an id is.
 */
@SuppressWarnings("deprecation") // Graves' LSTMs
class LayerTypesTest {
    private static final InputType UNITS = InputType.feedForward(3);
    private static final InputType SEQUENCE = InputType.recurrent(3, 4);
    private static final InputType IMAGE = InputType.convolutional(6, 6, 3);
    private static final InputType VOLUME = InputType.convolutional3D(6, 6, 6, 3);

    private static MultiLayerNetwork network(Layer layer, InputType input) {
        MultiLayerNetwork network =
                new MultiLayerNetwork(
                        new NeuralNetConfiguration.Builder()
                                .seed(1)
                                .list()
                                .layer(layer)
                                .setInputType(input)
                                .build());
        network.init();
        return network;
    }

    private static LSTM lstm() {
        return new LSTM.Builder().nOut(2).build();
    }

    private static org.deeplearning4j.nn.conf.layers.GravesLSTM gravesLstm() {
        return new org.deeplearning4j.nn.conf.layers.GravesLSTM.Builder()
                .nOut(2)
                .weightInit(WeightInit.XAVIER) // DL4J's defaults don't reach so deep
                .biasInit(0)
                .activation(Activation.TANH)
                .updater(new Sgd(0.1))
                .build();
    }

    /** Parameter, rows x their length, connections; "units" where rows are output units. */
    static Stream<Arguments> layers() {
        return Stream.concat(Stream.concat(feedForward(), convolutions()), recurrent());
    }

    private static Stream<Arguments> feedForward() {
        return Stream.of(
                layer("dense", new DenseLayer.Builder().nOut(4).build(), UNITS, "W 4x3 units 3->4"),
                layer(
                        "dense with layer norm",
                        new DenseLayer.Builder().nOut(4).hasLayerNorm(true).build(),
                        UNITS,
                        "W 4x3 units 3->4"),
                layer(
                        "dense without bias",
                        new DenseLayer.Builder().nOut(4).hasBias(false).build(),
                        UNITS,
                        "W 4x3 units 3->4"),
                layer(
                        "dense of one unit",
                        new DenseLayer.Builder().nOut(1).build(),
                        UNITS,
                        "W 1x3 units 3->1"),
                layer(
                        "dense of one input",
                        new DenseLayer.Builder().nOut(4).build(),
                        InputType.feedForward(1),
                        "W 4x1 units 1->4"),
                layer(
                        "output",
                        new OutputLayer.Builder(LossFunction.MSE).nOut(2).build(),
                        UNITS,
                        "W 2x3 units 3->2"),
                layer(
                        "center loss",
                        new CenterLossOutputLayer.Builder(LossFunction.MSE).nOut(2).build(),
                        UNITS,
                        "W 2x3 units 3->2"),
                layer(
                        "one-class output",
                        new OCNNOutputLayer.Builder().hiddenLayerSize(4).nIn(3).build(),
                        UNITS,
                        "w 1x4 units 4->1",
                        "v 4x3 units 3->4"),
                layer(
                        "embedding",
                        new EmbeddingLayer.Builder().nIn(5).nOut(2).build(),
                        InputType.feedForward(5),
                        "W 2x5 units 5->2"),
                layer(
                        "embedding sequence",
                        new EmbeddingSequenceLayer.Builder().nIn(5).nOut(2).build(),
                        InputType.recurrent(5, 4),
                        "W 2x5 units 5->2"),
                layer(
                        "autoencoder",
                        new AutoEncoder.Builder().nOut(2).build(),
                        UNITS,
                        "W 2x3 units 3->2"),
                layer(
                        "variational autoencoder",
                        new VariationalAutoencoder.Builder()
                                .encoderLayerSizes(4)
                                .decoderLayerSizes(5)
                                .reconstructionDistribution(
                                        new GaussianReconstructionDistribution())
                                .nOut(2)
                                .build(),
                        UNITS,
                        "e0W 4x3 units 3->4",
                        "pZXMeanW 2x4 units 4->2",
                        "pZXLogStd2W 2x4 units 4->2",
                        "d0W 5x2 units 2->5",
                        "pXZW 6x5 units 5->6")); // a mean and a variance for each of 3 inputs
    }

    private static Stream<Arguments> convolutions() {
        return Stream.of(
                layer(
                        "convolution 1D",
                        new Convolution1DLayer.Builder().kernelSize(2).nOut(4).build(),
                        SEQUENCE,
                        "W 4x6 3->4 [2]"),
                layer(
                        "convolution 2D",
                        new ConvolutionLayer.Builder(3, 2).nOut(4).build(),
                        IMAGE,
                        "W 4x18 units 3->4 [3, 2]"),
                layer(
                        "convolution 2D without bias",
                        new ConvolutionLayer.Builder(3, 2).nOut(4).hasBias(false).build(),
                        IMAGE,
                        "W 4x18 units 3->4 [3, 2]"),
                layer(
                        "convolution 3D",
                        new Convolution3D.Builder(2, 3, 4).nOut(5).build(),
                        VOLUME,
                        "W 5x72 units 3->5 [2, 3, 4]"),
                layer(
                        "depthwise convolution",
                        new DepthwiseConvolution2D.Builder(4, 2).depthMultiplier(2).build(),
                        IMAGE,
                        "W 4x12 1->6 [4, 2]"),
                layer(
                        "separable convolution",
                        new SeparableConvolution2D.Builder(3, 2).depthMultiplier(2).nOut(5).build(),
                        IMAGE,
                        "W 2x18 1->6 [3, 2]",
                        "pW 5x6 units 6->5 [1, 1]"),
                layer(
                        "deconvolution 2D",
                        new Deconvolution2D.Builder(2, 4).nOut(5).build(),
                        IMAGE,
                        "W 3x40 3->5 [2, 4]"),
                layer(
                        "deconvolution 3D",
                        new Deconvolution3D.Builder().kernelSize(2, 3, 4).nOut(5).build(),
                        VOLUME,
                        "W 2x180 3->5 [2, 3, 4]"),
                layer(
                        "locally connected 1D", // 4 positions of 2 x 3 inputs
                        new LocallyConnected1D.Builder().kernelSize(2).nOut(4).build(),
                        SEQUENCE,
                        "W 4x24 6->16"),
                layer(
                        "locally connected 2D", // 6 x 6 positions of 2 x 3 x 3 inputs
                        new LocallyConnected2D.Builder().kernelSize(2, 3).nOut(4).build(),
                        IMAGE,
                        "W 36x72 18->144"),
                layer(
                        "primary capsules",
                        new PrimaryCapsules.Builder(2, 4).kernelSize(3, 3).build(),
                        IMAGE,
                        "weight 3x72 3->8 [3, 3]"),
                layer(
                        "capsules", // 3 inputs of 4 dimensions
                        new CapsuleLayer.Builder(5, 2).build(),
                        InputType.recurrent(3, 4),
                        "weight 1x120 12->10"));
    }

    private static Stream<Arguments> recurrent() {
        return Stream.of(
                layer("LSTM", lstm(), SEQUENCE, "W 8x3 units 3->8", "RW 8x2 units 2->8"),
                layer(
                        "Graves' LSTM",
                        gravesLstm(),
                        SEQUENCE,
                        "W 8x3 units 3->8",
                        "RW 8x2 units 2->8"),
                layer(
                        "Graves' bidirectional LSTM",
                        new org.deeplearning4j.nn.conf.layers.GravesBidirectionalLSTM.Builder()
                                .nOut(2)
                                .build(),
                        SEQUENCE,
                        "WF 8x3 units 3->8",
                        "WB 8x3 units 3->8",
                        "RWF 8x2 units 2->8",
                        "RWB 8x2 units 2->8"),
                layer(
                        "simple RNN with layer norm",
                        new SimpleRnn.Builder().nOut(2).hasLayerNorm(true).build(),
                        SEQUENCE,
                        "W 2x3 units 3->2",
                        "RW 2x2 units 2->2"),
                layer(
                        "bidirectional",
                        new Bidirectional(lstm()),
                        SEQUENCE,
                        "fW 8x3 units 3->8",
                        "fRW 8x2 units 2->8",
                        "bW 8x3 units 3->8",
                        "bRW 8x2 units 2->8"),
                layer(
                        "last step of bidirectional",
                        new Bidirectional(new LastTimeStep(gravesLstm())),
                        SEQUENCE,
                        "fW 8x3 units 3->8",
                        "fRW 8x2 units 2->8",
                        "bW 8x3 units 3->8",
                        "bRW 8x2 units 2->8"),
                layer(
                        "last step",
                        new LastTimeStep(lstm()),
                        SEQUENCE,
                        "W 8x3 units 3->8",
                        "RW 8x2 units 2->8"),
                layer(
                        "time distributed",
                        new TimeDistributed(new DenseLayer.Builder().nOut(4).build()),
                        SEQUENCE,
                        "W 4x3 units 3->4"),
                layer(
                        "mask zero",
                        new MaskZeroLayer.Builder().underlying(lstm()).maskValue(0).build(),
                        SEQUENCE,
                        "W 8x3 units 3->8",
                        "RW 8x2 units 2->8"),
                layer(
                        "RNN output",
                        new RnnOutputLayer.Builder(LossFunction.MSE).nOut(2).build(),
                        SEQUENCE,
                        "W 2x3 units 3->2"),
                layer(
                        "self-attention", // 2 heads of 4 units
                        new SelfAttentionLayer.Builder()
                                .nOut(5)
                                .nHeads(2)
                                .headSize(4)
                                .projectInput(true)
                                .build(),
                        SEQUENCE,
                        "Wq 8x3 units 3->8",
                        "Wk 8x3 units 3->8",
                        "Wv 8x3 units 3->8",
                        "Wo 8x5 8->5"),
                layer(
                        "learned self-attention",
                        new LearnedSelfAttentionLayer.Builder()
                                .nOut(5)
                                .nHeads(2)
                                .headSize(4)
                                .nQueries(6)
                                .projectInput(true)
                                .build(),
                        SEQUENCE,
                        "Q 1x18 3->6",
                        "Wq 8x3 units 3->8",
                        "Wk 8x3 units 3->8",
                        "Wv 8x3 units 3->8",
                        "Wo 8x5 8->5"),
                layer(
                        "recurrent attention",
                        new RecurrentAttentionLayer.Builder()
                                .nIn(3)
                                .nOut(5)
                                .nHeads(2)
                                .headSize(4)
                                .projectInput(true)
                                .build(),
                        SEQUENCE,
                        "W 3x5 3->5",
                        "RW 5x5 5->5",
                        "Wq 8x5 units 5->8",
                        "Wk 8x3 units 3->8",
                        "Wv 8x3 units 3->8",
                        "Wo 8x5 8->5"));
    }

    private static Arguments layer(String name, Layer layer, InputType input, String... expected) {
        return Arguments.of(name, layer, input, List.of(expected));
    }

    private static String describe(MaskableWeights weights) {
        return "%s %dx%d %s%d->%d %s"
                .formatted(
                        weights.parameter(),
                        weights.rows(),
                        weights.rowLength(),
                        weights.rowsAreUnits() ? "units " : "",
                        weights.shape().inputs(),
                        weights.shape().outputs(),
                        weights.shape().kernel().isEmpty() ? "" : weights.shape().kernel())
                .strip();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("layers")
    void matricesAndKernelsCanBeMasked(
            String name, Layer layer, InputType input, List<String> expected) {
        List<MaskableWeights> all = MaskableWeights.of(network(layer, input));
        assertThat(all).extracting(LayerTypesTest::describe).isEqualTo(expected);
        assertThat(all).extracting(MaskableWeights::layerId).containsOnly("0");
        for (MaskableWeights weights : all) {
            assertThat(weights.shape().connections())
                    .isEqualTo((long) weights.rows() * weights.rowLength())
                    .isLessThanOrEqualTo(weights.array().length());
        }
    }

    /** Every layer type carries a mask through its own configuration and into its own arrays. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("layers")
    void theConstraintMasksAllOfThem(
            String name, Layer layer, InputType input, List<String> expected) {
        MultiLayerNetwork network = network(layer, input);
        network.params().assign(1);
        List<MaskableWeights> all = MaskableWeights.of(network);
        for (MaskableWeights weights : all) {
            weights.setMask(
                    SparseTopology.of(
                            weights.rowLength(),
                            weights.rows(),
                            (long) weights.rowLength() * weights.rows() - 1));
        }
        network.applyConstraints(0, 0);
        long inactive = all.stream().mapToLong(weights -> weights.shape().connections() - 1).sum();
        assertThat(network.params().sumNumber().longValue())
                .isEqualTo(network.numParams() - inactive);
        for (MaskableWeights weights : all) {
            double[] flat = flat(weights.array());
            assertThat(flat[(int) weights.shape().connections() - 1]).isEqualTo(1);
            assertThat(flat[0]).isEqualTo(0);
        }
    }

    static Stream<Arguments> layersWithoutMaskableWeights() {
        return Stream.of(
                Arguments.of("batch normalization", new BatchNormalization(), UNITS),
                Arguments.of("PReLU", new PReLULayer.Builder().inputShape(3).build(), UNITS),
                Arguments.of(
                        "PReLU of images",
                        new PReLULayer.Builder().inputShape(3, 6, 6).build(),
                        IMAGE),
                Arguments.of(
                        "element-wise multiplication",
                        new ElementWiseMultiplicationLayer.Builder().nIn(3).nOut(3).build(),
                        UNITS),
                Arguments.of("subsampling", new SubsamplingLayer.Builder(2, 2).build(), IMAGE),
                Arguments.of(
                        "frozen",
                        new FrozenLayer(new DenseLayer.Builder().nIn(3).nOut(2).build()),
                        UNITS),
                Arguments.of(
                        "frozen with backpropagation",
                        new FrozenLayerWithBackprop(
                                new DenseLayer.Builder().nIn(3).nOut(2).build()),
                        UNITS),
                Arguments.of(
                        "this project's sparse layer",
                        new SparseDenseLayer.Builder().nOut(4).sparsity(0.5).build(),
                        UNITS));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("layersWithoutMaskableWeights")
    void otherLayersHaveNothingToMask(String name, Layer layer, InputType input) {
        assertThat(MaskableWeights.of(network(layer, input))).isEmpty();
    }

    @Test
    void aLayerFrozenAtRunTimeOnlyHasNothingToMask() {
        MultiLayerNetwork network = network(lstm(), SEQUENCE);
        network.getLayers()[0] = new org.deeplearning4j.nn.layers.FrozenLayer(network.getLayer(0));
        assertThat(MaskableWeights.of(network)).isEmpty();
    }

    /** A weight, by its indices in the parameter, and the id worked out by hand. */
    static Stream<Arguments> weights() {
        return Stream.of(
                // W[i, o]: o * nIn + i
                weight(new DenseLayer.Builder().nOut(4).build(), UNITS, "W", 3 * 3 + 2, 2, 3),
                weight(new DenseLayer.Builder().nOut(1).build(), UNITS, "W", 2, 2, 0),
                // W[o, i, y, x]: ((o * 3 + i) * 3 + y) * 2 + x
                weight(
                        new ConvolutionLayer.Builder(3, 2).nOut(4).build(),
                        IMAGE,
                        "W",
                        ((2 * 3 + 1) * 3 + 2) * 2 + 1,
                        2,
                        1,
                        2,
                        1),
                // W[o, i, x, 0]: (o * 3 + i) * 2 + x
                weight(
                        new Convolution1DLayer.Builder().kernelSize(2).nOut(4).build(),
                        SEQUENCE,
                        "W",
                        (3 * 3 + 1) * 2 + 1,
                        3,
                        1,
                        1,
                        0),
                // W[o, i, z, y, x]: (((o * 3 + i) * 2 + z) * 3 + y) * 4 + x
                weight(
                        new Convolution3D.Builder(2, 3, 4).nOut(5).build(),
                        VOLUME,
                        "W",
                        (((4 * 3 + 2) * 2 + 1) * 3 + 2) * 4 + 3,
                        4,
                        2,
                        1,
                        2,
                        3),
                // W[y, x, i, m]: ((y * 2 + x) * 3 + i) * 2 + m
                weight(
                        new DepthwiseConvolution2D.Builder(4, 2).depthMultiplier(2).build(),
                        IMAGE,
                        "W",
                        ((3 * 2 + 1) * 3 + 2) * 2 + 1,
                        3,
                        1,
                        2,
                        1),
                // W[m, i, y, x]: ((m * 3 + i) * 3 + y) * 2 + x
                weight(separable(), IMAGE, "W", ((1 * 3 + 2) * 3 + 1) * 2 + 1, 1, 2, 1, 1),
                // pW[o, i * 2 + m, 0, 0]: o * 6 + i * 2 + m
                weight(separable(), IMAGE, "pW", 4 * 6 + 5, 4, 5, 0, 0),
                // W[i, o, y, x]: ((i * 5 + o) * 2 + y) * 4 + x
                weight(
                        new Deconvolution2D.Builder(2, 4).nOut(5).build(),
                        IMAGE,
                        "W",
                        ((2 * 5 + 3) * 2 + 1) * 4 + 2,
                        2,
                        3,
                        1,
                        2),
                // W[z, y, x, o, i]: (((z * 3 + y) * 4 + x) * 5 + o) * 3 + i
                weight(
                        new Deconvolution3D.Builder().kernelSize(2, 3, 4).nOut(5).build(),
                        VOLUME,
                        "W",
                        (((1 * 3 + 2) * 4 + 3) * 5 + 4) * 3 + 1,
                        1,
                        2,
                        3,
                        4,
                        1),
                // RW[i, o]: o * 2 + i, and the peepholes beyond
                weight(gravesLstm(), SEQUENCE, "RW", 7 * 2 + 1, 1, 7),
                weight(new Bidirectional(lstm()), SEQUENCE, "bRW", 6 * 2 + 1, 1, 6),
                // W[p, i, o]: (p * 6 + i) * 4 + o
                weight(
                        new LocallyConnected1D.Builder().kernelSize(2).nOut(4).build(),
                        SEQUENCE,
                        "W",
                        (2 * 6 + 3) * 4 + 1,
                        2,
                        3,
                        1),
                // Wq[h, u, i]: (h * 4 + u) * 3 + i
                weight(attention(), SEQUENCE, "Wq", (1 * 4 + 2) * 3 + 1, 1, 2, 1),
                // Wo[i, o]: i * 5 + o
                weight(attention(), SEQUENCE, "Wo", 6 * 5 + 3, 6, 3));
    }

    private static SeparableConvolution2D separable() {
        return new SeparableConvolution2D.Builder(3, 2).depthMultiplier(2).nOut(5).build();
    }

    private static SelfAttentionLayer attention() {
        return new SelfAttentionLayer.Builder()
                .nOut(5)
                .nHeads(2)
                .headSize(4)
                .projectInput(true)
                .build();
    }

    private static Arguments weight(
            Layer layer, InputType input, String parameter, long id, long... indices) {
        return Arguments.of(layer.getClass().getSimpleName(), layer, input, parameter, id, indices);
    }

    @ParameterizedTest(name = "{0} {3} {4}")
    @MethodSource("weights")
    void anIdIsTheWeightsPlaceInTheFlatParameter(
            String name, Layer layer, InputType input, String parameter, long id, long[] indices) {
        MultiLayerNetwork network = network(layer, input);
        network.params().assign(1);
        MaskableWeights weights =
                MaskableWeights.of(network).stream()
                        .filter(it -> it.parameter().equals(parameter))
                        .findFirst()
                        .orElseThrow();
        weights.setMask(SparseTopology.of(weights.rowLength(), weights.rows(), id));
        weights.clearInactive();
        INDArray array = weights.array();
        assertThat(array.getDouble(indices)).isEqualTo(1);
        long beyond = array.length() - weights.shape().connections();
        assertThat(array.sumNumber().longValue()).isEqualTo(1 + beyond);
        assertThat(weights.maskArray().getDouble(id)).isEqualTo(1);
        assertThat(weights.maskArray().sumNumber().longValue()).isEqualTo(1 + beyond);
    }

    private static double[] flat(INDArray array) {
        return array.reshape(array.ordering(), new long[] {array.length()}).toDoubleVector();
    }

    /** DL4J says the shape is [outputs, inputs, length, 1]; rows of it are no outputs. */
    @Test
    void inKernelsOfSequencesOutputsChangeFastest() {
        MultiLayerNetwork network =
                network(
                        new Convolution1DLayer.Builder()
                                .kernelSize(2)
                                .nOut(4)
                                .activation(Activation.IDENTITY)
                                .build(),
                        InputType.recurrent(3, 5));
        org.deeplearning4j.nn.api.Layer layer = network.getLayer(0);
        INDArray kernel = layer.getParam("W");
        for (int place = 0; place < 24; place++) {
            layer.params().assign(0);
            kernel.reshape('c', new long[] {24}).putScalar(place, 1);
            INDArray output =
                    network.feedForwardToLayer(0, Nd4j.ones(kernel.dataType(), 1, 3, 5)).get(1);
            for (int channel = 0; channel < 4; channel++) {
                assertThat(output.getDouble(0, channel, 0))
                        .isEqualTo(channel == place % 4 ? 1.0 : 0.0);
            }
        }
    }
}
