package org.dl4jplasticity.pruning;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.dl4jplasticity.surgery.NetworkSurgery;
import org.dl4jplasticity.surgery.UnitVectors;
import org.dl4jplasticity.surgery.Units;
import org.dl4jplasticity.testing.NetworkClass;
import org.dl4jplasticity.testing.ResizableNetwork;
import org.dl4jplasticity.testing.TinyNetwork;
import org.junit.jupiter.params.provider.Arguments;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Networks whose layers are narrowed, and what tests do to them. */
final class CutNetworks {
    private CutNetworks() {}

    /** {@return every kind of network, in the classes it exists in} */
    static Stream<Arguments> all() {
        return Stream.of(ResizableNetwork.values()).flatMap(CutNetworks::inItsClasses);
    }

    static Stream<Arguments> inItsClasses(ResizableNetwork kind) {
        return (kind.isGraph() ? Stream.of(true) : Stream.of(false, true))
                .map(asGraph -> Arguments.of(kind, asGraph));
    }

    static Units units(TinyNetwork network, String layer) {
        return NetworkSurgery.of(network.model()).units(layer);
    }

    static int width(TinyNetwork network, String layer) {
        return NetworkSurgery.of(network.model()).width(layer);
    }

    static void fill(List<UnitVectors> parameters, double value, int... units) {
        for (UnitVectors parameter : parameters) {
            for (int unit : units) {
                double[] vector = new double[parameter.length()];
                Arrays.fill(vector, value);
                parameter.set(unit, vector);
            }
        }
    }

    /** Makes a unit what another one is, in the outgoing weights not. */
    static void copy(List<UnitVectors> parameters, int from, int to, double factor) {
        for (UnitVectors parameter : parameters) {
            double[] vector = parameter.get(from);
            Arrays.setAll(vector, entry -> factor * vector[entry]);
            parameter.set(to, vector);
        }
    }

    static double largestDifference(INDArray a, INDArray b) {
        return a.sub(b).amaxNumber().doubleValue();
    }

    /** {@return a network of two inputs, a hidden layer and two linear outputs} */
    static TinyNetwork dense(boolean asGraph, Activation activation, double[][] in, double[] bias) {
        return dense(asGraph, activation, in, bias, new double[bias.length][2]);
    }

    static TinyNetwork dense(
            boolean asGraph, Activation activation, double[][] in, double[] bias, double[][] out) {
        TinyNetwork network =
                (asGraph ? NetworkClass.GRAPH : NetworkClass.SEQUENTIAL)
                        .of(
                                NetworkClass.settings(DataType.DOUBLE, new Sgd(0.1), 3),
                                new DenseLayer.Builder()
                                        .nIn(2)
                                        .nOut(bias.length)
                                        .activation(activation)
                                        .build(),
                                new OutputLayer.Builder(LossFunction.MSE)
                                        .nIn(bias.length)
                                        .nOut(2)
                                        .activation(Activation.IDENTITY)
                                        .build());
        network.layers().get(0).getParam("W").assign(Nd4j.createFromArray(in));
        network.layers().get(0).getParam("b").assign(Nd4j.createFromArray(bias));
        network.layers().get(1).getParam("W").assign(Nd4j.createFromArray(out));
        return network;
    }

    /** {@return the id of the hidden layer of that network} */
    static String hidden(boolean asGraph) {
        return asGraph ? "layer0" : "0";
    }
}
