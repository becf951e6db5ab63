package org.dl4jplasticity.experiments.search;

import java.util.Objects;
import org.deeplearning4j.arbiter.layers.FeedForwardLayerSpace;
import org.deeplearning4j.arbiter.optimize.api.ParameterSpace;
import org.deeplearning4j.arbiter.optimize.parameter.FixedValue;
import org.deeplearning4j.arbiter.util.LeafUtils;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.dl4jplasticity.layers.SparseConvolutionLayer;

/** The space of {@link SparseConvolutionLayer}s, for Arbiter; nOut is the number of channels. */
@SuppressWarnings({"rawtypes", "unchecked"}) // as Arbiter declares builders and leaves
public final class SparseConvolutionLayerSpace
        extends FeedForwardLayerSpace<SparseConvolutionLayer> {
    private ParameterSpace<Double> sparsity;
    private ParameterSpace<int[]> kernelSize;
    private ParameterSpace<int[]> stride;
    private ParameterSpace<int[]> padding;
    private ParameterSpace<int[]> dilation;
    private ParameterSpace<ConvolutionMode> convolutionMode;
    private ParameterSpace<Boolean> hasBias;

    /** For deserialization. */
    SparseConvolutionLayerSpace() {}

    private SparseConvolutionLayerSpace(Builder builder) {
        super(builder);
        sparsity = builder.sparsity;
        kernelSize = builder.kernelSize;
        stride = builder.stride;
        padding = builder.padding;
        dilation = builder.dilation;
        convolutionMode = builder.convolutionMode;
        hasBias = builder.hasBias;
        numParameters = LeafUtils.countUniqueParameters(collectLeaves());
    }

    @Override
    public SparseConvolutionLayer getValue(double[] values) {
        SparseConvolutionLayer.Builder layer = new SparseConvolutionLayer.Builder();
        setLayerOptionsBuilder(layer, values);
        if (sparsity != null) {
            layer.sparsity(sparsity.getValue(values));
        }
        if (kernelSize != null) {
            layer.setKernelSize(kernelSize.getValue(values));
        }
        if (stride != null) {
            layer.setStride(stride.getValue(values));
        }
        if (padding != null) {
            layer.setPadding(padding.getValue(values));
        }
        if (dilation != null) {
            layer.setDilation(dilation.getValue(values));
        }
        if (convolutionMode != null) {
            layer.convolutionMode(convolutionMode.getValue(values));
        }
        if (hasBias != null) {
            layer.hasBias(hasBias.getValue(values));
        }
        return layer.build();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SparseConvolutionLayerSpace that
                && super.equals(that)
                && Objects.equals(sparsity, that.sparsity)
                && Objects.equals(kernelSize, that.kernelSize)
                && Objects.equals(stride, that.stride)
                && Objects.equals(padding, that.padding)
                && Objects.equals(dilation, that.dilation)
                && Objects.equals(convolutionMode, that.convolutionMode)
                && Objects.equals(hasBias, that.hasBias);
    }

    @Override
    public int hashCode() {
        return Objects.hash(super.hashCode(), sparsity, kernelSize, stride, padding, dilation);
    }

    /** Builds the space; what is not set is as the layer has it. Sizes are height and width. */
    public static final class Builder extends FeedForwardLayerSpace.Builder<Builder> {
        private ParameterSpace<Double> sparsity;
        private ParameterSpace<int[]> kernelSize;
        private ParameterSpace<int[]> stride;
        private ParameterSpace<int[]> padding;
        private ParameterSpace<int[]> dilation;
        private ParameterSpace<ConvolutionMode> convolutionMode;
        private ParameterSpace<Boolean> hasBias;

        /** {@return this builder with a share of connections that are not active, in [0, 1)} */
        public Builder sparsity(ParameterSpace<Double> sparsity) {
            this.sparsity = sparsity;
            return this;
        }

        /** {@return this builder with kernels of a size} */
        public Builder kernelSize(ParameterSpace<int[]> kernelSize) {
            this.kernelSize = kernelSize;
            return this;
        }

        /** {@return this builder with a stride} */
        public Builder stride(ParameterSpace<int[]> stride) {
            this.stride = stride;
            return this;
        }

        /** {@return this builder with a padding} */
        public Builder padding(ParameterSpace<int[]> padding) {
            this.padding = padding;
            return this;
        }

        /** {@return this builder with a dilation} */
        public Builder dilation(ParameterSpace<int[]> dilation) {
            this.dilation = dilation;
            return this;
        }

        /** {@return this builder with a way of treating the edges of images} */
        public Builder convolutionMode(ConvolutionMode mode) {
            this.convolutionMode = new FixedValue<>(mode);
            return this;
        }

        /** {@return this builder with or without biases} */
        public Builder hasBias(ParameterSpace<Boolean> hasBias) {
            this.hasBias = hasBias;
            return this;
        }

        @Override
        public SparseConvolutionLayerSpace build() {
            return new SparseConvolutionLayerSpace(this);
        }
    }
}
