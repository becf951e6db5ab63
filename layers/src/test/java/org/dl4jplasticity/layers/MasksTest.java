package org.dl4jplasticity.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossBinaryXENT;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;

/** Masked examples, outputs and time steps count as they do in the dense twin. */
class MasksTest {
    private static final int BATCH = 6;
    private static final int STEPS = 5;

    /** Every third is 0. */
    private static INDArray mask(int first, long... shape) {
        INDArray mask = Nd4j.ones(DataType.DOUBLE, shape);
        for (long i = first; i < mask.length(); i += 3) {
            mask.putScalar(i, 0);
        }
        return mask;
    }

    static Stream<Arguments> labelMasks() {
        return Stream.of(
                Arguments.of(new LossMCXENT(), Activation.SOFTMAX, mask(1, BATCH, 1)),
                Arguments.of(new LossMSE(), Activation.TANH, mask(2, BATCH, 1)),
                Arguments.of(
                        new LossBinaryXENT(), Activation.SIGMOID, mask(0, BATCH, Design.N_OUT)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("labelMasks")
    void maskedLabelsDontCount(ILossFunction loss, Activation activation, INDArray mask) {
        Twins twins = new Design().output(activation, loss).twins();
        DataSet minibatch = Examples.minibatch(DataType.DOUBLE, 4, BATCH);
        minibatch.setLabelsMaskArray(mask);
        assertThat(twins.sparse().score(minibatch))
                .isCloseTo(twins.dense().score(minibatch), within(1e-10));
        for (int step = 0; step < 4; step++) {
            twins.sparse().fit(minibatch);
            twins.dense().fit(minibatch);
            twins.maskDense();
            twins.assertSameParameters("after step " + step);
        }
        // And without a mask again.
        DataSet whole = Examples.minibatch(DataType.DOUBLE, 5, BATCH);
        twins.sparse().fit(whole);
        twins.dense().fit(whole);
        twins.maskDense();
        twins.assertSameParameters("after a step without a mask");
    }

    @Test
    void maskedExamplesAreZeroAndDontTrain() {
        Twins twins = new Design().twins();
        DataSet minibatch = Examples.minibatch(DataType.DOUBLE, 4, BATCH);
        minibatch.setFeaturesMaskArray(mask(2, BATCH, 1));
        minibatch.setLabelsMaskArray(mask(2, BATCH, 1));
        Examples.assertClose(
                "outputs",
                twins.sparse()
                        .output(
                                minibatch.getFeatures(),
                                false,
                                minibatch.getFeaturesMaskArray(),
                                null),
                twins.dense()
                        .output(
                                minibatch.getFeatures(),
                                false,
                                minibatch.getFeaturesMaskArray(),
                                null),
                1e-10);
        twins.sparse().fit(minibatch);
        twins.dense().fit(minibatch);
        twins.maskDense();
        twins.assertSameParameters("after a step");
    }

    private static MultiLayerConfiguration overTime(FeedForwardLayer middle) {
        return new NeuralNetConfiguration.Builder()
                .seed(3)
                .dataType(DataType.DOUBLE)
                .updater(new Nesterovs(0.1, 0.9))
                .list()
                .layer(new LSTM.Builder().nOut(5).build())
                .layer(middle)
                .layer(
                        new RnnOutputLayer.Builder(LossFunction.MCXENT)
                                .nOut(3)
                                .activation(Activation.SOFTMAX)
                                .build())
                .setInputType(InputType.recurrent(4))
                .build();
    }

    private static Twins twinsOverTime() {
        MultiLayerNetwork sparse =
                new MultiLayerNetwork(
                        overTime(
                                new SparseDenseLayer.Builder()
                                        .nOut(6)
                                        .sparsity(0.5)
                                        .activation(Activation.SIGMOID)
                                        .build()));
        sparse.init();
        MultiLayerNetwork dense =
                new MultiLayerNetwork(
                        overTime(
                                new DenseLayer.Builder()
                                        .nOut(6)
                                        .activation(Activation.SIGMOID)
                                        .build()));
        dense.init();
        return Twins.of(sparse, dense);
    }

    private static DataSet sequences() {
        INDArray labels = Nd4j.zeros(DataType.DOUBLE, BATCH, 3, STEPS);
        for (int example = 0; example < BATCH; example++) {
            for (int step = 0; step < STEPS; step++) {
                labels.putScalar(example, (example + step) % 3, step, 1);
            }
        }
        return new DataSet(Examples.numbers(DataType.DOUBLE, 8, BATCH, 4, STEPS), labels);
    }

    @Test
    void sequencesPassThroughTheAutomaticPreprocessors() {
        Twins twins = twinsOverTime();
        DataSet minibatch = sequences();
        Examples.assertClose(
                "outputs",
                twins.sparse().output(minibatch.getFeatures()),
                twins.dense().output(minibatch.getFeatures()),
                1e-10);
        assertTrainsMasked(twins, minibatch);
    }

    @Test
    void maskedTimeStepsDontTrain() {
        Twins twins = twinsOverTime();
        DataSet minibatch = sequences();
        INDArray lengths = Nd4j.ones(DataType.DOUBLE, BATCH, STEPS);
        lengths.putScalar(1, 4, 0);
        lengths.putScalar(2, 3, 0);
        lengths.putScalar(2, 4, 0);
        minibatch.setFeaturesMaskArray(lengths);
        minibatch.setLabelsMaskArray(lengths.dup());
        assertTrainsMasked(twins, minibatch);
    }

    private static void assertTrainsMasked(Twins twins, DataSet minibatch) {
        for (int step = 0; step < 4; step++) {
            twins.sparse().fit(minibatch);
            twins.dense().fit(minibatch);
            twins.maskDense();
            twins.assertSameParameters("after step " + step);
            assertThat(twins.sparse().score()).isCloseTo(twins.dense().score(), within(1e-10));
        }
    }
}
