package org.dl4jplasticity.dropout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jplasticity.mask.MaskableWeights;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;
import org.nd4j.linalg.schedule.FixedSchedule;
import org.nd4j.linalg.schedule.ScheduleType;

class VariationalDenseTest {

    private static VariationalDenseLayer.Builder layer(int inputs, int units) {
        return new VariationalDenseLayer.Builder().nIn(inputs).nOut(units).trainingExamples(10);
    }

    /** A linear network, whose loss is the squared error. */
    private static MultiLayerNetwork network(FeedForwardLayer.Builder<?> layer, IUpdater updater) {
        MultiLayerNetwork network =
                new MultiLayerNetwork(
                        new NeuralNetConfiguration.Builder()
                                .seed(3)
                                .dataType(DataType.DOUBLE)
                                .updater(updater)
                                .list()
                                .layer(layer.activation(Activation.IDENTITY).build())
                                .layer(
                                        new LossLayer.Builder(LossFunction.MSE)
                                                .activation(Activation.IDENTITY)
                                                .build())
                                .build());
        network.init();
        return network;
    }

    private static INDArray row(double... numbers) {
        return Nd4j.createFromArray(new double[][] {numbers});
    }

    private static INDArray matrix(double[]... rows) {
        return Nd4j.createFromArray(rows).dup('f');
    }

    /**
     * Minus the expectation of log |e| for e normal with mean 1 and variance alpha, plus half log
     * alpha, is minus the divergence up to a constant: by summing over five million places.
     */
    private static double trueDivergence(double alpha) {
        double deviation = Math.sqrt(alpha);
        double width = 20 * deviation / 5_000_000;
        double sum = 0;
        for (int i = 0; i < 5_000_000; i++) {
            double e = 1 - 10 * deviation + (i + 0.5) * width;
            double z = (e - 1) / deviation;
            sum += Math.exp(-z * z / 2) * Math.log(Math.abs(e));
        }
        double expected = sum * width / (deviation * Math.sqrt(2 * Math.PI));
        return expected - 0.5 * Math.log(alpha);
    }

    private static double divergence(VariationalNoise noise, double w, double a) {
        return noise.divergence(matrix(new double[] {w}), Nd4j.createFromArray(a));
    }

    @Test
    void bothFormsOfTheDivergenceAreCloseToTheTrueOne() {
        VariationalNoise multiplied = VariationalNoise.perWeight(0.5);
        VariationalNoise added = VariationalNoise.sparse();
        double offset = trueDivergence(1) - divergence(multiplied, 1, 0);
        double otherOffset = trueDivergence(1) - divergence(added, 1, 0);
        for (double alpha : new double[] {0.05, 0.2, 0.6}) {
            assertThat(divergence(multiplied, 1, Math.log(alpha)) + offset)
                    .isCloseTo(trueDivergence(alpha), within(0.02));
        }
        for (double alpha : new double[] {0.05, 0.3, 3, 20}) {
            assertThat(divergence(added, 2, Math.log(4 * alpha)) + otherOffset)
                    .isCloseTo(trueDivergence(alpha), within(0.02));
        }
    }

    /** For alpha 1: -(1.16145124 - 1.50204118 + 0.58629921). */
    @Test
    void theDivergenceOfMultipliedNoiseIsThePolynomial() {
        assertThat(divergence(VariationalNoise.perWeight(1), 7, 0))
                .isCloseTo(-0.24570927, within(1e-12));
    }

    /** For alpha 1: 0.63576 (1 - sigmoid(1.8732)) + 0.5 log 2, with 1 / (1 + e^1.8732) by hand. */
    @Test
    void theDivergenceOfAddedNoiseIsTheSigmoidsSum() {
        double rest = 1 / (1 + 6.509094);
        assertThat(divergence(VariationalNoise.sparse(), 3, Math.log(9)))
                .isCloseTo(0.63576 * rest + 0.5 * 0.69314718, within(1e-6));
        assertThat(divergence(VariationalNoise.sparse(), 1e-6, 20)).isCloseTo(0, within(1e-9));
    }

    /** Weights that share an alpha count each. */
    @Test
    void theDivergenceIsASumOverWeights() {
        INDArray w = matrix(new double[] {1, 2, 3}, new double[] {4, 5, 6});
        double one = -0.24570927;
        assertThat(VariationalNoise.perLayer(1).divergence(w, Nd4j.createFromArray(0.0)))
                .isCloseTo(6 * one, within(1e-10));
        assertThat(VariationalNoise.perInput(1).divergence(w, Nd4j.createFromArray(0.0, 0.0)))
                .isCloseTo(6 * one, within(1e-10));
    }

    @Test
    void variancesAreAlphaTimesSquaredWeightsOrTheirOwn() {
        INDArray w = matrix(new double[] {1, 2, 3}, new double[] {4, 5, 6});
        double log2 = Math.log(2);
        double log3 = Math.log(3);
        assertThat(VariationalNoise.perLayer(1).variances(w, Nd4j.createFromArray(log2)))
                .isEqualTo(matrix(new double[] {2, 8, 18}, new double[] {32, 50, 72}));
        assertThat(VariationalNoise.perInput(1).variances(w, Nd4j.createFromArray(log2, log3)))
                .isEqualTo(matrix(new double[] {2, 8, 18}, new double[] {48, 75, 108}));
        INDArray a = Nd4j.createFromArray(0, log2, log3, 0, 0, log2);
        // In 'f' order: [0, 0], [1, 0], [0, 1], ...
        assertThat(VariationalNoise.perWeight(1).variances(w, a))
                .isEqualTo(matrix(new double[] {1, 12, 9}, new double[] {32, 25, 72}));
        assertThat(VariationalNoise.sparse().variances(w, a))
                .isEqualTo(matrix(new double[] {1, 3, 1}, new double[] {2, 1, 2}));
    }

    /** x = (1, 2), W = [[3], [4]], alpha 1/4: mean 11, variance (9 + 4 * 16) / 4. */
    @Test
    void sumsHaveTheMeanAndVarianceOfTheWeights() {
        MultiLayerNetwork network =
                network(layer(2, 1).noise(VariationalNoise.perLayer(0.25)), new Sgd(0));
        network.getParam("0_W").assign(matrix(new double[] {3}, new double[] {4}));
        int examples = 20_000;
        INDArray x = Nd4j.tile(row(1, 2), examples, 1);
        double[] drawn = network.output(x, true).dup().data().asDouble();
        double mean = 0;
        double square = 0;
        for (double sum : drawn) {
            mean += sum / examples;
            square += (sum - 11) * (sum - 11) / examples;
        }
        double variance = 73 / 4.0;
        assertThat(mean).isCloseTo(11, within(5 * Math.sqrt(variance / examples)));
        assertThat(square).isCloseTo(variance, within(5 * variance * Math.sqrt(2.0 / examples)));
        assertThat(network.output(row(1, 2)).getDouble(0)).isEqualTo(11);
    }

    /** Without warm-up the score of no loss is the divergence over 10 examples. */
    @Test
    void theScoreHasTheDivergenceAsItIsWarmedUp() {
        double[] scores = new double[2];
        for (int epoch = 0; epoch < 2; epoch++) {
            MultiLayerNetwork network =
                    network(
                            layer(2, 1)
                                    .noise(VariationalNoise.perWeight(1))
                                    .warmUp(new LinearKeep(ScheduleType.EPOCH, 0, 1, 1)),
                            new Sgd(0));
            network.setEpochCount(epoch);
            network.getLayer(0).setEpochCount(epoch);
            scores[epoch] = network.score(new DataSet(row(0, 0), row(0)), false);
        }
        assertThat(scores[0]).isZero();
        assertThat(scores[1]).isCloseTo(-2 * 0.24570927 / 10, within(1e-9));
    }

    /** With inputs of 0 only the divergence is left, which is least where alpha is most. */
    @ParameterizedTest
    @ValueSource(doubles = {0.1, 0.9})
    void alphaGoesUpToOneAndStaysThere(double first) {
        MultiLayerNetwork network =
                network(layer(2, 3).noise(VariationalNoise.perInput(first)), new Adam(0.1));
        DataSet nothing = new DataSet(row(0, 0), row(0, 0, 0));
        for (int step = 0; step < 60; step++) {
            network.fit(nothing);
        }
        assertThat(network.getParam("0_a").toDoubleVector())
                .containsExactly(new double[] {0, 0}, within(1e-6));
    }

    private static DataSet examples(int count, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        double[][] x = new double[count][10];
        double[][] y = new double[count][1];
        for (int i = 0; i < count; i++) {
            for (int j = 0; j < 10; j++) {
                x[i][j] = random.nextGaussian();
            }
            y[i][0] = 3 * x[i][0] - 2 * x[i][1] + 0.1 * random.nextGaussian();
        }
        return new DataSet(Nd4j.createFromArray(x), Nd4j.createFromArray(y));
    }

    /** Of ten inputs the label depends on two: the other weights become noise and go. */
    @Test
    void weightsThatSayNothingArePruned() {
        MultiLayerNetwork network =
                network(
                        layer(10, 1)
                                .noise(VariationalNoise.sparse(-4))
                                .trainingExamples(200)
                                .hasBias(false),
                        new Adam(0.02));
        DataSet all = examples(200, 1);
        for (int step = 0; step < 1_500; step++) {
            network.fit(all);
        }
        INDArray before = network.output(all.getFeatures());
        VariationalPruning.mask(network);
        MaskableWeights weights = MaskableWeights.of(network).get(0);
        assertThat(weights.mask().orElseThrow().ids()).containsExactly(0, 1);
        assertThat(network.output(all.getFeatures())).isEqualTo(before);
        network.fit(all);
        double[] w = network.getParam("0_W").toDoubleVector();
        assertThat(w[0]).isCloseTo(3, within(0.2));
        assertThat(w[1]).isCloseTo(-2, within(0.2));
        for (int i = 2; i < 10; i++) {
            assertThat(w[i]).isZero();
        }
        MultiLayerNetwork copy = network.clone();
        assertThat(MaskableWeights.of(copy).get(0).mask()).isEqualTo(weights.mask());
    }

    @Test
    void aLayerOfNothingButNoiseKeepsItsBestWeight() {
        MultiLayerNetwork network = network(layer(2, 2), new Sgd(0));
        network.getParam("0_W").assign(0.001);
        network.getParam("0_a").assign(Nd4j.createFromArray(9.0, 8.0, 7.0, 10.0));
        VariationalPruning.mask(network);
        assertThat(MaskableWeights.of(network).get(0).mask().orElseThrow().ids())
                .containsExactly(2);
    }

    @Test
    void certainWeightsAreThoseOfADenseLayer() {
        MultiLayerNetwork certain =
                network(
                        layer(10, 4)
                                .noise(VariationalNoise.perWeight(1e-14))
                                .warmUp(new FixedSchedule(0)),
                        new Sgd(0.1));
        MultiLayerNetwork dense = network(new DenseLayer.Builder().nIn(10).nOut(4), new Sgd(0.1));
        DataSet all = new DataSet(Trial.numbers(1, 5, 10), Trial.numbers(2, 5, 4));
        certain.fit(all);
        dense.fit(all);
        assertThat(certain.getParam("0_W").sub(dense.getParam("0_W")).amaxNumber().doubleValue())
                .isLessThan(1e-4);
    }

    @Test
    void wrongNumbersAreRefused() {
        for (double alpha : new double[] {0, 1.5, Double.NaN}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> VariationalNoise.perLayer(alpha))
                    .withMessage("VariationalNoise: alpha must be in (0, 1], got " + alpha);
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> VariationalNoise.sparse(Double.NEGATIVE_INFINITY))
                .withMessage(
                        "VariationalNoise: the log variance to begin with must be finite, got"
                                + " -Infinity");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new VariationalDenseLayer.Builder().nIn(2).nOut(3).build())
                .withMessage(
                        "VariationalDenseLayer: the number of training examples must be at least 1,"
                                + " got 0; call trainingExamples");
        MultiLayerNetwork cooled = network(layer(2, 1).warmUp(new FixedSchedule(-1)), new Sgd(0));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> cooled.fit(new DataSet(row(0, 0), row(0))))
                .withMessage(
                        "VariationalDenseLayer: the warm-up's number must be in [0, infinity), got"
                                + " -1.0");
        MultiLayerNetwork dense = network(new DenseLayer.Builder().nIn(2).nOut(1), new Sgd(0));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> VariationalPruning.mask(dense))
                .withMessage(
                        "VariationalPruning: expected a network with a VariationalDenseLayer, got"
                                + " none");
    }
}
