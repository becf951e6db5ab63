package org.dl4jplasticity.kan;

import java.util.Arrays;
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
 * * bases, nOut] with the bases of an input behind one another. The mask of an input is [minibatch,
 * nOut] in 'c' order.
 *
 * <p>Work is divided by inputs: the coefficients of one stay in a cache for all examples, and its
 * edges, which share the values of their bases, are computed side by side.
 */
final class EdgeFunctions {
    /** Groups of inputs whose outputs are added up apart, however many threads there are. */
    private static final int GROUPS = 16;

    private final SplineGrid grid;
    private final int examples;
    private final int inputs;
    private final int outputs;
    private final double[] base;
    private final double[] baseSlope;

    /** The first row of an input's coefficients among those {@link Edges#scaled}. */
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
            first[i] = basis + grid.order();
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
     * The masks of a pass, each drawn when it is wanted; the same again for the same input.
     *
     * @param splines by which the splines of an input are multiplied; null for none
     * @param edges by which the functions are multiplied; null for none
     */
    record Masks(IntFunction<double[]> splines, IntFunction<double[]> edges) {
        static final Masks NONE = new Masks(null, null);

        private static double[] of(IntFunction<double[]> masks, int input) {
            return masks == null ? null : masks.apply(input);
        }
    }

    private long work() {
        return (long) examples * outputs * (grid.order() + 2);
    }

    /**
     * The edges of one input at a time, those to all outputs side by side. Rows of outputs are
     * arrays of their own: loops over several of them from 0 on are what the compiler vectorizes.
     */
    private final class Edges {
        private final Weights weights;
        private final Masks masks;
        private final double[] w = new double[outputs];

        /**
         * Coefficients times their scales, a row for each basis; before and behind them rows of
         * zeros for basis functions that don't exist.
         */
        private final double[][] scaled = rows(grid.bases() + 2 * grid.order() + 1);

        private final double[] row = new double[outputs];
        private int input;
        private double[] splineMask;
        private double[] edgeMask;

        Edges(Weights weights, Masks masks) {
            this.weights = weights;
            this.masks = masks;
        }

        void moveTo(int next) {
            input = next;
            splineMask = Masks.of(masks.splines, next);
            edgeMask = Masks.of(masks.edges, next);
            for (int o = 0; o < outputs; o++) {
                int edge = next + inputs * o;
                w[o] = weights.base[edge];
                for (int j = 0; j < grid.bases(); j++) {
                    scaled[grid.order() + j][o] =
                            weights.scale[edge] * weights.coefficients[edge * grid.bases() + j];
                }
            }
        }

        /** Adds what the edges put out to the outputs of each example. */
        void addOutputs(double[][] y) {
            double[] phi = new double[outputs];
            for (int b = 0; b < examples; b++) {
                int at = b * inputs + input;
                splines(at, values, phi);
                multiply(phi, splineMask, b);
                add(phi, base[at], w);
                multiply(phi, edgeMask, b);
                add(y[b], 1, phi);
            }
        }

        /** Computes the gradients of the edges' weights and, for each example, of the input. */
        void backward(double[] delta, Weights gradients, double[] ofInput) {
            double[] ofW = new double[outputs];
            double[][] ofScaled = rows(scaled.length);
            double[] ofEdges = new double[outputs];
            double[] ofSplines = new double[outputs];
            double[] slope = new double[outputs];
            int width = grid.order() + 1;
            for (int b = 0; b < examples; b++) {
                int at = b * inputs + input;
                System.arraycopy(delta, b * outputs, ofEdges, 0, outputs);
                multiply(ofEdges, edgeMask, b);
                System.arraycopy(ofEdges, 0, ofSplines, 0, outputs);
                multiply(ofSplines, splineMask, b);
                add(ofW, base[at], ofEdges);
                for (int j = 0; j < width; j++) {
                    add(ofScaled[first[at] + j], values[at * width + j], ofSplines);
                }
                splines(at, slopes, slope);
                ofInput[at] = baseSlope[at] * dot(ofEdges, w) + dot(ofSplines, slope);
            }
            for (int o = 0; o < outputs; o++) {
                int edge = input + inputs * o;
                gradients.base[edge] = ofW[o];
                for (int j = 0; j < grid.bases(); j++) {
                    int place = edge * grid.bases() + j;
                    double gradient = ofScaled[grid.order() + j][o];
                    gradients.coefficients[place] = weights.scale[edge] * gradient;
                    gradients.scale[edge] += weights.coefficients[place] * gradient;
                }
            }
        }

        /** Computes the splines, or their slopes, of the edges at one example's input. */
        private void splines(int at, double[] bases, double[] result) {
            int width = grid.order() + 1;
            Arrays.fill(result, 0);
            for (int j = 0; j < width; j++) {
                add(result, bases[at * width + j], scaled[first[at] + j]);
            }
        }

        private void multiply(double[] edges, double[] mask, int example) {
            if (mask != null) {
                System.arraycopy(mask, example * outputs, row, 0, outputs);
                for (int o = 0; o < edges.length; o++) {
                    edges[o] *= row[o];
                }
            }
        }
    }

    private double[][] rows(int number) {
        return new double[number][outputs];
    }

    private static void add(double[] to, double factor, double[] from) {
        for (int o = 0; o < to.length; o++) {
            to[o] += factor * from[o];
        }
    }

    /** In four sums, which don't wait for each other. */
    private static double dot(double[] left, double[] right) {
        double first = 0;
        double second = 0;
        double third = 0;
        double fourth = 0;
        int o = 0;
        for (; o + 4 <= left.length; o += 4) {
            first += left[o] * right[o];
            second += left[o + 1] * right[o + 1];
            third += left[o + 2] * right[o + 2];
            fourth += left[o + 3] * right[o + 3];
        }
        for (; o < left.length; o++) {
            first += left[o] * right[o];
        }
        return first + second + (third + fourth);
    }

    /** {@return y, [minibatch, nOut]} */
    double[] forward(Weights weights, Masks masks) {
        int groups = Math.min(GROUPS, inputs);
        double[][][] parts = new double[groups][][];
        RowParallel.shared()
                .run(
                        groups,
                        work() * inputs / groups,
                        (from, to) -> {
                            Edges edges = new Edges(weights, masks);
                            for (int group = from; group < to; group++) {
                                parts[group] = rows(examples);
                                int end = (group + 1) * inputs / groups;
                                for (int i = group * inputs / groups; i < end; i++) {
                                    edges.moveTo(i);
                                    edges.addOutputs(parts[group]);
                                }
                            }
                        });
        double[] y = new double[examples * outputs];
        for (int b = 0; b < examples; b++) {
            for (int group = 1; group < groups; group++) {
                add(parts[0][b], 1, parts[group][b]);
            }
            System.arraycopy(parts[0][b], 0, y, b * outputs, outputs);
        }
        return y;
    }

    /**
     * {@return the gradient at the input, [minibatch, nIn]}
     *
     * @param delta the gradient at the output, [minibatch, nOut]
     * @param gradients of the weights; zeros, overwritten
     */
    double[] backward(double[] delta, Weights weights, Masks masks, Weights gradients) {
        double[] ofInput = new double[examples * inputs];
        RowParallel.shared()
                .run(
                        inputs,
                        2 * work(),
                        (from, to) -> {
                            Edges edges = new Edges(weights, masks);
                            for (int i = from; i < to; i++) {
                                edges.moveTo(i);
                                edges.backward(delta, gradients, ofInput);
                            }
                        });
        return ofInput;
    }
}
