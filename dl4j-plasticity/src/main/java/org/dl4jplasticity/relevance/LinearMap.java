package org.dl4jplasticity.relevance;

import java.util.Arrays;

/**
 * A linear map of inputs to outputs with weights that can be exchanged, and a bias per unit or
 * channel of the output. Arrays of inputs and outputs hold example after example, each in 'c'
 * order.
 */
abstract class LinearMap {
    private final double[] weights;
    private final double[] bias;

    LinearMap(double[] weights, double[] bias) {
        this.weights = weights;
        this.bias = bias;
    }

    /** {@return the weights, in the map's order; not to be written to} */
    final double[] weights() {
        return weights;
    }

    /** {@return the bias per unit or channel; not to be written to} */
    final double[] bias() {
        return bias;
    }

    /** {@return weights of 1 for every connection there is} */
    double[] ones() {
        double[] ones = new double[weights.length];
        Arrays.fill(ones, 1);
        return ones;
    }

    /**
     * {@return the shape of the output for one example}
     *
     * @param input the shape of the input
     * @throws IllegalArgumentException if the map takes no such input
     */
    abstract int[] outputShape(int[] input);

    /** {@return about how many values are needed to compute one example} */
    long workspace(int[] input) {
        return Values.size(input) + (long) Values.size(outputShape(input));
    }

    /** {@return {@code y_j = sum_i x_i w_ij}} */
    abstract double[] apply(Values x, double[] weights);

    /**
     * {@return {@code c_i = sum_j w_ij s_j}}
     *
     * @param s the values of the outputs
     * @param input the shape of the input
     */
    abstract double[] applyTransposed(Values s, int[] input, double[] weights);

    /** {@return for each weight the sum of {@code x_i s_j} over examples and positions} */
    abstract double[] products(Values x, Values s);

    /** {@return the map followed by a scaling and a shift of each unit or channel} */
    abstract LinearMap scaled(double[] scale, double[] shift);

    /**
     * {@return a value per weight, in the order of the map, as an array of the parameter's shape}
     */
    abstract org.nd4j.linalg.api.ndarray.INDArray asParameter(double[] perWeight);

    static double[] scaledBias(double[] bias, double[] scale, double[] shift) {
        double[] scaled = new double[bias.length];
        for (int unit = 0; unit < bias.length; unit++) {
            scaled[unit] = bias[unit] * scale[unit] + shift[unit];
        }
        return scaled;
    }

    static IllegalArgumentException wrongInput(String expected, int[] got) {
        return new IllegalArgumentException(
                "expected an input of %s per example, got %s"
                        .formatted(expected, Arrays.toString(got)));
    }
}
