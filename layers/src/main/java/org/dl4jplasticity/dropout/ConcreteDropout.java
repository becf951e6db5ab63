package org.dl4jplasticity.dropout;

import java.util.Objects;
import java.util.SplittableRandom;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Concrete dropout (Gal, Hron, Kendall 2017, arXiv:1705.07832): the probability p to drop an
 * activation is learned, one per layer, through a continuous stand-in for the mask,
 *
 * <pre>
 * z = sigmoid((log p - log(1 - p) + log u - log(1 - u)) / t),  u ~ U(0, 1)
 * y = x (1 - z) / (1 - p)
 * </pre>
 *
 * with the temperature t = 0.1. The objective is the mean loss of the minibatch plus
 *
 * <pre>
 * weightRegularizer ||W||^2 / (1 - p) + dropoutRegularizer K (p log p + (1 - p) log(1 - p))
 * </pre>
 *
 * for K input features, of which the derivatives by p and W are both taken. (The paper's {@code l^2
 * (1 - p) ||M||^2 / 2N - K H(p) / N}, where the scaled weights {@code M = W / (1 - p)}.) The score
 * that DL4J tells has no part of it. At inference x is used as it is; sampling forward passes in
 * training mode, one per iteration number, gives the paper's uncertainty.
 *
 * <p>Learning needs a {@link DropoutTraining}. Made by a {@link #builder()}.
 */
public final class ConcreteDropout extends LearnedDropout {
    private static final long serialVersionUID = 1;
    private static final double LARGEST_LOGIT = 14;
    private static final double SMALLEST_DRAW = 1e-12;

    private double rate;
    private final double temperature;
    private final double weightRegularizer;
    private final double dropoutRegularizer;
    private transient double[] drawn;
    private transient double derivative;
    private transient int features;

    @JsonCreator
    ConcreteDropout(
            @JsonProperty("rate") double rate,
            @JsonProperty("temperature") double temperature,
            @JsonProperty("weightRegularizer") double weightRegularizer,
            @JsonProperty("dropoutRegularizer") double dropoutRegularizer,
            @JsonProperty("learningRate") double learningRate,
            @JsonProperty("seed") long seed) {
        super(learningRate, seed);
        this.rate = Ranges.openProbability("ConcreteDropout: the probability to drop", rate);
        this.temperature = Ranges.positive("ConcreteDropout: the temperature", temperature);
        this.weightRegularizer =
                Ranges.notNegative("ConcreteDropout: the weight regularizer", weightRegularizer);
        this.dropoutRegularizer =
                Ranges.notNegative("ConcreteDropout: the dropout regularizer", dropoutRegularizer);
    }

    /** {@return a builder with the paper's temperature and no regularizers} */
    public static Builder builder() {
        return new Builder();
    }

    /** {@return the probability to drop an activation, as it is now, in (0, 1)} */
    @JsonProperty("rate")
    public double rate() {
        return rate;
    }

    /** {@return how soft the mask is} */
    @JsonProperty("temperature")
    public double temperature() {
        return temperature;
    }

    /** {@return what the squared norm of the weights counts in the objective} */
    @JsonProperty("weightRegularizer")
    public double weightRegularizer() {
        return weightRegularizer;
    }

    /** {@return what the negative entropy of one feature's mask counts in the objective} */
    @JsonProperty("dropoutRegularizer")
    public double dropoutRegularizer() {
        return dropoutRegularizer;
    }

    @Override
    double[] draw(InputShape shape, int iteration, int epoch, SplittableRandom random) {
        drawn = new double[checked(shape).length()];
        for (int i = 0; i < drawn.length; i++) {
            drawn[i] = factor(Math.max(SMALLEST_DRAW, random.nextDouble()));
        }
        return drawn;
    }

    /** {@return (1 - z) / (1 - p) for a number in (0, 1)} */
    private double factor(double u) {
        double soft = (logit(rate) + logit(u)) / temperature;
        return 1 / (1 + Math.exp(soft)) / (1 - rate);
    }

    private static double logit(double probability) {
        return Math.log(probability) - Math.log1p(-probability);
    }

    @Override
    void collect(double[] activations, double[] gradient, InputShape shape) {
        derivative = 0;
        for (int i = 0; i < drawn.length; i++) {
            // With f = (1 - z) / (1 - p): df / dlogit(p) = f (p - z / t).
            double z = 1 - drawn[i] * (1 - rate);
            derivative += gradient[i] * activations[i] * drawn[i] * (rate - z / temperature);
        }
        derivative /= shape.examples();
        features = shape.features();
        drawn = null;
    }

    @Override
    void step(double squaredNorm) {
        double logit = logit(rate);
        double regularization =
                weightRegularizer * squaredNorm * rate / (1 - rate)
                        + dropoutRegularizer * features * logit * rate * (1 - rate);
        double next = logit - learningRate() * (derivative + regularization);
        next = Math.max(-LARGEST_LOGIT, Math.min(LARGEST_LOGIT, next));
        rate = 1 / (1 + Math.exp(-next));
    }

    /** {@return what the weights times this add to their own derivative, per example} */
    double weightDecay() {
        return 2 * weightRegularizer / (1 - rate);
    }

    @Override
    @SuppressWarnings("MissingSuperCall") // what was drawn belongs to one layer
    public ConcreteDropout clone() {
        return new ConcreteDropout(
                rate, temperature, weightRegularizer, dropoutRegularizer, learningRate(), seed());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ConcreteDropout that
                && learnsAs(that)
                && rate == that.rate
                && temperature == that.temperature
                && weightRegularizer == that.weightRegularizer
                && dropoutRegularizer == that.dropoutRegularizer;
    }

    @Override
    public int hashCode() {
        return Objects.hash(
                seed(), temperature, weightRegularizer, dropoutRegularizer, learningRate());
    }

    /** Builds concrete dropout. */
    public static final class Builder extends LearnedDropout.Builder<Builder> {
        private double rate = 0.1;
        private double temperature = 0.1;
        private double weightRegularizer;
        private double dropoutRegularizer;

        private Builder() {}

        @Override
        Builder self() {
            return this;
        }

        /**
         * {@return this builder with the probability to begin with}
         *
         * @param rate the probability to drop an activation, in (0, 1); 0.1 by default
         */
        public Builder rate(double rate) {
            this.rate = rate;
            return this;
        }

        /**
         * {@return this builder with another temperature}
         *
         * @param temperature how soft the mask is, greater than 0; 0.1 by default
         */
        public Builder temperature(double temperature) {
            this.temperature = temperature;
            return this;
        }

        /**
         * {@return this builder with what the squared norm of the weights counts}
         *
         * @param weightRegularizer at least 0, the default; in the paper {@code l^2 / N} for N
         *     examples and a prior length scale l
         */
        public Builder weightRegularizer(double weightRegularizer) {
            this.weightRegularizer = weightRegularizer;
            return this;
        }

        /**
         * {@return this builder with what the negative entropy of a feature's mask counts}
         *
         * @param dropoutRegularizer at least 0, the default; in the paper {@code 1 / N} for N
         *     examples and a loss that is a negative log likelihood
         */
        public Builder dropoutRegularizer(double dropoutRegularizer) {
            this.dropoutRegularizer = dropoutRegularizer;
            return this;
        }

        /**
         * {@return the dropout}
         *
         * @throws IllegalArgumentException if a number is out of its range
         */
        public ConcreteDropout build() {
            return new ConcreteDropout(
                    rate,
                    temperature,
                    weightRegularizer,
                    dropoutRegularizer,
                    learningRate(),
                    seed());
        }
    }
}
