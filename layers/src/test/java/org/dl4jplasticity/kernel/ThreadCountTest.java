package org.dl4jplasticity.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ForkJoinPool;
import java.util.function.Supplier;
import org.dl4jplasticity.kernel.FusedActivation.Kind;
import org.dl4jplasticity.topology.SparseTopology;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Work large enough to be divided gives the same bits however many threads share it. */
class ThreadCountTest {
    private static final int BATCH = 37;

    private final SparseTopology topology =
            SparseTopology.random(160, 140, 4_000, new SplittableRandom(1));

    private static <T> T onThreads(int threads, Callable<T> work) {
        ForkJoinPool pool = new ForkJoinPool(threads);
        try {
            return pool.submit(work).join();
        } finally {
            pool.shutdown();
        }
    }

    private static void assertSameOnAnyNumberOfThreads(Supplier<double[]> work) {
        double[] alone = onThreads(1, work::get);
        for (int threads : new int[] {2, 3, 7}) {
            assertThat(onThreads(threads, work::get)).as("%d threads", threads).isEqualTo(alone);
        }
        assertThat(work.get()).as("the common pool").isEqualTo(alone);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("org.dl4jplasticity.kernel.Operations#all")
    void productsAreTheSame(Operations operations) {
        Problem problem = new Problem(topology, BATCH, operations, 5);
        int stride = operations.stride(BATCH);
        double[] x = Problem.featureMajor(problem.x, stride, 0);
        double[] delta = Problem.featureMajor(problem.delta, stride, 0);
        FusedActivation sigmoid = new FusedActivation(Kind.SIGMOID, 0);
        assertSameOnAnyNumberOfThreads(
                () ->
                        operations.forward(
                                topology, problem.weights, problem.bias, sigmoid, x, stride));
        assertSameOnAnyNumberOfThreads(
                () -> operations.inputGradient(topology, problem.weights, delta, stride));
        assertSameOnAnyNumberOfThreads(() -> operations.weightGradient(topology, delta, x, stride));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("org.dl4jplasticity.kernel.Operations#all")
    void gradientsThroughTheActivationAreTheSame(Operations operations) {
        // Many units, or the work would not be worth dividing.
        SparseTopology wide = SparseTopology.random(2, 4_000, 4_000, new SplittableRandom(2));
        Problem problem = new Problem(wide, BATCH, operations, 6);
        int stride = operations.stride(BATCH);
        double[] y = Problem.featureMajor(problem.preActivations(true), stride, 0);
        double[] delta = Problem.featureMajor(problem.delta, stride, 0);
        FusedActivation tanh = new FusedActivation(Kind.TANH, 0);
        assertSameOnAnyNumberOfThreads(
                () -> operations.activationGradient(4_000, tanh, y, delta, stride).delta());
        assertSameOnAnyNumberOfThreads(
                () -> operations.activationGradient(4_000, tanh, y, delta, stride).bias());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("org.dl4jplasticity.kernel.Operations#all")
    void theLargestGradientsAreTheSame(Operations operations) {
        Problem problem = new Problem(topology, BATCH, operations, 7);
        int stride = operations.stride(BATCH);
        double[] x = Problem.featureMajor(problem.x, stride, 0);
        double[] delta = Problem.featureMajor(problem.delta, stride, 0);
        // Equal rows: ties between the parts of different threads.
        System.arraycopy(delta, 0, delta, 70 * stride, 70 * stride);
        for (int k : new int[] {0, 1, 63, 1_000, 18_400}) {
            long[] alone =
                    onThreads(1, () -> operations.largestGradients(topology, delta, x, stride, k));
            assertThat(alone).hasSize(k);
            for (int threads : new int[] {2, 3, 7}) {
                assertThat(
                                onThreads(
                                        threads,
                                        () ->
                                                operations.largestGradients(
                                                        topology, delta, x, stride, k)))
                        .as("k %d, %d threads", k, threads)
                        .isEqualTo(alone);
            }
        }
    }
}
