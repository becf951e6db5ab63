package org.dl4jplasticity.kernel;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.dl4jplasticity.topology.SparseTopology;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every product against its definition, for batches around every width of a vector. */
class SparseProductsTest {
    private static final int[] BATCHES = {
        1, 2, 3, 5, 7, 8, 9, 13, 16, 17, 31, 32, 33, 63, 64, 65, 100, 128, 129, 256, 270
    };

    /** Padding of inputs may hold anything finite. */
    private static final double JUNK = 1e30;

    static Stream<Arguments> layers() {
        SplittableRandom random = new SplittableRandom(1);
        return Stream.of(
                        SparseTopology.of(1, 1, 0),
                        SparseTopology.dense(1, 23),
                        SparseTopology.dense(37, 1),
                        SparseTopology.of(40, 30, 85, 86, 87, 1199),
                        SparseTopology.random(50, 40, 20, random),
                        SparseTopology.random(41, 29, 120, random),
                        SparseTopology.random(60, 20, 600, random),
                        SparseTopology.random(19, 53, 900, random),
                        SparseTopology.dense(33, 17),
                        SparseTopology.dense(131, 5))
                .flatMap(
                        topology ->
                                Operations.all()
                                        .map(operations -> Arguments.of(operations, topology)));
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("layers")
    void theForwardPassIsTheDenseOne(Operations operations, SparseTopology topology) {
        for (int batch : BATCHES) {
            Problem problem = new Problem(topology, batch, operations, batch);
            int stride = operations.stride(batch);
            double[] x = Problem.featureMajor(problem.x, stride, JUNK);
            assertClose(
                    operations.forward(
                            topology,
                            problem.weights,
                            problem.bias,
                            FusedActivation.IDENTITY,
                            x,
                            stride),
                    problem.preActivations(true),
                    stride,
                    tolerance(operations, topology.nIn()));
            assertClose(
                    operations.forward(
                            topology, problem.weights, null, FusedActivation.IDENTITY, x, stride),
                    problem.preActivations(false),
                    stride,
                    tolerance(operations, topology.nIn()));
        }
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("layers")
    void theInputGradientIsTheDenseOne(Operations operations, SparseTopology topology) {
        for (int batch : BATCHES) {
            Problem problem = new Problem(topology, batch, operations, batch);
            int stride = operations.stride(batch);
            double[] dx =
                    operations.inputGradient(
                            topology,
                            problem.weights,
                            Problem.featureMajor(problem.delta, stride, 0),
                            stride);
            assertClose(
                    dx, problem.inputGradient(), stride, tolerance(operations, topology.nOut()));
        }
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("layers")
    void theWeightGradientIsTheDenseOneAtTheActiveConnections(
            Operations operations, SparseTopology topology) {
        for (int batch : BATCHES) {
            Problem problem = new Problem(topology, batch, operations, batch);
            int stride = operations.stride(batch);
            double[] dense = problem.denseGradient();
            Numbers.assertClose(
                    "batch " + batch,
                    operations.weightGradient(
                            topology,
                            Problem.featureMajor(problem.delta, stride, 0),
                            Problem.featureMajor(problem.x, stride, JUNK),
                            stride),
                    Arrays.stream(topology.ids()).mapToDouble(id -> dense[(int) id]).toArray(),
                    tolerance(operations, batch));
        }
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("layers")
    void aRowOfTheGradientIsTheDenseOne(Operations operations, SparseTopology topology) {
        int nIn = topology.nIn();
        int row = topology.nOut() - 1;
        for (int batch : BATCHES) {
            Problem problem = new Problem(topology, batch, operations, batch);
            int stride = operations.stride(batch);
            Numbers.assertClose(
                    "batch " + batch,
                    operations.gradientRow(
                            nIn,
                            Problem.featureMajor(problem.delta, stride, 0),
                            Problem.featureMajor(problem.x, stride, JUNK),
                            stride,
                            row),
                    Arrays.copyOfRange(problem.denseGradient(), row * nIn, (row + 1) * nIn),
                    tolerance(operations, batch));
        }
    }

    @ParameterizedTest(name = "{0}", allowZeroInvocations = true)
    @MethodSource("org.dl4jplasticity.kernel.Operations#vector")
    void vectorAndScalarKernelsAgreeOnTheSameNumbers(Operations vector) {
        SparseTopology topology = SparseTopology.random(70, 60, 700, new SplittableRandom(9));
        Operations scalar = vector.scalar();
        for (int batch : BATCHES) {
            Problem problem = new Problem(topology, batch, vector, batch);
            // The vector kernels' stride suits both.
            int stride = vector.stride(batch);
            double[] x = Problem.featureMajor(problem.x, stride, 0);
            double[] delta = Problem.featureMajor(problem.delta, stride, 0);
            FusedActivation tanh = new FusedActivation(FusedActivation.Kind.TANH, 0);
            Numbers.assertClose(
                    "outputs of batch " + batch,
                    vector.forward(topology, problem.weights, problem.bias, tanh, x, stride),
                    scalar.forward(topology, problem.weights, problem.bias, tanh, x, stride),
                    tolerance(vector, topology.nIn()));
            Numbers.assertClose(
                    "input gradients of batch " + batch,
                    vector.inputGradient(topology, problem.weights, delta, stride),
                    scalar.inputGradient(topology, problem.weights, delta, stride),
                    tolerance(vector, topology.nOut()));
            Numbers.assertClose(
                    "weight gradients of batch " + batch,
                    vector.weightGradient(topology, delta, x, stride),
                    scalar.weightGradient(topology, delta, x, stride),
                    tolerance(vector, batch));
        }
    }

    /**
     * Terms are below 1 in magnitude; a few roundings for each of them, and for bias and function.
     */
    static double tolerance(Operations operations, int terms) {
        return 4 * operations.unit() * (terms + 4);
    }

    private static void assertClose(
            double[] featureMajor, double[][] expected, int stride, double tolerance) {
        for (int unit = 0; unit < expected.length; unit++) {
            int batch = expected[unit].length;
            Numbers.assertClose(
                    "unit %d of batch %d".formatted(unit, batch),
                    Arrays.copyOfRange(featureMajor, unit * stride, unit * stride + batch),
                    expected[unit],
                    tolerance);
        }
    }
}
