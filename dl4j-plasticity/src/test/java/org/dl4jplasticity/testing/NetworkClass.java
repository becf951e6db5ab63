package org.dl4jplasticity.testing;

import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration.ListBuilder;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jplasticity.layers.SparseDenseLayer;
import org.dl4jplasticity.layers.SparseOutputLayer;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.learning.config.IUpdater;

/**
 * DL4J's two network classes, each with this project's sparse layers and with masks over DL4J's own
 * layers, for tests that must hold for all.
 */
public enum NetworkClass {
    SEQUENTIAL,
    GRAPH,
    MASKED_SEQUENTIAL,
    MASKED_GRAPH;

    /** {@return whether masks lie over DL4J's own layers} */
    public boolean isMasked() {
        return this == MASKED_SEQUENTIAL || this == MASKED_GRAPH;
    }

    /**
     * {@return an initialized chain of layers; where masks are wanted, the masked twin of the
     * network that the layers make}
     */
    public TinyNetwork of(NeuralNetConfiguration.Builder settings, Layer... layers) {
        return switch (this) {
            case SEQUENTIAL, GRAPH -> chain(settings, layers);
            case MASKED_SEQUENTIAL -> masked(SEQUENTIAL, settings, layers);
            case MASKED_GRAPH -> masked(GRAPH, settings, layers);
        };
    }

    private TinyNetwork masked(
            NetworkClass type, NeuralNetConfiguration.Builder settings, Layer... layers) {
        NeuralNetConfiguration.Builder again = settings.clone();
        return MaskedTwin.of(type.chain(settings, layers), type, again);
    }

    /** {@return an initialized chain of layers as they are} */
    TinyNetwork chain(NeuralNetConfiguration.Builder settings, Layer... layers) {
        if (this == SEQUENTIAL) {
            ListBuilder list = settings.list();
            for (Layer layer : layers) {
                list.layer(layer);
            }
            MultiLayerNetwork network = new MultiLayerNetwork(list.build());
            network.init();
            return new TinyNetwork(network);
        }
        GraphBuilder graph = settings.graphBuilder().addInputs("in");
        String previous = "in";
        for (int i = 0; i < layers.length; i++) {
            graph.addLayer("layer" + i, layers[i], previous);
            previous = "layer" + i;
        }
        ComputationGraph network = new ComputationGraph(graph.setOutputs(previous).build());
        network.init();
        return new TinyNetwork(network);
    }

    /**
     * {@return a network of doubles with three sparse layers, which have 27 of 54, 38 of 63 and 15
     * of 21 connections}
     */
    public TinyNetwork ofDoubles(IUpdater updater) {
        return of(settings(DataType.DOUBLE, updater, 7), threeSparseLayers());
    }

    /** {@return the settings of a tiny network} */
    public static NeuralNetConfiguration.Builder settings(
            DataType type, IUpdater updater, long seed) {
        return new NeuralNetConfiguration.Builder().seed(seed).dataType(type).updater(updater);
    }

    /** {@return layers with 27 of 54, 38 of 63 and 15 of 21 connections, 19 biases} */
    public static Layer[] threeSparseLayers() {
        return new Layer[] {
            sparse(6, 9, 0.5).build(), sparse(9, 7, 0.4).build(), sparseOutput(7, 3, 0.3).build()
        };
    }

    /**
     * {@return a sparse layer} Its activation is one that rounds the same whether the JVM has
     * compiled its kernel yet or not.
     */
    public static SparseDenseLayer.Builder sparse(int nIn, int nOut, double sparsity) {
        return new SparseDenseLayer.Builder()
                .nIn(nIn)
                .nOut(nOut)
                .sparsity(sparsity)
                .activation(Activation.LEAKYRELU);
    }

    public static SparseOutputLayer.Builder sparseOutput(int nIn, int nOut, double sparsity) {
        return new SparseOutputLayer.Builder().nIn(nIn).nOut(nOut).sparsity(sparsity);
    }
}
