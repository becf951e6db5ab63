package org.dl4jplasticity.kernel;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.DoubleSupplier;
import org.dl4jplasticity.topology.SparseTopology;

/**
 * A sparse layer with a minibatch, drawn at random, and its products by their definitions: dense
 * triple loops that know nothing of rows, strides or padding.
 */
final class Problem {
    final SparseTopology topology;
    final int batch;
    final double[] weights;
    final double[] bias;

    /** By input, then example; and by output unit, then example. */
    final double[][] x;

    final double[][] delta;

    /** Draws numbers that the precision of the operations can hold. */
    Problem(SparseTopology topology, int batch, Operations operations, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        DoubleSupplier numbers = () -> operations.round(random.nextDouble(-1, 1));
        this.topology = topology;
        this.batch = batch;
        weights = draw(topology.activeCount(), numbers);
        bias = draw(topology.nOut(), numbers);
        x = new double[topology.nIn()][];
        Arrays.setAll(x, i -> draw(batch, numbers));
        delta = new double[topology.nOut()][];
        Arrays.setAll(delta, o -> draw(batch, numbers));
    }

    private static double[] draw(int length, DoubleSupplier numbers) {
        double[] drawn = new double[length];
        Arrays.setAll(drawn, i -> numbers.getAsDouble());
        return drawn;
    }

    /** {@return feature-major values at a stride, with the given number as padding} */
    static double[] featureMajor(double[][] values, int stride, double padding) {
        double[] packed = new double[values.length * stride];
        Arrays.fill(packed, padding);
        for (int unit = 0; unit < values.length; unit++) {
            System.arraycopy(values[unit], 0, packed, unit * stride, values[unit].length);
        }
        return packed;
    }

    /** {@return W by output unit, then input; 0 where there is no connection} */
    double[][] denseWeights() {
        double[][] dense = new double[topology.nOut()][topology.nIn()];
        long[] ids = topology.ids();
        for (int p = 0; p < ids.length; p++) {
            dense[(int) (ids[p] / topology.nIn())][(int) (ids[p] % topology.nIn())] = weights[p];
        }
        return dense;
    }

    /** {@return W x + b, or W x} */
    double[][] preActivations(boolean withBias) {
        double[][] dense = denseWeights();
        double[][] z = new double[topology.nOut()][batch];
        for (int o = 0; o < z.length; o++) {
            for (int b = 0; b < batch; b++) {
                double sum = withBias ? bias[o] : 0;
                for (int i = 0; i < x.length; i++) {
                    sum += dense[o][i] * x[i][b];
                }
                z[o][b] = sum;
            }
        }
        return z;
    }

    /** {@return W^T delta} */
    double[][] inputGradient() {
        double[][] dense = denseWeights();
        double[][] dx = new double[topology.nIn()][batch];
        for (int i = 0; i < dx.length; i++) {
            for (int b = 0; b < batch; b++) {
                for (int o = 0; o < dense.length; o++) {
                    dx[i][b] += dense[o][i] * delta[o][b];
                }
            }
        }
        return dx;
    }

    /** {@return delta x^T by connection id: of every connection, active or not} */
    double[] denseGradient() {
        double[] gradient = new double[topology.nOut() * topology.nIn()];
        for (int o = 0; o < delta.length; o++) {
            for (int i = 0; i < x.length; i++) {
                for (int b = 0; b < batch; b++) {
                    gradient[o * x.length + i] += delta[o][b] * x[i][b];
                }
            }
        }
        return gradient;
    }
}
