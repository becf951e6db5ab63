package org.dl4jplasticity.dropout;

import java.util.List;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;

/** The layers of both of DL4J's network classes. */
final class Layers {
    private Layers() {}

    /**
     * {@return a network's layers, in any order}
     *
     * @throws IllegalArgumentException if it is neither a MultiLayerNetwork nor a ComputationGraph,
     *     or isn't initialized
     */
    static List<Layer> of(Model model) {
        Layer[] layers =
                model instanceof MultiLayerNetwork network
                        ? network.getLayers()
                        : model instanceof ComputationGraph graph ? graph.getLayers() : null;
        if (layers == null) {
            throw new IllegalArgumentException(
                    "expected an initialized MultiLayerNetwork or ComputationGraph, got "
                            + (model == null ? "none" : model.getClass().getSimpleName()));
        }
        return List.of(layers);
    }

    /** {@return what a layer is called in messages} */
    static String name(Layer layer) {
        String name = layer.conf().getLayer().getLayerName();
        return "Layer " + layer.getIndex() + (name == null ? "" : " (" + name + ")");
    }
}
