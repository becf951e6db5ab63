package org.dl4jplasticity.dropout;

import java.util.Objects;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Variances alpha W^2, as in Kingma, Salimans, Welling 2015, <em>Variational Dropout and the Local
 * Reparameterization Trick</em>. The parameter "a" is log alpha. The divergence from the prior that
 * is uniform in log |w| doesn't depend on W; for alpha up to 1 it is, per weight and up to a
 * constant (their equation 11 and appendix C),
 *
 * <pre>
 * -0.5 log alpha - c1 alpha - c2 alpha^2 - c3 alpha^3
 * </pre>
 */
final class MultiplicativeNoise extends VariationalNoise {
    private static final long serialVersionUID = 1;
    private static final double C1 = 1.16145124;
    private static final double C2 = -1.50204118;
    private static final double C3 = 0.58629921;

    /** Which weights have an alpha in common. */
    enum Share {
        LAYER,
        INPUT,
        WEIGHT
    }

    private final Share share;
    private final double alpha;

    @JsonCreator
    MultiplicativeNoise(@JsonProperty("share") Share share, @JsonProperty("alpha") double alpha) {
        this.share = Objects.requireNonNull(share, "share");
        this.alpha = Ranges.positiveAtMostOne("VariationalNoise: alpha", alpha);
    }

    @JsonProperty("share")
    Share share() {
        return share;
    }

    @JsonProperty("alpha")
    double alpha() {
        return alpha;
    }

    @Override
    long length(long nIn, long nOut) {
        return switch (share) {
            case LAYER -> 1;
            case INPUT -> nIn;
            case WEIGHT -> Math.multiplyExact(nIn, nOut);
        };
    }

    @Override
    double initial() {
        return Math.log(alpha);
    }

    @Override
    double largest() {
        return 0;
    }

    /** {@return a number for each weight, [nIn, nOut], of those that weights share} */
    private INDArray spread(INDArray shared, INDArray w) {
        return switch (share) {
            case LAYER -> Nd4j.valueArrayOf(w.shape(), shared.getDouble(0), w.dataType());
            case INPUT -> Nd4j.zeros(w.dataType(), w.shape()).addiColumnVector(column(shared));
            case WEIGHT -> matrix(shared, w);
        };
    }

    private static INDArray column(INDArray vector) {
        return vector.reshape(new long[] {vector.length(), 1});
    }

    private static INDArray matrix(INDArray vector, INDArray w) {
        return vector.reshape('f', w.shape());
    }

    /** Adds up a number for each weight, and writes the sums. */
    private void gather(INDArray ofWeights, INDArray shared) {
        switch (share) {
            case LAYER -> shared.assign(ofWeights.sumNumber());
            case INPUT -> shared.assign(ofWeights.sum(1));
            case WEIGHT -> matrix(shared, ofWeights).assign(ofWeights);
        }
    }

    @Override
    INDArray variances(INDArray w, INDArray a) {
        INDArray alphas = Transforms.exp(a, true);
        INDArray squares = w.mul(w);
        return switch (share) {
            case LAYER -> squares.muli(alphas.getDouble(0));
            case INPUT -> squares.muliColumnVector(column(alphas));
            case WEIGHT -> squares.muli(matrix(alphas, w));
        };
    }

    @Override
    void backward(
            INDArray w,
            INDArray a,
            INDArray variances,
            INDArray gradient,
            INDArray wGradient,
            INDArray aGradient) {
        // V = e^a w^2: dV / da = V, dV / dw = 2 e^a w
        INDArray twiceAlphaW = spread(Transforms.exp(a, true), w).mul(w).muli(2);
        wGradient.addi(twiceAlphaW.muli(gradient));
        gather(gradient.muli(variances), aGradient);
    }

    /** {@return how many weights share each of "a"} */
    private static double shared(INDArray w, INDArray a) {
        return (double) w.length() / a.length();
    }

    @Override
    double divergence(INDArray w, INDArray a) {
        double sum = 0;
        for (double logAlpha : a.toDoubleVector()) {
            double it = Math.exp(logAlpha);
            sum -= 0.5 * logAlpha + it * (C1 + it * (C2 + it * C3));
        }
        return sum * shared(w, a);
    }

    @Override
    void addDivergence(
            INDArray w, INDArray a, double factor, INDArray wGradient, INDArray aGradient) {
        INDArray alphas = Transforms.exp(a, true);
        INDArray slope = alphas.mul(3 * C3).addi(2 * C2).muli(alphas).addi(C1).muli(alphas);
        aGradient.subi(slope.addi(0.5).muli(factor * shared(w, a)));
    }

    @Override
    INDArray logAlpha(INDArray w, INDArray a) {
        return spread(a, w);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof MultiplicativeNoise that
                && share == that.share
                && alpha == that.alpha;
    }

    @Override
    public int hashCode() {
        return Objects.hash(share, alpha);
    }

    @Override
    public String toString() {
        return "an alpha per " + share + ", at first " + alpha;
    }
}
