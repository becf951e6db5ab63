package org.dl4jplasticity.growth;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.graph.PreprocessorVertex;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.PReLULayer;
import org.deeplearning4j.nn.conf.layers.misc.ElementWiseMultiplicationLayer;
import org.dl4jplasticity.surgery.NetworkNode;
import org.dl4jplasticity.surgery.PlasticNetwork;

/**
 * Which vertices of a network feed which. Layers go by the ids they have in journals; those of a
 * MultiLayerNetwork are a chain.
 */
final class Wiring {
    private final Map<String, NetworkNode> nodes;

    Wiring(PlasticNetwork network) {
        nodes = NetworkNode.of(network);
    }

    /** {@return the configuration of a layer without wrapper; null for a vertex without layer} */
    Layer conf(String vertex) {
        return nodes.containsKey(vertex) ? nodes.get(vertex).unwrapped() : null;
    }

    /** {@return the configuration of a vertex without layer; null for all else} */
    private GraphVertex other(String vertex) {
        NetworkNode node = nodes.get(vertex);
        return node == null || node.isLayer() ? null : node.vertex();
    }

    /** {@return whether each unit goes through a vertex alone} */
    private boolean isPassed(String vertex) {
        Layer conf = conf(vertex);
        return conf == null
                ? other(vertex) != null // not so the network's inputs
                : conf instanceof BatchNormalization
                        || conf instanceof PReLULayer
                        || conf instanceof ElementWiseMultiplicationLayer
                        || conf.initializer().numParams(conf) == 0;
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

    private List<String> inputs(String vertex) {
        return nodes.containsKey(vertex) ? nodes.get(vertex).inputs() : List.of();
    }

    /** {@return whether a vertex is an activation function of its own} */
    boolean isActivation(String vertex) {
        Layer conf = conf(vertex);
        return conf instanceof ActivationLayer || conf instanceof PReLULayer;
    }

    /** {@return whether a vertex puts its inputs beside one another} */
    boolean isMerge(String vertex) {
        return other(vertex) instanceof MergeVertex;
    }

    /** {@return whether a vertex is no layer and computes something of its inputs} */
    boolean isArithmetic(String vertex) {
        return other(vertex) != null
                && !isMerge(vertex)
                && !(other(vertex) instanceof PreprocessorVertex);
    }
}
