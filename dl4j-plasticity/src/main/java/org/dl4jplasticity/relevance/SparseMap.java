package org.dl4jplasticity.relevance;

import org.dl4jplasticity.topology.SparseTopology;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The active connections of a topology: weights in the order of its positions. */
final class SparseMap extends LinearMap {
    private final SparseTopology topology;

    SparseMap(SparseTopology topology, double[] weights, double[] bias) {
        super(weights, bias);
        this.topology = topology;
    }

    @Override
    int[] outputShape(int[] input) {
        if (input.length != 1 || input[0] != topology.nIn()) {
            throw wrongInput("[" + topology.nIn() + "]", input);
        }
        return new int[] {topology.nOut()};
    }

    @Override
    double[] apply(Values x, double[] weights) {
        int[] starts = topology.rowStarts();
        int[] columns = topology.columns();
        int rows = topology.nOut();
        double[] y = new double[x.examples() * rows];
        for (int example = 0; example < x.examples(); example++) {
            int first = example * topology.nIn();
            for (int row = 0; row < rows; row++) {
                double sum = 0;
                for (int k = starts[row]; k < starts[row + 1]; k++) {
                    // y(j) = sum_k x(i_k) w(k)
                    sum += x.data()[first + columns[k]] * weights[k];
                }
                y[example * rows + row] = sum;
            }
        }
        return y;
    }

    @Override
    double[] applyTransposed(Values s, int[] input, double[] weights) {
        int[] starts = topology.rowStarts();
        int[] columns = topology.columns();
        int rows = topology.nOut();
        double[] c = new double[s.examples() * topology.nIn()];
        for (int example = 0; example < s.examples(); example++) {
            int first = example * topology.nIn();
            for (int row = 0; row < rows; row++) {
                double share = s.data()[example * rows + row];
                for (int k = starts[row]; k < starts[row + 1]; k++) {
                    c[first + columns[k]] += share * weights[k];
                }
            }
        }
        return c;
    }

    @Override
    double[] products(Values x, Values s) {
        int[] starts = topology.rowStarts();
        int[] columns = topology.columns();
        int rows = topology.nOut();
        double[] products = new double[weights().length];
        for (int example = 0; example < x.examples(); example++) {
            int first = example * topology.nIn();
            for (int row = 0; row < rows; row++) {
                double share = s.data()[example * rows + row];
                for (int k = starts[row]; k < starts[row + 1]; k++) {
                    products[k] += x.data()[first + columns[k]] * share;
                }
            }
        }
        return products;
    }

    @Override
    LinearMap scaled(double[] scale, double[] shift) {
        int[] starts = topology.rowStarts();
        double[] weights = weights().clone();
        for (int row = 0; row < topology.nOut(); row++) {
            for (int k = starts[row]; k < starts[row + 1]; k++) {
                weights[k] *= scale[row];
            }
        }
        return new SparseMap(topology, weights, scaledBias(bias(), scale, shift));
    }

    @Override
    INDArray asParameter(double[] perWeight) {
        return Nd4j.createFromArray(perWeight);
    }
}
