package org.dl4jplasticity.growth;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration.ListBuilder;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jplasticity.surgery.NetworkSurgery;
import org.dl4jplasticity.surgery.UnitVectors;
import org.dl4jplasticity.surgery.Units;
import org.dl4jplasticity.testing.NetworkClass;
import org.dl4jplasticity.testing.TinyNetwork;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Small networks of either class whose units come and go, and their examples. */
final class GrowthNetworks {
    static final InputType SIX = InputType.feedForward(6);
    static final InputType IMAGES = InputType.convolutional(8, 8, 2);

    private GrowthNetworks() {}

    /** {@return an initialized chain of layers, named layer0 and so on in a graph} */
    static TinyNetwork chain(
            NetworkClass type,
            InputType input,
            DataType dataType,
            IUpdater updater,
            org.deeplearning4j.nn.conf.layers.Layer... layers) {
        NeuralNetConfiguration.Builder settings = NetworkClass.settings(dataType, updater, 7);
        if (type == NetworkClass.SEQUENTIAL) {
            ListBuilder list = settings.list();
            for (var layer : layers) {
                list.layer(layer.clone());
            }
            MultiLayerNetwork network = new MultiLayerNetwork(list.setInputType(input).build());
            network.init();
            return new TinyNetwork(network);
        }
        GraphBuilder graph = settings.graphBuilder().addInputs("in");
        String previous = "in";
        for (int i = 0; i < layers.length; i++) {
            graph.addLayer("layer" + i, layers[i].clone(), previous);
            previous = "layer" + i;
        }
        ComputationGraph network =
                new ComputationGraph(graph.setOutputs(previous).setInputTypes(input).build());
        network.init();
        return new TinyNetwork(network);
    }

    /**
     * {@return a network of doubles of 6 inputs, 5 and 4 ReLU units and 3 classes, always the same}
     */
    static TinyNetwork dense(NetworkClass type, IUpdater updater) {
        return chain(type, SIX, DataType.DOUBLE, updater, dense(5), dense(4), output());
    }

    static DenseLayer dense(int units) {
        return new DenseLayer.Builder()
                .nOut(units)
                .biasInit(0.5)
                .activation(Activation.RELU)
                .build();
    }

    static ConvolutionLayer convolution(int channels) {
        return new ConvolutionLayer.Builder(3, 3)
                .nOut(channels)
                .biasInit(0.5)
                .activation(Activation.RELU)
                .build();
    }

    static OutputLayer output() {
        return new OutputLayer.Builder(LossFunction.MCXENT)
                .nOut(3)
                .activation(Activation.SOFTMAX)
                .build();
    }

    static String id(NetworkClass type, int layer) {
        return type == NetworkClass.SEQUENTIAL ? "" + layer : "layer" + layer;
    }

    static Layer layer(TinyNetwork network, int layer) {
        return network.model() instanceof MultiLayerNetwork sequential
                ? sequential.getLayer(layer)
                : ((ComputationGraph) network.model()).getLayer("layer" + layer);
    }

    static Units units(TinyNetwork network, NetworkClass type, int layer) {
        return NetworkSurgery.of(network.model()).units(id(type, layer));
    }

    /** {@return what a layer puts out in inference} */
    static INDArray activations(TinyNetwork network, int layer, INDArray features) {
        return network.model() instanceof MultiLayerNetwork sequential
                ? sequential.feedForward(features, false).get(layer + 1)
                : ((ComputationGraph) network.model())
                        .feedForward(features, false)
                        .get("layer" + layer);
    }

    static List<DataSet> batches(InputType input, DataType type, int count) {
        SplittableRandom random = new SplittableRandom(23);
        return Stream.generate(() -> batch(input, type, random)).limit(count).toList();
    }

    private static DataSet batch(InputType input, DataType type, SplittableRandom random) {
        long[] shape = input.getShape(true);
        shape[0] = 20;
        INDArray features = Nd4j.create(type, shape);
        INDArray flat = features.reshape(features.length());
        for (long i = 0; i < flat.length(); i++) {
            flat.putScalar(i, random.nextDouble() * 2 - 1);
        }
        INDArray labels = Nd4j.zeros(type, 20, 3);
        for (int example = 0; example < 20; example++) {
            labels.putScalar(example, random.nextInt(3), 1);
        }
        return new DataSet(features, labels);
    }

    /** Makes a unit put out a constant at once, whatever it gets. */
    static void makeConstant(Units units, int unit, double bias) {
        for (UnitVectors incoming : units.incoming()) {
            incoming.set(unit, new double[incoming.length()]);
        }
        units.biases().forEach(each -> each.set(unit, new double[] {bias}));
    }

    /** Makes a ReLU unit put out 0 for ever. */
    static void kill(Units units, int unit) {
        units.biases().forEach(each -> each.set(unit, new double[] {-1000}));
    }

    static double largestDifference(INDArray a, INDArray b) {
        return a.sub(b).amaxNumber().doubleValue();
    }
}
