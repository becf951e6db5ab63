package org.dl4jplasticity.kan;

/**
 * The functions on the edges of a layer, for one minibatch:
 *
 * <pre>
 * phi(i, o)(x) = w(i, o) silu(x) + s(i, o) sum_j c(i, j, o) B(j)(x)
 * y(b, o) = sum_i m(b, i, o) phi(i, o)(x(b, i))
 * </pre>
 *
 * <p>Inputs and outputs are in 'c' order, weights in 'f' order: w and s are [nIn, nOut], c is [nIn
 * * bases, nOut] with the bases of an input behind one another, masks are [minibatch, nIn, nOut] in
 * 'c' order.
 */
final class EdgeFunctions {
    private final SplineGrid grid;
    private final int examples;
    private final int inputs;
    private final int outputs;
    private final double[] base;
    private final double[] baseSlope;
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
            first[i] = grid.first(x[i]);
            if (first[i] < grid.bases()) {
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
     * The masks of a pass.
     *
     * @param splines by which the splines are multiplied; null for none
     * @param edges by which the functions are multiplied; null for none
     */
    @SuppressWarnings("ArrayRecordComponent") // a carrier, never compared
    record Masks(double[] splines, double[] edges) {
        static final Masks NONE = new Masks(null, null);
    }

    private static double factor(double[] mask, int place) {
        return mask == null ? 1 : mask[place];
    }

    /** {@return the sum of an edge's coefficients times values of its basis functions} */
    private double spline(double[] coefficients, int input, int from, double[] of) {
        int width = grid.order() + 1;
        double sum = 0;
        for (int i = 0; i < width; i++) {
            int basis = first[input] + i;
            if (basis >= 0 && basis < grid.bases()) {
                sum += coefficients[from + basis] * of[input * width + i];
            }
        }
        return sum;
    }

    /** {@return y, [minibatch, nOut]} */
    double[] forward(Weights weights, Masks masks) {
        double[] y = new double[examples * outputs];
        for (int b = 0; b < examples; b++) {
            for (int o = 0; o < outputs; o++) {
                double sum = 0;
                for (int i = 0; i < inputs; i++) {
                    int input = b * inputs + i;
                    int edge = i + inputs * o;
                    int place = input * outputs + o;
                    double spline =
                            spline(weights.coefficients, input, edge * grid.bases(), values);
                    sum +=
                            factor(masks.edges, place)
                                    * (weights.base[edge] * base[input]
                                            + factor(masks.splines, place)
                                                    * weights.scale[edge]
                                                    * spline);
                }
                y[b * outputs + o] = sum;
            }
        }
        return y;
    }

    /**
     * {@return the gradient at the input, [minibatch, nIn]}
     *
     * @param delta the gradient at the output, [minibatch, nOut]
     * @param gradients to which those of the weights are added
     */
    double[] backward(double[] delta, Weights weights, Masks masks, Weights gradients) {
        int width = grid.order() + 1;
        double[] ofInput = new double[examples * inputs];
        for (int b = 0; b < examples; b++) {
            for (int o = 0; o < outputs; o++) {
                for (int i = 0; i < inputs; i++) {
                    int input = b * inputs + i;
                    int edge = i + inputs * o;
                    int place = input * outputs + o;
                    int from = edge * grid.bases();
                    double ofEdge = delta[b * outputs + o] * factor(masks.edges, place);
                    double ofSpline = ofEdge * factor(masks.splines, place);
                    gradients.base[edge] += ofEdge * base[input];
                    gradients.scale[edge] +=
                            ofSpline * spline(weights.coefficients, input, from, values);
                    for (int j = 0; j < width; j++) {
                        int basis = first[input] + j;
                        if (basis >= 0 && basis < grid.bases()) {
                            gradients.coefficients[from + basis] +=
                                    ofSpline * weights.scale[edge] * values[input * width + j];
                        }
                    }
                    ofInput[input] +=
                            ofEdge * weights.base[edge] * baseSlope[input]
                                    + ofSpline
                                            * weights.scale[edge]
                                            * spline(weights.coefficients, input, from, slopes);
                }
            }
        }
        return ofInput;
    }
}
