package org.dl4jplasticity.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.Stream;
import org.dl4jplasticity.kernel.FusedActivation.Kind;
import org.dl4jplasticity.topology.SparseTopology;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class FusedActivationTest {
    private static final double[] PRE_ACTIVATIONS = {
        0, 1, -1, 0.5, -0.5, 0.03125, -0.03125, 2.25, -2.25, 7, -7, 20, -20, 60, -60, 0.75, -0.75
    };

    /** A function and its derivative as textbooks write them, of the pre-activation. */
    record Textbook(
            FusedActivation activation,
            DoubleUnaryOperator function,
            DoubleUnaryOperator derivative) {
        @Override
        public String toString() {
            return activation.kind().toString();
        }
    }

    static Stream<Textbook> textbook() {
        return Stream.of(
                new Textbook(FusedActivation.IDENTITY, z -> z, z -> 1),
                new Textbook(
                        new FusedActivation(Kind.RELU, 0), z -> z > 0 ? z : 0, z -> z > 0 ? 1 : 0),
                new Textbook(
                        new FusedActivation(Kind.LEAKY_RELU, 0.25),
                        z -> z > 0 ? z : z / 4,
                        z -> z > 0 ? 1 : 0.25),
                new Textbook(
                        new FusedActivation(Kind.TANH, 0),
                        z -> (Math.exp(z) - Math.exp(-z)) / (Math.exp(z) + Math.exp(-z)),
                        z -> 4 / Math.pow(Math.exp(z) + Math.exp(-z), 2)),
                new Textbook(
                        new FusedActivation(Kind.SIGMOID, 0),
                        z -> 1 / (1 + Math.exp(-z)),
                        z -> Math.exp(-z) / Math.pow(1 + Math.exp(-z), 2)));
    }

    static Stream<Arguments> operationsAndFunctions() {
        return Operations.all()
                .flatMap(operations -> textbook().map(book -> Arguments.of(operations, book)));
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("operationsAndFunctions")
    void theForwardPassAppliesTheFunction(Operations operations, Textbook book) {
        // One unit, one input of weight 1: the pre-activations are the inputs themselves.
        SparseTopology wire = SparseTopology.of(1, 1, 0);
        for (int batch = 1; batch <= PRE_ACTIVATIONS.length; batch++) {
            double[] z = Arrays.copyOf(PRE_ACTIVATIONS, batch);
            int stride = operations.stride(batch);
            double[] y =
                    operations.forward(
                            wire,
                            new double[] {1},
                            null,
                            book.activation(),
                            Problem.featureMajor(new double[][] {z}, stride, 3),
                            stride);
            Numbers.assertClose(
                    "batch " + batch,
                    Arrays.copyOf(y, batch),
                    Arrays.stream(z).map(book.function()).toArray(),
                    16 * operations.unit());
        }
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("operationsAndFunctions")
    void itIsAppliedToBiasAndSumTogetherInEveryRow(Operations operations, Textbook book) {
        SparseTopology topology = SparseTopology.of(3, 4, 0, 2, 4, 9, 10, 11);
        for (int batch : new int[] {1, 4, 9, 33, 130}) {
            Problem problem = new Problem(topology, batch, operations, batch);
            int stride = operations.stride(batch);
            double[] y =
                    operations.forward(
                            topology,
                            problem.weights,
                            problem.bias,
                            book.activation(),
                            Problem.featureMajor(problem.x, stride, 1e30),
                            stride);
            double[][] z = problem.preActivations(true);
            for (int unit = 0; unit < z.length; unit++) {
                Numbers.assertClose(
                        "unit %d of batch %d".formatted(unit, batch),
                        Arrays.copyOfRange(y, unit * stride, unit * stride + batch),
                        Arrays.stream(z[unit]).map(book.function()).toArray(),
                        32 * operations.unit());
            }
        }
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("operationsAndFunctions")
    void theGradientIsMultipliedByTheDerivativeAndSummedForTheBias(
            Operations operations, Textbook book) {
        for (int batch = 1; batch <= PRE_ACTIVATIONS.length; batch++) {
            int stride = operations.stride(batch);
            double[][] y = new double[2][batch];
            double[][] epsilon = new double[2][batch];
            double[][] expected = new double[2][batch];
            double[] expectedBias = new double[2];
            for (int unit = 0; unit < 2; unit++) {
                for (int b = 0; b < batch; b++) {
                    double z = PRE_ACTIVATIONS[b] * (1 - 2 * unit);
                    y[unit][b] = operations.round(book.function().applyAsDouble(z));
                    epsilon[unit][b] = (b % 5 - 2) * 0.5;
                    expected[unit][b] = epsilon[unit][b] * book.derivative().applyAsDouble(z);
                    expectedBias[unit] += expected[unit][b];
                }
            }

            Operations.Derived derived =
                    operations.activationGradient(
                            2,
                            book.activation(),
                            Problem.featureMajor(y, stride, 0.5),
                            Problem.featureMajor(epsilon, stride, 0),
                            stride);

            double tolerance = 16 * operations.unit();
            Numbers.assertClose(
                    "batch %d, with padding that stays 0".formatted(batch),
                    derived.delta(),
                    Problem.featureMajor(expected, stride, 0),
                    tolerance);
            Numbers.assertClose(
                    "bias of batch " + batch, derived.bias(), expectedBias, batch * tolerance);
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 1, -0.1, 2, Double.NaN})
    void aLeakySlopeOutOfRangeIsRefused(double slope) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new FusedActivation(Kind.LEAKY_RELU, slope))
                .withMessage("slope of a leaky ReLU must be in (0, 1), got " + slope);
    }

    @Test
    void identityHasNoSlope() {
        assertThat(FusedActivation.IDENTITY).isEqualTo(new FusedActivation(Kind.IDENTITY, 0));
    }
}
