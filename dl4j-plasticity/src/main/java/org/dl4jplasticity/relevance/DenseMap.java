package org.dl4jplasticity.relevance;

import org.dl4jplasticity.relevance.Products.Matrix;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Every input to every output: weights [inputs, outputs], in 'c' order. */
final class DenseMap extends LinearMap {
    private final int inputs;
    private final int outputs;
    private final double[] ones;

    /**
     * A map.
     *
     * @param ones 1 for every connection there is, else 0; null if there are all
     */
    DenseMap(int inputs, int outputs, double[] weights, double[] bias, double[] ones) {
        super(weights, bias);
        this.inputs = inputs;
        this.outputs = outputs;
        this.ones = ones;
    }

    @Override
    double[] ones() {
        return ones == null ? super.ones() : ones;
    }

    @Override
    int[] outputShape(int[] input) {
        if (input.length != 1 || input[0] != inputs) {
            throw wrongInput("[" + inputs + "]", input);
        }
        return new int[] {outputs};
    }

    @Override
    double[] apply(Values x, double[] weights) {
        // Y(n,j) = sum_i X(n,i) W(i,j)
        return inputs(x).times(new Matrix(weights, inputs, outputs));
    }

    @Override
    double[] applyTransposed(Values s, int[] input, double[] weights) {
        // C(n,i) = sum_j S(n,j) W(i,j)
        return outputs(s).timesTransposeOf(new Matrix(weights, inputs, outputs));
    }

    @Override
    double[] products(Values x, Values s) {
        return inputs(x).transposeTimes(outputs(s));
    }

    private Matrix inputs(Values x) {
        return new Matrix(x.data(), x.examples(), inputs);
    }

    private Matrix outputs(Values s) {
        return new Matrix(s.data(), s.examples(), outputs);
    }

    @Override
    LinearMap scaled(double[] scale, double[] shift) {
        double[] weights = weights().clone();
        for (int i = 0; i < weights.length; i++) {
            weights[i] *= scale[i % outputs];
        }
        return new DenseMap(inputs, outputs, weights, scaledBias(bias(), scale, shift), ones);
    }

    @Override
    INDArray asParameter(double[] perWeight) {
        return Values.array(perWeight, inputs, new int[] {outputs});
    }
}
