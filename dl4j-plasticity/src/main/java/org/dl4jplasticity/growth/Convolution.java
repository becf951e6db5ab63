package org.dl4jplasticity.growth;

import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.util.ConvolutionUtils;

/**
 * Where a convolution takes its inputs from, for images of channels, rows and columns. Pairs are
 * along the height, then along the width.
 *
 * @param channels the number of input channels
 * @param in the size of an input image
 * @param out the size of an output image
 * @param padding rows above and columns to the left
 */
@SuppressWarnings("ArrayRecordComponent") // handed on, compared by nobody
record Convolution(
        int channels,
        int[] in,
        int[] out,
        int[] kernel,
        int[] stride,
        int[] padding,
        int[] dilation) {

    /**
     * {@return where a layer takes its inputs from}
     *
     * @param inputShape of a batch: examples, channels, height, width
     * @param outputShape of a batch: examples, channels, height, width
     */
    static Convolution of(ConvolutionLayer layer, long[] inputShape, long[] outputShape) {
        int[] in = {(int) inputShape[2], (int) inputShape[3]};
        int[] out = {(int) outputShape[2], (int) outputShape[3]};
        int[] padding =
                layer.getConvolutionMode() == ConvolutionMode.Same
                        ? ConvolutionUtils.getSameModeTopLeftPadding(
                                out,
                                in,
                                layer.getKernelSize(),
                                layer.getStride(),
                                layer.getDilation())
                        : layer.getPadding();
        return new Convolution(
                (int) inputShape[1],
                in,
                out,
                layer.getKernelSize(),
                layer.getStride(),
                padding,
                layer.getDilation());
    }

    /** {@return the number of output positions} */
    int positions() {
        return out[0] * out[1];
    }

    /** {@return the number of entries of a kernel for one input channel} */
    int kernelSize() {
        return kernel[0] * kernel[1];
    }

    /**
     * {@return the input position, row by row, that an output position meets an entry of the kernel
     * at; -1 if that is in the padding}
     *
     * @param position an output position, row by row
     * @param entry an entry of the kernel, row by row
     */
    int source(int position, int entry) {
        int row = at(0, position / out[1], entry / kernel[1]);
        int column = at(1, position % out[1], entry % kernel[1]);
        return row < 0 || row >= in[0] || column < 0 || column >= in[1] ? -1 : row * in[1] + column;
    }

    private int at(int axis, int position, int entry) {
        return position * stride[axis] + entry * dilation[axis] - padding[axis];
    }
}
