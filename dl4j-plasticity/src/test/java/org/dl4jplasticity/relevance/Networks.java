package org.dl4jplasticity.relevance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration.ListBuilder;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jplasticity.testing.NetworkClass;
import org.dl4jplasticity.testing.TinyNetwork;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Small networks of doubles, and what they are asked about. */
final class Networks {
    private Networks() {}

    static NeuralNetConfiguration.Builder settings(DataType type) {
        return NetworkClass.settings(type, new Adam(0.01), 5).activation(Activation.RELU);
    }

    /**
     * {@return a chain, flattened where that is needed; layers are layer0, layer1 ... of a graph}
     */
    static TinyNetwork chain(NetworkClass type, InputType input, Layer... layers) {
        return chain(type, settings(DataType.DOUBLE), input, layers);
    }

    static TinyNetwork chain(
            NetworkClass type,
            NeuralNetConfiguration.Builder settings,
            InputType input,
            Layer... layers) {
        if (type == NetworkClass.SEQUENTIAL) {
            ListBuilder list = settings.list();
            Arrays.stream(layers).forEach(list::layer);
            MultiLayerNetwork network = new MultiLayerNetwork(list.setInputType(input).build());
            network.init();
            return new TinyNetwork(network);
        }
        GraphBuilder graph = settings.graphBuilder().addInputs("in").setInputTypes(input);
        String previous = "in";
        for (int i = 0; i < layers.length; i++) {
            graph.addLayer("layer" + i, layers[i], previous);
            previous = "layer" + i;
        }
        return graph(graph.setOutputs(previous));
    }

    static TinyNetwork graph(GraphBuilder graph) {
        ComputationGraph network = new ComputationGraph(graph.build());
        network.init();
        return new TinyNetwork(network);
    }

    /** {@return the id of a chain's layer} */
    static String id(NetworkClass type, int layer) {
        return (type == NetworkClass.SEQUENTIAL ? "" : "layer") + layer;
    }

    static DenseLayer.Builder dense(int units) {
        return new DenseLayer.Builder().nOut(units);
    }

    static ConvolutionLayer.Builder convolution(int channels, int... kernel) {
        return new ConvolutionLayer.Builder(kernel).nOut(channels);
    }

    /** {@return an output layer whose output is its logits} */
    static OutputLayer.Builder logits(int classes) {
        return new OutputLayer.Builder(LossFunction.MSE)
                .nOut(classes)
                .activation(Activation.IDENTITY);
    }

    /** Gives every parameter a random value, biases and statistics too. */
    static TinyNetwork shaken(TinyNetwork network) {
        INDArray parameters = network.parameters();
        parameters.assign(
                gaussian(17, parameters.length()).muli(0.4).castTo(parameters.dataType()));
        return network;
    }

    static INDArray gaussian(long seed, long... shape) {
        Random random = new Random(seed);
        double[] values = new double[(int) Arrays.stream(shape).reduce(1, (a, b) -> a * b)];
        Arrays.setAll(values, i -> random.nextGaussian());
        INDArray vector = Nd4j.createFromArray(values);
        return shape.length == 1 ? vector : vector.reshape('c', shape);
    }

    static double[] gaussians(long seed, int length) {
        return gaussian(seed, length).toDoubleVector();
    }

    /** {@return one-hot labels: class i mod classes} */
    static INDArray labels(int examples, int classes) {
        double[][] labels = new double[examples][classes];
        for (int i = 0; i < examples; i++) {
            labels[i][i % classes] = 1;
        }
        return Nd4j.createFromArray(labels);
    }

    /** {@return the values in 'c' order} */
    static double[] values(INDArray array) {
        return Values.read(array);
    }

    /** Fails unless values differ by no more than a tolerance, relative where they exceed 1. */
    static void assertClose(double[] actual, double[] expected, double tolerance) {
        assertThat(actual).hasSameSizeAs(expected);
        for (int i = 0; i < actual.length; i++) {
            assertThat(actual[i])
                    .as("value %d", i)
                    .isCloseTo(expected[i], within(tolerance * Math.max(1, Math.abs(expected[i]))));
        }
    }

    static void assertClose(INDArray actual, INDArray expected, double tolerance) {
        assertThat(actual.shape()).isEqualTo(expected.shape());
        assertClose(values(actual), values(expected), tolerance);
    }
}
