package org.dl4jplasticity.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.dl4jplasticity.topology.SparseTopology;

/** {@link Operations} of floats; the build makes those of doubles from them. */
@SuppressWarnings("cast") // needed here, redundant in the double twin
final class FloatOperations implements Operations {
    private static final int BEHIND = 3;
    private static final float JUNK = -12345;

    private final FloatSparseOperations operations;

    FloatOperations(FloatSparseOperations operations) {
        this.operations = operations;
    }

    @Override
    public double unit() {
        return Math.ulp((float) 1.0) / 2;
    }

    @Override
    public double round(double value) {
        return (float) value;
    }

    @Override
    public Operations scalar() {
        return new FloatOperations(FloatSparseOperations.of(KernelChoice.SCALAR));
    }

    @Override
    public Operations onThreads(int threads) {
        return new FloatOperations(
                new FloatSparseOperations(operations.kernels(), new RowParallel(threads)));
    }

    @Override
    public int stride(int batch) {
        return operations.stride(batch);
    }

    @Override
    public double[] forward(
            SparseTopology topology,
            double[] weights,
            double[] bias,
            FusedActivation activation,
            double[] x,
            int stride) {
        float[] y = activations(topology.nOut(), stride);
        operations.forward(
                topology, narrow(weights), narrow(bias), activation, activations(x), stride, y);
        return values(y);
    }

    @Override
    public double[] inputGradient(
            SparseTopology topology, double[] weights, double[] delta, int stride) {
        float[] dx = activations(topology.nIn(), stride);
        float[] scratch = result(topology.activeCount());
        operations.inputGradient(
                topology, narrow(weights), activations(delta), stride, scratch, dx);
        widen(scratch);
        return values(dx);
    }

    @Override
    public double[] weightGradient(
            SparseTopology topology, double[] delta, double[] x, int stride) {
        float[] gradient = result(topology.activeCount());
        operations.parameterGradients(
                topology,
                FusedActivation.IDENTITY,
                activations(topology.nOut(), stride),
                activations(delta),
                activations(x),
                stride,
                gradient,
                result(topology.nOut()));
        return widen(gradient);
    }

    @Override
    public double[] gradientRow(int nIn, double[] delta, double[] x, int stride, int row) {
        float[] gradient =
                operations.gradientRow(nIn, activations(delta), activations(x), stride, row);
        double[] wide = new double[gradient.length];
        Arrays.setAll(wide, i -> gradient[i]);
        return wide;
    }

    @Override
    public Derived activationGradient(
            int units, FusedActivation activation, double[] y, double[] delta, int stride) {
        float[] derived = activations(delta);
        float[] bias = result(units);
        operations.parameterGradients(
                SparseTopology.of(1, units, 0),
                activation,
                activations(y),
                derived,
                activations(1, stride),
                stride,
                result(1),
                bias);
        return new Derived(values(derived), widen(bias));
    }

    @Override
    public long[] largestGradients(
            SparseTopology occupied, double[] delta, double[] x, int stride, int k) {
        return operations.largestGradients(occupied, activations(delta), activations(x), stride, k);
    }

    @Override
    public long[] largestSampledGradients(
            SparseTopology occupied,
            double[] delta,
            double[] x,
            int stride,
            int k,
            long draws,
            long seed) {
        return operations.largestSampledGradients(
                occupied, activations(delta), activations(x), stride, k, draws, seed);
    }

    /** Room for feature-major values. */
    private static float[] activations(int units, int stride) {
        return result((int) FloatKernels.length(units, stride));
    }

    /** {@return feature-major values where operations expect them} */
    private static float[] activations(double[] featureMajor) {
        float[] values = activations(featureMajor.length, 1);
        System.arraycopy(narrow(featureMajor), 0, values, FloatKernels.FIRST, featureMajor.length);
        return values;
    }

    /** {@return what {@link #activations} took} */
    private static double[] values(float[] activations) {
        double[] wide = widen(activations);
        for (int i = 0; i < FloatKernels.FIRST; i++) {
            assertThat(wide[i]).as("before the beginning").isEqualTo(JUNK);
        }
        return Arrays.copyOfRange(wide, FloatKernels.FIRST, wide.length);
    }

    private static float[] result(int length) {
        float[] result = new float[length + BEHIND];
        Arrays.fill(result, JUNK);
        return result;
    }

    private static float[] narrow(double[] wide) {
        if (wide == null) {
            return null;
        }
        float[] narrow = new float[wide.length];
        for (int i = 0; i < wide.length; i++) {
            narrow[i] = (float) wide[i];
        }
        return narrow;
    }

    private static double[] widen(float[] result) {
        double[] wide = new double[result.length - BEHIND];
        Arrays.setAll(wide, i -> result[i]);
        for (int i = wide.length; i < result.length; i++) {
            assertThat(result[i]).as("behind the end").isEqualTo(JUNK);
        }
        return wide;
    }

    @Override
    public String toString() {
        return "float " + operations.kernels().name();
    }
}
