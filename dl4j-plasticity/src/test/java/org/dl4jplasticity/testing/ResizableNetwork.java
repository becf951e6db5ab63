package org.dl4jplasticity.testing;

import java.util.SplittableRandom;
import java.util.function.Function;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.Convolution1DLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.Deconvolution2D;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PReLULayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.misc.ElementWiseMultiplicationLayer;
import org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional;
import org.deeplearning4j.nn.conf.layers.recurrent.LastTimeStep;
import org.deeplearning4j.nn.conf.layers.recurrent.SimpleRnn;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jplasticity.layers.Sparsity;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Networks with one layer of every kind of place where a width may change, in either class. */
@SuppressWarnings("ImmutableEnumChecker") // nobody changes what they hold
public enum ResizableNetwork {
    DENSE("0", InputType.feedForward(6), dense(5), dense(4), output()),
    DENSE_WITH_EVERYTHING_BETWEEN(
            "0",
            InputType.feedForward(6),
            dense(5),
            new BatchNormalization.Builder().build(),
            new ActivationLayer(Activation.ELU),
            new PReLULayer.Builder().inputShape(5).build(),
            new DropoutLayer(1.0),
            new ElementWiseMultiplicationLayer.Builder().nIn(5).nOut(5).build(),
            dense(4),
            output()),
    BEFORE_LAYER_NORMALIZATION(
            "0",
            InputType.feedForward(6),
            dense(5),
            new DenseLayer.Builder().nOut(4).hasLayerNorm(true).activation(Activation.TANH).build(),
            output()),
    SPARSE(
            "0",
            InputType.feedForward(6),
            NetworkClass.sparse(6, 9, 0.5).build(),
            NetworkClass.sparse(9, 7, 0.4).build(),
            NetworkClass.sparseOutput(7, 3, 0.3).build()),
    SPARSE_BEFORE_DENSE(
            "1",
            InputType.feedForward(6),
            dense(5),
            NetworkClass.sparse(5, 8, 0.5).build(),
            output()),
    MASKED("0", InputType.feedForward(6), dense(5), dense(7), output()),
    CONVOLUTION(
            "0",
            InputType.convolutional(8, 8, 2),
            convolution(3),
            new BatchNormalization.Builder().build(),
            new ActivationLayer(Activation.RELU),
            pooling(PoolingType.MAX),
            convolution(4),
            dense(5),
            output()),
    FLATTENED_CONVOLUTION(
            "2",
            InputType.convolutional(8, 8, 2),
            convolution(3),
            pooling(PoolingType.AVG),
            convolution(4),
            dense(5),
            output()),
    MASKED_CONVOLUTION(
            "2",
            InputType.convolutional(8, 8, 2),
            convolution(3),
            pooling(PoolingType.MAX),
            convolution(4),
            dense(5),
            output()),
    GLOBALLY_POOLED_CONVOLUTION(
            "0",
            InputType.convolutional(8, 8, 2),
            convolution(3),
            new GlobalPoolingLayer(PoolingType.AVG),
            output()),
    TRANSPOSED_CONVOLUTION(
            "0",
            InputType.convolutional(6, 6, 2),
            new Deconvolution2D.Builder(2, 2).stride(2, 2).nOut(3).build(),
            new Deconvolution2D.Builder(2, 2).nOut(2).build(),
            output()),
    CONVOLUTION_OF_SEQUENCES(
            "0",
            InputType.recurrent(3, 7),
            new Convolution1DLayer.Builder(3)
                    .nOut(4)
                    .convolutionMode(ConvolutionMode.Same)
                    .activation(Activation.TANH)
                    .build(),
            new Convolution1DLayer.Builder(2).nOut(5).convolutionMode(ConvolutionMode.Same).build(),
            rnnOutput()),
    LSTM_BEFORE_LSTM(
            "0",
            InputType.recurrent(3, 5),
            new LSTM.Builder().nOut(4).forgetGateBiasInit(1).build(),
            new LSTM.Builder().nOut(3).build(),
            rnnOutput()),
    MASKED_LSTM("0", InputType.recurrent(3, 5), new LSTM.Builder().nOut(6).build(), rnnOutput()),
    SIMPLE_RNN(
            "0",
            InputType.recurrent(3, 5),
            new SimpleRnn.Builder().nOut(4).build(),
            new SimpleRnn.Builder().nOut(3).build(),
            rnnOutput()),
    BIDIRECTIONAL(
            "0",
            InputType.recurrent(3, 5),
            new Bidirectional(Bidirectional.Mode.CONCAT, new LSTM.Builder().nOut(4).build()),
            new LastTimeStep(new LSTM.Builder().nOut(3).build()),
            output()),
    ADDED_BIDIRECTIONAL(
            "0",
            InputType.recurrent(3, 5),
            new Bidirectional(Bidirectional.Mode.ADD, new SimpleRnn.Builder().nOut(4).build()),
            new LastTimeStep(new SimpleRnn.Builder().nOut(3).build()),
            output()),

    /** Both layers whose outputs are added change, and the merge behind. */
    RESIDUAL(
            "b",
            InputType.feedForward(6),
            graph ->
                    graph.addLayer("a", dense(5), "in")
                            .addLayer("b", dense(5), "a")
                            .addVertex(
                                    "sum",
                                    new ElementWiseVertex(ElementWiseVertex.Op.Add),
                                    "a",
                                    "b")
                            .addLayer("c", dense(3), "sum")
                            .addVertex("merge", new MergeVertex(), "c", "sum", "a")
                            .addLayer("out", output(), "merge")
                            .setOutputs("out")),
    /** Channels that are merged, averaged with others, flattened. */
    MERGED_CONVOLUTIONS(
            "a",
            InputType.convolutional(8, 8, 2),
            graph ->
                    graph.addLayer("a", same(3), "in")
                            .addLayer("b", same(2), "in")
                            .addVertex("merge", new MergeVertex(), "b", "a")
                            .addLayer("norm", new BatchNormalization.Builder().build(), "merge")
                            .addLayer("c", same(3), "norm")
                            .addVertex(
                                    "mean",
                                    new ElementWiseVertex(ElementWiseVertex.Op.Average),
                                    "a",
                                    "c")
                            .addLayer("out", output(), "mean")
                            .setOutputs("out"));

    private final String layer;
    private final InputType input;
    private final Layer[] layers;
    private final Function<GraphBuilder, GraphBuilder> graph;

    ResizableNetwork(String layer, InputType input, Layer... layers) {
        this.layer = layer;
        this.input = input;
        this.layers = layers;
        this.graph = null;
    }

    ResizableNetwork(String layer, InputType input, Function<GraphBuilder, GraphBuilder> graph) {
        this.layer = layer;
        this.input = input;
        this.layers = null;
        this.graph = graph;
    }

    private static DenseLayer dense(int units) {
        return new DenseLayer.Builder().nOut(units).activation(Activation.RELU).build();
    }

    private static ConvolutionLayer convolution(int channels) {
        return new ConvolutionLayer.Builder(3, 3)
                .nOut(channels)
                .activation(Activation.LEAKYRELU)
                .build();
    }

    private static ConvolutionLayer same(int channels) {
        return new ConvolutionLayer.Builder(3, 3)
                .nOut(channels)
                .convolutionMode(ConvolutionMode.Same)
                .activation(Activation.RELU)
                .build();
    }

    private static SubsamplingLayer pooling(PoolingType type) {
        return new SubsamplingLayer.Builder(type).kernelSize(2, 2).stride(1, 1).build();
    }

    private static OutputLayer output() {
        return new OutputLayer.Builder(LossFunction.MCXENT)
                .nOut(3)
                .activation(Activation.SOFTMAX)
                .build();
    }

    private static RnnOutputLayer rnnOutput() {
        return new RnnOutputLayer.Builder(LossFunction.MCXENT)
                .nOut(3)
                .activation(Activation.SOFTMAX)
                .build();
    }

    /** {@return whether it is no chain of layers, so that there is only a ComputationGraph} */
    public boolean isGraph() {
        return graph != null;
    }

    /** {@return the layer whose width a test changes} */
    public String layer(boolean asGraph) {
        return !isGraph() && asGraph ? "layer" + layer : layer;
    }

    /** {@return the network, initialized, parameters away from where they started} */
    public TinyNetwork build(boolean asGraph, DataType type, IUpdater updater) {
        NeuralNetConfiguration.Builder settings = NetworkClass.settings(type, updater, 5).l2(1e-3);
        TinyNetwork network;
        if (isGraph()) {
            ComputationGraph built =
                    new ComputationGraph(
                            graph.apply(settings.graphBuilder().addInputs("in"))
                                    .setInputTypes(input)
                                    .build());
            built.init();
            network = new TinyNetwork(built);
        } else if (asGraph) {
            GraphBuilder builder = settings.graphBuilder().addInputs("in");
            String previous = "in";
            for (int i = 0; i < layers.length; i++) {
                builder.addLayer("layer" + i, layers[i].clone(), previous);
                previous = "layer" + i;
            }
            ComputationGraph built =
                    new ComputationGraph(builder.setOutputs(previous).setInputTypes(input).build());
            built.init();
            network = new TinyNetwork(built);
        } else {
            NeuralNetConfiguration.ListBuilder list = settings.list();
            for (Layer each : layers) {
                list.layer(each.clone());
            }
            MultiLayerNetwork built = new MultiLayerNetwork(list.setInputType(input).build());
            built.init();
            network = new TinyNetwork(built);
        }
        if (name().startsWith("MASKED")) {
            Sparsity.of(0.5).seed(3).applyTo(network.model());
        }
        return network;
    }

    /** {@return the network after some steps, with a full optimizer state} */
    public TinyNetwork trained(boolean asGraph, DataType type) {
        TinyNetwork network = build(asGraph, type, new Adam(0.01));
        network.fit(batch(11, type));
        network.fit(batch(12, type));
        return network;
    }

    /** {@return a minibatch of 5 examples} */
    public DataSet batch(long seed, DataType type) {
        SplittableRandom random = new SplittableRandom(seed);
        long[] shape = input.getShape(true);
        shape[0] = 5;
        boolean sequences = layers != null && layers[layers.length - 1] instanceof RnnOutputLayer;
        INDArray features = Nd4j.create(type, shape);
        fill(features, random);
        INDArray labels = sequences ? Nd4j.zeros(type, 5, 3, shape[2]) : Nd4j.zeros(type, 5, 3);
        for (int example = 0; example < 5; example++) {
            for (int step = 0; step < (sequences ? shape[2] : 1); step++) {
                int label = random.nextInt(3);
                if (sequences) {
                    labels.putScalar(new int[] {example, label, step}, 1);
                } else {
                    labels.putScalar(example, label, 1);
                }
            }
        }
        return new DataSet(features, labels);
    }

    private static void fill(INDArray array, SplittableRandom random) {
        INDArray flat = array.reshape(array.length());
        for (long i = 0; i < flat.length(); i++) {
            flat.putScalar(i, random.nextDouble() * 2 - 1);
        }
    }
}
