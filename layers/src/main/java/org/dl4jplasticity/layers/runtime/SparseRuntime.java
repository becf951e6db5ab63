package org.dl4jplasticity.layers.runtime;

import org.dl4jplasticity.layers.SparseLayer;
import org.dl4jplasticity.topology.SparseTopology;

/** What a rule that rewires connections asks of a sparse layer at work. */
public sealed interface SparseRuntime permits SparseHidden, SparseOutput {

    /** {@return the layer's configuration, which holds the topology} */
    SparseLayer sparseConf();

    /**
     * {@return the ids of the k connections outside a topology whose entries of the dense weight
     * gradient of the current minibatch are largest in magnitude, ascending} The gradient is summed
     * over the minibatch and free of regularization; the dense matrix is never built (but by the
     * ND4J computation).
     *
     * @param occupied the connections that are not to be found
     * @param k how many, in [0, possible - active of {@code occupied}]
     * @throws IllegalStateException if called at any time but between a backward pass and the next
     *     forward pass
     */
    long[] largestGradients(SparseTopology occupied, int k);

    /**
     * {@return one row of the dense weight gradient of the current minibatch: its entries for all
     * connections into one output unit or channel, as many as the topology has inputs} Summed over
     * the minibatch and free of regularization.
     *
     * @param unit the output unit or channel, in [0, nOut)
     * @throws IllegalStateException if called at any time but between a backward pass and the next
     *     forward pass
     */
    double[] gradientRow(int unit);
}
