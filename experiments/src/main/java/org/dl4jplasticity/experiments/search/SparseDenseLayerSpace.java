package org.dl4jplasticity.experiments.search;

import java.util.Objects;
import org.deeplearning4j.arbiter.layers.FeedForwardLayerSpace;
import org.deeplearning4j.arbiter.optimize.api.ParameterSpace;
import org.deeplearning4j.arbiter.optimize.parameter.FixedValue;
import org.deeplearning4j.arbiter.util.LeafUtils;
import org.dl4jplasticity.layers.SparseDenseLayer;

/**
 * The space of {@link SparseDenseLayer}s, for Arbiter: its sizes, its sparsity, and whatever
 * Arbiter varies in a dense layer.
 */
@SuppressWarnings({"rawtypes", "unchecked"}) // as Arbiter declares builders and leaves
public final class SparseDenseLayerSpace extends FeedForwardLayerSpace<SparseDenseLayer> {
    private ParameterSpace<Double> sparsity;
    private ParameterSpace<Boolean> hasBias;
    private ParameterSpace<Boolean> inputGradient;

    /** For deserialization. */
    SparseDenseLayerSpace() {}

    private SparseDenseLayerSpace(Builder builder) {
        super(builder);
        sparsity = builder.sparsity;
        hasBias = builder.hasBias;
        inputGradient = builder.inputGradient;
        numParameters = LeafUtils.countUniqueParameters(collectLeaves());
    }

    @Override
    public SparseDenseLayer getValue(double[] values) {
        SparseDenseLayer.Builder layer = new SparseDenseLayer.Builder();
        setLayerOptionsBuilder(layer, values);
        if (sparsity != null) {
            layer.sparsity(sparsity.getValue(values));
        }
        if (hasBias != null) {
            layer.hasBias(hasBias.getValue(values));
        }
        if (inputGradient != null) {
            layer.inputGradient(inputGradient.getValue(values));
        }
        return layer.build();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SparseDenseLayerSpace that
                && super.equals(that)
                && Objects.equals(sparsity, that.sparsity)
                && Objects.equals(hasBias, that.hasBias)
                && Objects.equals(inputGradient, that.inputGradient);
    }

    @Override
    public int hashCode() {
        return Objects.hash(super.hashCode(), sparsity, hasBias, inputGradient);
    }

    /** Builds the space; what is not set is as the layer has it. */
    public static final class Builder extends FeedForwardLayerSpace.Builder<Builder> {
        private ParameterSpace<Double> sparsity;
        private ParameterSpace<Boolean> hasBias;
        private ParameterSpace<Boolean> inputGradient;

        /** {@return this builder with a share of connections that are not active, in [0, 1)} */
        public Builder sparsity(ParameterSpace<Double> sparsity) {
            this.sparsity = sparsity;
            return this;
        }

        /** {@return this builder with or without biases} */
        public Builder hasBias(ParameterSpace<Boolean> hasBias) {
            this.hasBias = hasBias;
            return this;
        }

        /** {@return this builder with or without the gradient at the layer's input} */
        public Builder inputGradient(boolean inputGradient) {
            this.inputGradient = new FixedValue<>(inputGradient);
            return this;
        }

        @Override
        public SparseDenseLayerSpace build() {
            return new SparseDenseLayerSpace(this);
        }
    }
}
