package org.dl4jplasticity.dropout;

import java.util.Objects;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * A layer of maxout units (Goodfellow, Warde-Farley, Mirza, Courville, Bengio 2013, <em>Maxout
 * Networks</em>, arXiv:1302.4389): each is the largest of several weighted sums of the inputs,
 *
 * <pre>
 * h_j = max over p of (x W_pj + b_pj)
 * </pre>
 *
 * <p>Its dropout is that of the inputs, before the weights and never between them and the maximum:
 * DL4J's own, {@code .dropOut(0.8)}, which scales in training. Sum p of unit j is column {@code p
 * nOut + j} of W. The layer's activation function is applied to the maximum; it is the identity
 * unless another one is given to the layer itself. Of sums that are equally large the first one
 * gets the gradient.
 */
public final class MaxoutLayer extends FullyConnectedLayer {
    private static final long serialVersionUID = 1;

    @JsonProperty private int pieces;

    /** For deserialization. */
    MaxoutLayer() {}

    private MaxoutLayer(Builder builder) {
        super(builder);
        this.pieces = builder.pieces;
        initializeConstraints(builder);
    }

    /** {@return how many weighted sums a unit is the largest of} */
    public int pieces() {
        return pieces;
    }

    @Override
    long columns() {
        return Math.multiplyExact(getNOut(), pieces);
    }

    @Override
    FullyConnected<?> atWork(NeuralNetConfiguration conf, DataType dataType) {
        return new Maxout(conf, dataType);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof MaxoutLayer that && super.equals(that) && pieces == that.pieces;
    }

    @Override
    public int hashCode() {
        return Objects.hash(super.hashCode(), pieces);
    }

    /** Builds the configuration as DL4J's dense layer is built. */
    @SuppressWarnings("unchecked") // as DL4J declares build()
    public static final class Builder extends FullyConnectedLayer.Builder<Builder> {
        private int pieces = 2;

        /** Starts with two sums per unit. */
        public Builder() {
            activation(new ActivationIdentity());
        }

        @Override
        Builder self() {
            return this;
        }

        /**
         * {@return this builder with a number of weighted sums per unit}
         *
         * @param pieces at least 1; 2 by default; the paper takes 5 for MNIST
         * @throws IllegalArgumentException if there are none
         */
        public Builder pieces(int pieces) {
            if (pieces < 1) {
                throw new IllegalArgumentException(
                        "MaxoutLayer: the number of pieces must be at least 1, got " + pieces);
            }
            this.pieces = pieces;
            return this;
        }

        @Override
        public MaxoutLayer build() {
            return new MaxoutLayer(this);
        }
    }
}
