package org.dl4jplasticity.dropout;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.ops.transforms.Transforms;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Variances of their own, as in Molchanov, Ashukha, Vetrov 2017, <em>Variational Dropout Sparsifies
 * Deep Neural Networks</em>, arXiv:1701.05369. The parameter "a" is log sigma^2 of each weight;
 * with {@code log alpha = a - log w^2} the divergence from the prior that is uniform in log |w| is
 * per weight (their equation 14, with the constant that makes it 0 for an infinite alpha)
 *
 * <pre>
 * k1 - k1 sigmoid(k2 + k3 log alpha) + 0.5 log(1 + 1 / alpha)
 * </pre>
 */
final class AdditiveNoise extends VariationalNoise {
    private static final long serialVersionUID = 1;
    private static final double K1 = 0.63576;
    private static final double K2 = 1.87320;
    private static final double K3 = 1.48695;

    /** Added to squared weights, whose logarithm is taken. */
    private static final double LEAST_SQUARE = 1e-16;

    private final double logVariance;

    @JsonCreator
    AdditiveNoise(@JsonProperty("logVariance") double logVariance) {
        this.logVariance =
                Ranges.finite("VariationalNoise: the log variance to begin with", logVariance);
    }

    @JsonProperty("logVariance")
    double logVariance() {
        return logVariance;
    }

    @Override
    long length(long nIn, long nOut) {
        return Math.multiplyExact(nIn, nOut);
    }

    @Override
    double initial() {
        return logVariance;
    }

    @Override
    double largest() {
        return Double.POSITIVE_INFINITY;
    }

    @Override
    INDArray variances(INDArray w, INDArray a) {
        return Transforms.exp(a, true).reshape('f', w.shape());
    }

    @Override
    void backward(
            INDArray w,
            INDArray a,
            INDArray variances,
            INDArray gradient,
            INDArray wGradient,
            INDArray aGradient) {
        aGradient.reshape('f', w.shape()).assign(gradient.muli(variances));
    }

    private static INDArray squares(INDArray w) {
        return w.mul(w).addi(LEAST_SQUARE);
    }

    @Override
    INDArray logAlpha(INDArray w, INDArray a) {
        return Transforms.log(squares(w), false).rsubi(a.reshape('f', w.shape()));
    }

    @Override
    double divergence(INDArray w, INDArray a) {
        INDArray logAlpha = logAlpha(w, a);
        double saturated =
                Transforms.sigmoid(logAlpha.mul(K3).addi(K2), false).sumNumber().doubleValue();
        double rest = Transforms.softPlus(logAlpha.negi(), false).sumNumber().doubleValue();
        return K1 * (w.length() - saturated) + 0.5 * rest;
    }

    @Override
    void addDivergence(
            INDArray w, INDArray a, double factor, INDArray wGradient, INDArray aGradient) {
        INDArray logAlpha = logAlpha(w, a);
        INDArray saturated = Transforms.sigmoid(logAlpha.mul(K3).addi(K2), false);
        INDArray slope = saturated.rsub(1).muli(saturated).muli(K1 * K3);
        slope.addi(Transforms.sigmoid(logAlpha.negi(), false).muli(0.5)).muli(-factor);
        aGradient.reshape('f', w.shape()).addi(slope);
        // d log alpha / dw = -2 w / w^2
        wGradient.subi(slope.muli(w).muli(2).divi(squares(w)));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof AdditiveNoise that && logVariance == that.logVariance;
    }

    @Override
    public int hashCode() {
        return Double.hashCode(logVariance);
    }

    @Override
    public String toString() {
        return "a variance per weight, at first exp(" + logVariance + ")";
    }
}
