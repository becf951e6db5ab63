package org.dl4jplasticity.experiments.search;

import java.util.List;
import org.deeplearning4j.nn.conf.layers.Layer;

/**
 * A candidate that is to be tried.
 *
 * @param index from 1 in the order of proposals; 0 for the default settings
 * @param values of its parameters
 * @param layers makes the layers of its network
 */
record Proposal(int index, Values values, LayerSource layers) {

    /** Makes layers. */
    @FunctionalInterface
    interface LayerSource {
        /**
         * {@return the layers of a network that the model's name tells the kind of}
         *
         * @param classes units of the output layer
         */
        List<Layer> of(int classes);
    }
}
