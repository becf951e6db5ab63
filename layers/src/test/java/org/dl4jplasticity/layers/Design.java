package org.dl4jplasticity.layers;

import java.util.function.Consumer;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;

/**
 * A network of 12 inputs, 10 hidden units and 4 outputs, which can be built of sparse layers or of
 * DL4J's own: the same in everything else.
 */
final class Design {
    static final int N_IN = 12;
    static final int HIDDEN = 10;
    static final int N_OUT = 4;

    private DataType type = DataType.DOUBLE;
    private long seed = 7;
    private double sparsity = 0.6;
    private boolean bias = true;
    private IUpdater updater = new Sgd(0.1);
    private Activation hidden = Activation.TANH;
    private Activation output = Activation.SOFTMAX;
    private ILossFunction loss = new LossMCXENT();
    private Consumer<NeuralNetConfiguration.Builder> network = builder -> {};
    private Consumer<FeedForwardLayer.Builder<?>> hiddenLayer = builder -> {};
    private Consumer<FeedForwardLayer.Builder<?>> outputLayer = builder -> {};

    Design type(DataType type) {
        this.type = type;
        return this;
    }

    Design seed(long seed) {
        this.seed = seed;
        return this;
    }

    Design sparsity(double sparsity) {
        this.sparsity = sparsity;
        return this;
    }

    Design bias(boolean bias) {
        this.bias = bias;
        return this;
    }

    Design updater(IUpdater updater) {
        this.updater = updater;
        return this;
    }

    Design hidden(Activation hidden) {
        this.hidden = hidden;
        return this;
    }

    Design output(Activation output, ILossFunction loss) {
        this.output = output;
        this.loss = loss;
        return this;
    }

    /** Further settings of the whole network. */
    Design network(Consumer<NeuralNetConfiguration.Builder> network) {
        this.network = network;
        return this;
    }

    /** Further settings of the hidden layer. */
    Design hiddenLayer(Consumer<FeedForwardLayer.Builder<?>> hiddenLayer) {
        this.hiddenLayer = hiddenLayer;
        return this;
    }

    /** Further settings of the output layer. */
    Design outputLayer(Consumer<FeedForwardLayer.Builder<?>> outputLayer) {
        this.outputLayer = outputLayer;
        return this;
    }

    private NeuralNetConfiguration.ListBuilder list() {
        NeuralNetConfiguration.Builder builder =
                new NeuralNetConfiguration.Builder().seed(seed).dataType(type).updater(updater);
        network.accept(builder);
        // Losses are tried with any activation.
        return builder.list().validateOutputLayerConfig(false);
    }

    MultiLayerConfiguration sparseConfiguration() {
        SparseDenseLayer.Builder first =
                new SparseDenseLayer.Builder()
                        .nIn(N_IN)
                        .nOut(HIDDEN)
                        .sparsity(sparsity)
                        .hasBias(bias)
                        .activation(hidden);
        hiddenLayer.accept(first);
        SparseOutputLayer.Builder second =
                new SparseOutputLayer.Builder(loss)
                        .nIn(HIDDEN)
                        .nOut(N_OUT)
                        .sparsity(sparsity)
                        .hasBias(bias)
                        .activation(output);
        outputLayer.accept(second);
        return list().layer(first.build()).layer(second.build()).build();
    }

    private MultiLayerConfiguration denseConfiguration() {
        DenseLayer.Builder first =
                new DenseLayer.Builder().nIn(N_IN).nOut(HIDDEN).hasBias(bias).activation(hidden);
        hiddenLayer.accept(first);
        OutputLayer.Builder second =
                new OutputLayer.Builder(loss)
                        .nIn(HIDDEN)
                        .nOut(N_OUT)
                        .hasBias(bias)
                        .activation(output);
        outputLayer.accept(second);
        return list().layer(first.build()).layer(second.build()).build();
    }

    /** {@return the initialized network of sparse layers} */
    MultiLayerNetwork sparse() {
        MultiLayerNetwork sparse = new MultiLayerNetwork(sparseConfiguration());
        sparse.init();
        return sparse;
    }

    /** {@return the network of sparse layers beside DL4J's own with the same parameters} */
    Twins twins() {
        MultiLayerNetwork dense = new MultiLayerNetwork(denseConfiguration());
        dense.init();
        return Twins.of(sparse(), dense);
    }
}
