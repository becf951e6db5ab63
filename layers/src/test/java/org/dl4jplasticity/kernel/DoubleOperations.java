package org.dl4jplasticity.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.dl4jplasticity.topology.SparseTopology;

/** {@link Operations} of doubles. */
final class DoubleOperations implements Operations {
    private static final int BEHIND = 3;
    private static final double JUNK = -12345;

    private final DoubleSparseOperations operations;

    DoubleOperations(DoubleSparseOperations operations) {
        this.operations = operations;
    }

    @Override
    public double unit() {
        return Math.ulp(1.0) / 2;
    }

    @Override
    public double round(double value) {
        return value;
    }

    @Override
    public Operations scalar() {
        return new DoubleOperations(DoubleSparseOperations.of(KernelChoice.SCALAR));
    }

    @Override
    public Operations onThreads(int threads) {
        return new DoubleOperations(
                new DoubleSparseOperations(operations.kernels(), new RowParallel(threads)));
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
        double[] y = result(topology.nOut() * stride);
        operations.forward(
                topology, narrow(weights), narrow(bias), activation, narrow(x), stride, y);
        return widen(y);
    }

    @Override
    public double[] inputGradient(
            SparseTopology topology, double[] weights, double[] delta, int stride) {
        double[] dx = result(topology.nIn() * stride);
        double[] scratch = result(topology.activeCount());
        operations.inputGradient(topology, narrow(weights), narrow(delta), stride, scratch, dx);
        widen(scratch);
        return widen(dx);
    }

    @Override
    public double[] weightGradient(
            SparseTopology topology, double[] delta, double[] x, int stride) {
        double[] gradient = result(topology.activeCount());
        operations.parameterGradients(
                topology,
                FusedActivation.IDENTITY,
                result(topology.nOut() * stride),
                narrow(delta),
                narrow(x),
                stride,
                gradient,
                result(topology.nOut()));
        return widen(gradient);
    }

    @Override
    public Derived activationGradient(
            int units, FusedActivation activation, double[] y, double[] delta, int stride) {
        double[] derived = narrow(delta);
        double[] bias = result(units);
        operations.parameterGradients(
                SparseTopology.of(1, units, 0),
                activation,
                narrow(y),
                derived,
                result(stride),
                stride,
                result(1),
                bias);
        return new Derived(derived, widen(bias));
    }

    @Override
    public long[] largestGradients(
            SparseTopology occupied, double[] delta, double[] x, int stride, int k) {
        return operations.largestGradients(occupied, narrow(delta), narrow(x), stride, k);
    }

    private static double[] result(int length) {
        double[] result = new double[length + BEHIND];
        Arrays.fill(result, JUNK);
        return result;
    }

    private static double[] narrow(double[] wide) {
        if (wide == null) {
            return null;
        }
        return wide.clone();
    }

    private static double[] widen(double[] result) {
        double[] wide = Arrays.copyOf(result, result.length - BEHIND);
        for (int i = wide.length; i < result.length; i++) {
            assertThat(result[i]).as("behind the end").isEqualTo(JUNK);
        }
        return wide;
    }

    @Override
    public String toString() {
        return "double " + operations.kernels().name();
    }
}
