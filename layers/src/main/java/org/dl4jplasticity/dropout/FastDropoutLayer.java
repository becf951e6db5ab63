package org.dl4jplasticity.dropout;

import java.util.Objects;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * A dense layer with fast dropout (Wang and Manning 2013, <em>Fast Dropout Training</em>): where
 * inputs are kept with probability p and divided by it, the weighted sums are nearly normal, with
 * the mean {@code x W + b} and the variance {@code (1 - p) / p x^2 W^2}. In training the layer
 * either draws the sums from that distribution, one for each unit and example, and applies its
 * activation function; or it computes the mean of the activation function over the distribution,
 * without any draw:
 *
 * <pre>
 * identity  mu
 * sigmoid   sigmoid(mu / sqrt(1 + pi s^2 / 8)), nearly
 * ReLU      mu Phi(mu / s) + s phi(mu / s)
 * </pre>
 *
 * <p>At inference the activation function is applied to the means, or, if it is a {@link
 * GaussianMoments}, averaged over draws. So don't give the layer a {@code dropOut} too.
 */
public final class FastDropoutLayer extends FullyConnectedLayer {
    private static final long serialVersionUID = 1;

    @JsonProperty private double keep;
    @JsonProperty private Long seed;

    /** For deserialization. */
    FastDropoutLayer() {}

    private FastDropoutLayer(Builder builder) {
        super(builder);
        this.keep = builder.keep;
        this.seed = builder.seed;
        initializeConstraints(builder);
    }

    /** {@return the probability that an input is kept} */
    public double keep() {
        return keep;
    }

    /** {@return the seed of all draws; null for means without draws} */
    public Long seed() {
        return seed;
    }

    /** {@return the variance of a sum per squared input and weight} */
    double varianceFactor() {
        return (1 - keep) / keep;
    }

    @Override
    FullyConnected<?> atWork(NeuralNetConfiguration conf, DataType dataType) {
        if (seed == null && MeanActivation.of(getActivationFn()).isEmpty()) {
            throw new IllegalArgumentException(
                    "Layer %s: fast dropout without draws is for identity, sigmoid and ReLU, got %s; use sampled(seed)"
                            .formatted(getLayerName(), getActivationFn()));
        }
        return new FastDropout(conf, dataType);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof FastDropoutLayer that
                && super.equals(that)
                && keep == that.keep
                && Objects.equals(seed, that.seed);
    }

    @Override
    public int hashCode() {
        return Objects.hash(super.hashCode(), keep, seed);
    }

    /** Builds the configuration as DL4J's dense layer is built. */
    @SuppressWarnings("unchecked") // as DL4J declares build()
    public static final class Builder extends FullyConnectedLayer.Builder<Builder> {
        private double keep = 0.5;
        private Long seed;

        /** Starts with half of the inputs kept, and means without draws. */
        public Builder() {}

        @Override
        Builder self() {
            return this;
        }

        /**
         * {@return this builder with a probability to keep an input}
         *
         * @param keep in (0, 1]; 0.5 by default
         * @throws IllegalArgumentException if it is out of its range
         */
        public Builder keep(double keep) {
            this.keep =
                    Ranges.positiveAtMostOne(
                            "FastDropoutLayer: the probability to keep an input", keep);
            return this;
        }

        /**
         * {@return this builder of a layer that draws its weighted sums, for any activation
         * function}
         *
         * @param seed of all draws; layers draw differently
         */
        public Builder sampled(long seed) {
            this.seed = seed;
            return this;
        }

        @Override
        public FastDropoutLayer build() {
            return new FastDropoutLayer(this);
        }
    }
}
