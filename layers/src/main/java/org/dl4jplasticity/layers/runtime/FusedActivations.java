package org.dl4jplasticity.layers.runtime;

import org.dl4jplasticity.kernel.FusedActivation;
import org.dl4jplasticity.kernel.FusedActivation.Kind;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationLReLU;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.activations.impl.ActivationTanH;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.ops.transforms.Transforms;

/** Which of ND4J's activation functions the kernels apply themselves, and those in ND4J. */
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

    /** Applies a function to pre-activations, in place, in ND4J operations. */
    static void apply(FusedActivation activation, INDArray z) {
        switch (activation.kind()) {
            case IDENTITY -> {}
            case RELU -> Transforms.relu(z, false);
            case LEAKY_RELU -> z.assign(Transforms.max(z, z.mul(activation.slope())));
            case TANH -> Transforms.tanh(z, false);
            case SIGMOID -> Transforms.sigmoid(z, false);
        }
    }

    /** Turns the gradient at outputs y into that at pre-activations, in place. */
    static void derive(FusedActivation activation, INDArray y, INDArray delta) {
        switch (activation.kind()) {
            case IDENTITY -> {}
            case RELU, LEAKY_RELU -> {
                INDArray positive = y.gt(0).castTo(y.dataType());
                delta.muli(positive.mul(1 - activation.slope()).addi(activation.slope()));
            }
            case TANH -> delta.muli(y.mul(y).rsubi(1));
            case SIGMOID -> delta.muli(y.mul(y.rsub(1)));
        }
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
