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
     * {@return the ids of the k connections of a random sample outside a topology whose entries of
     * the dense weight gradient of the current minibatch are largest in magnitude, ascending} The
     * sample is drawn in proportion to the activity of both units: guided stochastic exploration
     * (Heddes et al. 2024, arXiv:2401.06898). Time and memory are linear in the sample, the active
     * connections and the units. A convolution, and any layer in the ND4J computation, looks at all
     * connections instead.
     *
     * @param occupied the connections that are not to be found
     * @param k how many, in [0, possible - active of {@code occupied}]
     * @param draws the size of the sample, repetitions and active connections counted, at least 1
     * @param seed of the draws
     * @throws IllegalStateException if called at any time but between a backward pass and the next
     *     forward pass
     */
    long[] largestSampledGradients(SparseTopology occupied, int k, long draws, long seed);

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
