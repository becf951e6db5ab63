package org.dl4jplasticity.growth;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.graph.PreprocessorVertex;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.PReLULayer;
import org.deeplearning4j.nn.conf.layers.misc.ElementWiseMultiplicationLayer;
import org.deeplearning4j.nn.conf.layers.wrapper.BaseWrapperLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jplasticity.surgery.PlasticNetwork;

/**
 * Which vertices of a network feed which. Layers go by the ids they have in journals; those of a
 * MultiLayerNetwork are a chain.
 */
final class Wiring {
    private final Map<String, Layer> layers = new HashMap<>();
    private final Map<String, GraphVertex> others = new HashMap<>();
    private final Map<String, List<String>> inputs = new HashMap<>();

    Wiring(PlasticNetwork network) {
        if (network.model() instanceof MultiLayerNetwork sequential) {
            MultiLayerConfiguration conf = sequential.getLayerWiseConfigurations();
            for (int i = 0; i < sequential.getnLayers(); i++) {
                layers.put(Integer.toString(i), unwrapped(conf.getConf(i).getLayer()));
                inputs.put(
                        Integer.toString(i), i == 0 ? List.of() : List.of(Integer.toString(i - 1)));
            }
        } else {
            ComputationGraphConfiguration conf =
                    ((ComputationGraph) network.model()).getConfiguration();
            inputs.putAll(conf.getVertexInputs());
            conf.getVertices()
                    .forEach(
                            (id, vertex) -> {
                                if (vertex instanceof LayerVertex layer) {
                                    layers.put(id, unwrapped(layer.getLayerConf().getLayer()));
                                } else {
                                    others.put(id, vertex);
                                }
                            });
        }
    }

    private static Layer unwrapped(Layer conf) {
        return conf instanceof BaseWrapperLayer wrapper ? unwrapped(wrapper.getUnderlying()) : conf;
    }

    /** {@return the configuration of a layer without wrapper; null for a vertex without layer} */
    Layer conf(String vertex) {
        return layers.get(vertex);
    }

    /** {@return whether each unit goes through a vertex alone} */
    private boolean isPassed(String vertex) {
        Layer conf = conf(vertex);
        return conf == null
                ? others.containsKey(vertex) // not so the network's inputs
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
        for (String input : inputs.getOrDefault(consumer, List.of())) {
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

    /** {@return whether a vertex puts its inputs beside one another} */
    boolean isMerge(String vertex) {
        return others.get(vertex) instanceof MergeVertex;
    }

    /** {@return whether a vertex is no layer and computes something of its inputs} */
    boolean isArithmetic(String vertex) {
        return others.containsKey(vertex)
                && !isMerge(vertex)
                && !(others.get(vertex) instanceof PreprocessorVertex);
    }
}
