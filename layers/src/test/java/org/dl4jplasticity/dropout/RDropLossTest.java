package org.dl4jplasticity.dropout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.function.Consumer;
import org.deeplearning4j.gradientcheck.GradientCheckUtil;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jplasticity.layers.SparseDenseLayer;
import org.dl4jplasticity.layers.SparseOutputLayer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;

class RDropLossTest {
    private static final ActivationSoftmax SOFTMAX = new ActivationSoftmax();

    @BeforeAll
    static void useDoubles() {
        Nd4j.setDefaultDataTypes(DataType.DOUBLE, DataType.DOUBLE);
    }

    @AfterAll
    static void useFloats() {
        Nd4j.setDefaultDataTypes(DataType.FLOAT, DataType.FLOAT);
    }

    /** p = (3/4, 1/4) and q = (1/2, 1/2), labels (1, 0). */
    @Test
    void aPairHasTheLossOfTheDefinition() {
        INDArray logits = Nd4j.createFromArray(new double[][] {{Math.log(3), 0}, {0, 0}});
        INDArray labels = Nd4j.createFromArray(new double[][] {{1, 0}, {1, 0}});
        double crossEntropies = (-Math.log(0.75) - Math.log(0.5)) / 2;
        // KL(p||q) + KL(q||p) = sum (p - q) log(p / q) = (log 1.5 - log 0.5) / 4
        double divergences = Math.log(3) / 4;
        RDropLoss loss = new RDropLoss(4);
        assertThat(loss.computeScore(labels, logits, SOFTMAX, null, true))
                .isCloseTo(crossEntropies + 4 * divergences / 2, within(1e-12));
        assertThat(loss.computeScore(labels, logits, SOFTMAX, null, false))
                .isCloseTo(2 * (crossEntropies + 4 * divergences / 2), within(1e-12));
    }

    @Test
    void withoutDivergenceItIsCrossEntropy() {
        INDArray logits = Trial.numbers(1, 6, 3);
        INDArray labels = labels(3);
        INDArray mask = Nd4j.createFromArray(new double[][] {{1}, {0}, {1}, {1}, {0}, {1}});
        RDropLoss loss = new RDropLoss(0);
        LossMCXENT plain = new LossMCXENT();
        assertClose(
                loss.computeGradient(labels, logits.dup(), SOFTMAX, mask),
                plain.computeGradient(labels, logits.dup(), SOFTMAX, mask));
        assertClose(
                loss.computeScoreArray(labels, logits.dup(), SOFTMAX, mask),
                plain.computeScoreArray(labels, logits.dup(), SOFTMAX, mask));
    }

    private static void assertClose(INDArray actual, INDArray expected) {
        assertThat(actual.dup('c').data().asDouble())
                .containsExactly(expected.dup('c').data().asDouble(), within(1e-9));
    }

    /** {@return so many labels of three classes, and they again} */
    private static INDArray labels(int half) {
        INDArray labels = Nd4j.zeros(DataType.DOUBLE, 2L * half, 3);
        for (int row = 0; row < 2 * half; row++) {
            labels.putScalar(row, row % half % 3, 1);
        }
        return labels;
    }

    private static MultiLayerNetwork network(
            boolean sparse, Consumer<NeuralNetConfiguration.Builder> more) {
        BaseOutputLayer.Builder<?> output =
                sparse ? new SparseOutputLayer.Builder() : new OutputLayer.Builder();
        output.nIn(7).nOut(3).activation(Activation.SOFTMAX).lossFunction(new RDropLoss(2));
        NeuralNetConfiguration.Builder builder =
                new NeuralNetConfiguration.Builder()
                        .seed(1)
                        .dataType(DataType.DOUBLE)
                        .updater(new NoOp());
        more.accept(builder);
        MultiLayerNetwork network =
                new MultiLayerNetwork(
                        builder.list()
                                .layer(
                                        new SparseDenseLayer.Builder()
                                                .nIn(5)
                                                .nOut(7)
                                                .activation(Activation.TANH)
                                                .build())
                                .layer(output.dropOut(ContinuousDropout.uniform(3)).build())
                                .build());
        network.init();
        return network;
    }

    private static DataSet examples() {
        return DoubledBatch.of(new DataSet(Trial.numbers(4, 4, 5), labels(4).getRows(0, 1, 2, 3)));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void gradientsAreThoseOfFiniteDifferences(boolean sparse) {
        assertThat(
                        GradientCheckUtil.checkGradients(
                                new GradientCheckUtil.MLNConfig()
                                        .net(network(sparse, builder -> {}))
                                        .input(examples().getFeatures())
                                        .labels(examples().getLabels())
                                        .callEachIter(network -> {})))
                .isTrue();
    }

    @Test
    void trainingDrawsTheTwoPassesTogether() {
        MultiLayerNetwork network = network(false, builder -> builder.updater(new Sgd(0.2)));
        double before = network.score(examples());
        for (int step = 0; step < 200; step++) {
            network.fit(examples());
        }
        assertThat(network.score(examples())).isLessThan(0.8 * before);
    }

    @Test
    void aMinibatchIsDoubledWithItsMasks() {
        DataSet batch =
                new DataSet(
                        Trial.numbers(1, 2, 5),
                        Trial.numbers(2, 2, 3),
                        null,
                        Nd4j.createFromArray(new double[][] {{1}, {0}}));
        DataSet doubled = DoubledBatch.of(batch);
        assertThat(batch.numExamples()).isEqualTo(2);
        assertThat(doubled.getFeatures())
                .isEqualTo(Nd4j.concat(0, batch.getFeatures(), batch.getFeatures()));
        assertThat(doubled.getLabels())
                .isEqualTo(Nd4j.concat(0, batch.getLabels(), batch.getLabels()));
        assertThat(doubled.getFeaturesMaskArray()).isNull();
        assertThat(doubled.getLabelsMaskArray().data().asDouble()).containsExactly(1, 0, 1, 0);
    }

    @Test
    void aMinibatchThatIsNotDoubledIsScoredAndNotTrainedOn() {
        MultiLayerNetwork network = network(false, builder -> {});
        DataSet single = new DataSet(Trial.numbers(4, 3, 5), labels(3).getRows(0, 1, 2));
        network.output(single.getFeatures());
        assertThat(network.score(single)).isPositive();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> network.fit(single))
                .withMessage(
                        "RDropLoss: expected a doubled minibatch, whose second half is the first"
                                + " again (DoubledBatch), got 3 rows of labels that aren't");
    }

    @Test
    void refusesOtherActivationsAndWeights() {
        INDArray two = Nd4j.ones(DataType.DOUBLE, 2, 2);
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () ->
                                new RDropLoss(1)
                                        .computeScore(
                                                two, two, new ActivationSigmoid(), null, true))
                .withMessage("RDropLoss: expected an output layer with softmax, got sigmoid");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RDropLoss(-1))
                .withMessage("RDropLoss: alpha must be in [0, infinity), got -1.0");
    }

    @Test
    void travelsWithTheConfiguration() {
        MultiLayerConfiguration conf = network(false, builder -> {}).getLayerWiseConfigurations();
        for (MultiLayerConfiguration read :
                List.of(
                        MultiLayerConfiguration.fromJson(conf.toJson()),
                        MultiLayerConfiguration.fromYaml(conf.toYaml()),
                        conf.clone())) {
            assertThat(((BaseOutputLayer) read.getConf(1).getLayer()).getLossFn())
                    .isEqualTo(new RDropLoss(2));
        }
    }
}
