package org.dl4jplasticity.layers;

import java.util.Arrays;
import java.util.Collection;
import java.util.Objects;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.ParamInitializer;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.LayerValidation;
import org.deeplearning4j.nn.conf.memory.LayerMemoryReport;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.deeplearning4j.util.ConvolutionUtils;
import org.deeplearning4j.util.ValidationUtils;
import org.dl4jplasticity.layers.runtime.SparseConvolution;
import org.dl4jplasticity.schedule.LayerShape;
import org.dl4jplasticity.topology.SparseTopology;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A convolution of images, of whose weights only some exist. Input and output are [minibatch, nIn,
 * height, width] and [minibatch, nOut, height', width']; kernel, stride, padding, dilation and
 * {@code ConvolutionMode} mean what they mean in DL4J's {@link ConvolutionLayer}. Parameters: "W",
 * the active weights in the order of {@link SparseTopology}'s positions, and "b", one per output
 * channel.
 *
 * <p>The rows of the topology are output channels; its inputs are the weights of one of them by
 * input channel, kernel row and kernel column, the last fastest. A weight's id so is its place in
 * the kernel of a dense layer, [nOut, nIn, kernel height, kernel width].
 *
 * <p>Neither the dense kernel nor a matrix of image patches ever exists: memory is that of the
 * images with their padding and of the active weights. Else as {@link SparseDenseLayer}; a weight
 * initialization gets the mean number of active weights per output channel as fan-in.
 */
public final class SparseConvolutionLayer extends ConvolutionLayer implements SparseLayer {
    private static final long serialVersionUID = 1;

    private double sparsity;
    private SparseTopology topology;

    /** For deserialization. */
    SparseConvolutionLayer() {}

    private SparseConvolutionLayer(Builder builder) {
        super(builder);
        this.sparsity = builder.sparsity;
        setTopology(builder.topology);
    }

    @Override
    public Layer instantiate(
            NeuralNetConfiguration conf,
            Collection<TrainingListener> listeners,
            int layerIndex,
            INDArray layerParamsView,
            boolean initializeParams,
            DataType networkDataType) {
        LayerValidation.assertNInNOutSet(
                "SparseConvolutionLayer", getLayerName(), layerIndex, getNIn(), getNOut());
        if (getCnn2dDataFormat() == CNN2DFormat.NHWC) {
            throw new IllegalArgumentException(
                    ("Layer %d (%s): a sparse convolution takes images of channels first, NCHW, got"
                                    + " NHWC; put the channels first")
                            .formatted(layerIndex, getLayerName()));
        }
        SparseParameters.ensureTopology(this, layerIndex, conf.getSeed());
        return LayerSetup.ready(
                new SparseConvolution(conf, networkDataType),
                conf,
                listeners,
                layerIndex,
                layerParamsView,
                initializeParams);
    }

    @Override
    public ParamInitializer initializer() {
        return SparseParameters.INSTANCE;
    }

    @Override
    public LayerMemoryReport getMemoryReport(InputType inputType) {
        InputType outputType = getOutputType(-1, inputType);
        long parameters = initializer().numParams(this);
        return LayerSetup.memory(
                this, inputType, outputType, parameters, outputType.arrayElementsPerExample());
    }

    /** {@return nIn times the size of the kernel} */
    @Override
    public long rowLength() {
        return getNIn() * getKernelSize()[0] * getKernelSize()[1];
    }

    @Override
    public LayerShape shape(String name) {
        return LayerShape.convolution(name, getNIn(), getNOut(), getKernelSize());
    }

    @Override
    public double outputsPerInput() {
        return 1 / ((double) getStride()[0] * getStride()[1]);
    }

    @Override
    public double getSparsity() {
        return sparsity;
    }

    @Override
    public void setSparsity(double sparsity) {
        this.sparsity = SparseParameters.requireSparsity(getLayerName(), sparsity);
    }

    @Override
    public SparseTopology getTopology() {
        return topology;
    }

    @Override
    public void setTopology(SparseTopology topology) {
        this.topology = topology;
        if (topology != null) {
            this.sparsity = 1 - topology.density();
        }
    }

    @Override
    public SparseConvolutionLayer clone() {
        SparseConvolutionLayer clone = (SparseConvolutionLayer) super.clone();
        clone.setDilation(getDilation().clone());
        return clone;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SparseConvolutionLayer that
                && super.equals(that)
                && sparsity == that.sparsity
                && Objects.equals(topology, that.topology);
    }

    @Override
    public int hashCode() {
        return Objects.hash(super.hashCode(), sparsity, topology);
    }

    /** Builds the configuration as DL4J's is built, with a sparsity beside the sizes. */
    @SuppressWarnings("unchecked") // as DL4J declares build()
    public static final class Builder extends ConvolutionLayer.BaseConvBuilder<Builder> {
        private double sparsity;
        private SparseTopology topology;

        /**
         * Starts with every connection active, a bias, stride 1, no padding and no dilation.
         *
         * @param kernelSize height and width of the kernel; one number for both; DL4J's 5 by 5 if
         *     there is none
         */
        public Builder(int... kernelSize) {
            if (kernelSize.length > 0) {
                setKernelSize(kernelSize);
            }
        }

        @Override
        protected boolean allowCausal() {
            return false;
        }

        @Override
        public void setKernelSize(int[] kernelSize) {
            this.kernelSize = ValidationUtils.validate2NonNegative(kernelSize, false, "kernelSize");
        }

        @Override
        public void setStride(int[] stride) {
            this.stride = ValidationUtils.validate2NonNegative(stride, false, "stride");
        }

        @Override
        public void setPadding(int[] padding) {
            this.padding = ValidationUtils.validate2NonNegative(padding, false, "padding");
        }

        @Override
        public void setDilation(int[] dilation) {
            this.dilation = ValidationUtils.validate2NonNegative(dilation, false, "dilation");
        }

        /**
         * {@return this builder with the share of connections that are not active; the number of
         * active ones will be exactly {@code round((1 - sparsity) nIn nOut height width)} of the
         * kernel}
         *
         * @param sparsity in [0, 1); 0, the default, keeps every connection
         * @throws IllegalArgumentException if it is out of range
         */
        public Builder sparsity(double sparsity) {
            this.sparsity = SparseParameters.requireSparsity(layerName, sparsity);
            return this;
        }

        /**
         * {@return this builder with the connections that are active, where they shall not be drawn
         * at random when the network is initialized}
         *
         * @param topology the active connections, see the layer; its density decides the sparsity
         *     whatever else is set
         */
        public Builder topology(SparseTopology topology) {
            this.topology = topology;
            return nOut(topology.nOut());
        }

        @Override
        public SparseConvolutionLayer build() {
            ConvolutionUtils.validateConvolutionModePadding(convolutionMode, padding);
            ConvolutionUtils.validateCnnKernelStridePadding(kernelSize, stride, padding);
            requireDilation();
            return new SparseConvolutionLayer(this);
        }

        private void requireDilation() {
            if (Arrays.stream(dilation).anyMatch(distance -> distance < 1)) {
                throw new IllegalArgumentException(
                        "dilation must be at least 1 in both dimensions, got "
                                + Arrays.toString(dilation));
            }
        }
    }
}
