package org.dl4jplasticity.layers.runtime;

import org.dl4jplasticity.kernel.FusedActivation;
import org.dl4jplasticity.kernel.FusedActivation.Kind;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationLReLU;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.activations.impl.ActivationTanH;

/** Which of ND4J's activation functions the kernels apply themselves. */
final class FusedActivations {
    private FusedActivations() {}

    /** {@return the kernels' form of an activation function, or null if they have none} */
    static FusedActivation of(IActivation activation) {
        if (activation instanceof ActivationIdentity) {
            return FusedActivation.IDENTITY;
        } else if (activation instanceof ActivationReLU relu) {
            return isPlain(relu) ? new FusedActivation(Kind.RELU, 0) : null;
        } else if (activation instanceof ActivationLReLU leaky) {
            double slope = leaky.getAlpha();
            return slope > 0 && slope < 1 ? new FusedActivation(Kind.LEAKY_RELU, slope) : null;
        } else if (activation instanceof ActivationTanH) {
            return new FusedActivation(Kind.TANH, 0);
        } else if (activation instanceof ActivationSigmoid) {
            return new FusedActivation(Kind.SIGMOID, 0);
        }
        return null;
    }

    /** ND4J's ReLU can also be shifted, sloped and capped. */
    private static boolean isPlain(ActivationReLU relu) {
        return isZero(relu.getThreshold())
                && isZero(relu.getNegativeSlope())
                && (relu.getMax() == null || relu.getMax() == 0);
    }

    private static boolean isZero(Double value) {
        return value == null || value == 0;
    }
}
