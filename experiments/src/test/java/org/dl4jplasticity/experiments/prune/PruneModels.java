package org.dl4jplasticity.experiments.prune;

import java.nio.file.Path;
import java.util.function.Consumer;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.dl4jplasticity.datasets.DatasetCatalog;
import org.dl4jplasticity.experiments.run.Network;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Small models for the embedded sample, trained for one epoch. */
final class PruneModels {
    static final double LEARNING_RATE = 0.05;

    private PruneModels() {}

    /** 784-20-10: 15,680 and 200 weights, 30 biases. */
    static MultiLayerNetwork dense() {
        return dense(784, 10);
    }

    static MultiLayerNetwork dense(int inputs, int classes) {
        MultiLayerNetwork network =
                new MultiLayerNetwork(
                        recipe().list()
                                .layer(hidden(inputs))
                                .layer(output(classes).nIn(20).build())
                                .build());
        network.init();
        return network;
    }

    /** 784-20-20-20-10, of whose layers "second" and "third" can go. */
    static MultiLayerNetwork deep() {
        MultiLayerNetwork network =
                new MultiLayerNetwork(
                        recipe().list()
                                .layer(hidden(784))
                                .layer(
                                        new DenseLayer.Builder()
                                                .name("second")
                                                .nIn(20)
                                                .nOut(20)
                                                .build())
                                .layer(
                                        new DenseLayer.Builder()
                                                .name("third")
                                                .nIn(20)
                                                .nOut(20)
                                                .build())
                                .layer(output(10).nIn(20).build())
                                .build());
        network.init();
        return network;
    }

    /** Has the third layer of a deep network put out what it gets, which is never negative. */
    static void makeIdentity(Network deep) {
        MultiLayerNetwork network = (MultiLayerNetwork) deep.model();
        network.getLayer(2).getParam("W").assign(Nd4j.eye(20).castTo(DataType.FLOAT));
        network.getLayer(2).getParam("b").assign(0);
    }

    /** The same as a graph. */
    static ComputationGraph graph() {
        ComputationGraph network =
                new ComputationGraph(
                        recipe().graphBuilder()
                                .addInputs("in")
                                .addLayer("hidden", hidden(784), "in")
                                .addLayer("out", output(10).nIn(20).build(), "hidden")
                                .setOutputs("out")
                                .build());
        network.init();
        return network;
    }

    /**
     * Four channels of 7 x 7 by 4 x 4 kernels, six of 5 x 5 by 3 x 3 kernels, each normalized, then
     * 150-8-10: 64, 216, 1,200 and 80 weights.
     */
    static MultiLayerNetwork convolutional() {
        MultiLayerNetwork network =
                new MultiLayerNetwork(
                        recipe().list()
                                .layer(convolution("conv-1", 4, 4, 4))
                                .layer(new BatchNormalization.Builder().build())
                                .layer(new ActivationLayer(Activation.RELU))
                                .layer(convolution("conv-2", 3, 1, 6))
                                .layer(new BatchNormalization.Builder().build())
                                .layer(new ActivationLayer(Activation.RELU))
                                .layer(new DenseLayer.Builder().name("dense").nOut(8).build())
                                .layer(output(10).build())
                                .setInputType(InputType.convolutionalFlat(28, 28, 1))
                                .build());
        network.init();
        return network;
    }

    private static NeuralNetConfiguration.Builder recipe() {
        return new NeuralNetConfiguration.Builder()
                .seed(5)
                .weightInit(WeightInit.RELU)
                .activation(Activation.RELU)
                .updater(new Nesterovs(LEARNING_RATE, 0.9));
    }

    private static DenseLayer hidden(int inputs) {
        return new DenseLayer.Builder().name("hidden").nIn(inputs).nOut(20).build();
    }

    private static OutputLayer.Builder output(int classes) {
        return new OutputLayer.Builder(LossFunction.MCXENT)
                .name("output")
                .nOut(classes)
                .activation(Activation.SOFTMAX);
    }

    private static ConvolutionLayer convolution(String name, int side, int stride, int channels) {
        return new ConvolutionLayer.Builder(side, side)
                .name(name)
                .stride(stride, stride)
                .nOut(channels)
                .activation(Activation.IDENTITY)
                .build();
    }

    /** Trains a model for an epoch and saves it. */
    static Path trained(Model model, Path file) {
        return trained(model, file, network -> {});
    }

    /** Trains a model for an epoch, changes it, and saves it. */
    static Path trained(Model model, Path file, Consumer<Network> change) {
        Network network = new Network(model);
        network.fit(DatasetCatalog.load("mnist-sample", null).train().iterator(50, 1));
        change.accept(network);
        network.save(file);
        return file;
    }
}
