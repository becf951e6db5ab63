package org.dl4jplasticity.sparse;

import org.dl4jplasticity.topology.TopologyChange;

/**
 * One layer's part of an update: worked out first, so that a refusal changes nothing, and applied
 * after the optimizer step.
 *
 * @param weights the weights before the update
 * @param change which connections go and come
 * @param grown the values of the grown connections, in ascending id
 */
@SuppressWarnings("ArrayRecordComponent") // handed on, compared by nobody
record LayerUpdate(PackedWeights weights, TopologyChange change, double[] grown) {}
