package org.dl4jplasticity.relevance;

import org.dl4jplasticity.relevance.RelevanceLayer.Kind;
import org.nd4j.linalg.activations.IActivation;

/** A step of a network as it was read, before it has a rule. */
sealed interface Step {

    /**
     * A map with weights.
     *
     * @param map the map
     * @param activation its activation function; null for none
     * @param kind what it is
     */
    record Weighted(LinearMap map, IActivation activation, Kind kind) implements Step {}

    /**
     * A map without weights to choose among.
     *
     * @param map the map
     */
    record Sum(LinearMap map) implements Step {}

    /** The sum of several inputs. */
    record Addition() implements Step {}

    /**
     * A step that needs no rule.
     *
     * @param node what it does
     */
    record Fixed(Node node) implements Step {}
}
