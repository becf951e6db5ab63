package org.dl4jplasticity.kernel.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.dl4jplasticity.kernel.FloatKernels;
import org.dl4jplasticity.kernel.FusedActivation;
import org.dl4jplasticity.kernel.ScalarFloatKernels;

/**
 * The kernels on the Vector API, on vectors of the platform's preferred width.
 *
 * <p>What bounds them is not the arithmetic but the loads, so {@link #multiply} keeps eight sums in
 * registers, for eight vectors of neighbouring examples of one unit: a weight is fetched once for
 * all of them. {@link VectorFloatSampledProduct} does so for connections.
 */
@SuppressWarnings("cast") // needed here, redundant in the double twin
public final class VectorFloatKernels implements FloatKernels {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = SPECIES.length();

    /** Sums kept in registers at a time. */
    private static final int BLOCK = 8;

    private static final int HALF = BLOCK / 2;

    /** Creates the kernels; they have no state. */
    public VectorFloatKernels() {}

    @Override
    public String name() {
        return "vector";
    }

    @Override
    public int lanes() {
        return LANES;
    }

    @Override
    public void multiply(
            int[] rowStarts,
            int[] columns,
            float[] values,
            float[] bias,
            FusedActivation activation,
            float[] x,
            int stride,
            float[] y,
            int from,
            int to) {
        int end = FIRST + stride;
        int b = FIRST;
        for (; b <= end - BLOCK * LANES; b += BLOCK * LANES) {
            multiplyWide(rowStarts, columns, values, bias, x, stride, b, y, from, to);
        }
        if (b <= end - HALF * LANES) {
            multiplyHalf(rowStarts, columns, values, bias, x, stride, b, y, from, to);
            b += HALF * LANES;
        }
        for (; b < end; b += LANES) {
            multiplyNarrow(rowStarts, columns, values, bias, x, stride, b, y, from, to);
        }
        activate(activation, y, FloatKernels.start(from, stride), FloatKernels.start(to, stride));
    }

    /** The products for the eight vectors of examples that start at index b of the first unit. */
    private static void multiplyWide(
            int[] rowStarts,
            int[] columns,
            float[] values,
            float[] bias,
            float[] x,
            int stride,
            int b,
            float[] y,
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
                int in = columns[p] * stride + b;
                sum0 = w.fma(FloatVector.fromArray(SPECIES, x, in), sum0);
                sum1 = w.fma(FloatVector.fromArray(SPECIES, x, in + LANES), sum1);
                sum2 = w.fma(FloatVector.fromArray(SPECIES, x, in + 2 * LANES), sum2);
                sum3 = w.fma(FloatVector.fromArray(SPECIES, x, in + 3 * LANES), sum3);
                sum4 = w.fma(FloatVector.fromArray(SPECIES, x, in + 4 * LANES), sum4);
                sum5 = w.fma(FloatVector.fromArray(SPECIES, x, in + 5 * LANES), sum5);
                sum6 = w.fma(FloatVector.fromArray(SPECIES, x, in + 6 * LANES), sum6);
                sum7 = w.fma(FloatVector.fromArray(SPECIES, x, in + 7 * LANES), sum7);
            }
            int out = row * stride + b;
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

    /** The products for the four vectors of examples that start at index b of the first unit. */
    private static void multiplyHalf(
            int[] rowStarts,
            int[] columns,
            float[] values,
            float[] bias,
            float[] x,
            int stride,
            int b,
            float[] y,
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
                int in = columns[p] * stride + b;
                sum0 = w.fma(FloatVector.fromArray(SPECIES, x, in), sum0);
                sum1 = w.fma(FloatVector.fromArray(SPECIES, x, in + LANES), sum1);
                sum2 = w.fma(FloatVector.fromArray(SPECIES, x, in + 2 * LANES), sum2);
                sum3 = w.fma(FloatVector.fromArray(SPECIES, x, in + 3 * LANES), sum3);
            }
            int out = row * stride + b;
            sum0.intoArray(y, out);
            sum1.intoArray(y, out + LANES);
            sum2.intoArray(y, out + 2 * LANES);
            sum3.intoArray(y, out + 3 * LANES);
        }
    }

    /**
     * The products for the one vector of examples that starts at index b of the first unit. Four
     * sums over connections in turn, or each multiplication would wait for the one before it.
     */
    private static void multiplyNarrow(
            int[] rowStarts,
            int[] columns,
            float[] values,
            float[] bias,
            float[] x,
            int stride,
            int b,
            float[] y,
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
                sum0 = scaled(values, columns, p, x, stride, b, sum0);
                sum1 = scaled(values, columns, p + 1, x, stride, b, sum1);
                sum2 = scaled(values, columns, p + 2, x, stride, b, sum2);
                sum3 = scaled(values, columns, p + 3, x, stride, b, sum3);
            }
            for (; p < end; p++) {
                sum0 = scaled(values, columns, p, x, stride, b, sum0);
            }
            sum0.add(sum1).add(sum2.add(sum3)).intoArray(y, row * stride + b);
        }
    }

    private static FloatVector scaled(
            float[] values, int[] columns, int p, float[] x, int stride, int b, FloatVector sum) {
        return FloatVector.fromArray(SPECIES, x, columns[p] * stride + b)
                .fma(FloatVector.broadcast(SPECIES, values[p]), sum);
    }

    static void activate(FusedActivation activation, float[] y, int start, int end) {
        FloatVector zero = FloatVector.zero(SPECIES);
        switch (activation.kind()) {
            case IDENTITY -> {}
            case RELU -> {
                for (int i = start; i < end; i += LANES) {
                    FloatVector.fromArray(SPECIES, y, i).max(zero).intoArray(y, i);
                }
            }
            case LEAKY_RELU -> {
                float slope = (float) activation.slope();
                for (int i = start; i < end; i += LANES) {
                    FloatVector z = FloatVector.fromArray(SPECIES, y, i);
                    z.max(z.mul(slope)).intoArray(y, i);
                }
            }
            case TANH, SIGMOID -> ScalarFloatKernels.activate(activation, y, start, end - start);
        }
    }

    @Override
    public void sampledProduct(
            int[] rowStarts,
            int[] columns,
            float[] delta,
            float[] x,
            int stride,
            float[] gradient,
            int from,
            int to) {
        VectorFloatSampledProduct.run(rowStarts, columns, delta, x, stride, gradient, from, to);
    }

    /**
     * The sum of a vector's lanes, in one order for ever, that of {@code
     * VectorFloatSampledProduct#joined}: the order of {@code reduceLanes} is up to the just-in-time
     * compiler.
     */
    static float total(float[] lanes, int start) {
        for (int width = LANES / 2; width >= 1; width /= 2) {
            for (int i = 0; i < width; i++) {
                lanes[start + i] = lanes[start + 2 * i] + lanes[start + 2 * i + 1];
            }
        }
        return lanes[start];
    }

    @Override
    public void activationGradient(
            FusedActivation activation,
            float[] y,
            float[] delta,
            int first,
            int stride,
            float[] biasGradient,
            int from,
            int to) {
        float[] lanes = new float[LANES];
        for (int row = from; row < to; row++) {
            int start = first + row * stride;
            derive(activation, y, delta, start, start + stride);
            FloatVector sum = FloatVector.zero(SPECIES);
            for (int i = start; i < start + stride; i += LANES) {
                sum = sum.add(FloatVector.fromArray(SPECIES, delta, i));
            }
            sum.intoArray(lanes, 0);
            biasGradient[row] = total(lanes, 0);
        }
    }

    private static void derive(
            FusedActivation activation, float[] y, float[] delta, int start, int end) {
        switch (activation.kind()) {
            case IDENTITY -> {}
            case RELU, LEAKY_RELU -> {
                float slope = (float) activation.slope();
                for (int i = start; i < end; i += LANES) {
                    FloatVector e = FloatVector.fromArray(SPECIES, delta, i);
                    VectorMask<Float> positive =
                            FloatVector.fromArray(SPECIES, y, i).compare(VectorOperators.GT, 0);
                    e.mul(slope).blend(e, positive).intoArray(delta, i);
                }
            }
            case TANH -> {
                FloatVector one = FloatVector.broadcast(SPECIES, 1);
                for (int i = start; i < end; i += LANES) {
                    FloatVector a = FloatVector.fromArray(SPECIES, y, i);
                    FloatVector.fromArray(SPECIES, delta, i)
                            .mul(one.sub(a.mul(a)))
                            .intoArray(delta, i);
                }
            }
            case SIGMOID -> {
                FloatVector one = FloatVector.broadcast(SPECIES, 1);
                for (int i = start; i < end; i += LANES) {
                    FloatVector a = FloatVector.fromArray(SPECIES, y, i);
                    FloatVector.fromArray(SPECIES, delta, i)
                            .mul(a.mul(one.sub(a)))
                            .intoArray(delta, i);
                }
            }
        }
    }
}
