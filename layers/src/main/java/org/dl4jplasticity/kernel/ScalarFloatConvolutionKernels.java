package org.dl4jplasticity.kernel;

import java.util.Arrays;

/** The plain implementation: loops as the definitions read. */
public final class ScalarFloatConvolutionKernels implements FloatConvolutionKernels {

    /** Creates the kernels; they have no state. */
    public ScalarFloatConvolutionKernels() {}

    @Override
    public int lanes() {
        return 1;
    }

    @Override
    public void convolve(
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
            int to) {
        for (int row = from; row < to; row++) {
            int out = yStart + row * yPlane;
            Arrays.fill(y, out, out + length, bias == null ? 0 : bias[row]);
            for (int p = rowStarts[row]; p < rowStarts[row + 1]; p++) {
                addScaled(values[p], x, xStart + offsets[p], y, out, length);
            }
            ScalarFloatKernels.activate(activation, y, out, length);
        }
    }

    /** y(i) += factor x(i). */
    private static void addScaled(
            float factor, float[] x, int xStart, float[] y, int yStart, int length) {
        for (int i = 0; i < length; i++) {
            y[yStart + i] += factor * x[xStart + i];
        }
    }

    @Override
    public void correlate(
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
            int to) {
        for (int row = from; row < to; row++) {
            for (int p = rowStarts[row]; p < rowStarts[row + 1]; p++) {
                sums[p] +=
                        ScalarFloatKernels.dot(
                                delta, dStart + row * dPlane, x, xStart + offsets[p], length);
            }
        }
    }
}
