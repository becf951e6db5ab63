package org.dl4jplasticity.experiments.grow;

import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.dl4jplasticity.dropout.IntervalDropout;
import org.dl4jplasticity.experiments.run.Network;
import org.dl4jplasticity.surgery.PlasticNetwork;
import org.nd4j.linalg.activations.impl.ActivationReLU;

/**
 * Activation by interval-wise dropout (AID; Park et al. 2025) in place of the ReLU, whose authors
 * found that networks with it keep learning task after task.
 */
final class IntervalActivations {
    /** The probability to keep what is above 0, the paper's for MNIST of permuted pixels. */
    static final double KEEP = 0.99;

    private IntervalActivations() {}

    /**
     * {@return the given network, which hasn't learned anything, each ReLU replaced}
     *
     * @param seed of all draws
     * @throws IllegalArgumentException if it has no ReLU
     */
    static Network replaceIn(Network network, long seed) {
        boolean any = false;
        for (Layer layer : PlasticNetwork.of(network.model()).layers()) {
            if (layer.conf().getLayer() instanceof BaseLayer base
                    && base.getActivationFn() instanceof ActivationReLU) {
                base.setActivationFn(IntervalDropout.relu(KEEP, seed));
                any = true;
            }
        }
        if (!any) {
            throw new IllegalArgumentException(
                    "--arms: aid takes the place of the ReLU, and the model has no layer of ReLU");
        }
        return network;
    }
}
