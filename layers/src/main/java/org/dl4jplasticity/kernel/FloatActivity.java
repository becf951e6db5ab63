package org.dl4jplasticity.kernel;

/** How active units are over a minibatch; arrays are feature-major (see the package). */
@SuppressWarnings("cast") // needed here, redundant in the double twin
final class FloatActivity {
    private FloatActivity() {}

    /**
     * {@return which examples have a gradient at any unit} What the others, padding among them,
     * hold elsewhere has no part in the weight gradient.
     */
    static boolean[] usedExamples(float[] delta, int units, int stride) {
        boolean[] used = new boolean[stride];
        int unknown = stride;
        for (int unit = 0; unit < units && unknown > 0; unit++) {
            int start = FloatKernels.start(unit, stride);
            for (int b = 0; b < stride; b++) {
                if (!used[b] && delta[start + b] != 0) {
                    used[b] = true;
                    unknown--;
                }
            }
        }
        return used;
    }

    /**
     * {@return for every unit the Euclidean norm of its values, rounded up so far that the product
     * of two norms is never below a product of two units that a kernel computes; 0 if one is NaN}
     */
    static double[] norms(
            RowParallel threads, float[] values, int units, int stride, boolean[] used) {
        // A kernel adds up at most stride products, each time with a relative error of an ulp.
        double slack = 1 + 2.0 * (stride + 1) * Math.ulp((float) 1.0);
        double[] norms = new double[units];
        threads.run(
                units,
                stride,
                (from, to) -> {
                    for (int unit = from; unit < to; unit++) {
                        norms[unit] = slack * norm(values, FloatKernels.start(unit, stride), used);
                    }
                });
        return norms;
    }

    private static double norm(float[] values, int start, boolean[] used) {
        double largest = 0;
        for (int b = 0; b < used.length; b++) {
            if (used[b]) {
                double value = Math.abs(values[start + b]);
                if (Double.isNaN(value)) {
                    return 0;
                }
                largest = Math.max(largest, value);
            }
        }
        if (largest == 0 || Double.isInfinite(largest)) {
            return largest;
        }
        double sum = 0;
        for (int b = 0; b < used.length; b++) {
            if (used[b]) {
                double share = values[start + b] / largest;
                sum += share * share;
            }
        }
        return largest * Math.sqrt(sum);
    }

    /** {@return for every unit the sum of its values' magnitudes; 0 if that is no number} */
    static double[] magnitudes(
            RowParallel threads, float[] values, int units, int stride, boolean[] used) {
        double[] sums = new double[units];
        threads.run(
                units,
                stride,
                (from, to) -> {
                    for (int unit = from; unit < to; unit++) {
                        int start = FloatKernels.start(unit, stride);
                        double sum = 0;
                        for (int b = 0; b < stride; b++) {
                            sum += used[b] ? Math.abs(values[start + b]) : 0;
                        }
                        sums[unit] = Double.isFinite(sum) ? sum : 0;
                    }
                });
        return sums;
    }
}
