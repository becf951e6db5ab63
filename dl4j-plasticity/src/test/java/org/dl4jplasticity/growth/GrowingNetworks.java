package org.dl4jplasticity.growth;

import java.util.Random;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration.ListBuilder;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jplasticity.testing.NetworkClass;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Tiny networks to grow, of either class, and examples for them. */
final class GrowingNetworks {
    private GrowingNetworks() {}

    /** {@return an initialized chain of layers, called by their number} */
    static Model chain(NetworkClass type, DataType dataType, InputType input, Layer... layers) {
        var settings = NetworkClass.settings(dataType, new Sgd(0.1), 11);
        if (type == NetworkClass.SEQUENTIAL) {
            ListBuilder list = settings.list();
            for (Layer layer : layers) {
                list.layer(layer.clone());
            }
            MultiLayerNetwork network = new MultiLayerNetwork(list.setInputType(input).build());
            network.init();
            return spread(network);
        }
        GraphBuilder graph = settings.graphBuilder().addInputs("in").setInputTypes(input);
        for (int i = 0; i < layers.length; i++) {
            graph.addLayer(Integer.toString(i), layers[i].clone(), i == 0 ? "in" : "" + (i - 1));
        }
        graph.setOutputs(Integer.toString(layers.length - 1));
        ComputationGraph network = new ComputationGraph(graph.build());
        network.init();
        return spread(network);
    }

    /** Biases start with 0 in DL4J, which would hide mistakes. */
    private static Model spread(Model network) {
        Random random = new Random(5);
        INDArray parameters = network.params();
        for (long i = 0; i < parameters.length(); i++) {
            parameters.putScalar(i, parameters.getDouble(i) + 0.1 * random.nextGaussian());
        }
        network.setParams(parameters);
        return network;
    }

    static DenseLayer dense(int units, Activation activation) {
        return new DenseLayer.Builder().nOut(units).activation(activation).build();
    }

    static ConvolutionLayer.Builder convolution(int channels, int kernel, Activation activation) {
        return new ConvolutionLayer.Builder(kernel, kernel).nOut(channels).activation(activation);
    }

    static OutputLayer classes(int count) {
        return new OutputLayer.Builder(LossFunction.MCXENT)
                .nOut(count)
                .activation(Activation.SOFTMAX)
                .build();
    }

    static OutputLayer numbers(int count) {
        return new OutputLayer.Builder(LossFunction.MSE)
                .nOut(count)
                .activation(Activation.IDENTITY)
                .build();
    }

    /** {@return examples of one class each, of doubles} */
    static DataSet classified(int classes, long... inputShape) {
        INDArray labels = Nd4j.zeros(DataType.DOUBLE, inputShape[0], classes);
        Random random = new Random(17);
        for (int example = 0; example < inputShape[0]; example++) {
            labels.putScalar(example, random.nextInt(classes), 1);
        }
        return new DataSet(gaussian(3, inputShape), labels);
    }

    /** {@return numbers of a normal distribution, doubles} */
    static INDArray gaussian(long seed, long... shape) {
        INDArray array = Nd4j.create(DataType.DOUBLE, shape);
        Random random = new Random(seed);
        for (long i = 0; i < array.length(); i++) {
            array.putScalar(i, random.nextGaussian());
        }
        return array;
    }
}
