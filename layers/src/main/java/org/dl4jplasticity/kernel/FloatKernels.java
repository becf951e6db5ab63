package org.dl4jplasticity.kernel;

/**
 * The computations of a sparse layer for a range of rows, on the calling thread. Arguments are not
 * checked: {@link FloatSparseOperations} is the checked front.
 *
 * <p>Common arguments: {@code rowStarts} and {@code columns} give a sparse matrix by rows as {@link
 * org.dl4jplasticity.topology.SparseTopology} does; {@code stride} is a multiple of {@link #lanes};
 * rows are {@code [from, to)}. Arrays of activations are feature-major, of {@link #length}.
 */
public interface FloatKernels {

    /**
     * The element that feature-major values begin at. With the 16 bytes of Java's array header it
     * stands a cache line behind the array's beginning. Where arrays begin at multiples of one, as
     * all do with {@code -XX:ObjectAlignmentInBytes=64} and those of some megabytes in the G1
     * collector, units of whole cache lines are read as such and no vector is in two of them.
     */
    int FIRST = 48 / Float.BYTES;

    /**
     * {@return the index of a unit's first value in a feature-major array}
     *
     * @param unit the unit
     * @param stride distance between two units' values
     */
    static int start(int unit, int stride) {
        return FIRST + unit * stride;
    }

    /**
     * {@return the length that a feature-major array must have}
     *
     * @param units how many
     * @param stride distance between two units' values
     */
    static long length(int units, int stride) {
        return FIRST + (long) units * stride;
    }

    /** {@return the name of the implementation: {@code scalar} or {@code vector}} */
    String name();

    /** {@return the number of examples handled at a time; strides are multiples of it} */
    int lanes();

    /**
     * Forward pass, or input gradient when given the transpose: {@code Y(r,b) = f(bias(r) + sum_p
     * values(p) X(columns(p),b))} over the positions p of row r.
     *
     * @param rowStarts the start of every row
     * @param columns the column of every position
     * @param values the value of every position
     * @param bias one value per row, or null for none
     * @param activation f
     * @param x the dense operand, feature-major
     * @param stride distance between two units' values
     * @param y the result, feature-major; overwritten
     * @param from first row
     * @param to row after the last
     */
    void multiply(
            int[] rowStarts,
            int[] columns,
            float[] values,
            float[] bias,
            FusedActivation activation,
            float[] x,
            int stride,
            float[] y,
            int from,
            int to);

    /**
     * Weight gradient on the active positions only (sampled dense-dense product): {@code G(p) =
     * sum_b D(r,b) X(columns(p),b)} for every position p of row r.
     *
     * @param rowStarts the start of every row
     * @param columns the column of every position
     * @param delta the left operand, feature-major; its padding is 0
     * @param x the right operand, feature-major; its padding is finite
     * @param stride distance between two units' values
     * @param gradient the result, one value per position; overwritten
     * @param from first row
     * @param to row after the last
     */
    void sampledProduct(
            int[] rowStarts,
            int[] columns,
            float[] delta,
            float[] x,
            int stride,
            float[] gradient,
            int from,
            int to);

    /**
     * Through the activation function, backwards: {@code D(r,b) = E(r,b) f'(z(r,b))} in place of E,
     * with f' told from the output y, and {@code biasGradient(r) = sum_b D(r,b)}.
     *
     * @param activation f
     * @param y the layer's output, row after row
     * @param delta E on entry, D on return; its padding is 0 and stays 0
     * @param first index of the first row's first value
     * @param stride distance between two units' values
     * @param biasGradient one value per row; overwritten
     * @param from first row
     * @param to row after the last
     */
    void activationGradient(
            FusedActivation activation,
            float[] y,
            float[] delta,
            int first,
            int stride,
            float[] biasGradient,
            int from,
            int to);
}
