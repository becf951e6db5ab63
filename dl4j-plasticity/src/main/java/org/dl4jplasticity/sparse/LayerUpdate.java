package org.dl4jplasticity.sparse;

import java.util.HashMap;
import java.util.Map;
import org.dl4jplasticity.topology.TopologyChange;

/**
 * One layer's part of an update: worked out first, so that a refusal changes nothing, and applied
 * after the optimizer step.
 *
 * @param weights the weights before the update
 * @param change which connections go and come
 * @param grown the values of the grown connections, in ascending id
 * @param target the number of active connections that is aimed at from now on
 * @param seed of what was drawn at random
 * @param scores what decided, for the journal
 */
@SuppressWarnings("ArrayRecordComponent") // handed on, compared by nobody
record LayerUpdate(
        NetworkWeights weights,
        TopologyChange change,
        double[] grown,
        int target,
        long seed,
        Map<String, Double> scores) {

    /** {@return what the journal tells: what decided, and how many connections are explored} */
    Map<String, Double> scores(long explored) {
        Map<String, Double> told = new HashMap<>(scores);
        told.put("explored", (double) explored);
        return told;
    }

    /** {@return whether the parameter of a packed layer gets another length} */
    boolean resizes() {
        return weights instanceof PackedWeights
                && change.topology().activeCount() != weights.topology().activeCount();
    }
}
