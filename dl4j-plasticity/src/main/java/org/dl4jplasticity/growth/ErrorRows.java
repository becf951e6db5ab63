package org.dl4jplasticity.growth;

import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.Layer;

/**
 * Errors at the next layer as a unit of the layer before sees them: for each of its outputs a row
 * of the derivatives of the loss by the outgoing weights that a unit of output 1 there, 0
 * elsewhere, would have; in the order of {@link org.dl4jplasticity.surgery.UnitVectors}.
 */
sealed interface ErrorRows {

    /**
     * {@return the rows for a next layer}
     *
     * @param inputShape of what the layer before gives: examples, channels and for images height
     *     and width
     * @param outputShape of the next layer's weighted sums
     */
    static ErrorRows of(Layer next, long[] inputShape, long[] outputShape) {
        int outputs = (int) outputShape[1];
        if (next instanceof ConvolutionLayer convolution) {
            return new Kernel(Convolution.of(convolution, inputShape, outputShape), outputs);
        }
        int positions = inputShape.length == 4 ? (int) (inputShape[2] * inputShape[3]) : 1;
        return new Flattened(positions, outputs);
    }

    /** {@return the number of outgoing weights of a unit} */
    int length();

    /**
     * Adds the product of rows of the layer before, transposed, with the errors of one example.
     *
     * @param rows rows of the layer before, one per output position
     * @param width the length of such a row
     * @param error the example's errors by output unit, then by position
     * @param into of {@code width} rows and {@link #length()} columns
     */
    void addProduct(double[] rows, int width, double[] error, double[] into);

    /**
     * A dense layer, perhaps behind a flattening: a position has weights of its own.
     *
     * @param positions the number of positions, 1 without a flattening
     */
    record Flattened(int positions, int outputs) implements ErrorRows {

        @Override
        public int length() {
            return outputs * positions;
        }

        @Override
        public void addProduct(double[] rows, int width, double[] error, double[] into) {
            for (int i = 0; i < width; i++) {
                int start = i * length();
                for (int output = 0; output < outputs; output++) {
                    for (int position = 0; position < positions; position++) {
                        into[start + output * positions + position] +=
                                rows[position * width + i] * error[output];
                    }
                }
            }
        }
    }

    /** A convolution: an input position is met by several output positions. */
    record Kernel(Convolution convolution, int outputs) implements ErrorRows {

        @Override
        public int length() {
            return outputs * convolution.kernelSize();
        }

        @Override
        public void addProduct(double[] rows, int width, double[] error, double[] into) {
            int positions = convolution.in()[0] * convolution.in()[1];
            Products.addTransposed(rows, positions, width, gathered(error), length(), into);
        }

        private double[] gathered(double[] error) {
            int size = convolution.kernelSize();
            double[] gathered = new double[convolution.in()[0] * convolution.in()[1] * length()];
            for (int position = 0; position < convolution.positions(); position++) {
                for (int entry = 0; entry < size; entry++) {
                    int source = convolution.source(position, entry);
                    for (int output = 0; source >= 0 && output < outputs; output++) {
                        gathered[source * length() + output * size + entry] +=
                                error[output * convolution.positions() + position];
                    }
                }
            }
            return gathered;
        }
    }
}
