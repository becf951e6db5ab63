package org.dl4jplasticity.relevance;

/**
 * How a layer with weights hands the relevance of its outputs on to its inputs. Throughout, {@code
 * a_i} is an input, {@code w_ij} the weight to output j, {@code b_j} its bias, {@code z_j = sum_i
 * a_i w_ij + b_j}, {@code x+ = max(x, 0)}, {@code x- = min(x, 0)}, and {@code s(z)} is 1 for z
 * &gt;= 0, else -1. Input i receives {@code R_i = sum_j R_ij}; each rule defines the messages
 * {@code R_ij}.
 *
 * <p>An output whose denominator is exactly 0 hands nothing on; all its relevance counts as
 * absorbed by the stabilizer.
 */
public sealed interface RelevanceRule
        permits RelevanceRule.Zero,
                RelevanceRule.Epsilon,
                RelevanceRule.RelativeEpsilon,
                RelevanceRule.Gamma,
                RelevanceRule.AlphaBeta,
                RelevanceRule.WSquared,
                RelevanceRule.Flat,
                RelevanceRule.ZBox {

    /**
     * {@return LRP-0: {@code R_ij = a_i w_ij / z_j R_j}} On a network of ReLU without biases it is
     * gradient times input. Bach et al. 2015, eq. 56.
     */
    static RelevanceRule zero() {
        return new Zero();
    }

    /**
     * {@return LRP-epsilon: {@code R_ij = a_i w_ij / (z_j + epsilon s(z_j)) R_j}} Bach et al. 2015,
     * eq. 58.
     *
     * @param epsilon in (0, infinity), commonly 1e-9 to 0.25
     * @throws IllegalArgumentException if it is out of range
     */
    static RelevanceRule epsilon(double epsilon) {
        return new Epsilon(epsilon);
    }

    /**
     * {@return LRP-epsilon with {@code epsilon sqrt(mean_j z_j^2)} in place of epsilon, the mean
     * taken over the layer's outputs for the same example} It means the same for every scale of the
     * activations; the tutorial that belongs to Montavon et al. 2019 does so with 0.25.
     *
     * @param epsilon in (0, infinity)
     * @throws IllegalArgumentException if it is out of range
     */
    static RelevanceRule relativeEpsilon(double epsilon) {
        return new RelativeEpsilon(epsilon);
    }

    /**
     * {@return LRP-gamma, generalized to inputs of both signs} For {@code z_j >= 0}: {@code R_ij}
     * is the share of {@code a_i+ (w_ij + gamma w_ij+) + a_i- (w_ij + gamma w_ij-)} in its sum and
     * {@code b_j + gamma b_j+}; for {@code z_j < 0} the signs of the parts of w and b are
     * exchanged. For inputs of which none is negative and {@code z_j >= 0} it is Montavon et al.
     * 2019, sec. 10.2.3.
     *
     * @param gamma in [0, infinity), commonly 0.25; 0 is LRP-0
     * @throws IllegalArgumentException if it is out of range
     */
    static RelevanceRule gamma(double gamma) {
        return new Gamma(gamma);
    }

    /**
     * {@return the z+ rule: only what speaks for an output counts, {@code a_i+ w_ij+ + a_i- w_ij-}
     * over its sum and {@code b_j+}} The same as {@code alphaBeta(1, 0)}. Montavon et al. 2017,
     * <em>Explaining NonLinear Classification Decisions with Deep Taylor Decomposition</em>.
     */
    static RelevanceRule zPlus() {
        return new AlphaBeta(1, 0);
    }

    /**
     * {@return LRP-alpha-beta: alpha times the share in what speaks for an output, {@code a_i+
     * w_ij+ + a_i- w_ij-} and {@code b_j+}, less beta times the share in what speaks against it,
     * {@code a_i+ w_ij- + a_i- w_ij+} and {@code b_j-}} Bach et al. 2015, eq. 60.
     *
     * @param alpha at least 1, commonly 1 or 2
     * @param beta at least 0; alpha - beta must be 1
     * @throws IllegalArgumentException if they are out of range
     */
    static RelevanceRule alphaBeta(double alpha, double beta) {
        return new AlphaBeta(alpha, beta);
    }

    /**
     * {@return the w^2 rule: {@code R_ij = w_ij^2 / sum_i w_ij^2 R_j}, whatever the inputs are} For
     * a first layer with unbounded inputs (Montavon et al. 2017). Biases take nothing.
     */
    static RelevanceRule wSquared() {
        return new WSquared();
    }

    /**
     * {@return the flat rule: every connection of an output gets the same} Connections that a mask
     * or a sparse layer doesn't have get nothing, biases neither (Lapuschkin et al. 2019,
     * <em>Unmasking Clever Hans Predictors</em>).
     */
    static RelevanceRule flat() {
        return new Flat();
    }

    /**
     * {@return the zB rule for a first layer whose inputs lie in a box: {@code R_ij} is the share
     * of {@code a_i w_ij - low w_ij+ - high w_ij-} in its sum} Biases take nothing (Montavon et al.
     * 2017).
     *
     * @param low the lowest value an input can have, after normalization
     * @param high the highest value
     * @throws IllegalArgumentException if low isn't below high or one isn't finite
     */
    static RelevanceRule zB(double low, double high) {
        return new ZBox(low, high);
    }

    /** See {@link RelevanceRule#zero}. */
    record Zero() implements RelevanceRule {}

    /**
     * See {@link RelevanceRule#epsilon}.
     *
     * @param epsilon in (0, infinity)
     */
    record Epsilon(double epsilon) implements RelevanceRule {
        /**
         * Checks the range.
         *
         * @param epsilon in (0, infinity)
         * @throws IllegalArgumentException if it is out of range
         */
        public Epsilon {
            requirePositive(epsilon);
        }
    }

    /**
     * See {@link RelevanceRule#relativeEpsilon}.
     *
     * @param epsilon in (0, infinity)
     */
    record RelativeEpsilon(double epsilon) implements RelevanceRule {
        /**
         * Checks the range.
         *
         * @param epsilon in (0, infinity)
         * @throws IllegalArgumentException if it is out of range
         */
        public RelativeEpsilon {
            requirePositive(epsilon);
        }
    }

    /**
     * See {@link RelevanceRule#gamma}.
     *
     * @param gamma in [0, infinity)
     */
    record Gamma(double gamma) implements RelevanceRule {
        /**
         * Checks the range.
         *
         * @param gamma in [0, infinity)
         * @throws IllegalArgumentException if it is out of range
         */
        public Gamma {
            if (!(gamma >= 0 && Double.isFinite(gamma))) {
                throw new IllegalArgumentException(
                        "gamma of the gamma rule must be in [0, infinity), got " + gamma);
            }
        }
    }

    /**
     * See {@link RelevanceRule#alphaBeta}.
     *
     * @param alpha at least 1
     * @param beta alpha - 1
     */
    record AlphaBeta(double alpha, double beta) implements RelevanceRule {
        private static final double ROUNDING = 1e-12;

        /**
         * Checks the range.
         *
         * @param alpha at least 1
         * @param beta alpha - 1
         * @throws IllegalArgumentException if it is out of range
         */
        public AlphaBeta {
            boolean valid =
                    beta >= 0
                            && Double.isFinite(alpha)
                            && Math.abs(alpha - beta - 1) <= ROUNDING * alpha;
            if (!valid) {
                throw new IllegalArgumentException(
                        "the alpha-beta rule needs alpha - beta = 1 and beta >= 0, got alpha = %s, beta = %s"
                                .formatted(alpha, beta));
            }
        }
    }

    /** See {@link RelevanceRule#wSquared}. */
    record WSquared() implements RelevanceRule {}

    /** See {@link RelevanceRule#flat}. */
    record Flat() implements RelevanceRule {}

    /**
     * See {@link RelevanceRule#zB}.
     *
     * @param low the lowest value of an input
     * @param high the highest value
     */
    record ZBox(double low, double high) implements RelevanceRule {
        /**
         * Checks the range.
         *
         * @param low the lowest value of an input
         * @param high the highest value, above low
         * @throws IllegalArgumentException if it is out of range
         */
        public ZBox {
            if (!(low < high && Double.isFinite(low) && Double.isFinite(high))) {
                throw new IllegalArgumentException(
                        "the zB rule needs finite bounds with low < high, got low = %s, high = %s"
                                .formatted(low, high));
            }
        }
    }

    private static void requirePositive(double epsilon) {
        if (!(epsilon > 0 && Double.isFinite(epsilon))) {
            throw new IllegalArgumentException(
                    "epsilon must be in (0, infinity), got %s; for 0 there is zero()"
                            .formatted(epsilon));
        }
    }
}
