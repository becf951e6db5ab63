package org.dl4jplasticity.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.dl4jplasticity.topology.SparseTopology;
import org.junit.jupiter.api.Test;

/**
 * 4 inputs, 3 units, 5 connections, stride 2: arrays of 8, 6 and 5 values, those of activations
 * behind the element that they begin at.
 */
class OperationArgumentsTest {
    private final FloatSparseOperations operations = FloatSparseOperations.of(KernelChoice.SCALAR);
    private final SparseTopology topology = SparseTopology.of(4, 3, 0, 1, 5, 8, 11);

    private static float[] floats(int length) {
        return new float[length];
    }

    private static float[] activations(int length) {
        return new float[FloatKernels.FIRST + length];
    }

    private static void assertRefusedActivations(
            ThrowingCallable call, String name, int needed, int got) {
        assertRefused(call, name, FloatKernels.FIRST + needed, FloatKernels.FIRST + got);
    }

    private static void assertRefused(ThrowingCallable call, String name, int needed, int got) {
        assertThatIllegalArgumentException()
                .isThrownBy(call)
                .withMessage("%s must hold at least %d values, got %d", name, needed, got);
    }

    private void forward(int weights, int bias, int x, int y) {
        operations.forward(
                topology,
                floats(weights),
                floats(bias),
                FusedActivation.IDENTITY,
                activations(x),
                2,
                activations(y));
    }

    @Test
    void theForwardPassRefusesShortArrays() {
        forward(5, 3, 8, 6);
        assertRefused(() -> forward(4, 3, 8, 6), "weights", 5, 4);
        assertRefused(() -> forward(5, 2, 8, 6), "bias", 3, 2);
        assertRefusedActivations(() -> forward(5, 3, 7, 6), "x", 8, 7);
        assertRefusedActivations(() -> forward(5, 3, 8, 5), "y", 6, 5);
    }

    private void inputGradient(int weights, int delta, int scratch, int dx) {
        operations.inputGradient(
                topology, floats(weights), activations(delta), 2, floats(scratch), activations(dx));
    }

    @Test
    void theInputGradientRefusesShortArrays() {
        inputGradient(5, 6, 5, 8);
        assertRefused(() -> inputGradient(4, 6, 5, 8), "weights", 5, 4);
        assertRefusedActivations(() -> inputGradient(5, 5, 5, 8), "delta", 6, 5);
        assertRefused(() -> inputGradient(5, 6, 4, 8), "scratch", 5, 4);
        assertRefusedActivations(() -> inputGradient(5, 6, 5, 7), "dx", 8, 7);
    }

    private void parameterGradients(int y, int delta, int x, int weights, int biases) {
        operations.parameterGradients(
                topology,
                FusedActivation.IDENTITY,
                activations(y),
                activations(delta),
                activations(x),
                2,
                floats(weights),
                floats(biases));
    }

    @Test
    void theOtherGradientsRefuseShortArrays() {
        parameterGradients(6, 6, 8, 5, 3);
        assertRefusedActivations(() -> parameterGradients(5, 6, 8, 5, 3), "y", 6, 5);
        assertRefusedActivations(() -> parameterGradients(6, 5, 8, 5, 3), "delta", 6, 5);
        assertRefusedActivations(() -> parameterGradients(6, 6, 7, 5, 3), "x", 8, 7);
        assertRefused(() -> parameterGradients(6, 6, 8, 4, 3), "weightGradient", 5, 4);
        assertRefused(() -> parameterGradients(6, 6, 8, 5, 2), "biasGradient", 3, 2);
        assertRefusedActivations(
                () -> operations.largestGradients(topology, activations(5), activations(8), 2, 1),
                "delta",
                6,
                5);
        assertRefusedActivations(
                () -> operations.largestGradients(topology, activations(6), activations(7), 2, 1),
                "x",
                8,
                7);
    }

    @Test
    void anArrayIsReplacedOnlyWhenItIsTooShort() {
        float[] old = floats(5);
        assertThat(FloatSparseOperations.ensure(old, 5)).isSameAs(old);
        assertThat(FloatSparseOperations.ensure(old, 4)).isSameAs(old);
        assertThat(FloatSparseOperations.ensure(old, 6)).hasSizeGreaterThanOrEqualTo(6);
        assertThat(FloatSparseOperations.ensure(null, 3)).hasSizeGreaterThanOrEqualTo(3);
    }

    @Test
    void anArrayOfMoreValuesThanJavaAllowsIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> FloatSparseOperations.ensure(null, 1L << 31))
                .withMessage(
                        "units times batch must be at most 2147483647, got 2147483648; use a"
                                + " smaller batch");
    }
}
