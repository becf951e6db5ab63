package org.dl4jplasticity.benchmarks;

import java.util.concurrent.TimeUnit;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * The two roofs of a machine: how fast ND4J's OpenBLAS multiplies dense matrices in single
 * precision, and how fast memory is read and written. {@code OMP_NUM_THREADS=1} gives one core's.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class RoofBenchmark {
    /** Rows and columns of the large matrices. */
    static final int LARGE = 2048;

    /** Values of each of the triad's three arrays; together they exceed every cache. */
    static final int TRIAD = 1 << 24;

    /** Creates a benchmark; JMH does. */
    public RoofBenchmark() {}

    /** Matrices of the kernels' shape. */
    @State(Scope.Thread)
    public static class Small {
        private final INDArray a = uniform(KernelBenchmark.UNITS, KernelBenchmark.UNITS);
        private final INDArray b = uniform(KernelBenchmark.UNITS, KernelBenchmark.BATCH);
        private final INDArray c = uniform(KernelBenchmark.UNITS, KernelBenchmark.BATCH);

        /** Draws them. */
        public Small() {}
    }

    /** Square matrices. */
    @State(Scope.Thread)
    public static class Large {
        private final INDArray a = uniform(LARGE, LARGE);
        private final INDArray b = uniform(LARGE, LARGE);
        private final INDArray c = uniform(LARGE, LARGE);

        /** Draws them. */
        public Large() {}
    }

    /** Long arrays. */
    @State(Scope.Thread)
    public static class LongArrays {
        private final float[] a = new float[TRIAD];
        private final float[] b = new float[TRIAD];
        private final float[] c = new float[TRIAD];

        /** Makes them. */
        public LongArrays() {}
    }

    private static INDArray uniform(int rows, int columns) {
        return Nd4j.rand(DataType.FLOAT, rows, columns).dup('f');
    }

    /**
     * {@return the product of 1024 x 1024 and 1024 x 128}
     *
     * @param matrices factors and room for the product
     */
    @Benchmark
    public INDArray gemmOfTheKernelsShape(Small matrices) {
        return Nd4j.gemm(matrices.a, matrices.b, matrices.c, false, false, 1, 0);
    }

    /**
     * {@return the product of two matrices of 2048 x 2048}
     *
     * @param matrices factors and room for the product
     */
    @Benchmark
    public INDArray gemmLarge(Large matrices) {
        return Nd4j.gemm(matrices.a, matrices.b, matrices.c, false, false, 1, 0);
    }

    /**
     * {@return {@code a = b + 3 c}, McCalpin's triad}
     *
     * @param arrays a, b and c
     */
    @Benchmark
    public float[] triad(LongArrays arrays) {
        float[] a = arrays.a;
        float[] b = arrays.b;
        float[] c = arrays.c;
        for (int i = 0; i < a.length; i++) {
            a[i] = b[i] + 3 * c[i];
        }
        return a;
    }
}
