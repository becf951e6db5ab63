package org.dl4jplasticity.kernel.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.dl4jplasticity.kernel.FloatConvolutionKernels;
import org.dl4jplasticity.kernel.FusedActivation;

/**
 * The kernels of convolutions on the Vector API, on vectors of the platform's preferred width: like
 * {@link VectorFloatKernels} they keep eight sums in registers, {@link #convolve} eight vectors of
 * neighbouring outputs of one channel, {@link #correlate} eight weights of one.
 */
public final class VectorFloatConvolutionKernels implements FloatConvolutionKernels {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = SPECIES.length();

    /** Sums kept in registers at a time. */
    private static final int BLOCK = 8;

    /** Creates the kernels; they have no state. */
    public VectorFloatConvolutionKernels() {}

    @Override
    public int lanes() {
        return LANES;
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
        int i = 0;
        for (; i <= length - BLOCK * LANES; i += BLOCK * LANES) {
            convolveWide(
                    rowStarts,
                    offsets,
                    values,
                    bias,
                    x,
                    xStart + i,
                    y,
                    yStart + i,
                    yPlane,
                    from,
                    to);
        }
        if (length - i >= BLOCK / 2 * LANES) {
            convolveHalf(
                    rowStarts,
                    offsets,
                    values,
                    bias,
                    x,
                    xStart + i,
                    y,
                    yStart + i,
                    yPlane,
                    from,
                    to);
            i += BLOCK / 2 * LANES;
        }
        for (; i < length; i += LANES) {
            convolveNarrow(
                    rowStarts,
                    offsets,
                    values,
                    bias,
                    x,
                    xStart + i,
                    y,
                    yStart + i,
                    yPlane,
                    from,
                    to);
        }
        if (activation.kind() != FusedActivation.Kind.IDENTITY) {
            for (int row = from; row < to; row++) {
                int start = yStart + row * yPlane;
                VectorFloatKernels.activate(activation, y, start, start + length);
            }
        }
    }

    /** Eight vectors of outputs. */
    private static void convolveWide(
            int[] rowStarts,
            int[] offsets,
            float[] values,
            float[] bias,
            float[] x,
            int xStart,
            float[] y,
            int yStart,
            int yPlane,
            int from,
            int to) {
        for (int row = from; row < to; row++) {
            FloatVector sum0 = FloatVector.broadcast(SPECIES, bias == null ? 0 : bias[row]);
            FloatVector sum1 = sum0;
            FloatVector sum2 = sum0;
            FloatVector sum3 = sum0;
            FloatVector sum4 = sum0;
            FloatVector sum5 = sum0;
            FloatVector sum6 = sum0;
            FloatVector sum7 = sum0;
            int end = rowStarts[row + 1];
            for (int p = rowStarts[row]; p < end; p++) {
                FloatVector w = FloatVector.broadcast(SPECIES, values[p]);
                int in = xStart + offsets[p];
                sum0 = w.fma(FloatVector.fromArray(SPECIES, x, in), sum0);
                sum1 = w.fma(FloatVector.fromArray(SPECIES, x, in + LANES), sum1);
                sum2 = w.fma(FloatVector.fromArray(SPECIES, x, in + 2 * LANES), sum2);
                sum3 = w.fma(FloatVector.fromArray(SPECIES, x, in + 3 * LANES), sum3);
                sum4 = w.fma(FloatVector.fromArray(SPECIES, x, in + 4 * LANES), sum4);
                sum5 = w.fma(FloatVector.fromArray(SPECIES, x, in + 5 * LANES), sum5);
                sum6 = w.fma(FloatVector.fromArray(SPECIES, x, in + 6 * LANES), sum6);
                sum7 = w.fma(FloatVector.fromArray(SPECIES, x, in + 7 * LANES), sum7);
            }
            int out = yStart + row * yPlane;
            sum0.intoArray(y, out);
            sum1.intoArray(y, out + LANES);
            sum2.intoArray(y, out + 2 * LANES);
            sum3.intoArray(y, out + 3 * LANES);
            sum4.intoArray(y, out + 4 * LANES);
            sum5.intoArray(y, out + 5 * LANES);
            sum6.intoArray(y, out + 6 * LANES);
            sum7.intoArray(y, out + 7 * LANES);
        }
    }

    /** Four vectors of outputs. */
    private static void convolveHalf(
            int[] rowStarts,
            int[] offsets,
            float[] values,
            float[] bias,
            float[] x,
            int xStart,
            float[] y,
            int yStart,
            int yPlane,
            int from,
            int to) {
        for (int row = from; row < to; row++) {
            FloatVector sum0 = FloatVector.broadcast(SPECIES, bias == null ? 0 : bias[row]);
            FloatVector sum1 = sum0;
            FloatVector sum2 = sum0;
            FloatVector sum3 = sum0;
            int end = rowStarts[row + 1];
            for (int p = rowStarts[row]; p < end; p++) {
                FloatVector w = FloatVector.broadcast(SPECIES, values[p]);
                int in = xStart + offsets[p];
                sum0 = w.fma(FloatVector.fromArray(SPECIES, x, in), sum0);
                sum1 = w.fma(FloatVector.fromArray(SPECIES, x, in + LANES), sum1);
                sum2 = w.fma(FloatVector.fromArray(SPECIES, x, in + 2 * LANES), sum2);
                sum3 = w.fma(FloatVector.fromArray(SPECIES, x, in + 3 * LANES), sum3);
            }
            int out = yStart + row * yPlane;
            sum0.intoArray(y, out);
            sum1.intoArray(y, out + LANES);
            sum2.intoArray(y, out + 2 * LANES);
            sum3.intoArray(y, out + 3 * LANES);
        }
    }

    /**
     * One vector of outputs: four sums over weights in turn, or each multiplication would wait for
     * the one before it.
     */
    private static void convolveNarrow(
            int[] rowStarts,
            int[] offsets,
            float[] values,
            float[] bias,
            float[] x,
            int xStart,
            float[] y,
            int yStart,
            int yPlane,
            int from,
            int to) {
        for (int row = from; row < to; row++) {
            FloatVector sum0 = FloatVector.broadcast(SPECIES, bias == null ? 0 : bias[row]);
            FloatVector sum1 = FloatVector.zero(SPECIES);
            FloatVector sum2 = sum1;
            FloatVector sum3 = sum1;
            int p = rowStarts[row];
            int end = rowStarts[row + 1];
            for (; p <= end - 4; p += 4) {
                sum0 = scaled(values, p, x, xStart + offsets[p], sum0);
                sum1 = scaled(values, p + 1, x, xStart + offsets[p + 1], sum1);
                sum2 = scaled(values, p + 2, x, xStart + offsets[p + 2], sum2);
                sum3 = scaled(values, p + 3, x, xStart + offsets[p + 3], sum3);
            }
            for (; p < end; p++) {
                sum0 = scaled(values, p, x, xStart + offsets[p], sum0);
            }
            sum0.add(sum1).add(sum2.add(sum3)).intoArray(y, yStart + row * yPlane);
        }
    }

    private static FloatVector scaled(float[] values, int p, float[] x, int in, FloatVector sum) {
        return FloatVector.fromArray(SPECIES, x, in)
                .fma(FloatVector.broadcast(SPECIES, values[p]), sum);
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
            int d = dStart + row * dPlane;
            int end = rowStarts[row + 1];
            int p = rowStarts[row];
            for (; p <= end - BLOCK; p += BLOCK) {
                correlateBlock(delta, d, x, xStart, offsets, p, length, sums);
            }
            for (; p < end; p++) {
                FloatVector sum = FloatVector.fromArray(SPECIES, sums, p * LANES);
                int in = xStart + offsets[p];
                for (int i = 0; i < length; i += LANES) {
                    sum =
                            FloatVector.fromArray(SPECIES, delta, d + i)
                                    .fma(FloatVector.fromArray(SPECIES, x, in + i), sum);
                }
                sum.intoArray(sums, p * LANES);
            }
        }
    }

    /** Eight weights of one row at a time: the row's delta is loaded once for all of them. */
    private static void correlateBlock(
            float[] delta,
            int d,
            float[] x,
            int xStart,
            int[] offsets,
            int p,
            int length,
            float[] sums) {
        int x0 = xStart + offsets[p];
        int x1 = xStart + offsets[p + 1];
        int x2 = xStart + offsets[p + 2];
        int x3 = xStart + offsets[p + 3];
        int x4 = xStart + offsets[p + 4];
        int x5 = xStart + offsets[p + 5];
        int x6 = xStart + offsets[p + 6];
        int x7 = xStart + offsets[p + 7];
        int s = p * LANES;
        FloatVector sum0 = FloatVector.fromArray(SPECIES, sums, s);
        FloatVector sum1 = FloatVector.fromArray(SPECIES, sums, s + LANES);
        FloatVector sum2 = FloatVector.fromArray(SPECIES, sums, s + 2 * LANES);
        FloatVector sum3 = FloatVector.fromArray(SPECIES, sums, s + 3 * LANES);
        FloatVector sum4 = FloatVector.fromArray(SPECIES, sums, s + 4 * LANES);
        FloatVector sum5 = FloatVector.fromArray(SPECIES, sums, s + 5 * LANES);
        FloatVector sum6 = FloatVector.fromArray(SPECIES, sums, s + 6 * LANES);
        FloatVector sum7 = FloatVector.fromArray(SPECIES, sums, s + 7 * LANES);
        for (int i = 0; i < length; i += LANES) {
            FloatVector dv = FloatVector.fromArray(SPECIES, delta, d + i);
            sum0 = dv.fma(FloatVector.fromArray(SPECIES, x, x0 + i), sum0);
            sum1 = dv.fma(FloatVector.fromArray(SPECIES, x, x1 + i), sum1);
            sum2 = dv.fma(FloatVector.fromArray(SPECIES, x, x2 + i), sum2);
            sum3 = dv.fma(FloatVector.fromArray(SPECIES, x, x3 + i), sum3);
            sum4 = dv.fma(FloatVector.fromArray(SPECIES, x, x4 + i), sum4);
            sum5 = dv.fma(FloatVector.fromArray(SPECIES, x, x5 + i), sum5);
            sum6 = dv.fma(FloatVector.fromArray(SPECIES, x, x6 + i), sum6);
            sum7 = dv.fma(FloatVector.fromArray(SPECIES, x, x7 + i), sum7);
        }
        sum0.intoArray(sums, s);
        sum1.intoArray(sums, s + LANES);
        sum2.intoArray(sums, s + 2 * LANES);
        sum3.intoArray(sums, s + 3 * LANES);
        sum4.intoArray(sums, s + 4 * LANES);
        sum5.intoArray(sums, s + 5 * LANES);
        sum6.intoArray(sums, s + 6 * LANES);
        sum7.intoArray(sums, s + 7 * LANES);
    }
}
