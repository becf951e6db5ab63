package org.dl4jplasticity.dropout;

import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The mathematics of a {@link ControlledDenseLayer} in training: a forward pass, then a backward
 * pass. It keeps what the second needs of the first.
 */
interface ControlledProduct {

    /**
     * Computes {@code y = f(x W + b)} of the units that are kept, times their factor.
     *
     * @param x [minibatch, nIn]
     * @param w [nIn, nOut]
     * @param b [nOut], or null for none
     * @param inputs the inputs that aren't 0 in all of x; their factor doesn't count
     * @param units the units that are kept
     * @param activation f
     * @param y [minibatch, nOut], overwritten; 0 for units that aren't kept
     */
    void forward(
            INDArray x,
            INDArray w,
            INDArray b,
            KeptUnits inputs,
            KeptUnits units,
            IActivation activation,
            INDArray y);

    /**
     * Computes the gradients, which are 0 for what isn't kept.
     *
     * @param epsilon the gradient with respect to y
     * @param wGradient [nIn, nOut]; overwritten
     * @param bGradient [nOut], overwritten; or null for none
     * @param xGradient [minibatch, nIn]; overwritten
     */
    void backward(INDArray epsilon, INDArray wGradient, INDArray bGradient, INDArray xGradient);

    /**
     * {@return the first input outside of some that isn't 0 in all of x; -1 if there is none}
     *
     * @param x [minibatch, nIn]
     * @param inputs those that may be anything
     */
    int firstOutside(INDArray x, KeptUnits inputs);
}
