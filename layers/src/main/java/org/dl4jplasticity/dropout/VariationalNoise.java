package org.dl4jplasticity.dropout;

import java.io.Serializable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonTypeInfo;

/**
 * How uncertain the weights of a {@link VariationalDenseLayer} are: each has a normal distribution
 * whose mean is the parameter "W", and whose variance depends on the parameter "a", and may depend
 * on the mean.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.CLASS, property = "@class")
public abstract sealed class VariationalNoise implements Serializable
        permits MultiplicativeNoise, AdditiveNoise {
    private static final long serialVersionUID = 1;

    VariationalNoise() {}

    /**
     * {@return variances that are alpha times the squared mean, with one alpha for the layer}
     *
     * @param alpha to begin with, in (0, 1]; dropout with probability p to drop has p / (1 - p)
     * @throws IllegalArgumentException if it is out of its range
     */
    public static VariationalNoise perLayer(double alpha) {
        return new MultiplicativeNoise(MultiplicativeNoise.Share.LAYER, alpha);
    }

    /**
     * {@return variances that are alpha times the squared mean, with one alpha for the weights of
     * each input}
     *
     * @param alpha to begin with, in (0, 1]; dropout with probability p to drop has p / (1 - p)
     * @throws IllegalArgumentException if it is out of its range
     */
    public static VariationalNoise perInput(double alpha) {
        return new MultiplicativeNoise(MultiplicativeNoise.Share.INPUT, alpha);
    }

    /**
     * {@return variances that are alpha times the squared mean, with an alpha for each weight}
     *
     * @param alpha to begin with, in (0, 1]; dropout with probability p to drop has p / (1 - p)
     * @throws IllegalArgumentException if it is out of its range
     */
    public static VariationalNoise perWeight(double alpha) {
        return new MultiplicativeNoise(MultiplicativeNoise.Share.WEIGHT, alpha);
    }

    /**
     * {@return a variance for each weight that doesn't depend on its mean: sparse variational
     * dropout, with the log variance -10 to begin with}
     */
    public static VariationalNoise sparse() {
        return sparse(-10);
    }

    /**
     * {@return a variance for each weight that doesn't depend on its mean: sparse variational
     * dropout}
     *
     * @param logVariance the natural logarithm of the variances to begin with, finite
     * @throws IllegalArgumentException if it isn't finite
     */
    public static VariationalNoise sparse(double logVariance) {
        return new AdditiveNoise(logVariance);
    }

    /** {@return the length of the parameter "a"} */
    abstract long length(long nIn, long nOut);

    /** {@return what "a" is to begin with, in all places} */
    abstract double initial();

    /** {@return the largest "a" that makes sense; infinity for none} */
    abstract double largest();

    /** {@return the variances of the weights, [nIn, nOut], in 'f' order} */
    abstract INDArray variances(INDArray w, INDArray a);

    /**
     * Takes the gradient by the variances on to W and a.
     *
     * @param w the means
     * @param a the parameter
     * @param variances of the weights
     * @param gradient by the variances; overwritten
     * @param wGradient what comes is added to it
     * @param aGradient overwritten
     */
    abstract void backward(
            INDArray w,
            INDArray a,
            INDArray variances,
            INDArray gradient,
            INDArray wGradient,
            INDArray aGradient);

    /** {@return the divergence of the weights' distribution from the prior, up to a constant} */
    abstract double divergence(INDArray w, INDArray a);

    /** Adds the gradient of the divergence, times a factor. */
    abstract void addDivergence(
            INDArray w, INDArray a, double factor, INDArray wGradient, INDArray aGradient);

    /** {@return log alpha of each weight, the variance over the squared mean, [nIn, nOut]} */
    abstract INDArray logAlpha(INDArray w, INDArray a);
}
