package org.dl4jplasticity.kan;

import java.util.function.IntFunction;
import org.dl4jplasticity.kernel.RowParallel;

/**
 * The functions on the edges of a layer, for one minibatch:
 *
 * <pre>
 * phi(i, o)(x) = w(i, o) silu(x) + s(i, o) sum_j c(i, j, o) B(j)(x)
 * y(b, o) = sum_i m(b, i, o) phi(i, o)(x(b, i))
 * </pre>
 *
 * <p>Inputs and outputs are in 'c' order, weights in 'f' order: w and s are [nIn, nOut], c is [nIn
 * * bases, nOut] with the bases of an input behind one another. The mask of an output is
 * [minibatch, nIn] in 'c' order.
 *
 * <p>Work is divided by outputs, so that the coefficients of one stay in a cache for all examples.
 */
final class EdgeFunctions {
    /** Groups of outputs whose gradients at the input are added up apart, however many threads. */
    private static final int GROUPS = 16;

    private final SplineGrid grid;
    private final int examples;
    private final int inputs;
    private final int outputs;
    private final double[] base;
    private final double[] baseSlope;

    /** Where the coefficients of an input's bases begin among those {@link #padded}. */
    private final int[] first;

    private final double[] values;
    private final double[] slopes;

    /**
     * Evaluates what all edges of an input share.
     *
     * @param x [minibatch, nIn]
     */
    EdgeFunctions(SplineGrid grid, double[] x, int inputs, int outputs) {
        this.grid = grid;
        this.examples = x.length / inputs;
        this.inputs = inputs;
        this.outputs = outputs;
        int width = grid.order() + 1;
        base = new double[x.length];
        baseSlope = new double[x.length];
        first = new int[x.length];
        values = new double[x.length * width];
        slopes = new double[x.length * width];
        for (int i = 0; i < x.length; i++) {
            double sigmoid = 1 / (1 + Math.exp(-x[i]));
            base[i] = x[i] * sigmoid;
            baseSlope[i] = sigmoid * (1 + x[i] * (1 - sigmoid));
            int basis = grid.first(x[i]);
            first[i] = (i % inputs) * paddedBases() + basis + grid.order();
            if (basis < grid.bases()) {
                grid.evaluate(x[i], values, slopes, i * width);
            }
        }
    }

    /**
     * The weights of a layer, or their gradients.
     *
     * @param base w
     * @param scale s
     * @param coefficients c
     */
    @SuppressWarnings("ArrayRecordComponent") // a carrier, never compared
    record Weights(double[] base, double[] scale, double[] coefficients) {

        /** {@return as many zeros} */
        Weights zeros() {
            return new Weights(
                    new double[base.length],
                    new double[scale.length],
                    new double[coefficients.length]);
        }
    }

    /**
     * The masks of a pass, each drawn when it is wanted; the same again for the same output.
     *
     * @param splines by which the splines of an output are multiplied; null for none
     * @param edges by which the functions are multiplied; null for none
     */
    record Masks(IntFunction<double[]> splines, IntFunction<double[]> edges) {
        static final Masks NONE = new Masks(null, null);

        private static double[] of(IntFunction<double[]> masks, int output) {
            return masks == null ? null : masks.apply(output);
        }
    }

    private static double factor(double[] mask, int place) {
        return mask == null ? 1 : mask[place];
    }

    /**
     * {@return the length of an input's coefficients with zeros around them, for basis functions
     * that don't exist}
     */
    private int paddedBases() {
        return grid.bases() + 2 * grid.order() + 1;
    }

    private long work() {
        return (long) examples * inputs * (grid.order() + 1);
    }

    /**
     * {@return an output's coefficients times their scales, those of each input with zeros around}
     */
    private double[] padded(Weights weights, int output) {
        double[] padded = new double[inputs * paddedBases()];
        for (int i = 0; i < inputs; i++) {
            int edge = i + inputs * output;
            for (int j = 0; j < grid.bases(); j++) {
                padded[i * paddedBases() + grid.order() + j] =
                        weights.scale[edge] * weights.coefficients[edge * grid.bases() + j];
            }
        }
        return padded;
    }

    /** {@return y, [minibatch, nOut]} */
    double[] forward(Weights weights, Masks masks) {
        double[] y = new double[examples * outputs];
        RowParallel.shared()
                .run(
                        outputs,
                        work(),
                        (from, to) -> {
                            for (int o = from; o < to; o++) {
                                forward(weights, masks, o, y);
                            }
                        });
        return y;
    }

    private void forward(Weights weights, Masks masks, int output, double[] y) {
        int width = grid.order() + 1;
        double[] coefficients = padded(weights, output);
        double[] splines = Masks.of(masks.splines, output);
        double[] edges = Masks.of(masks.edges, output);
        for (int b = 0; b < examples; b++) {
            double sum = 0;
            for (int i = 0; i < inputs; i++) {
                int input = b * inputs + i;
                double spline = 0;
                for (int j = 0; j < width; j++) {
                    spline += coefficients[first[input] + j] * values[input * width + j];
                }
                sum +=
                        factor(edges, input)
                                * (weights.base[i + inputs * output] * base[input]
                                        + factor(splines, input) * spline);
            }
            y[b * outputs + output] = sum;
        }
    }

    /**
     * {@return the gradient at the input, [minibatch, nIn]}
     *
     * @param delta the gradient at the output, [minibatch, nOut]
     * @param gradients to which those of the weights are added
     */
    double[] backward(double[] delta, Weights weights, Masks masks, Weights gradients) {
        int groups = Math.min(GROUPS, outputs);
        double[][] ofInput = new double[groups][examples * inputs];
        RowParallel.shared()
                .run(
                        groups,
                        2 * work() * outputs / groups,
                        (from, to) -> {
                            for (int group = from; group < to; group++) {
                                int end = (group + 1) * outputs / groups;
                                for (int o = group * outputs / groups; o < end; o++) {
                                    backward(delta, weights, masks, o, gradients, ofInput[group]);
                                }
                            }
                        });
        for (int group = 1; group < groups; group++) {
            for (int i = 0; i < ofInput[0].length; i++) {
                ofInput[0][i] += ofInput[group][i];
            }
        }
        return ofInput[0];
    }

    private void backward(
            double[] delta,
            Weights weights,
            Masks masks,
            int output,
            Weights gradients,
            double[] ofInput) {
        int width = grid.order() + 1;
        double[] coefficients = padded(weights, output);
        double[] ofCoefficients = new double[coefficients.length];
        double[] splines = Masks.of(masks.splines, output);
        double[] edges = Masks.of(masks.edges, output);
        for (int b = 0; b < examples; b++) {
            for (int i = 0; i < inputs; i++) {
                int input = b * inputs + i;
                int edge = i + inputs * output;
                double ofEdge = delta[b * outputs + output] * factor(edges, input);
                double ofSpline = ofEdge * factor(splines, input);
                double slope = 0;
                for (int j = 0; j < width; j++) {
                    slope += coefficients[first[input] + j] * slopes[input * width + j];
                    ofCoefficients[first[input] + j] += ofSpline * values[input * width + j];
                }
                gradients.base[edge] += ofEdge * base[input];
                ofInput[input] += ofEdge * weights.base[edge] * baseSlope[input] + ofSpline * slope;
            }
        }
        for (int i = 0; i < inputs; i++) {
            int edge = i + inputs * output;
            for (int j = 0; j < grid.bases(); j++) {
                int place = edge * grid.bases() + j;
                double gradient = ofCoefficients[i * paddedBases() + grid.order() + j];
                gradients.coefficients[place] += weights.scale[edge] * gradient;
                gradients.scale[edge] += weights.coefficients[place] * gradient;
            }
        }
    }
}
