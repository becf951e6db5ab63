package org.dl4jplasticity.mask;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional;
import org.deeplearning4j.nn.conf.layers.recurrent.LastTimeStep;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jplasticity.layers.Sparsity;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.learning.regularization.L2Regularization;
import org.nd4j.linalg.learning.regularization.Regularization;
import org.nd4j.linalg.learning.regularization.WeightDecay;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Small networks, each as a MultiLayerNetwork and as a ComputationGraph, half of them masked. */
@SuppressWarnings({"deprecation", "ImmutableEnumChecker"}) // Graves' LSTM; never written to
enum Design {
    DENSE(InputType.feedForward(5), 7, 5) {
        @Override
        List<Layer> layers() {
            return List.of(
                    new DenseLayer.Builder().nOut(6).hasLayerNorm(true).build(),
                    new DenseLayer.Builder().nOut(4).build(),
                    output());
        }
    },
    CONVOLUTIONAL(InputType.convolutional(6, 6, 2), 7, 2, 6, 6) {
        @Override
        List<Layer> layers() {
            return List.of(
                    new ConvolutionLayer.Builder(3, 3).nOut(4).build(),
                    new BatchNormalization(),
                    output());
        }
    },
    RECURRENT(InputType.recurrent(4), 7, 4, 5) {
        @Override
        List<Layer> layers() {
            return List.of(
                    new Bidirectional(new LSTM.Builder().nOut(3).build()),
                    new LastTimeStep(
                            new org.deeplearning4j.nn.conf.layers.GravesLSTM.Builder()
                                    .nOut(3)
                                    .build()),
                    output());
        }
    },
    NESTED(InputType.recurrent(4), 7, 4, 5) {
        @Override
        List<Layer> layers() {
            return List.of(
                    new LastTimeStep(new Bidirectional(new LSTM.Builder().nOut(3).build())),
                    output());
        }
    };

    private static final int CLASSES = 3;
    private static final List<Regularization> REGULARIZATION =
            List.of(new L2Regularization(0.01), new WeightDecay(0.01, true));

    private final InputType input;
    private final long[] features;

    Design(InputType input, long... features) {
        this.input = input;
        this.features = features;
    }

    abstract List<Layer> layers();

    private static OutputLayer output() {
        return new OutputLayer.Builder(LossFunction.MCXENT)
                .nOut(CLASSES)
                .activation(Activation.SOFTMAX)
                .build();
    }

    private NeuralNetConfiguration.Builder global(IUpdater updater) {
        return new NeuralNetConfiguration.Builder()
                .seed(7)
                .updater(updater)
                .activation(Activation.TANH)
                .regularization(REGULARIZATION);
    }

    MultiLayerNetwork multiLayer(IUpdater updater) {
        NeuralNetConfiguration.ListBuilder list = global(updater).list();
        layers().forEach(list::layer);
        MultiLayerNetwork network = new MultiLayerNetwork(list.setInputType(input).build());
        network.init();
        return network;
    }

    /** {@return the same layers as vertices "0", "1" and so on} */
    ComputationGraph graph(IUpdater updater) {
        GraphBuilder builder = global(updater).graphBuilder().addInputs("in");
        List<Layer> layers = layers();
        for (int i = 0; i < layers.size(); i++) {
            builder.addLayer(
                    Integer.toString(i), layers.get(i), i == 0 ? "in" : Integer.toString(i - 1));
        }
        builder.setOutputs(Integer.toString(layers.size() - 1)).setInputTypes(input);
        ComputationGraph network = new ComputationGraph(builder.build());
        network.init();
        return network;
    }

    /** {@return such a network in training, half of whose weights are masked} */
    MultiLayerNetwork maskedMultiLayer() {
        MultiLayerNetwork network = multiLayer(new Adam(0.02));
        Sparsity.of(0.5).seed(3).applyTo(network);
        network.fit(minibatch(0));
        return network;
    }

    /** {@return such a network in training, half of whose weights are masked} */
    ComputationGraph maskedGraph() {
        ComputationGraph network = graph(new Nesterovs(0.05, 0.9));
        Sparsity.of(0.5).seed(3).applyTo(network);
        network.fit(minibatch(0));
        return network;
    }

    DataSet minibatch(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] values = new float[(int) LongStream.of(features).reduce(1, Math::multiplyExact)];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextDouble(-1, 1);
        }
        INDArray input = Nd4j.createFromArray(values).reshape('c', features);
        INDArray labels = Nd4j.zeros(features[0], CLASSES);
        for (int example = 0; example < features[0]; example++) {
            labels.putScalar(new long[] {example, (example + seed) % CLASSES}, 1);
        }
        return new DataSet(input, labels);
    }

    static void fit(Model model, DataSet minibatch) {
        if (model instanceof MultiLayerNetwork network) {
            network.fit(minibatch);
        } else {
            ((ComputationGraph) model).fit(minibatch);
        }
    }

    /** {@return a parameter's values in the order of the flat parameter vector} */
    static double[] flat(INDArray array) {
        return array.reshape(array.ordering(), new long[] {array.length()}).toDoubleVector();
    }
}
