package org.dl4jplasticity.kan;

/**
 * B-splines over a uniform grid, which goes on beyond both of its ends by as many knots as the
 * order: basis j is not 0 between the knots j and j + order + 1 alone.
 *
 * @param intervals of the grid, at least 1
 * @param order of the pieces' polynomials, at least 1; 3 are cubic
 * @param low where the grid begins
 * @param high where it ends
 */
record SplineGrid(int intervals, int order, double low, double high) {

    SplineGrid {
        if (intervals < 1) {
            throw new IllegalArgumentException(
                    "a spline's grid must have at least 1 interval, got " + intervals);
        }
        if (order < 1) {
            throw new IllegalArgumentException("a spline's order must be at least 1, got " + order);
        }
        if (!(low < high) || Double.isInfinite(low) || Double.isInfinite(high)) {
            throw new IllegalArgumentException(
                    "a spline's grid must go from a lower to a higher finite number, got %s to %s"
                            .formatted(low, high));
        }
    }

    /** {@return the number of basis functions} */
    int bases() {
        return intervals + order;
    }

    private double step() {
        return (high - low) / intervals;
    }

    /**
     * {@return the first of the {@code order + 1} basis functions that are not 0 at a number; it
     * may lie outside of [0, bases), as may those after it, which then don't exist}
     */
    int first(double x) {
        double interval = Math.floor((x - low) / step());
        // Far out no basis exists; NaN is as far.
        return interval >= -order && interval < intervals + order ? (int) interval : bases();
    }

    /**
     * Computes the basis functions that are not 0 and their slopes (Cox, de Boor).
     *
     * @param x any number for which {@link #first} exists
     * @param values of {@code order + 1} basis functions from the first on; overwritten
     * @param slopes of the same; overwritten
     * @param at where both begin in the arrays
     */
    void evaluate(double x, double[] values, double[] slopes, int at) {
        double place = (x - low) / step();
        double within = place - Math.floor(place); // of the interval, in [0, 1)
        values[at] = 1;
        for (int degree = 1; degree <= order; degree++) {
            if (degree == order) { // the slope of a basis is a difference of lower ones
                for (int i = 0; i <= order; i++) {
                    double before = i == 0 ? 0 : values[at + i - 1];
                    double here = i == order ? 0 : values[at + i];
                    slopes[at + i] = (before - here) / step();
                }
            }
            // B(i, d) = (x - t(i)) / d h B(i, d - 1) + (t(i + d + 1) - x) / d h B(i + 1, d - 1)
            double saved = 0;
            for (int i = 0; i < degree; i++) {
                double share = values[at + i] / degree;
                values[at + i] = saved + (i + 1 - within) * share;
                saved = (within + degree - 1 - i) * share;
            }
            values[at + degree] = saved;
        }
    }
}
