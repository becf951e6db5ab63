package org.dl4jplasticity.pruning;

import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.layers.Layer;

/** What a copy of a network differs in. Configurations are the copy's own and may be changed. */
interface Rework {

    /**
     * {@return the configuration to take the layer's place}
     *
     * @param name the layer's name or index, for messages
     * @param isOutput whether it is an output of the network
     * @throws IllegalArgumentException if there is none
     */
    Layer layer(String name, Layer layer, boolean isOutput);

    /**
     * {@return the configuration to take the place of a vertex of a graph} Called before its layer
     * is, if it has one.
     *
     * @throws IllegalArgumentException if there is none
     */
    GraphVertex vertex(String name, GraphVertex vertex);
}
