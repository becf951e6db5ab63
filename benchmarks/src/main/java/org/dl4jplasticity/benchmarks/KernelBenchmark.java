package org.dl4jplasticity.benchmarks;

import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.dl4jplasticity.kernel.FloatKernels;
import org.dl4jplasticity.kernel.FloatSparseOperations;
import org.dl4jplasticity.kernel.FusedActivation;
import org.dl4jplasticity.kernel.KernelChoice;
import org.dl4jplasticity.topology.SparseTopology;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * The three products of a sparse layer of 1024 inputs and 1024 units on a minibatch of 128. Each
 * takes {@code 2 * active * 128} operations.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class KernelBenchmark {
    /** Inputs and units. */
    static final int UNITS = 1024;

    /** Examples. */
    static final int BATCH = 128;

    /** Active over possible connections. */
    @Param({"0.2", "0.1", "0.05", "0.01"})
    public double density;

    private final FloatSparseOperations operations =
            FloatSparseOperations.of(KernelChoice.selected());
    private final int stride = operations.stride(BATCH);
    private final float[] x = new float[(int) FloatKernels.length(UNITS, stride)];
    private final float[] y = new float[(int) FloatKernels.length(UNITS, stride)];
    private SparseTopology topology;
    private float[] weights;
    private float[] result;

    /** Creates a benchmark; JMH does, and calls {@link #setUp}. */
    public KernelBenchmark() {}

    /** {@return the number of active connections at a density} */
    static long active(double density) {
        return Math.round(density * UNITS * UNITS);
    }

    /** Draws connections, weights, inputs and gradients. */
    @Setup
    public void setUp() {
        SplittableRandom random = new SplittableRandom(1);
        topology = SparseTopology.random(UNITS, UNITS, active(density), random);
        weights = new float[topology.activeCount()];
        result = new float[topology.activeCount()];
        for (float[] values : new float[][] {x, y, weights}) {
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) random.nextDouble() - 0.5f;
            }
        }
        topology.transpose();
    }

    /** {@return outputs} */
    @Benchmark
    public float[] forward() {
        operations.forward(topology, weights, null, FusedActivation.IDENTITY, x, stride, y);
        return y;
    }

    /** {@return gradients with respect to the inputs} */
    @Benchmark
    public float[] inputGradient() {
        operations.inputGradient(topology, weights, x, stride, result, y);
        return y;
    }

    /** {@return gradients with respect to the active weights} */
    @Benchmark
    public float[] weightGradient() {
        operations
                .kernels()
                .sampledProduct(
                        topology.rowStarts(), topology.columns(), y, x, stride, result, 0, UNITS);
        return result;
    }
}
