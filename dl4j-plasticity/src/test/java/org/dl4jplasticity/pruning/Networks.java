package org.dl4jplasticity.pruning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jplasticity.mask.MaskableWeights;
import org.dl4jplasticity.mask.WeightFilter;
import org.dl4jplasticity.testing.NetworkClass;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Tiny networks to prune, and data for them. */
final class Networks {
    private Networks() {}

    static NeuralNetConfiguration.Builder settings(DataType type) {
        return NetworkClass.settings(type, new Adam(0.01), 5);
    }

    static DenseLayer.Builder dense(int nIn, int nOut, Activation activation) {
        return new DenseLayer.Builder().nIn(nIn).nOut(nOut).activation(activation);
    }

    static OutputLayer softmax(int nIn, int nOut) {
        return new OutputLayer.Builder(LossFunction.MCXENT)
                .nIn(nIn)
                .nOut(nOut)
                .activation(Activation.SOFTMAX)
                .build();
    }

    static OutputLayer squaredError(int nIn, int nOut) {
        return new OutputLayer.Builder(LossFunction.MSE)
                .nIn(nIn)
                .nOut(nOut)
                .activation(Activation.IDENTITY)
                .build();
    }

    /** {@return 2-2-1 with ReLU: weights 1, 0.5 | -1, 1 into the hidden units, then 2, -3} */
    static Model byHand(NetworkClass type, DataType dataType) {
        Model network =
                type.of(
                                settings(dataType),
                                dense(2, 2, Activation.RELU).build(),
                                squaredError(2, 1))
                        .model();
        setWeights(network, 0, 1, 0.5, -1, 1);
        setWeights(network, 1, 2, -3);
        return network;
    }

    /** {@return 6 inputs, 10 and 8 hidden units, 3 classes; 60 + 80 + 24 weights} */
    static Model perceptron(NetworkClass type) {
        return type.of(
                        settings(DataType.FLOAT),
                        dense(6, 10, Activation.RELU).build(),
                        dense(10, 8, Activation.RELU).build(),
                        softmax(8, 3))
                .model();
    }

    /** {@return 8 x 8 images of 2 channels; 108 + 216 + 12 weights} */
    static MultiLayerNetwork convolutional() {
        MultiLayerNetwork network =
                new MultiLayerNetwork(
                        settings(DataType.FLOAT)
                                .list()
                                .layer(
                                        new ConvolutionLayer.Builder(3, 3)
                                                .nOut(6)
                                                .activation(Activation.RELU)
                                                .build())
                                .layer(new BatchNormalization())
                                .layer(
                                        new SubsamplingLayer.Builder(
                                                        new int[] {2, 2}, new int[] {2, 2})
                                                .build())
                                .layer(
                                        new ConvolutionLayer.Builder(3, 3)
                                                .nOut(4)
                                                .activation(Activation.RELU)
                                                .build())
                                .layer(
                                        new OutputLayer.Builder(LossFunction.MCXENT)
                                                .nOut(3)
                                                .activation(Activation.SOFTMAX)
                                                .build())
                                .setInputType(InputType.convolutional(8, 8, 2))
                                .build());
        network.init();
        return network;
    }

    static DataSet images() {
        INDArray images = gaussian(3, 7, 2, 8, 8);
        return new DataSet(images, classes(7));
    }

    /** {@return two inputs, a merge, a sum of two paths, two outputs; 20 + 30 + 80 + 24 + 16} */
    static ComputationGraph graph() {
        ComputationGraphConfiguration conf =
                settings(DataType.FLOAT)
                        .graphBuilder()
                        .addInputs("a", "b")
                        .addLayer("left", dense(4, 5, Activation.RELU).build(), "a")
                        .addLayer("right", dense(6, 5, Activation.TANH).build(), "b")
                        .addVertex("merged", new MergeVertex(), "left", "right")
                        .addLayer("middle", dense(10, 8, Activation.RELU).build(), "merged")
                        .addVertex(
                                "sum",
                                new ElementWiseVertex(ElementWiseVertex.Op.Add),
                                "middle",
                                "middle")
                        .addLayer("classes", softmax(8, 3), "sum")
                        .addLayer("numbers", squaredError(8, 2), "middle")
                        .setOutputs("classes", "numbers")
                        .build();
        ComputationGraph graph = new ComputationGraph(conf);
        graph.init();
        return graph;
    }

    static MultiDataSet twoInputs() {
        return new MultiDataSet(
                new INDArray[] {gaussian(1, 9, 4), gaussian(2, 9, 6)},
                new INDArray[] {classes(9), gaussian(3, 9, 2)});
    }

    static INDArray gaussian(long seed, long... shape) {
        Random random = new Random(seed);
        double[] numbers = new double[(int) Arrays.stream(shape).reduce(1, (a, b) -> a * b)];
        Arrays.setAll(numbers, i -> random.nextGaussian());
        return Nd4j.createFromArray(numbers).reshape(shape).castTo(DataType.FLOAT);
    }

    /** {@return labels of three classes in turn} */
    static INDArray classes(int examples) {
        INDArray labels = Nd4j.zeros(DataType.FLOAT, examples, 3);
        for (int example = 0; example < examples; example++) {
            labels.putScalar(example, example % 3, 1);
        }
        return labels;
    }

    /** Sets the weights of one layer, by connection id. */
    static void setWeights(Model network, int layer, double... values) {
        INDArray array = MaskableWeights.of(network).get(layer).array();
        array.assign(Nd4j.createFromArray(values).reshape(array.ordering(), array.shape()));
    }

    /** {@return the values by connection id} */
    static double[] values(MaskableWeights weights) {
        INDArray array = weights.array();
        double[] values = array.dup(array.ordering()).data().asDouble();
        return Arrays.stream(values).map(value -> value + 0.0).toArray(); // no -0.0
    }

    /** {@return the scores of all connections, by weights and connection id} */
    static double[][] scores(ConnectionScore score, Model network) {
        List<MaskableWeights> weights = MaskableWeights.of(network);
        return score.on(network, weights)
                .scores(weights.stream().map(Connections::active).toArray(boolean[][]::new));
    }

    /** {@return the active connections of each of the weights} */
    static List<List<Long>> active(Model network) {
        return MaskableWeights.of(network).stream()
                .map(w -> Arrays.stream(w.mask().orElseThrow().ids()).boxed().toList())
                .toList();
    }

    static long activeCount(Model network) {
        return active(network).stream().mapToLong(List::size).sum();
    }

    /** {@return how many of the chosen weights are not zero} */
    static long nonzero(Model network, WeightFilter filter) {
        return MaskableWeights.of(network).stream()
                .filter(filter::accepts)
                .mapToLong(w -> Arrays.stream(values(w)).filter(value -> value != 0).count())
                .sum();
    }

    static void assertClose(double[][] actual, double[][] expected, double tolerance) {
        assertThat(actual.length).isEqualTo(expected.length);
        double largest =
                Arrays.stream(expected)
                        .flatMapToDouble(Arrays::stream)
                        .map(Math::abs)
                        .max()
                        .getAsDouble();
        for (int i = 0; i < expected.length; i++) {
            assertThat(actual[i])
                    .as("weights " + i)
                    .containsExactly(expected[i], within(tolerance * largest));
        }
    }
}
