package org.dl4jplasticity.layers.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.dl4jplasticity.kernel.FusedActivation;
import org.dl4jplasticity.kernel.FusedActivation.Kind;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationLReLU;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.activations.impl.ActivationTanH;

class FusedActivationsTest {

    static Stream<Arguments> known() {
        return Stream.of(
                Arguments.of(new ActivationIdentity(), FusedActivation.IDENTITY),
                Arguments.of(new ActivationReLU(), new FusedActivation(Kind.RELU, 0)),
                Arguments.of(
                        new ActivationReLU(null, null, null), new FusedActivation(Kind.RELU, 0)),
                Arguments.of(new ActivationLReLU(), new FusedActivation(Kind.LEAKY_RELU, 0.01)),
                Arguments.of(new ActivationLReLU(0.3), new FusedActivation(Kind.LEAKY_RELU, 0.3)),
                Arguments.of(new ActivationTanH(), new FusedActivation(Kind.TANH, 0)),
                Arguments.of(new ActivationSigmoid(), new FusedActivation(Kind.SIGMOID, 0)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("known")
    void theKernelsKnowThese(IActivation activation, FusedActivation fused) {
        assertThat(FusedActivations.of(activation)).isEqualTo(fused);
    }

    static Stream<IActivation> special() {
        return Stream.of(
                new ActivationReLU(6.0, null, null),
                new ActivationReLU(null, 0.5, null),
                new ActivationReLU(null, null, 0.1),
                new ActivationLReLU(1.5),
                new ActivationLReLU(0));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("special")
    void shiftedSlopedOrCappedOnesAreLeftToNd4j(IActivation activation) {
        assertThat(FusedActivations.of(activation)).isNull();
    }

    @ParameterizedTest
    @EnumSource(
            value = Activation.class,
            names = {"ELU", "SOFTMAX", "SOFTPLUS", "RELU6", "RATIONALTANH", "HARDSIGMOID"})
    void othersAreLeftToNd4j(Activation activation) {
        assertThat(FusedActivations.of(activation.getActivationFunction())).isNull();
    }
}
