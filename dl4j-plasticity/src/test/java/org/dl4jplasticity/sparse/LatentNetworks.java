package org.dl4jplasticity.sparse;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jplasticity.mask.MaskableWeights;
import org.dl4jplasticity.surgery.NetworkParameter;
import org.dl4jplasticity.surgery.PlasticNetwork;
import org.dl4jplasticity.testing.NetworkClass;
import org.dl4jplasticity.testing.TinyNetwork;
import org.dl4jplasticity.topology.SparseTopology;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Networks of DL4J's own layers, and what the tests of latent weights read from them. */
final class LatentNetworks {
    private LatentNetworks() {}

    static NeuralNetConfiguration.Builder settings(IUpdater updater) {
        return NetworkClass.settings(DataType.DOUBLE, updater, 7);
    }

    /** {@return a single unit y = w x with the loss (y - label)^2} */
    static TinyNetwork unit(
            NetworkClass type, NeuralNetConfiguration.Builder settings, double... weights) {
        TinyNetwork network =
                type.of(
                        settings,
                        new OutputLayer.Builder(LossFunction.MSE)
                                .nIn(weights.length)
                                .nOut(1)
                                .activation(Activation.IDENTITY)
                                .hasBias(false)
                                .build());
        network.parameters().assign(Nd4j.createFromArray(weights));
        return network;
    }

    /** {@return twice the same example, so that the mean gradient is that of one} */
    static DataSet twice(double label, double... features) {
        return new DataSet(
                Nd4j.createFromArray(new double[][] {features, features}),
                Nd4j.createFromArray(new double[][] {{label}, {label}}));
    }

    /** {@return layers of 54, 63 and 21 weights for 6 inputs and 3 classes} */
    static TinyNetwork dense(NetworkClass type, NeuralNetConfiguration.Builder settings) {
        return type.of(
                settings,
                new DenseLayer.Builder().nIn(6).nOut(9).activation(Activation.TANH).build(),
                new DenseLayer.Builder().nIn(9).nOut(7).activation(Activation.TANH).build(),
                new OutputLayer.Builder(LossFunction.MCXENT)
                        .nIn(7)
                        .nOut(3)
                        .activation(Activation.SOFTMAX)
                        .build());
    }

    /** {@return a convolution of 8 kernels of 2 x 2 over 2 channels, pooled, for 3 classes} */
    static TinyNetwork convolutional(NetworkClass type, NeuralNetConfiguration.Builder settings) {
        return type.of(
                settings,
                new ConvolutionLayer.Builder(2, 2)
                        .nIn(2)
                        .nOut(8)
                        .activation(Activation.TANH)
                        .build(),
                new GlobalPoolingLayer.Builder().build(),
                new OutputLayer.Builder(LossFunction.MCXENT)
                        .nIn(8)
                        .nOut(3)
                        .activation(Activation.SOFTMAX)
                        .build());
    }

    /**
     * {@return examples of 6 inputs as images [minibatch, 2, 2, 3], each input in both channels}
     */
    static List<DataSet> images(List<DataSet> batches) {
        return batches.stream()
                .map(
                        batch -> {
                            INDArray one =
                                    batch.getFeatures().reshape(batch.numExamples(), 1, 2, 3);
                            return new DataSet(Nd4j.concat(1, one, one.neg()), batch.getLabels());
                        })
                .toList();
    }

    /** {@return a copy with fresh optimizer state, which no listener hears of} */
    static TinyNetwork copy(TinyNetwork network) {
        if (network.model() instanceof MultiLayerNetwork sequential) {
            MultiLayerNetwork copy =
                    new MultiLayerNetwork(
                            MultiLayerConfiguration.fromJson(
                                    sequential.getLayerWiseConfigurations().toJson()));
            copy.init(sequential.params().dup(), false);
            return new TinyNetwork(copy);
        }
        ComputationGraph graph = (ComputationGraph) network.model();
        ComputationGraph copy =
                new ComputationGraph(
                        ComputationGraphConfiguration.fromJson(graph.getConfiguration().toJson()));
        copy.init(graph.params().dup(), false);
        return new TinyNetwork(copy);
    }

    static double[] weights(TinyNetwork network, String id) {
        return parameter(network, id).values().toDoubleVector();
    }

    static List<double[]> slots(TinyNetwork network, String id) {
        return parameter(network, id).slots().stream().map(INDArray::toDoubleVector).toList();
    }

    private static NetworkParameter parameter(TinyNetwork network, String id) {
        PlasticNetwork view = PlasticNetwork.of(network.model());
        return view.table().stream().filter(each -> each.id().equals(id)).findFirst().orElseThrow();
    }

    /** {@return the mask in the configuration; null if there is none} */
    static SparseTopology mask(TinyNetwork network, String id) {
        return MaskableWeights.of(network.model()).stream()
                .filter(each -> (each.layerId() + "/" + each.parameter()).equals(id))
                .findFirst()
                .orElseThrow()
                .mask()
                .orElse(null);
    }

    /** {@return the places of what is not 0} */
    static long[] support(double[] values) {
        return IntStream.range(0, values.length)
                .filter(i -> values[i] != 0)
                .asLongStream()
                .toArray();
    }

    /** {@return whether every 0 is +0, so that zeros are equal bit for bit} */
    static boolean zerosArePlain(double[] values) {
        return Arrays.stream(values)
                .filter(value -> value == 0)
                .allMatch(value -> Double.doubleToRawLongBits(value) == 0);
    }

    static List<String> ids(LatentWeightTraining training) {
        return training.report().layers().stream().map(SparsityReport.LayerReport::id).toList();
    }
}
