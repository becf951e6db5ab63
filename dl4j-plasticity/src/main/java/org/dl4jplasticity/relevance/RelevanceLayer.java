package org.dl4jplasticity.relevance;

/**
 * A layer that needs a rule, as a {@link RelevanceComposite} sees it.
 *
 * @param id its index in a MultiLayerNetwork, its vertex' name in a ComputationGraph
 * @param kind what it is
 * @param first whether no other layer with weights comes before it
 */
public record RelevanceLayer(String id, Kind kind, boolean first) {

    /** The kinds of layers with weights. */
    public enum Kind {
        /** Every output may be connected with every input: dense, sparse and output layers. */
        DENSE,

        /** A kernel that is moved over an image. */
        CONVOLUTION
    }
}
