package org.dl4jplasticity.sparse;

import java.util.Optional;
import java.util.Set;
import org.dl4jplasticity.sparse.ConnectionBudget.Exchange;

/** What an update does to one layer, given how many connections it may exchange. */
sealed interface LayerRule permits RewiringRule, ConstantFanInRule {

    /**
     * {@return the update of a layer; empty if it changes nothing}
     *
     * @param weights the weights, with the numbers of this moment
     * @param exchange how many connections go and come
     * @param time of the update, from which everything random is drawn
     */
    Optional<LayerUpdate> plan(NetworkWeights weights, Exchange exchange, long time);

    /** {@return what must be known of the weights} */
    Set<Signal> needs();
}
