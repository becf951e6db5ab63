package org.dl4jplasticity.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.function.Consumer;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.GradientNormalization;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.learning.config.Sgd;

/** With every connection active a network of sparse layers is DL4J's own dense one. */
class DenseEqualityTest {

    static Stream<Arguments> training() {
        return Stream.of(DataType.FLOAT, DataType.DOUBLE)
                .flatMap(
                        type ->
                                Stream.of(
                                        training(type, "Sgd", new Sgd(0.2), b -> {}),
                                        training(type, "Sgd, L1", new Sgd(0.2), b -> b.l1(0.01)),
                                        training(
                                                type,
                                                "Nesterovs, L2",
                                                new Nesterovs(0.1, 0.9),
                                                b -> b.l2(0.02)),
                                        training(
                                                type,
                                                "Nesterovs, L1, L2 and bias L2",
                                                new Nesterovs(0.1, 0.9),
                                                b -> b.l1(0.005).l2(0.02).l2Bias(0.03)),
                                        training(
                                                type,
                                                "Adam, weight decay",
                                                new Adam(0.01),
                                                b -> b.weightDecay(0.05)),
                                        training(
                                                type,
                                                "Adam, L2",
                                                new Adam(0.01),
                                                b -> b.l2(0.02))));
    }

    private static Arguments training(
            DataType type,
            String name,
            IUpdater updater,
            Consumer<NeuralNetConfiguration.Builder> settings) {
        return Arguments.of(type, name, updater, settings);
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("training")
    void trainingIsTheSame(
            DataType type,
            String name,
            IUpdater updater,
            Consumer<NeuralNetConfiguration.Builder> settings) {
        Twins twins =
                new Design().type(type).sparsity(0).updater(updater).network(settings).twins();
        assertTrainsTheSame(twins, type);
    }

    private static void assertTrainsTheSame(Twins twins, DataType type) {
        int[] batches = {16, 16, 9, 1, 33, 16};
        for (int step = 0; step < batches.length; step++) {
            DataSet minibatch = Examples.minibatch(type, step, batches[step]);
            twins.sparse().fit(minibatch);
            twins.dense().fit(minibatch);
            String when = "after step " + step;
            assertThat(twins.sparse().score())
                    .as(when)
                    .isCloseTo(twins.dense().score(), within(Examples.tolerance(type)));
            twins.assertSameParameters(when);
            twins.assertSameState(when);
            Examples.assertClose(
                    "outputs " + when,
                    twins.sparse().output(minibatch.getFeatures()),
                    twins.dense().output(minibatch.getFeatures()),
                    Examples.tolerance(type));
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Activation.class,
            names = {
                "IDENTITY",
                "RELU",
                "LEAKYRELU",
                "TANH",
                "SIGMOID",
                "ELU",
                "SOFTPLUS",
                "RELU6",
                "SWISH",
                "HARDTANH",
                "SELU",
                "CUBE"
            })
    void anyActivationTrainsTheSame(Activation activation) {
        assertTrainsTheSame(new Design().sparsity(0).hidden(activation).twins(), DataType.DOUBLE);
        assertTrainsTheSame(
                new Design().sparsity(0).bias(false).hidden(activation).twins(), DataType.DOUBLE);
    }

    @ParameterizedTest
    @EnumSource(GradientNormalization.class)
    void normalizedGradientsTrainTheSame(GradientNormalization normalization) {
        assertTrainsTheSame(
                new Design()
                        .sparsity(0)
                        .updater(new Nesterovs(0.1, 0.9))
                        .network(
                                builder ->
                                        builder.gradientNormalization(normalization)
                                                .gradientNormalizationThreshold(0.05))
                        .twins(),
                DataType.DOUBLE);
    }

    @ParameterizedTest
    @EnumSource(
            value = DataType.class,
            names = {"FLOAT", "DOUBLE"})
    void aLossThatIsNotDividedByTheMinibatchTrainsTheSame(DataType type) {
        assertTrainsTheSame(
                new Design()
                        .type(type)
                        .sparsity(0)
                        .updater(new Sgd(0.01))
                        .network(builder -> builder.miniBatch(false))
                        .twins(),
                type);
    }
}
