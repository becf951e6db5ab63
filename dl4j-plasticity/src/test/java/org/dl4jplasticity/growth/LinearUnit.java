package org.dl4jplasticity.growth;

import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * What one weight of a layer does, written down from the definition of a convolution, output by
 * output.
 */
record LinearUnit(Layer layer) {

    static LinearUnit of(Model model, String id) {
        return new LinearUnit(Networks.layer(model, id).conf().getLayer());
    }

    /** {@return the sums of a unit whose only incoming weight, of 1, is one of them} */
    INDArray fromAll(INDArray input, int entry, long[] outputShape) {
        INDArray sums = Nd4j.zeros(DataType.DOUBLE, outputShape);
        if (layer instanceof ConvolutionLayer convolution) {
            int[] kernel = convolution.getKernelSize();
            int size = kernel[0] * kernel[1];
            convolve(convolution, input, entry / size, entry % size, sums, 0);
        } else {
            for (int example = 0; example < input.size(0); example++) {
                sums.putScalar(example, 0, input.getDouble(example, entry));
            }
        }
        return sums;
    }

    /**
     * {@return the sums of a layer that gets one unit, whose only outgoing weight is one of them}
     */
    INDArray toAll(INDArray unit, int entry, long[] outputShape) {
        INDArray sums = Nd4j.zeros(DataType.DOUBLE, outputShape);
        if (layer instanceof ConvolutionLayer convolution) {
            int[] kernel = convolution.getKernelSize();
            int size = kernel[0] * kernel[1];
            convolve(convolution, unit, 0, entry % size, sums, entry / size);
            return sums;
        }
        int positions = (int) (unit.length() / unit.size(0));
        for (int example = 0; example < unit.size(0); example++) {
            int position = entry % positions;
            double value =
                    unit.rank() == 4
                            ? unit.getDouble(
                                    example, 0, position / unit.size(3), position % unit.size(3))
                            : unit.getDouble(example, 0);
            sums.putScalar(example, entry / positions, value);
        }
        return sums;
    }

    private static void convolve(
            ConvolutionLayer layer,
            INDArray input,
            int channel,
            int entry,
            INDArray sums,
            int output) {
        int[] padding = layer.getPadding().clone();
        for (int axis = 0; axis < 2 && layer.getConvolutionMode() == ConvolutionMode.Same; axis++) {
            int needed =
                    ((int) sums.size(2 + axis) - 1) * layer.getStride()[axis]
                            + (layer.getKernelSize()[axis] - 1) * layer.getDilation()[axis]
                            + 1;
            padding[axis] = (int) Math.max(0, needed - input.size(2 + axis)) / 2;
        }
        int[] kernel = layer.getKernelSize();
        for (int example = 0; example < sums.size(0); example++) {
            for (int y = 0; y < sums.size(2); y++) {
                for (int x = 0; x < sums.size(3); x++) {
                    int row =
                            y * layer.getStride()[0]
                                    - padding[0]
                                    + entry / kernel[1] * layer.getDilation()[0];
                    int column =
                            x * layer.getStride()[1]
                                    - padding[1]
                                    + entry % kernel[1] * layer.getDilation()[1];
                    boolean inside =
                            row >= 0
                                    && column >= 0
                                    && row < input.size(2)
                                    && column < input.size(3);
                    double value = inside ? input.getDouble(example, channel, row, column) : 0;
                    sums.putScalar(new int[] {example, output, y, x}, value);
                }
            }
        }
    }
}
