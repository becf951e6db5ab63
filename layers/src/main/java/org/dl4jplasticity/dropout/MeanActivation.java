package org.dl4jplasticity.dropout;

import java.util.Optional;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Erf;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/** The mean of an activation function over a normal distribution. */
enum MeanActivation {
    IDENTITY {
        @Override
        Value at(INDArray mean, INDArray variance) {
            return new Value(mean.dup(), mean.ulike().assign(1), mean.ulike().assign(0));
        }
    },
    SIGMOID {
        @Override
        Value at(INDArray mean, INDArray variance) {
            // k = (1 + pi s^2 / 8)^-1/2, y = sigmoid(mu k), dk / ds^2 = -pi / 16 k^3
            INDArray k = Transforms.pow(variance.mul(Math.PI / 8).addi(1), -0.5, false);
            INDArray y = Transforms.sigmoid(mean.mul(k), false);
            INDArray slope = y.rsub(1).muli(y);
            INDArray cube = k.mul(k).muli(k).muli(-Math.PI / 16);
            return new Value(y, slope.mul(k), cube.muli(mean).muli(slope));
        }
    },
    RELU {
        @Override
        Value at(INDArray mean, INDArray variance) {
            INDArray deviation = Transforms.sqrt(variance, true);
            INDArray ratio = mean.div(deviation);
            INDArray below =
                    Nd4j.getExecutioner().exec(new Erf(ratio.mul(Math.sqrt(0.5)), ratio.ulike()));
            below.addi(1).muli(0.5);
            INDArray density =
                    Transforms.exp(ratio.mul(ratio).muli(-0.5), false).divi(Math.sqrt(2 * Math.PI));
            INDArray y = mean.mul(below).addi(deviation.mul(density));
            return new Value(y, below, density.divi(deviation).muli(0.5));
        }
    };

    /**
     * What the mean is, and how it changes.
     *
     * @param mean of the function's values
     * @param byMean its derivative by the mean of the distribution
     * @param byVariance its derivative by the variance of the distribution
     */
    record Value(INDArray mean, INDArray byMean, INDArray byVariance) {}

    /** {@return the mean of a function; empty if it isn't known} */
    static Optional<MeanActivation> of(IActivation activation) {
        if (activation instanceof ActivationIdentity) {
            return Optional.of(IDENTITY);
        } else if (activation instanceof ActivationSigmoid) {
            return Optional.of(SIGMOID);
        } else if (activation instanceof ActivationReLU relu && relu.equals(new ActivationReLU())) {
            return Optional.of(RELU);
        }
        return Optional.empty();
    }

    /**
     * {@return the mean of the function, elementwise}
     *
     * @param mean of the distribution
     * @param variance of the distribution, greater than 0
     */
    abstract Value at(INDArray mean, INDArray variance);
}
