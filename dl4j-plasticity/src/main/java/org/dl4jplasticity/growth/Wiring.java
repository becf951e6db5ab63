package org.dl4jplasticity.growth;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.graph.PreprocessorVertex;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.PReLULayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.conf.layers.wrapper.BaseWrapperLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.dl4jplasticity.surgery.PlasticNetwork;

/**
 * Which vertices of a network feed which. Layers go by the ids they have in journals; those of a
 * MultiLayerNetwork are a chain.
 */
final class Wiring {
    private final Map<String, org.deeplearning4j.nn.api.Layer> layers = new HashMap<>();
    private final ComputationGraph graph;

    Wiring(PlasticNetwork network) {
        for (org.deeplearning4j.nn.api.Layer layer : network.layers()) {
            layers.put(network.layerId(layer), layer);
        }
        graph = network.model() instanceof ComputationGraph found ? found : null;
    }

    /** {@return the configuration of a layer without wrapper; null for a vertex without layer} */
    Layer conf(String vertex) {
        Layer conf = layers.containsKey(vertex) ? layers.get(vertex).conf().getLayer() : null;
        if (conf instanceof FrozenLayer frozen) {
            return frozen.getLayer();
        }
        return conf instanceof BaseWrapperLayer wrapper ? wrapper.getUnderlying() : conf;
    }

    /** {@return whether a layer's parameters are not to be trained} */
    boolean isFrozen(String vertex) {
        org.deeplearning4j.nn.api.Layer layer = layers.get(vertex);
        return layer instanceof org.deeplearning4j.nn.layers.FrozenLayer
                || layer instanceof org.deeplearning4j.nn.layers.FrozenLayerWithBackprop;
    }

    private List<String> inputs(String vertex) {
        if (graph == null) {
            int index = Integer.parseInt(vertex);
            return index == 0 ? List.of() : List.of(Integer.toString(index - 1));
        }
        return graph.getConfiguration().getVertexInputs().getOrDefault(vertex, List.of());
    }

    /** {@return whether each unit goes through a vertex alone} */
    private boolean isPassed(String vertex) {
        Layer conf = conf(vertex);
        return conf == null
                ? !graph.getConfiguration().getNetworkInputs().contains(vertex)
                : conf instanceof BatchNormalization
                        || conf instanceof PReLULayer
                        || layers.get(vertex).numParams() == 0;
    }

    /**
     * {@return the vertices from the input of a layer back to the first that is one of some others,
     * both included; empty if there is no way without weights}
     *
     * @param consumer the layer
     * @param producers the others
     */
    List<String> pathBack(String consumer, Set<String> producers) {
        for (String input : inputs(consumer)) {
            List<String> path = new ArrayList<>(List.of(input));
            if (producers.contains(input)) {
                return path;
            }
            if (isPassed(input)) {
                List<String> rest = pathBack(input, producers);
                if (!rest.isEmpty()) {
                    path.addAll(rest);
                    return path;
                }
            }
        }
        return List.of();
    }

    /** {@return whether a vertex is an activation function of its own} */
    boolean isActivation(String vertex) {
        Layer conf = conf(vertex);
        return conf instanceof ActivationLayer || conf instanceof PReLULayer;
    }

    /** {@return whether a vertex is no layer and does more than to put its inputs in order} */
    boolean isArithmetic(String vertex) {
        return conf(vertex) == null && !isOrdering(vertex);
    }

    /** {@return whether a vertex hands its inputs on, in another shape or beside one another} */
    boolean isOrdering(String vertex) {
        if (conf(vertex) != null) {
            return false;
        }
        var conf = graph.getConfiguration().getVertices().get(vertex);
        return conf instanceof MergeVertex || conf instanceof PreprocessorVertex;
    }
}
