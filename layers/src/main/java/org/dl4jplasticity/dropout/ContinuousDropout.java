package org.dl4jplasticity.dropout;

import java.util.Objects;
import java.util.SplittableRandom;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Continuous dropout (Shen, Tian, Liu, Xu, Tao 2018, arXiv:1911.12675): every activation is
 * multiplied by a number of a continuous distribution with mean 1/2, uniform on [0, 1] or normal,
 * {@code N(1/2, sigma^2)}. Here by twice that number, so that the mean of what a layer gets in
 * training is what it gets at inference: {@code U(0, 2)} or {@code N(1, (2 sigma)^2)}. DL4J's
 * {@code GaussianDropout} is the second with {@code 2 sigma = sqrt(rate / (1 - rate))}.
 */
public final class ContinuousDropout extends FactorDropout {
    private static final long serialVersionUID = 1;

    private final Double sigma;

    @JsonCreator
    ContinuousDropout(@JsonProperty("sigma") Double sigma, @JsonProperty("seed") long seed) {
        super(seed);
        if (sigma != null) {
            Ranges.notNegative("ContinuousDropout: the standard deviation", sigma);
        }
        this.sigma = sigma;
    }

    /**
     * {@return continuous dropout with uniform numbers on [0, 1]}
     *
     * @param seed of all draws
     */
    public static ContinuousDropout uniform(long seed) {
        return new ContinuousDropout(null, seed);
    }

    /**
     * {@return continuous dropout with normal numbers of mean 1/2}
     *
     * @param sigma their standard deviation, before they are doubled, at least 0; 0 keeps all
     * @param seed of all draws
     * @throws IllegalArgumentException if sigma is out of its range
     */
    public static ContinuousDropout normal(double sigma, long seed) {
        return new ContinuousDropout(sigma, seed);
    }

    /** {@return the standard deviation of normal numbers; null for uniform ones} */
    @JsonProperty("sigma")
    public Double sigma() {
        return sigma;
    }

    @Override
    double[] draw(InputShape shape, int iteration, int epoch, SplittableRandom random) {
        double[] factors = new double[shape.length()];
        for (int i = 0; i < factors.length; i++) {
            double half = sigma == null ? random.nextDouble() : random.nextGaussian() * sigma + 0.5;
            factors[i] = 2 * half;
        }
        return factors;
    }

    @Override
    @SuppressWarnings("MissingSuperCall") // what was drawn belongs to one layer
    public ContinuousDropout clone() {
        return new ContinuousDropout(sigma, seed());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ContinuousDropout that
                && seed() == that.seed()
                && Objects.equals(sigma, that.sigma);
    }

    @Override
    public int hashCode() {
        return Objects.hash(seed(), sigma);
    }
}
