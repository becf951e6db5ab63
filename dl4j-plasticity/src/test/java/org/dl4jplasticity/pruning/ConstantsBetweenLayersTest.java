package org.dl4jplasticity.pruning;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration.ListBuilder;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PReLULayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.Upsampling2D;
import org.deeplearning4j.nn.conf.layers.ZeroPaddingLayer;
import org.deeplearning4j.nn.conf.layers.convolutional.Cropping2D;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jplasticity.testing.NetworkClass;
import org.dl4jplasticity.testing.TinyNetwork;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** What lies between a channel of constant output and the next weights, which DL4J computes. */
class ConstantsBetweenLayersTest {

    private static SubsamplingLayer.Builder pooling(PoolingType type) {
        return new SubsamplingLayer.Builder(type).kernelSize(2, 2).stride(2, 2);
    }

    /** Layers that any constant goes through. */
    static Stream<Arguments> carrying() {
        return Stream.of(
                        new DropoutLayer(0.5),
                        new ActivationLayer(Activation.TANH),
                        new ActivationLayer(Activation.SOFTPLUS),
                        pooling(PoolingType.MAX).build(),
                        pooling(PoolingType.AVG).build(),
                        new GlobalPoolingLayer(PoolingType.MAX),
                        new GlobalPoolingLayer(PoolingType.AVG),
                        new Upsampling2D.Builder(2).build(),
                        new Cropping2D.Builder(1, 0, 0, 1).build(),
                        new BatchNormalization.Builder().build(),
                        new BatchNormalization.Builder().useLogStd(false).eps(0.1).build(),
                        new BatchNormalization.Builder()
                                .lockGammaBeta(true)
                                .gamma(2)
                                .beta(0.25)
                                .build(),
                        new BatchNormalization.Builder().lockGammaBeta(true).gamma(2).build())
                .flatMap(layer -> Stream.of(Arguments.of(layer, 0.7), Arguments.of(layer, -0.7)));
    }

    /** Layers that put other numbers beside it, or aren't looked into. */
    static Stream<Arguments> stopping() {
        return Stream.of(
                        pooling(PoolingType.AVG).padding(1, 1).build(),
                        pooling(PoolingType.MAX)
                                .kernelSize(3, 3)
                                .convolutionMode(ConvolutionMode.Same)
                                .build(),
                        pooling(PoolingType.PNORM).pnorm(2).build(),
                        new GlobalPoolingLayer(PoolingType.SUM),
                        new ZeroPaddingLayer.Builder(1, 1).build())
                .map(layer -> Arguments.of(layer, 0.7));
    }

    /** Layers that 0 goes through at least. */
    static Stream<Arguments> carryingZero() {
        return Stream.concat(
                        carrying().filter(each -> each.get()[1].equals(0.7)),
                        stopping().filter(each -> !isNorm((Layer) each.get()[0])))
                .map(each -> Arguments.of(each.get()[0], 0.0));
    }

    private static boolean isNorm(Layer layer) {
        return layer instanceof SubsamplingLayer pooling && pooling.getPnorm() > 0;
    }

    @ParameterizedTest
    @MethodSource({"carrying", "carryingZero"})
    void constantsAreFoldedExactly(Layer between, double constant) {
        TinyNetwork network = withConstantChannel(between, constant);
        INDArray features = examples(7).getFeatures();
        INDArray before = network.output(features);

        Narrowed narrowed = Narrowing.deadUnits().applyTo(network.model());

        assertThat(narrowed.resized()).hasSize(1);
        assertThat(narrowed.resized().get(0).change().removed()).containsExactly(1);
        assertThat(CutNetworks.largestDifference(network.output(features), before))
                .isLessThan(1e-12);
    }

    @ParameterizedTest
    @MethodSource("stopping")
    void channelsStayBehindWhichTheirConstantIsLost(Layer between, double constant) {
        TinyNetwork network = withConstantChannel(between, constant);

        Narrowed narrowed = Narrowing.deadUnits().applyTo(network.model());

        assertThat(narrowed.resized()).isEmpty();
        assertThat(narrowed.left()).hasSize(1);
        assertThat(narrowed.left().get(0).unit()).isEqualTo(1);
        assertThat(narrowed.left().get(0).reason())
                .contains("layer 1 (" + between.getClass().getSimpleName());
    }

    /** Slopes differ from pixel to pixel: a negative constant doesn't stay one. */
    @ParameterizedTest
    @MethodSource("slopes")
    void learnedSlopesKeepWhatIsNotNegative(double constant, double slope, int removed) {
        TinyNetwork network =
                withConstantChannel(new PReLULayer.Builder().inputShape(3, 4, 4).build(), constant);
        INDArray slopes = network.layers().get(1).getParam("W");
        slopes.assign(0.3);
        for (long i = 0; i < 16; i++) {
            slopes.putScalar(new long[] {1, i / 4, i % 4}, i == 6 ? slope : 0.3);
        }
        INDArray features = examples(7).getFeatures();
        INDArray before = network.output(features);

        assertThat(Narrowing.deadUnits().applyTo(network.model()).removed()).isEqualTo(removed);

        assertThat(CutNetworks.largestDifference(network.output(features), before))
                .isLessThan(1e-12);
    }

    static Stream<Arguments> slopes() {
        return Stream.of(
                Arguments.of(0.7, 0.4, 1), Arguments.of(-0.7, 0.4, 0), Arguments.of(-0.7, 0.3, 1));
    }

    private static TinyNetwork withConstantChannel(Layer between, double constant) {
        List<Layer> layers = new ArrayList<>();
        layers.add(
                new ConvolutionLayer.Builder(3, 3).nOut(3).activation(Activation.IDENTITY).build());
        layers.add(between.clone());
        layers.add(
                new OutputLayer.Builder(LossFunction.MSE)
                        .nOut(2)
                        .activation(Activation.IDENTITY)
                        .build());
        ListBuilder list = NetworkClass.settings(DataType.DOUBLE, new Adam(0.05), 11).list();
        layers.forEach(list::layer);
        MultiLayerNetwork built =
                new MultiLayerNetwork(list.setInputType(InputType.convolutional(6, 6, 2)).build());
        built.init();
        TinyNetwork network = new TinyNetwork(built);
        network.fit(examples(1));
        network.fit(examples(2));
        var units = CutNetworks.units(network, "0");
        CutNetworks.fill(units.incoming(), 0, 1);
        CutNetworks.fill(units.biases(), constant, 1);
        return network;
    }

    private static DataSet examples(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        double[] pixels = random.doubles(4 * 2 * 6 * 6, -1, 1).toArray();
        return new DataSet(
                Nd4j.createFromArray(pixels).reshape('c', 4, 2, 6, 6),
                Nd4j.createFromArray(new double[][] {{1, 0}, {0, 1}, {1, 1}, {0, 0}}));
    }
}
