package org.dl4jplasticity.relevance;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Each unit or channel times a weight of its own: batch normalization at inference. */
final class ScalingMap extends LinearMap {

    ScalingMap(double[] weights, double[] bias) {
        super(weights, bias);
    }

    @Override
    int[] outputShape(int[] input) {
        if (input[0] != weights().length) {
            throw wrongInput("[%d, ...]".formatted(weights().length), input);
        }
        return input;
    }

    @Override
    double[] apply(Values x, double[] weights) {
        int positions = Values.positions(x.shape());
        double[] y = new double[x.data().length];
        for (int i = 0; i < y.length; i++) {
            y[i] = x.data()[i] * weights[i / positions % weights.length];
        }
        return y;
    }

    @Override
    double[] applyTransposed(Values s, int[] input, double[] weights) {
        return apply(s, weights);
    }

    @Override
    double[] products(Values x, Values s) {
        int positions = Values.positions(x.shape());
        double[] products = new double[weights().length];
        for (int i = 0; i < x.data().length; i++) {
            products[i / positions % products.length] += x.data()[i] * s.data()[i];
        }
        return products;
    }

    @Override
    LinearMap scaled(double[] scale, double[] shift) {
        double[] weights = weights().clone();
        for (int i = 0; i < weights.length; i++) {
            weights[i] *= scale[i];
        }
        return new ScalingMap(weights, scaledBias(bias(), scale, shift));
    }

    @Override
    INDArray asParameter(double[] perWeight) {
        return Nd4j.createFromArray(perWeight);
    }
}
