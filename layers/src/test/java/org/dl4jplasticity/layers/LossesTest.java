package org.dl4jplasticity.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.Stream;
import org.deeplearning4j.nn.gradient.Gradient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossBinaryXENT;
import org.nd4j.linalg.lossfunctions.impl.LossCosineProximity;
import org.nd4j.linalg.lossfunctions.impl.LossHinge;
import org.nd4j.linalg.lossfunctions.impl.LossKLD;
import org.nd4j.linalg.lossfunctions.impl.LossL1;
import org.nd4j.linalg.lossfunctions.impl.LossMAE;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;
import org.nd4j.linalg.lossfunctions.impl.LossNegativeLogLikelihood;
import org.nd4j.linalg.lossfunctions.impl.LossPoisson;
import org.nd4j.linalg.lossfunctions.impl.LossSparseMCXENT;
import org.nd4j.linalg.lossfunctions.impl.LossSquaredHinge;

/** Any of DL4J's losses gives in a sparse network what it gives in the dense twin. */
class LossesTest {
    private static final int BATCH = 13;

    /** Labels that suit a loss. */
    private enum Labels {
        ONE_CLASS,
        DISTRIBUTION,
        CLASS_INDEX,
        SIGNS,
        NUMBERS;

        INDArray draw() {
            INDArray classes = Examples.classes(DataType.DOUBLE, 3, BATCH, Design.N_OUT);
            return switch (this) {
                case ONE_CLASS -> classes;
                case DISTRIBUTION -> classes.mul(0.9).add(0.025);
                case CLASS_INDEX ->
                        Nd4j.argMax(classes, 1).castTo(DataType.DOUBLE).reshape(BATCH, 1);
                case SIGNS -> classes.mul(2).sub(1);
                case NUMBERS -> Examples.numbers(DataType.DOUBLE, 4, BATCH, Design.N_OUT);
            };
        }
    }

    private static ILossFunction weighted() {
        return new LossMCXENT(Nd4j.createFromArray(0.5, 1, 2, 0.25).reshape(1, 4));
    }

    static Stream<Arguments> losses() {
        return Stream.of(
                Arguments.of(new LossMCXENT(), Activation.SOFTMAX, Labels.ONE_CLASS),
                Arguments.of(new LossMCXENT(), Activation.SOFTMAX, Labels.DISTRIBUTION),
                Arguments.of(new LossMCXENT(), Activation.SIGMOID, Labels.ONE_CLASS),
                Arguments.of(weighted(), Activation.SOFTMAX, Labels.ONE_CLASS),
                Arguments.of(new LossNegativeLogLikelihood(), Activation.SOFTMAX, Labels.ONE_CLASS),
                Arguments.of(new LossSparseMCXENT(), Activation.SOFTMAX, Labels.CLASS_INDEX),
                Arguments.of(new LossBinaryXENT(), Activation.SIGMOID, Labels.ONE_CLASS),
                Arguments.of(new LossMSE(), Activation.IDENTITY, Labels.NUMBERS),
                Arguments.of(new LossMSE(), Activation.SOFTMAX, Labels.ONE_CLASS),
                Arguments.of(new LossMAE(), Activation.TANH, Labels.NUMBERS),
                Arguments.of(new LossL1(), Activation.IDENTITY, Labels.NUMBERS),
                Arguments.of(new LossHinge(), Activation.IDENTITY, Labels.SIGNS),
                Arguments.of(new LossSquaredHinge(), Activation.TANH, Labels.SIGNS),
                Arguments.of(new LossKLD(), Activation.SOFTMAX, Labels.DISTRIBUTION),
                Arguments.of(new LossPoisson(), Activation.SOFTPLUS, Labels.ONE_CLASS),
                Arguments.of(new LossCosineProximity(), Activation.TANH, Labels.NUMBERS));
    }

    @ParameterizedTest(name = "{0}, {1}, {2}")
    @MethodSource("losses")
    void scoresAndGradientsAreTheDenseTwins(
            ILossFunction loss, Activation activation, Labels labels) {
        Twins twins = new Design().output(activation, loss).network(b -> b.l2(0.01)).twins();
        INDArray features = Examples.numbers(DataType.DOUBLE, 5, BATCH, Design.N_IN);
        DataSet minibatch = new DataSet(features, labels.draw());

        assertThat(twins.sparse().score(minibatch))
                .isCloseTo(twins.dense().score(minibatch), within(1e-10));
        Examples.assertClose(
                "scores of the examples",
                twins.sparse().scoreExamples(minibatch, true),
                twins.dense().scoreExamples(minibatch, true),
                1e-10);
        Pair<Gradient, INDArray> sparse =
                twins.sparse().calculateGradients(features, minibatch.getLabels(), null, null);
        Pair<Gradient, INDArray> dense =
                twins.dense().calculateGradients(features, minibatch.getLabels(), null, null);
        twins.assertSameGradient("of calculateGradients");
        Examples.assertClose("gradient at the input", sparse.getSecond(), dense.getSecond(), 1e-10);
    }

    @ParameterizedTest(name = "{0}, {1}, {2}")
    @MethodSource("losses")
    void aTrainingStepReportsTheDenseTwinsScore(
            ILossFunction loss, Activation activation, Labels labels) {
        Twins twins = new Design().output(activation, loss).network(b -> b.l1(0.01)).twins();
        DataSet minibatch =
                new DataSet(
                        Examples.numbers(DataType.DOUBLE, 6, BATCH, Design.N_IN), labels.draw());
        twins.sparse().fit(minibatch);
        twins.dense().fit(minibatch);
        assertThat(twins.sparse().score()).isCloseTo(twins.dense().score(), within(1e-10));
        twins.maskDense();
        twins.assertSameParameters("after a step");
    }

    @Test
    void aCertainAndWrongPredictionHasTheClippedLossOfTheDenseTwin() {
        Twins twins = new Design().sparsity(0).twins();
        twins.sparse().params().muli(200);
        twins.dense().params().muli(200);
        DataSet minibatch = Examples.minibatch(DataType.DOUBLE, 1, BATCH);
        twins.sparse().setInput(minibatch.getFeatures());
        twins.sparse().setLabels(minibatch.getLabels());
        twins.sparse().computeGradientAndScore();
        twins.dense().setInput(minibatch.getFeatures());
        twins.dense().setLabels(minibatch.getLabels());
        twins.dense().computeGradientAndScore();
        assertThat(twins.sparse().score())
                .isGreaterThan(5)
                .isCloseTo(twins.dense().score(), within(1e-9));
        twins.assertSameGradient("of certain predictions");
    }

    @Test
    void theScoreIsThatOfTheLabelsGivenLast() {
        Twins twins = new Design().twins();
        DataSet first = Examples.minibatch(DataType.DOUBLE, 1, BATCH);
        DataSet second = Examples.minibatch(DataType.DOUBLE, 2, BATCH);
        twins.sparse().calculateGradients(first.getFeatures(), first.getLabels(), null, null);
        DataSet mixed = new DataSet(first.getFeatures(), second.getLabels());
        assertThat(twins.sparse().score(mixed))
                .isCloseTo(twins.dense().score(mixed), within(1e-10));
        assertThat(twins.sparse().score(first))
                .isCloseTo(twins.dense().score(first), within(1e-10));
    }
}
