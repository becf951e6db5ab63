package org.dl4jplasticity.kernel;

import java.util.Arrays;

/**
 * The plain implementation: loops as the definitions read. It is always there, it is what the other
 * implementation is tested against, and HotSpot vectorizes its inner loops over the batch.
 */
@SuppressWarnings("cast") // needed here, redundant in the double twin
public final class ScalarFloatKernels implements FloatKernels {

    /** Creates the kernels; they have no state. */
    public ScalarFloatKernels() {}

    @Override
    public String name() {
        return "scalar";
    }

    @Override
    public int lanes() {
        return 1;
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
        if (stride == 1) {
            multiplyOne(rowStarts, columns, values, bias, x, y, from, to);
            activate(activation, y, FIRST + from, to - from);
            return;
        }
        for (int row = from; row < to; row++) {
            int out = FloatKernels.start(row, stride);
            Arrays.fill(y, out, out + stride, bias == null ? 0 : bias[row]);
            for (int p = rowStarts[row]; p < rowStarts[row + 1]; p++) {
                addScaled(values[p], x, FloatKernels.start(columns[p], stride), y, out, stride);
            }
            activate(activation, y, out, stride);
        }
    }

    /** The product with a vector: one example. Four partial sums, as in {@link #dot}. */
    private static void multiplyOne(
            int[] rowStarts,
            int[] columns,
            float[] values,
            float[] bias,
            float[] x,
            float[] y,
            int from,
            int to) {
        for (int row = from; row < to; row++) {
            float sum0 = bias == null ? 0 : bias[row];
            float sum1 = 0;
            float sum2 = 0;
            float sum3 = 0;
            int p = rowStarts[row];
            int end = rowStarts[row + 1];
            for (; p <= end - 4; p += 4) {
                sum0 += values[p] * x[FIRST + columns[p]];
                sum1 += values[p + 1] * x[FIRST + columns[p + 1]];
                sum2 += values[p + 2] * x[FIRST + columns[p + 2]];
                sum3 += values[p + 3] * x[FIRST + columns[p + 3]];
            }
            for (; p < end; p++) {
                sum0 += values[p] * x[FIRST + columns[p]];
            }
            y[FIRST + row] = (sum0 + sum1) + (sum2 + sum3);
        }
    }

    /** y(b) += factor x(b). */
    private static void addScaled(
            float factor, float[] x, int xStart, float[] y, int yStart, int length) {
        for (int b = 0; b < length; b++) {
            y[yStart + b] += factor * x[xStart + b];
        }
    }

    /**
     * Applies an activation function in place.
     *
     * @param activation the function
     * @param y pre-activations on entry, outputs on return
     * @param start index of the first value
     * @param length how many
     */
    public static void activate(FusedActivation activation, float[] y, int start, int length) {
        int end = start + length;
        switch (activation.kind()) {
            case IDENTITY -> {}
            case RELU -> {
                for (int i = start; i < end; i++) {
                    y[i] = Math.max(y[i], 0);
                }
            }
            case LEAKY_RELU -> {
                float slope = (float) activation.slope();
                for (int i = start; i < end; i++) {
                    y[i] = Math.max(y[i], slope * y[i]);
                }
            }
            case TANH -> {
                for (int i = start; i < end; i++) {
                    y[i] = (float) SmoothFunctions.tanh(y[i]);
                }
            }
            case SIGMOID -> {
                for (int i = start; i < end; i++) {
                    y[i] = (float) SmoothFunctions.sigmoid(y[i]);
                }
            }
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
        for (int row = from; row < to; row++) {
            int out = FloatKernels.start(row, stride);
            for (int p = rowStarts[row]; p < rowStarts[row + 1]; p++) {
                int in = FloatKernels.start(columns[p], stride);
                gradient[p] = dot(delta, out, x, in, stride);
            }
        }
    }

    /** Four partial sums: one would make every addition wait for the one before it. */
    static float dot(float[] a, int aStart, float[] b, int bStart, int length) {
        float sum0 = 0;
        float sum1 = 0;
        float sum2 = 0;
        float sum3 = 0;
        int i = 0;
        for (; i <= length - 4; i += 4) {
            sum0 += a[aStart + i] * b[bStart + i];
            sum1 += a[aStart + i + 1] * b[bStart + i + 1];
            sum2 += a[aStart + i + 2] * b[bStart + i + 2];
            sum3 += a[aStart + i + 3] * b[bStart + i + 3];
        }
        for (; i < length; i++) {
            sum0 += a[aStart + i] * b[bStart + i];
        }
        return (sum0 + sum1) + (sum2 + sum3);
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
        float slope = (float) activation.slope();
        for (int row = from; row < to; row++) {
            int start = first + row * stride;
            int end = start + stride;
            switch (activation.kind()) {
                case IDENTITY -> {}
                case RELU, LEAKY_RELU -> {
                    for (int i = start; i < end; i++) {
                        delta[i] *= y[i] > 0 ? 1 : slope;
                    }
                }
                case TANH -> {
                    for (int i = start; i < end; i++) {
                        delta[i] *= 1 - y[i] * y[i];
                    }
                }
                case SIGMOID -> {
                    for (int i = start; i < end; i++) {
                        delta[i] *= y[i] * (1 - y[i]);
                    }
                }
            }
            float sum = 0;
            for (int i = start; i < end; i++) {
                sum += delta[i];
            }
            biasGradient[row] = sum;
        }
    }
}
