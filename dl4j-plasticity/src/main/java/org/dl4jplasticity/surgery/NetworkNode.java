package org.dl4jplasticity.surgery;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.graph.PreprocessorVertex;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;

/**
 * A layer or vertex of a network, of either class: what a network is walked by.
 *
 * @param id index of the layer or name of the vertex
 * @param inputs ids of what it gets its inputs from, those of the network's own inputs among them
 * @param conf the layer's configuration with its place in the network's; null if it is no layer
 * @param vertex the vertex' configuration; null if it is a layer of a MultiLayerNetwork
 * @param preProcessor what the input goes through first; null if there is none
 * @param layer the layer at run time; null if it is none
 * @param isOutput whether its output is one of the network
 */
public record NetworkNode(
        String id,
        List<String> inputs,
        NeuralNetConfiguration conf,
        GraphVertex vertex,
        InputPreProcessor preProcessor,
        Layer layer,
        boolean isOutput) {

    /** What the input of a MultiLayerNetwork is called. */
    static final String INPUT = "input";

    /**
     * {@return all nodes but the network's inputs by id, each after those it depends on}
     *
     * @param network the network
     */
    public static Map<String, NetworkNode> of(PlasticNetwork network) {
        return network.model() instanceof MultiLayerNetwork sequential
                ? of(sequential)
                : of((ComputationGraph) network.model());
    }

    private static Map<String, NetworkNode> of(MultiLayerNetwork network) {
        Map<String, NetworkNode> nodes = new LinkedHashMap<>();
        MultiLayerConfiguration conf = network.getLayerWiseConfigurations();
        int count = network.getnLayers();
        for (int i = 0; i < count; i++) {
            String id = Integer.toString(i);
            nodes.put(
                    id,
                    new NetworkNode(
                            id,
                            List.of(i == 0 ? INPUT : Integer.toString(i - 1)),
                            conf.getConf(i),
                            null,
                            conf.getInputPreProcess(i),
                            network.getLayer(i),
                            i == count - 1));
        }
        return nodes;
    }

    private static Map<String, NetworkNode> of(ComputationGraph network) {
        Map<String, NetworkNode> nodes = new LinkedHashMap<>();
        for (int index : network.topologicalSortOrder()) {
            String id = network.getVertices()[index].getVertexName();
            GraphVertex vertex = network.getConfiguration().getVertices().get(id);
            if (vertex != null) { // the network's inputs have none
                nodes.put(
                        id,
                        new NetworkNode(
                                id,
                                new ArrayList<>(
                                        network.getConfiguration().getVertexInputs().get(id)),
                                vertex instanceof LayerVertex layer ? layer.getLayerConf() : null,
                                vertex,
                                preProcessor(vertex),
                                network.getVertices()[index].getLayer(),
                                network.getConfiguration().getNetworkOutputs().contains(id)));
            }
        }
        return nodes;
    }

    private static InputPreProcessor preProcessor(GraphVertex vertex) {
        if (vertex instanceof LayerVertex layer) {
            return layer.getPreProcessor();
        }
        return vertex instanceof PreprocessorVertex own ? own.getPreProcessor() : null;
    }

    /** {@return whether it is a layer, not another vertex} */
    public boolean isLayer() {
        return conf != null;
    }

    /**
     * {@return the layer's configuration, with its wrappers}
     *
     * @throws NullPointerException if it is no layer
     */
    public org.deeplearning4j.nn.conf.layers.Layer layerConf() {
        return conf.getLayer();
    }

    /** {@return the layer's configuration without wrappers; null if it is no layer} */
    public org.deeplearning4j.nn.conf.layers.Layer unwrapped() {
        return isLayer() ? LayerAxes.unwrapped(layerConf()) : null;
    }

    /** {@return what messages call it} */
    public String called() {
        String name = isLayer() ? layerConf().getLayerName() : null;
        return (isLayer() ? "Layer " : "Vertex ")
                + (name == null || name.equals(id) ? id : id + " (" + name + ")");
    }

    /** {@return the name of its type, without that of its package} */
    public String type() {
        return isLayer() ? LayerAxes.type(layerConf()) : vertex.getClass().getSimpleName();
    }
}
