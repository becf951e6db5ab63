package org.dl4jplasticity.layers.runtime;

import org.deeplearning4j.nn.api.MaskState;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.util.ConvolutionUtils;
import org.dl4jplasticity.layers.SparseConvolutionLayer;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A {@link SparseConvolutionLayer} at work. */
public final class SparseConvolution extends SparseHidden<SparseConvolutionLayer> {
    private static final long serialVersionUID = 1;

    /**
     * Creates a layer without parameters.
     *
     * @param conf the configuration, whose layer is a {@link SparseConvolutionLayer} with a
     *     topology
     * @param dataType the type of parameters and activations
     */
    public SparseConvolution(NeuralNetConfiguration conf, DataType dataType) {
        super(conf, dataType);
    }

    @Override
    ForwardPass<?> createPass(DataType dataType) {
        return ForwardPass.ofImages(layerConf(), dataType);
    }

    @Override
    public Type type() {
        return Type.CONVOLUTIONAL;
    }

    /** As DL4J's convolution: the mask shrinks with the images, the layer itself ignores it. */
    @Override
    public Pair<INDArray, MaskState> feedForwardMaskArray(
            INDArray maskArray, MaskState currentMaskState, int minibatchSize) {
        if (maskArray == null) {
            return new Pair<>(null, currentMaskState);
        }
        INDArray mask =
                ConvolutionUtils.cnn2dMaskReduction(
                        maskArray,
                        layerConf().getKernelSize(),
                        layerConf().getStride(),
                        layerConf().getPadding(),
                        layerConf().getDilation(),
                        layerConf().getConvolutionMode());
        return new Pair<>(mask, currentMaskState);
    }
}
