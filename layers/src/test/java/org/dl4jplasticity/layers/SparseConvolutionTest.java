package org.dl4jplasticity.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.deeplearning4j.exception.DL4JInvalidInputException;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.CnnLossLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.dl4jplasticity.kernel.Numbers;
import org.dl4jplasticity.schedule.SparsityDistribution;
import org.dl4jplasticity.testing.ModelCopies;
import org.dl4jplasticity.topology.SparseTopology;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.Nesterovs;

/** A sparse convolution computes what DL4J's does with the same weights and zeros elsewhere. */
class SparseConvolutionTest {
    private static final LayerWorkspaceMgr NO_WORKSPACES = LayerWorkspaceMgr.noWorkspaces();

    /** One dimension: kernel, stride, padding, dilation, and a size of images that they fit. */
    private record Dimension(int kernel, int stride, int padding, int dilation, int size) {

        static Dimension draw(ConvolutionMode mode, SplittableRandom random) {
            int kernel = random.nextInt(1, 5);
            int dilation = random.nextInt(1, 3);
            int seen = (kernel - 1) * dilation + 1;
            boolean same = mode == ConvolutionMode.Same;
            // DL4J refuses a stride over more than the kernel in Same mode for some sizes.
            int stride = random.nextInt(1, (same ? Math.min(3, seen) : 3) + 1);
            int padding = same ? 0 : random.nextInt(0, 3);
            int least = same ? 1 : Math.max(1, seen - 2 * padding);
            int size = least + random.nextInt(0, 7);
            if (mode == ConvolutionMode.Strict) {
                size -= (size + 2 * padding - seen) % stride;
            }
            return size < 1
                    ? draw(mode, random)
                    : new Dimension(kernel, stride, padding, dilation, size);
        }
    }

    /** A layer beside DL4J's. */
    private record Pairing(
            ConvolutionMode mode,
            Dimension height,
            Dimension width,
            int nIn,
            int nOut,
            double sparsity,
            boolean bias,
            Activation activation) {

        static Pairing draw(ConvolutionMode mode, Activation activation, SplittableRandom random) {
            return new Pairing(
                    mode,
                    Dimension.draw(mode, random),
                    Dimension.draw(mode, random),
                    random.nextInt(1, 5),
                    random.nextInt(2, 6),
                    random.nextDouble(0, 0.74),
                    random.nextBoolean(),
                    activation);
        }

        <B extends ConvolutionLayer.BaseConvBuilder<B>> B settings(B builder) {
            return builder.kernelSize(height.kernel, width.kernel)
                    .stride(height.stride, width.stride)
                    .padding(height.padding, width.padding)
                    .dilation(height.dilation, width.dilation)
                    .convolutionMode(mode)
                    .hasBias(bias)
                    .nIn(nIn)
                    .nOut(nOut)
                    .activation(activation);
        }

        MultiLayerNetwork network(
                DataType type, org.deeplearning4j.nn.conf.layers.Layer convolution) {
            MultiLayerNetwork network =
                    new MultiLayerNetwork(
                            new NeuralNetConfiguration.Builder()
                                    .seed(5)
                                    .dataType(type)
                                    .biasInit(0.1)
                                    .list()
                                    .layer(convolution)
                                    .layer(new CnnLossLayer.Builder().build())
                                    .build());
            network.init();
            network.initGradientsView();
            return network;
        }

        Twins twins(DataType type) {
            return Twins.of(
                    network(
                            type,
                            settings(new SparseConvolutionLayer.Builder())
                                    .sparsity(sparsity)
                                    .build()),
                    network(type, settings(new ConvolutionLayer.Builder()).build()));
        }
    }

    private static Pair<Gradient, INDArray> backward(Layer layer, INDArray x, INDArray epsilon) {
        layer.setInput(x, NO_WORKSPACES);
        layer.activate(true, NO_WORKSPACES);
        return layer.backpropGradient(epsilon.dup(), NO_WORKSPACES);
    }

    private static void assertSame(Pairing pairing, DataType type, int batch, long seed) {
        // ND4J holds the slope of a leaky ReLU in single precision.
        double exact = pairing.activation == Activation.LEAKYRELU ? 1e-8 : 1e-10;
        double tolerance = type == DataType.DOUBLE ? exact : 1e-4;
        Twins twins = pairing.twins(type);
        Layer sparse = twins.sparse().getLayer(0);
        Layer dense = twins.dense().getLayer(0);
        INDArray x =
                Examples.numbers(
                        type, seed, batch, pairing.nIn, pairing.height.size, pairing.width.size);
        sparse.setInput(x, NO_WORKSPACES);
        INDArray y = sparse.activate(false, NO_WORKSPACES);
        dense.setInput(x, NO_WORKSPACES);
        INDArray expected = dense.activate(false, NO_WORKSPACES);
        assertThat(y.shape()).as(pairing.toString()).isEqualTo(expected.shape());
        Examples.assertClose("outputs of " + pairing, y, expected, tolerance);
        INDArray epsilon = Examples.numbers(type, seed + 1, y.shape());
        INDArray dx = backward(sparse, x, epsilon).getSecond();
        INDArray expectedDx = backward(dense, x, epsilon).getSecond();
        Examples.assertClose("gradient at the inputs of " + pairing, dx, expectedDx, tolerance);
        Numbers.assertClose(
                "gradient of " + pairing,
                Examples.elements(twins.sparse().getGradientsViewArray()),
                twins.pack(Examples.elements(twins.dense().getGradientsViewArray())),
                tolerance);
    }

    static Stream<Arguments> modesAndActivations() {
        return Stream.of(ConvolutionMode.Same, ConvolutionMode.Strict, ConvolutionMode.Truncate)
                .flatMap(
                        mode ->
                                Stream.of(
                                                Activation.IDENTITY,
                                                Activation.RELU,
                                                Activation.LEAKYRELU,
                                                Activation.TANH,
                                                Activation.SIGMOID,
                                                Activation.SOFTPLUS)
                                        .map(activation -> Arguments.of(mode, activation)));
    }

    @ParameterizedTest
    @MethodSource("modesAndActivations")
    void computesWhatTheDenseOneDoesInEveryShape(ConvolutionMode mode, Activation activation) {
        SplittableRandom random = new SplittableRandom((mode + " " + activation).hashCode());
        for (int i = 0; i < 6; i++) {
            Pairing pairing = Pairing.draw(mode, activation, random);
            assertSame(
                    pairing,
                    i % 3 == 2 ? DataType.FLOAT : DataType.DOUBLE,
                    random.nextInt(1, 11),
                    i);
        }
    }

    private static final int SIZE = 6;
    private static final int CLASSES = 3;

    private static MultiLayerConfiguration deep(
            DataType type, org.deeplearning4j.nn.conf.layers.Layer... convolutions) {
        NeuralNetConfiguration.ListBuilder list =
                new NeuralNetConfiguration.Builder()
                        .seed(9)
                        .dataType(type)
                        .updater(new Nesterovs(0.05, 0.9))
                        .l2(0.01)
                        .convolutionMode(ConvolutionMode.Same)
                        .list();
        for (org.deeplearning4j.nn.conf.layers.Layer convolution : convolutions) {
            list.layer(convolution);
        }
        return list.layer(
                        new OutputLayer.Builder()
                                .nOut(CLASSES)
                                .activation(Activation.SOFTMAX)
                                .build())
                .setInputType(InputType.convolutional(SIZE, SIZE, 2))
                .build();
    }

    private static SparseConvolutionLayer sparse(int nOut, int stride) {
        return new SparseConvolutionLayer.Builder(3, 3)
                .stride(stride, stride)
                .nOut(nOut)
                .sparsity(0.7)
                .activation(Activation.RELU)
                .build();
    }

    private static ConvolutionLayer dense(int nOut, int stride) {
        return new ConvolutionLayer.Builder(3, 3)
                .stride(stride, stride)
                .nOut(nOut)
                .activation(Activation.RELU)
                .build();
    }

    private static MultiLayerNetwork network(MultiLayerConfiguration configuration) {
        MultiLayerNetwork network = new MultiLayerNetwork(configuration);
        network.init();
        return network;
    }

    private static DataSet minibatch(DataType type, int step, int batch) {
        return new DataSet(
                Examples.numbers(type, step, batch, 2, SIZE, SIZE),
                Examples.classes(type, step + 100, batch, CLASSES));
    }

    @Test
    void trainsStepByStepAsTheMaskedOneDoes() {
        Twins twins =
                Twins.of(
                        network(deep(DataType.DOUBLE, sparse(5, 1), sparse(4, 2))),
                        network(deep(DataType.DOUBLE, dense(5, 1), dense(4, 2))));
        for (int step = 0; step < 8; step++) {
            DataSet minibatch = minibatch(DataType.DOUBLE, step, step == 5 ? 7 : 16);
            twins.sparse().fit(minibatch);
            twins.dense().fit(minibatch);
            twins.maskDense();
            twins.assertSameParameters("after step " + step);
        }
    }

    @Test
    void aCopyThroughJsonGoesOnTheSame() {
        MultiLayerNetwork network = network(deep(DataType.FLOAT, sparse(5, 1), sparse(4, 2)));
        network.fit(minibatch(DataType.FLOAT, 0, 8));
        MultiLayerConfiguration read =
                MultiLayerConfiguration.fromJson(network.getLayerWiseConfigurations().toJson());
        assertThat(read).isEqualTo(network.getLayerWiseConfigurations());
        MultiLayerNetwork copy = network.clone();
        MultiLayerNetwork fromJson = ModelCopies.rebuilt(network, read);
        for (int step = 1; step < 4; step++) {
            DataSet minibatch = minibatch(DataType.FLOAT, step, 8);
            network.fit(minibatch);
            copy.fit(minibatch);
            fromJson.fit(minibatch);
            assertThat(copy.params()).isEqualTo(network.params());
            assertThat(fromJson.params()).isEqualTo(network.params());
        }
    }

    @Test
    void onlyActiveWeightsExist() {
        MultiLayerNetwork network = network(deep(DataType.FLOAT, sparse(5, 1)));
        SparseConvolutionLayer layer =
                (SparseConvolutionLayer) network.getLayer(0).conf().getLayer();
        // 5 x 2 x 3 x 3 = 90 possible weights, of which 27 are active.
        assertThat(layer.getTopology().nIn()).isEqualTo(18);
        assertThat(layer.getTopology().nOut()).isEqualTo(5);
        assertThat(network.getLayer(0).getParam("W").length()).isEqualTo(27);
        assertThat(network.getLayer(0).numParams()).isEqualTo(32);
    }

    @Test
    void weightsAreDrawnForTheMeanFanInOfADenseLayersScale() {
        MultiLayerNetwork network =
                network(
                        deep(
                                DataType.FLOAT,
                                new SparseConvolutionLayer.Builder(5, 5)
                                        .nOut(400)
                                        .sparsity(0.5)
                                        .weightInit(org.deeplearning4j.nn.weights.WeightInit.RELU)
                                        .build()));
        // He: a variance of 2 / fan-in, of which there are 2 x 25 x 0.5 = 25 on average.
        double variance = network.getLayer(0).getParam("W").varNumber().doubleValue();
        assertThat(variance).isCloseTo(2.0 / 25, org.assertj.core.api.Assertions.within(0.004));
    }

    @Test
    void aDistributionSeesTheKernel() {
        MultiLayerConfiguration configuration = deep(DataType.FLOAT, sparse(8, 1), sparse(16, 1));
        Sparsity.of(0.5).by(SparsityDistribution.erdosRenyiKernel()).applyTo(configuration);
        // Scores (2 + 8 + 3 + 3) / (2 * 8 * 9) and (8 + 16 + 3 + 3) / (8 * 16 * 9) of 1296 weights:
        // 648 = e (16 + 30), so 225.4 and 422.6; the first would be more than its 144 and is dense.
        assertThat(((SparseLayer) configuration.getConf(0).getLayer()).activeCount())
                .isEqualTo(144);
        assertThat(((SparseLayer) configuration.getConf(1).getLayer()).activeCount())
                .isEqualTo(504);
    }

    @Test
    void channelsLastAreRefused() {
        SparseConvolutionLayer layer = sparse(3, 1);
        layer.setCnn2dDataFormat(CNN2DFormat.NHWC);
        layer.setNIn(2);
        MultiLayerNetwork network =
                new MultiLayerNetwork(
                        new NeuralNetConfiguration.Builder()
                                .updater(new Adam())
                                .list()
                                .layer(layer)
                                .layer(new CnnLossLayer.Builder().build())
                                .build());
        assertThatIllegalArgumentException()
                .isThrownBy(network::init)
                .withMessageContaining("channels first, NCHW, got NHWC");
    }

    @Test
    void inputsOfAnotherShapeAreRefused() {
        MultiLayerNetwork network = network(deep(DataType.FLOAT, sparse(5, 1)));
        assertThatExceptionOfType(DL4JInvalidInputException.class)
                .isThrownBy(() -> network.output(Examples.numbers(DataType.FLOAT, 1, 4, 3, 6, 6)))
                .withMessageContaining(
                        "expected input of shape [minibatch, 2, height, width], got [4, 3, 6, 6]");
    }

    @Test
    void topologiesOfAnotherShapeAreRefused() {
        SparseConvolutionLayer layer = sparse(3, 1);
        layer.setTopology(SparseTopology.dense(9, 3));
        MultiLayerNetwork network = new MultiLayerNetwork(deep(DataType.FLOAT, layer));
        assertThatIllegalArgumentException()
                .isThrownBy(network::init)
                .withMessageContaining(
                        "the topology must have the layer's shape 18 x 3, got 9 x 3");
    }

    @Test
    void aDilationOfZeroIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SparseConvolutionLayer.Builder(3, 3).dilation(0, 1).build())
                .withMessageContaining(
                        "dilation must be at least 1 in both dimensions, got [0, 1]");
    }
}
