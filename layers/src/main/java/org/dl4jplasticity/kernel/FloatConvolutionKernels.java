package org.dl4jplasticity.kernel;

/**
 * The computations of a sparse convolution on one segment, a contiguous stretch of places and
 * examples, on the calling thread. Arguments are not checked: {@link FloatConvolutionOperations} is
 * the checked front.
 *
 * <p>Common arguments: {@code rowStarts} gives the entries of every row, a row being a channel of
 * the result; {@code offsets} says for every entry how far from the start of the segment the
 * numbers of the other operand are; {@code length}, that of the segment, is a multiple of {@link
 * #lanes}; rows are {@code [from, to)}.
 */
public interface FloatConvolutionKernels {

    /** {@return the number of values handled at a time} */
    int lanes();

    /**
     * Forward pass, or gradient at the inputs: {@code Y(r,i) = f(bias(r) + sum_p values(p)
     * X(offsets(p) + i))} over the entries p of row r.
     *
     * @param rowStarts the start of every row
     * @param offsets of every entry
     * @param values the value of every entry
     * @param bias one value per row, or null for none
     * @param activation f
     * @param x the dense operand
     * @param xStart where the segment starts in it
     * @param y the result
     * @param yStart where the segment starts in row 0 of it
     * @param yPlane the distance between two rows of it
     * @param length of the segment
     * @param from first row
     * @param to row after the last
     */
    void convolve(
            int[] rowStarts,
            int[] offsets,
            float[] values,
            float[] bias,
            FusedActivation activation,
            float[] x,
            int xStart,
            float[] y,
            int yStart,
            int yPlane,
            int length,
            int from,
            int to);

    /**
     * One segment's part of the weight gradient: adds to {@code sums(p)} the {@code D(r,i)
     * X(offsets(p) + i)} of the segment for every entry p of row r. A sum is {@link #lanes} partial
     * sums.
     *
     * @param rowStarts the start of every row
     * @param offsets of every entry
     * @param delta D
     * @param dStart where the segment starts in row 0 of it
     * @param dPlane the distance between two rows of it
     * @param x X
     * @param xStart where the segment starts in it
     * @param length of the segment
     * @param sums lanes values per entry
     * @param from first row
     * @param to row after the last
     */
    void correlate(
            int[] rowStarts,
            int[] offsets,
            float[] delta,
            int dStart,
            int dPlane,
            float[] x,
            int xStart,
            int length,
            float[] sums,
            int from,
            int to);
}
