package org.dl4jplasticity.dropout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.dropout.IDropout;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.weightnoise.IWeightNoise;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

class LearnedRatesTest {
    private static final int INPUTS = 5;
    private static final int EXAMPLES = 200;

    /** A linear network with one output, whose loss is the squared error. */
    private static MultiLayerNetwork linear(
            IDropout dropout, IWeightNoise noise, IUpdater updater) {
        MultiLayerNetwork network =
                new MultiLayerNetwork(
                        new NeuralNetConfiguration.Builder()
                                .dataType(DataType.DOUBLE)
                                .updater(updater)
                                .list()
                                .layer(
                                        new OutputLayer.Builder(LossFunction.MSE)
                                                .nIn(INPUTS)
                                                .nOut(1)
                                                .hasBias(false)
                                                .activation(Activation.IDENTITY)
                                                .dropOut(dropout)
                                                .weightNoise(noise)
                                                .build())
                                .build());
        network.init();
        network.params().assign(1);
        network.setListeners(DropoutTraining.of(network));
        return network;
    }

    private static IDropout dropout(MultiLayerNetwork network) {
        return network.getLayer(0).conf().getLayer().getIDropout();
    }

    /**
     * The data are y = sum m_i x_i with m_i ~ Bernoulli(theta_i), the network's weights are 1: the
     * expected derivative by a gate is 2 x_i^2 (gate_i - theta_i).
     */
    @Test
    void gatesFindTheProbabilitiesThatMadeTheData() {
        double[] thetas = {0.1, 0.3, 0.5, 0.8, 1};
        MultiLayerNetwork network =
                linear(
                        GeneralizedDropout.builder().learningRate(0.02).seed(7).build(),
                        new ScaledAtInference(),
                        new Sgd(0));
        SplittableRandom random = new SplittableRandom(1);
        double[] means = new double[INPUTS];
        int steps = 500;
        for (int step = 0; step < steps; step++) {
            network.fit(noisyExamples(thetas, random));
            if (step >= steps / 2) {
                double[] gates = ((GeneralizedDropout) dropout(network)).gates();
                for (int i = 0; i < INPUTS; i++) {
                    means[i] += gates[i] / (steps - steps / 2);
                }
            }
        }
        assertThat(means).containsExactly(thetas, within(0.03));
    }

    private static DataSet noisyExamples(double[] thetas, SplittableRandom random) {
        double[][] features = new double[EXAMPLES][INPUTS];
        double[][] labels = new double[EXAMPLES][1];
        for (int example = 0; example < EXAMPLES; example++) {
            for (int i = 0; i < INPUTS; i++) {
                features[example][i] = random.nextGaussian();
                if (random.nextDouble() < thetas[i]) {
                    labels[example][0] += features[example][i];
                }
            }
        }
        return new DataSet(Nd4j.createFromArray(features), Nd4j.createFromArray(labels));
    }

    /**
     * With y = sum x_i and weights 1 the expected squared error is 5 E (f - 1)^2 for a factor f. As
     * a negative log likelihood of noise of variance s2 it counts 1 / (2 s2), and the entropy of
     * the 5 masks 1 / N; here N = 5. So the least of E (f - 1)^2 - 2 s2 / N H(p), looked for on a
     * grid with the factor's variance by quadrature, is what must be found.
     */
    @ParameterizedTest
    @ValueSource(doubles = {1, 4, 20})
    void theConcreteRateIsTheOneThatTheNoiseOfTheDataCallsFor(double noise) {
        double entropyWeight = 2 * noise / 5;
        double expected = bestRate(entropyWeight);
        MultiLayerNetwork network =
                linear(
                        ConcreteDropout.builder()
                                .dropoutRegularizer(entropyWeight)
                                .learningRate(0.05)
                                .seed(3)
                                .build(),
                        null,
                        new Sgd(0));
        SplittableRandom random = new SplittableRandom(2);
        double[] certain = {1, 1, 1, 1, 1};
        double mean = 0;
        int steps = 600;
        for (int step = 0; step < steps; step++) {
            network.fit(noisyExamples(certain, random));
            if (step >= steps / 2) {
                mean += ((ConcreteDropout) dropout(network)).rate() / (steps - steps / 2);
            }
        }
        assertThat(mean).isCloseTo(expected, within(0.02));
        assertThat(expected).isBetween(0.03, 0.5);
    }

    /** The rate of least E (f - 1)^2 - weight H(p), by trying a thousand. */
    private static double bestRate(double weight) {
        double best = 0;
        double least = Double.POSITIVE_INFINITY;
        for (int i = 1; i < 1_000; i++) {
            double p = i / 1_000.0;
            double negativeEntropy = p * Math.log(p) + (1 - p) * Math.log(1 - p);
            double objective = squaredDeviation(p) + weight * negativeEntropy;
            if (objective < least) {
                least = objective;
                best = p;
            }
        }
        return best;
    }

    private static double squaredDeviation(double p) {
        double sum = 0;
        int points = 2_000;
        for (int i = 0; i < points; i++) {
            double u = (i + 0.5) / points;
            double z = 1 / (1 + Math.pow((1 - p) / p * (1 - u) / u, 10));
            double deviation = (1 - z) / (1 - p) - 1;
            sum += deviation * deviation / points;
        }
        return sum;
    }

    /**
     * One step with learning rate 1 moves the logit by the derivative: here that of the loss at the
     * same draws, by finite differences, and of both regularizers, by hand.
     */
    @Test
    void theConcreteRateGoesDownItsDerivative() {
        double rate = 0.3;
        double logit = Math.log(0.3 / 0.7);
        DataSet examples = noisyExamples(new double[] {1, 1, 1, 1, 1}, new SplittableRandom(5));
        double h = 1e-6;
        double derivative =
                (loss(sigmoid(logit + h), examples) - loss(sigmoid(logit - h), examples)) / (2 * h);
        // d/dlogit: 0.01 * ||W||^2 p / (1 - p), with ||W||^2 = 5; 0.02 * 5 * logit * p (1 - p)
        double regularization = 0.01 * 5 * 0.3 / 0.7 + 0.02 * 5 * logit * 0.21;
        MultiLayerNetwork network =
                linear(
                        ConcreteDropout.builder()
                                .rate(rate)
                                .weightRegularizer(0.01)
                                .dropoutRegularizer(0.02)
                                .learningRate(1)
                                .seed(3)
                                .build(),
                        null,
                        new Sgd(0));
        network.fit(examples);
        double moved = ((ConcreteDropout) dropout(network)).rate();
        assertThat(Math.log(moved / (1 - moved)))
                .isCloseTo(logit - derivative - regularization, within(1e-6));
    }

    private static double sigmoid(double x) {
        return 1 / (1 + Math.exp(-x));
    }

    private static double loss(double rate, DataSet examples) {
        return linear(
                        ConcreteDropout.builder().rate(rate).learningRate(0).seed(3).build(),
                        null,
                        new Sgd(0))
                .score(examples, true);
    }

    /** 2 * 0.01 * W / (1 - 0.5) = 0.04 for weights of 1, besides the gradient of the loss. */
    @Test
    void theWeightRegularizerMovesTheWeightsToo() {
        DataSet examples = noisyExamples(new double[] {1, 1, 1, 1, 1}, new SplittableRandom(5));
        double[] moved = new double[2];
        for (int i = 0; i < 2; i++) {
            MultiLayerNetwork network =
                    linear(
                            ConcreteDropout.builder()
                                    .rate(0.5)
                                    .weightRegularizer(i * 0.01)
                                    .learningRate(0)
                                    .seed(3)
                                    .build(),
                            null,
                            new Sgd(1));
            network.fit(examples);
            moved[i] = network.params().getDouble(0);
        }
        assertThat(moved[1] - moved[0]).isCloseTo(-0.04, within(1e-9));
    }

    /** -(a - 1) log theta - (b - 1) log(1 - theta) of Beta(3, 2) is least at 2/3. */
    @Test
    void withoutDataGatesGoWhereThePriorIsHighest() {
        MultiLayerNetwork network =
                linear(
                        GeneralizedDropout.builder()
                                .keep(0.1)
                                .prior(3, 2, 1)
                                .learningRate(0.01)
                                .seed(7)
                                .build(),
                        new ScaledAtInference(),
                        new Sgd(0));
        DataSet nothing =
                new DataSet(Nd4j.zeros(DataType.DOUBLE, 2, 5), Nd4j.zeros(DataType.DOUBLE, 2, 1));
        for (int step = 0; step < 200; step++) {
            network.fit(nothing);
        }
        double[] expected = new double[INPUTS];
        Arrays.fill(expected, 2.0 / 3);
        assertThat(((GeneralizedDropout) dropout(network)).gates())
                .containsExactly(expected, within(1e-6));
    }

    @Test
    void gatesFollowTheirUnitsWhenWidthsChange() {
        GeneralizedDropout gates =
                new GeneralizedDropout(0.5, new double[] {0.1, 0.2, 0.3}, 1, 1, 0, 0.01, 1);
        assertThat(gates.resized(new int[] {2, -1, 0, 1}).gates())
                .containsExactly(0.3, 0.5, 0.1, 0.2);
        assertThat(GeneralizedDropout.builder().build().resized(new int[] {0, -1}).gates())
                .isEmpty();
    }

    @Test
    void withoutTheListenerNothingIsTrained() {
        MultiLayerNetwork network =
                linear(ConcreteDropout.builder().build(), null, new Sgd(1)).clone();
        DataSet examples = noisyExamples(new double[INPUTS], new SplittableRandom(5));
        INDArray before = network.params().dup();
        assertThatIllegalStateException()
                .isThrownBy(() -> network.fit(examples))
                .withMessage(
                        "ConcreteDropout: its probabilities are learned with the help of a"
                                + " listener, add one: model.addListeners(DropoutTraining.of(model))");
        assertThat(network.params()).isEqualTo(before);
    }

    @Test
    void numbersOutOfRangeAreRefused() {
        for (double rate : new double[] {0, 1, -0.1, Double.NaN}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> ConcreteDropout.builder().rate(rate).build())
                    .withMessage(
                            "ConcreteDropout: the probability to drop must be in (0, 1), got "
                                    + rate);
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ConcreteDropout.builder().temperature(0).build())
                .withMessage("ConcreteDropout: the temperature must be in (0, infinity), got 0.0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> GeneralizedDropout.builder().keep(1.5).build())
                .withMessage(
                        "GeneralizedDropout: the probability to keep a unit must be in [0, 1], got"
                                + " 1.5");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> GeneralizedDropout.builder().prior(0, 1, 1).build())
                .withMessage("GeneralizedDropout: the prior's a must be in (0, infinity), got 0.0");
        GeneralizedDropout three =
                new GeneralizedDropout(0.5, new double[] {0.1, 0.2, 0.3}, 1, 1, 0, 0.01, 1);
        three.attend();
        assertThatIllegalStateException()
                .isThrownBy(
                        () ->
                                three.applyDropout(
                                        Nd4j.ones(2, 4),
                                        Nd4j.ones(2, 4),
                                        0,
                                        0,
                                        LayerWorkspaceMgr.noWorkspaces()))
                .withMessage("GeneralizedDropout: has gates for 3 units, got an input of 4");
    }
}
