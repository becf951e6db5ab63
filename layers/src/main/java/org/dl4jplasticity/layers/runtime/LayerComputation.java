package org.dl4jplasticity.layers.runtime;

import org.dl4jplasticity.kernel.FusedActivation;
import org.dl4jplasticity.topology.SparseTopology;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The mathematics of one sparse layer for one minibatch at a time: a forward pass, the gradient at
 * its output, a backward pass, in this order. It keeps what the later steps need of the earlier
 * ones.
 */
interface LayerComputation {

    /**
     * Computes {@code y = f(x W + b)}; the product is that of matrices or a convolution.
     *
     * @param topology the active connections of W
     * @param input x, [minibatch, nIn], or images [minibatch, nIn, height, width]
     * @param weights the active values of W, [active]
     * @param bias b, [nOut], or null for none
     * @param activation f
     */
    void forward(
            SparseTopology topology,
            INDArray input,
            INDArray weights,
            INDArray bias,
            FusedActivation activation);

    /**
     * Works on the arrays of the layer before from now on, if both are of one kind: its output is
     * this one's input, and nothing else takes it. Where {@link #outputIs} names the array that is
     * the input here, neither it nor the gradient there is copied.
     *
     * @param before the computation of the layer before
     */
    default void follow(LayerComputation before) {}

    /**
     * Tells in which array the output of the last forward pass stands, unchanged.
     *
     * @param output what {@link #readOutput} wrote
     */
    default void outputIs(INDArray output) {}

    /** Tells that the next input may differ from what the layer before wrote into that array. */
    default void inputDiffers() {}

    /** Lets go of arrays of ND4J. */
    default void forget() {}

    /**
     * Writes y.
     *
     * @param output [minibatch, nOut] or [minibatch, nOut, height, width]; overwritten
     */
    void readOutput(INDArray output);

    /**
     * Sets the gradient of the loss with respect to y.
     *
     * @param gradient of the output's shape
     */
    void setOutputGradient(INDArray gradient);

    /**
     * Computes the gradients with respect to the parameters and the input.
     *
     * @param weightGradient [active]; overwritten
     * @param biasGradient [nOut], overwritten; or null for a layer without
     * @param inputGradient of the input's shape; overwritten, but where the layer before takes its
     *     values from here; or null if it isn't wanted, which only matrices allow
     */
    void backward(INDArray weightGradient, INDArray biasGradient, INDArray inputGradient);

    /**
     * {@return the ids of the k connections outside a topology whose entries of the dense weight
     * gradient of the last backward pass are largest in magnitude, ascending}
     *
     * @param occupied the connections that are not to be found
     * @param k how many
     */
    long[] largestGradients(SparseTopology occupied, int k);

    /**
     * {@return the ids of the k connections of a random sample outside a topology whose entries of
     * the dense weight gradient of the last backward pass are largest in magnitude, ascending} All
     * connections are the sample where looking at all is cheap.
     *
     * @param occupied the connections that are not to be found
     * @param k how many
     * @param draws the size of the sample
     * @param seed of the draws
     */
    default long[] largestSampledGradients(SparseTopology occupied, int k, long draws, long seed) {
        return largestGradients(occupied, k);
    }

    /**
     * {@return the entries of the dense weight gradient of the last backward pass for all
     * connections into one output unit, as many as the topology has inputs}
     *
     * @param unit the output unit
     */
    double[] gradientRow(int unit);
}
