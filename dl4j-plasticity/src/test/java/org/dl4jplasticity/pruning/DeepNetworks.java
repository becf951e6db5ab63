package org.dl4jplasticity.pruning;

import java.util.Arrays;
import java.util.Map;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.dl4jplasticity.testing.NetworkClass;
import org.dl4jplasticity.testing.TinyNetwork;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Tiny networks with layers that do nothing. */
final class DeepNetworks {
    private DeepNetworks() {}

    /**
     * {@return 6 inputs, four layers of 5 ReLUs, 3 classes; the second and the fourth are the
     * identity of what is never negative}
     */
    static TinyNetwork chain(NetworkClass type) {
        TinyNetwork network =
                type.of(
                        Networks.settings(DataType.DOUBLE),
                        Networks.dense(6, 5, Activation.RELU).build(),
                        Networks.dense(5, 5, Activation.RELU).build(),
                        Networks.dense(5, 5, Activation.RELU).build(),
                        Networks.dense(5, 5, Activation.RELU).build(),
                        Networks.softmax(5, 3));
        makeIdentity(network, id(type, 1));
        makeIdentity(network, id(type, 3));
        return network;
    }

    /** {@return what the chain is without its second and fourth layer, with other numbers} */
    static TinyNetwork shortChain(NetworkClass type) {
        return type.of(
                Networks.settings(DataType.DOUBLE),
                Networks.dense(6, 5, Activation.RELU).build(),
                Networks.dense(5, 5, Activation.RELU).build(),
                Networks.softmax(5, 3));
    }

    /**
     * {@return three residual branches one after the other, of one, two and two layers, the first
     * and the last of which add nothing}
     */
    static TinyNetwork residual() {
        GraphBuilder builder =
                Networks.settings(DataType.DOUBLE)
                        .graphBuilder()
                        .addInputs("in")
                        .addLayer("stem", Networks.dense(6, 5, Activation.RELU).build(), "in")
                        .addLayer("a", Networks.dense(5, 5, Activation.IDENTITY).build(), "stem")
                        .addVertex("add-a", add(), "stem", "a")
                        .addLayer("relu-a", new ActivationLayer(Activation.RELU), "add-a")
                        .addLayer("b1", Networks.dense(5, 4, Activation.RELU).build(), "relu-a")
                        .addLayer("b2", Networks.dense(4, 5, Activation.IDENTITY).build(), "b1")
                        .addVertex("add-b", add(), "b2", "relu-a")
                        .addLayer("relu-b", new ActivationLayer(Activation.RELU), "add-b")
                        .addLayer("c1", Networks.dense(5, 4, Activation.RELU).build(), "relu-b")
                        .addLayer("c2", Networks.dense(4, 5, Activation.IDENTITY).build(), "c1")
                        .addVertex("add-c", add(), "relu-b", "c2")
                        .addLayer("out", Networks.softmax(5, 3), "add-c")
                        .setOutputs("out");
        ComputationGraph graph =
                new ComputationGraph(builder.setInputTypes(InputType.feedForward(6)).build());
        graph.init();
        TinyNetwork network = new TinyNetwork(graph);
        parameter(network, "a", "W").assign(0);
        parameter(network, "c2", "W").assign(0);
        return network;
    }

    static ElementWiseVertex add() {
        return new ElementWiseVertex(ElementWiseVertex.Op.Add);
    }

    static String id(NetworkClass type, int layer) {
        boolean graph = type == NetworkClass.GRAPH || type == NetworkClass.MASKED_GRAPH;
        return (graph ? "layer" : "") + layer;
    }

    static String[] ids(NetworkClass type, int... layers) {
        return Arrays.stream(layers).mapToObj(layer -> id(type, layer)).toArray(String[]::new);
    }

    /** {@return a layer's parameter itself} */
    static INDArray parameter(TinyNetwork network, String layer, String name) {
        return network.model().paramTable().get(layer + "_" + name);
    }

    static void makeIdentity(TinyNetwork network, String layer) {
        INDArray weights = parameter(network, layer, "W");
        weights.assign(Nd4j.eye(weights.size(0)).castTo(weights.dataType()));
        parameter(network, layer, "b").assign(0);
    }

    /** Takes parameters by name, from and to. */
    static void take(TinyNetwork to, TinyNetwork from, Map<String, String> layers) {
        Map<String, INDArray> values = from.model().paramTable();
        to.model()
                .paramTable()
                .forEach(
                        (key, array) -> {
                            String[] parts = key.split("_", 2);
                            array.assign(
                                    values.get(
                                            layers.getOrDefault(parts[0], parts[0])
                                                    + "_"
                                                    + parts[1]));
                        });
    }
}
