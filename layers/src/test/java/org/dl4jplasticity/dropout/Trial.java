package org.dl4jplasticity.dropout;

import java.util.SplittableRandom;
import org.deeplearning4j.gradientcheck.GradientCheckUtil;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jplasticity.layers.SparseDenseLayer;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/**
 * A network of 6 inputs, 8 and 9 hidden units and 3 outputs, in one of two makes: its second hidden
 * layer has a technique, and is dense or sparse.
 */
enum Trial {
    DENSE_NETWORK,
    SPARSE_GRAPH;

    private static final String[] IDS = {"first", "second", "output"};

    /** {@return the network, with a listener for techniques that need one} */
    Model network(Technique technique, Activation hidden) {
        FeedForwardLayer.Builder<?> second =
                this == DENSE_NETWORK
                        ? new DenseLayer.Builder()
                        : new SparseDenseLayer.Builder().sparsity(0.25);
        second.activation(hidden);
        technique.into().accept(second);
        return network(second, hidden);
    }

    /** {@return the network with another layer of 9 units as its second one} */
    Model network(FeedForwardLayer.Builder<?> second, Activation hidden) {
        Layer[] layers = layers(second, hidden);
        Model model = this == DENSE_NETWORK ? sequential(layers) : graph(layers);
        attend(model);
        return model;
    }

    static void attend(Model model) {
        model.setListeners(DropoutTraining.of(model));
        for (org.deeplearning4j.nn.api.Layer layer : Layers.of(model)) {
            if (layer.conf().getLayer().getIDropout() instanceof ExcitationDropout excitation) {
                excitation.attend();
            }
        }
    }

    private static NeuralNetConfiguration.Builder builder() {
        return new NeuralNetConfiguration.Builder()
                .seed(3)
                .dataType(DataType.DOUBLE)
                .updater(new Sgd(0.1));
    }

    private static Layer[] layers(FeedForwardLayer.Builder<?> second, Activation hidden) {
        second.nIn(8).nOut(9);
        return new Layer[] {
            new DenseLayer.Builder().nIn(6).nOut(8).activation(hidden).build(),
            second.build(),
            new OutputLayer.Builder(LossFunction.MSE)
                    .nIn(9)
                    .nOut(3)
                    .activation(Activation.IDENTITY)
                    .build()
        };
    }

    private static Model sequential(Layer[] layers) {
        NeuralNetConfiguration.ListBuilder list = builder().list();
        for (Layer layer : layers) {
            list.layer(layer);
        }
        MultiLayerNetwork network = new MultiLayerNetwork(list.build());
        network.init();
        return network;
    }

    private static Model graph(Layer[] layers) {
        ComputationGraphConfiguration.GraphBuilder builder =
                builder().graphBuilder().addInputs("in");
        String from = "in";
        for (int i = 0; i < layers.length; i++) {
            builder.addLayer(IDS[i], layers[i], from);
            from = IDS[i];
        }
        ComputationGraph graph = new ComputationGraph(builder.setOutputs(from).build());
        graph.init();
        return graph;
    }

    static INDArray numbers(long seed, int rows, int columns) {
        SplittableRandom random = new SplittableRandom(seed);
        double[][] values = new double[rows][columns];
        for (double[] row : values) {
            for (int i = 0; i < columns; i++) {
                row[i] = random.nextDouble(-1, 1);
            }
        }
        return Nd4j.createFromArray(values);
    }

    static DataSet examples(long seed) {
        return new DataSet(numbers(seed, 10, 6), numbers(seed + 1, 10, 3));
    }

    static void fit(Model model, long seed) {
        if (model instanceof ComputationGraph graph) {
            graph.fit(examples(seed));
        } else {
            ((MultiLayerNetwork) model).fit(examples(seed));
        }
    }

    /** {@return what the network puts out, one example after the other} */
    static double[] output(Model model, INDArray features, boolean train) {
        INDArray output;
        if (model instanceof ComputationGraph graph) {
            output = graph.output(train, features)[0];
        } else {
            output = ((MultiLayerNetwork) model).output(features, train);
        }
        // Weights with noise stay for the backward pass, which doesn't come.
        for (org.deeplearning4j.nn.api.Layer layer : Layers.of(model)) {
            layer.clearNoiseWeightParams();
        }
        return output.dup('c').data().asDouble();
    }

    static void setIteration(Model model, int iteration) {
        if (model instanceof ComputationGraph graph) {
            graph.getConfiguration().setIterationCount(iteration);
        } else {
            ((MultiLayerNetwork) model).setIterationCount(iteration);
        }
        for (org.deeplearning4j.nn.api.Layer layer : Layers.of(model)) {
            layer.setIterationCount(iteration);
        }
    }

    static BaseLayer second(Model model) {
        for (org.deeplearning4j.nn.api.Layer layer : Layers.of(model)) {
            if (layer.conf().getLayer() instanceof FeedForwardLayer conf && conf.getNOut() == 9) {
                return conf;
            }
        }
        throw new AssertionError("no second layer");
    }

    static Model copy(Model model) {
        return (Model)
                (model instanceof ComputationGraph graph
                        ? graph.clone()
                        : ((MultiLayerNetwork) model).clone());
    }

    static boolean gradientsAreRight(Model model, DataSet examples) {
        for (org.deeplearning4j.nn.api.Layer layer : Layers.of(model)) {
            ((BaseLayer) layer.conf().getLayer()).setIUpdater(new NoOp());
        }
        if (model instanceof ComputationGraph graph) {
            return GradientCheckUtil.checkGradients(
                    new GradientCheckUtil.GraphConfig()
                            .net(graph)
                            .inputs(new INDArray[] {examples.getFeatures()})
                            .labels(new INDArray[] {examples.getLabels()})
                            .callEachIter(Trial::forgetNoise));
        }
        return GradientCheckUtil.checkGradients(
                new GradientCheckUtil.MLNConfig()
                        .net((MultiLayerNetwork) model)
                        .input(examples.getFeatures())
                        .labels(examples.getLabels())
                        .callEachIter(Trial::forgetNoise));
    }

    private static void forgetNoise(Model model) {
        for (org.deeplearning4j.nn.api.Layer layer : Layers.of(model)) {
            layer.clearNoiseWeightParams();
        }
    }
}
