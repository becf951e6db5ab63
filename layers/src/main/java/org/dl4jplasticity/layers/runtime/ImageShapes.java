package org.dl4jplasticity.layers.runtime;

import java.util.Arrays;
import org.deeplearning4j.exception.DL4JInvalidInputException;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.util.ConvolutionUtils;
import org.dl4jplasticity.kernel.ConvolutionAxis;
import org.dl4jplasticity.layers.SparseConvolutionLayer;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * What a convolution makes of images of some size, by DL4J's own rules for its modes.
 *
 * @param vertical the dimension of the rows
 * @param horizontal the dimension of the columns
 */
record ImageShapes(ConvolutionAxis vertical, ConvolutionAxis horizontal) {

    /** {@return the shapes that activations of a layer have} */
    static ActivationShapes of(SparseConvolutionLayer conf) {
        return new ActivationShapes() {
            @Override
            public long[] output(INDArray input, String layerId) {
                if (input.rank() != 4 || input.size(1) != conf.getNIn()) {
                    throw new DL4JInvalidInputException(
                            ("expected input of shape [minibatch, %d, height, width], got %s; is a"
                                            + " preprocessor missing? %s")
                                    .formatted(
                                            conf.getNIn(),
                                            Arrays.toString(input.shape()),
                                            layerId));
                }
                ImageShapes shapes = of(conf, input);
                return new long[] {
                    input.size(0),
                    conf.getNOut(),
                    shapes.vertical.output(),
                    shapes.horizontal.output()
                };
            }

            @Override
            public char order() {
                return 'c';
            }
        };
    }

    /**
     * {@return both dimensions of a convolution}
     *
     * @param conf the layer
     * @param input [examples, channels, height, width]
     * @throws org.deeplearning4j.exception.DL4JInvalidInputException if the kernel doesn't fit the
     *     images
     */
    static ImageShapes of(SparseConvolutionLayer conf, INDArray input) {
        int[] kernel = conf.getKernelSize();
        int[] stride = conf.getStride();
        int[] dilation = conf.getDilation();
        boolean same = conf.getConvolutionMode() == ConvolutionMode.Same;
        int[] padding = same ? null : conf.getPadding();
        int[] output =
                ConvolutionUtils.getOutputSize(
                        input,
                        kernel,
                        stride,
                        padding,
                        conf.getConvolutionMode(),
                        dilation,
                        CNN2DFormat.NCHW);
        int[] size = {(int) input.size(2), (int) input.size(3)};
        if (same) {
            padding = samePadding(output, size, kernel, stride, dilation);
        }
        return new ImageShapes(
                new ConvolutionAxis(
                        size[0], output[0], kernel[0], stride[0], dilation[0], padding[0]),
                new ConvolutionAxis(
                        size[1], output[1], kernel[1], stride[1], dilation[1], padding[1]));
    }

    /** None where the stride is larger than the kernel and the outputs don't see everything. */
    private static int[] samePadding(
            int[] output, int[] input, int[] kernel, int[] stride, int[] dilation) {
        int[] padding = new int[2];
        for (int i = 0; i < 2; i++) {
            int seen = (output[i] - 1) * stride[i] + (kernel[i] - 1) * dilation[i] + 1;
            padding[i] = Math.max(0, (seen - input[i]) / 2);
        }
        return padding;
    }
}
