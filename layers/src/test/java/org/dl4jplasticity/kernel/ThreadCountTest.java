package org.dl4jplasticity.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import java.util.function.Function;
import org.dl4jplasticity.kernel.FusedActivation.Kind;
import org.dl4jplasticity.topology.SparseTopology;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Work large enough to be divided gives the same bits however many threads share it. */
class ThreadCountTest {
    private static final int BATCH = 165;

    private final SparseTopology topology =
            SparseTopology.random(160, 140, 4_000, new SplittableRandom(1));

    private static void assertSameOnAnyNumberOfThreads(
            Operations operations, Function<Operations, Object> work) {
        Object alone = work.apply(operations.onThreads(1));
        for (int threads : new int[] {2, 3, 7}) {
            assertThat(work.apply(operations.onThreads(threads)))
                    .as("%d threads", threads)
                    .isEqualTo(alone);
        }
        assertThat(work.apply(operations)).as("the shared threads").isEqualTo(alone);
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
                operations,
                o -> o.forward(topology, problem.weights, problem.bias, sigmoid, x, stride));
        assertSameOnAnyNumberOfThreads(
                operations, o -> o.inputGradient(topology, problem.weights, delta, stride));
        assertSameOnAnyNumberOfThreads(
                operations, o -> o.weightGradient(topology, delta, x, stride));
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
                operations, o -> o.activationGradient(4_000, tanh, y, delta, stride).delta());
        assertSameOnAnyNumberOfThreads(
                operations, o -> o.activationGradient(4_000, tanh, y, delta, stride).bias());
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
            assertThat(operations.largestGradients(topology, delta, x, stride, k)).hasSize(k);
            assertSameOnAnyNumberOfThreads(
                    operations, o -> o.largestGradients(topology, delta, x, stride, k));
        }
    }
}
