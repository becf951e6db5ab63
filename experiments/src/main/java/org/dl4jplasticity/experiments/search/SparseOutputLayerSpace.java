package org.dl4jplasticity.experiments.search;

import java.util.Objects;
import org.deeplearning4j.arbiter.layers.BaseOutputLayerSpace;
import org.deeplearning4j.arbiter.optimize.api.ParameterSpace;
import org.deeplearning4j.arbiter.util.LeafUtils;
import org.dl4jplasticity.layers.SparseOutputLayer;

/** The space of {@link SparseOutputLayer}s, for Arbiter. */
@SuppressWarnings({"rawtypes", "unchecked"}) // as Arbiter declares builders and leaves
public final class SparseOutputLayerSpace extends BaseOutputLayerSpace<SparseOutputLayer> {
    private ParameterSpace<Double> sparsity;

    /** For deserialization. */
    SparseOutputLayerSpace() {}

    private SparseOutputLayerSpace(Builder builder) {
        super(builder);
        sparsity = builder.sparsity;
        numParameters = LeafUtils.countUniqueParameters(collectLeaves());
    }

    @Override
    public SparseOutputLayer getValue(double[] values) {
        SparseOutputLayer.Builder layer = new SparseOutputLayer.Builder();
        setLayerOptionsBuilder(layer, values);
        if (sparsity != null) {
            layer.sparsity(sparsity.getValue(values));
        }
        return layer.build();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SparseOutputLayerSpace that
                && super.equals(that)
                && Objects.equals(sparsity, that.sparsity);
    }

    @Override
    public int hashCode() {
        return Objects.hash(super.hashCode(), sparsity);
    }

    /** Builds the space; what is not set is as the layer has it. */
    public static final class Builder extends BaseOutputLayerSpace.Builder<Builder> {
        private ParameterSpace<Double> sparsity;

        /** {@return this builder with a share of connections that are not active, in [0, 1)} */
        public Builder sparsity(ParameterSpace<Double> sparsity) {
            this.sparsity = sparsity;
            return this;
        }

        @Override
        public SparseOutputLayerSpace build() {
            return new SparseOutputLayerSpace(this);
        }
    }
}
