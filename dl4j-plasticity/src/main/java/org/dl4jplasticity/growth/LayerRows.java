package org.dl4jplasticity.growth;

import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A layer's inputs as the rows of a matrix whose product with the weights are the layer's weighted
 * sums: of a dense layer one row per example, of a convolution one per example and output position,
 * with its patch of the input (channels, height, width).
 */
sealed interface LayerRows {

    /**
     * {@return a layer's rows}
     *
     * @param inputs in 'c' order
     * @param outputShape the shape of its weighted sums
     */
    static LayerRows of(Layer layer, INDArray inputs, long[] outputShape) {
        double[] numbers = inputs.data().asDouble();
        return layer instanceof ConvolutionLayer convolution
                ? new Patches(Convolution.of(convolution, inputs.shape(), outputShape), numbers)
                : new Plain((int) inputs.size(1), numbers);
    }

    /** {@return the number of rows of each example} */
    int perExample();

    /** {@return the length of a row: the number of weights into a unit} */
    int length();

    /**
     * {@return the rows of an example behind one another}
     *
     * @param ones whether each gets a 1 at its end, for a bias
     */
    double[] of(int example, boolean ones);

    /**
     * Rows that are the inputs themselves.
     *
     * @param inputs one row behind the other
     */
    @SuppressWarnings("ArrayRecordComponent") // handed on, compared by nobody
    record Plain(int length, double[] inputs) implements LayerRows {

        @Override
        public int perExample() {
            return 1;
        }

        @Override
        public double[] of(int example, boolean ones) {
            double[] row = new double[length + (ones ? 1 : 0)];
            row[row.length - 1] = 1;
            System.arraycopy(inputs, example * length, row, 0, length);
            return row;
        }
    }

    /**
     * Rows that are the patches under a kernel.
     *
     * @param inputs by example, channel, row, column
     */
    @SuppressWarnings("ArrayRecordComponent") // handed on, compared by nobody
    record Patches(Convolution convolution, double[] inputs) implements LayerRows {

        @Override
        public int perExample() {
            return convolution.positions();
        }

        @Override
        public int length() {
            return convolution.channels() * convolution.kernelSize();
        }

        @Override
        public double[] of(int example, boolean ones) {
            int stride = length() + (ones ? 1 : 0);
            int image = convolution.in()[0] * convolution.in()[1];
            double[] rows = new double[perExample() * stride];
            for (int position = 0; position < perExample(); position++) {
                int end = position * stride + stride;
                rows[end - 1] = 1;
                for (int entry = 0; entry < convolution.kernelSize(); entry++) {
                    int source = convolution.source(position, entry);
                    for (int channel = 0; channel < convolution.channels(); channel++) {
                        int place = channel * convolution.kernelSize() + entry;
                        int first = (example * convolution.channels() + channel) * image;
                        rows[position * stride + place] = source < 0 ? 0 : inputs[first + source];
                    }
                }
            }
            return rows;
        }
    }
}
