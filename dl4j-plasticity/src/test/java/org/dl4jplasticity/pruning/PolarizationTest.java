package org.dl4jplasticity.pruning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.dl4jplasticity.testing.NetworkClass;
import org.dl4jplasticity.testing.TinyNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;

/** Scales of batch normalization are driven apart. */
class PolarizationTest {
    private static final double[] GAMMAS = {0.1, 0.2, 0.4, 0.7, 0.8, 0.95};

    private static TinyNetwork network(NetworkClass type) {
        TinyNetwork network =
                type.of(
                        NetworkClass.settings(DataType.DOUBLE, new Sgd(0.1), 5),
                        Networks.dense(6, 6, Activation.IDENTITY).build(),
                        new BatchNormalization.Builder().nIn(6).nOut(6).build(),
                        Networks.softmax(6, 3));
        gamma(network.model()).assign(Nd4j.createFromArray(GAMMAS).reshape(1, 6));
        return network;
    }

    private static INDArray gamma(Model network) {
        return network.paramTable().entrySet().stream()
                .filter(entry -> entry.getKey().endsWith("_gamma"))
                .findFirst()
                .orElseThrow()
                .getValue();
    }

    /** With k of 6 scales at 1 the penalty is t k - k (6 - k) / 3. */
    @ParameterizedTest
    @ValueSource(doubles = {0.5, 1.4})
    void scalesOfLeastPenaltyAreZeroOrTheLargest(double t) {
        double least = Double.POSITIVE_INFINITY;
        boolean isPolar = false;
        for (int code = 0; code < 15_625; code++) { // 5^6 scales of 0, 0.25, ..., 1
            int rest = code;
            double[] gammas = new double[6];
            for (int i = 0; i < 6; i++) {
                gammas[i] = rest % 5 / 4.0;
                rest /= 5;
            }
            double penalty = Polarization.penalty(t, gammas);
            boolean polar = Arrays.stream(gammas).allMatch(gamma -> gamma == 0 || gamma == 1);
            if (penalty < least - 1e-12) {
                least = penalty;
                isPolar = polar;
            } else if (penalty < least + 1e-12) {
                isPolar &= polar;
            }
        }
        assertThat(isPolar).isTrue();
        assertThat(least).isCloseTo(t == 0.5 ? 1 - 8 / 3.0 : 1.4 - 5 / 3.0, within(1e-12));
    }

    @Test
    void theSubgradientIsTheSlopeOfThePenalty() {
        double[] gammas = new SplittableRandom(3).doubles(7).toArray();
        double[] subgradient = Polarization.subgradient(1.4, gammas);
        for (int i = 0; i < gammas.length; i++) {
            double[] more = gammas.clone();
            double[] less = gammas.clone();
            more[i] += 1e-6;
            less[i] -= 1e-6;
            double slope =
                    (Polarization.penalty(1.4, more) - Polarization.penalty(1.4, less)) / 2e-6;
            assertThat(subgradient[i]).isCloseTo(slope, within(1e-8));
        }
    }

    /** Plain gradient descent at a rate of 0.1, batches of 12: lambda 0.3 times the subgradient. */
    @ParameterizedTest
    @EnumSource(names = {"SEQUENTIAL", "GRAPH"})
    void aStepOfTrainingFollowsThePenaltyToo(NetworkClass type) {
        DataSet batch =
                new DataSet(
                        Networks.gaussian(4, 12, 6).castTo(DataType.DOUBLE),
                        Networks.classes(12).castTo(DataType.DOUBLE));
        TinyNetwork plain = network(type);
        plain.fit(batch);
        TinyNetwork polarized = network(type);
        polarized.model().setListeners(new Polarization(0.3, 1.4, 1));
        polarized.fit(batch);

        double[] without = gamma(plain.model()).dup().data().asDouble();
        double[] with = gamma(polarized.model()).dup().data().asDouble();
        double[] subgradient = Polarization.subgradient(1.4, GAMMAS);
        for (int i = 0; i < 6; i++) {
            double expected = without[i] - 0.1 * 0.3 * subgradient[i];
            assertThat(with[i]).isCloseTo(Math.max(0, Math.min(1, expected)), within(1e-12));
        }
        gamma(polarized.model()).assign(gamma(plain.model()));
        assertThat(polarized.model().params()).isEqualTo(plain.model().params());
    }

    @ParameterizedTest
    @EnumSource(names = {"SEQUENTIAL", "GRAPH"})
    void scalesEndUpZeroOrLargeAndNarrowingTakesThoseOfZero(NetworkClass type) {
        TinyNetwork network = network(type);
        network.model().setListeners(new Polarization(2, 1.2, 1));
        DataSet batch =
                new DataSet(
                        Networks.gaussian(4, 12, 6).castTo(DataType.DOUBLE),
                        Networks.classes(12).castTo(DataType.DOUBLE));
        for (int step = 0; step < 30; step++) {
            network.fit(batch);
        }
        double[] scales = gamma(network.model()).dup().data().asDouble();
        assertThat(Arrays.stream(scales).boxed()).contains(0.0).allMatch(g -> g == 0 || g > 0.5);
        int alive = (int) Arrays.stream(scales).filter(gamma -> gamma > 0).count();
        assertThat(alive).isPositive();

        double threshold = Polarization.threshold(network.model()).orElseThrow();
        Narrowing.by(UnitScore.scale()).threshold(threshold).applyTo(network.model());

        assertThat(gamma(network.model()).length()).isEqualTo(alive);
    }

    @Test
    void theThresholdIsTheFirstLocalMinimumOfTheHistogram() {
        // bins 0, 1, 2 hold 3, 1, 2
        assertThat(Polarization.threshold(0, 0.001, 0.009, 0.015, 0.02, 0.025)).hasValue(0.01);
        // 3, 2, 1, then none until bin 50
        assertThat(Polarization.threshold(0, 0, 0, 0.01, 0.015, 0.02, 0.505, 0.508)).hasValue(0.49);
        // 0.29 is the lower edge of bin 29, what is above 1 doesn't count
        assertThat(Polarization.threshold(0, 0.29, 7)).hasValue(0.28);
    }

    @Test
    void thereIsNoThresholdWithoutALocalMinimum() {
        assertThat(Polarization.threshold(0, 0, 0.01)).isEmpty();
        assertThat(Polarization.threshold()).isEmpty();
    }

    @Test
    void theScoreIsTheMagnitudeOfTheScale() {
        TinyNetwork network = network(NetworkClass.SEQUENTIAL);
        gamma(network.model()).putScalar(1, -0.2);
        double[][] scores = UnitScore.scale().of(network.model(), UnitGroup.of(network.model()));
        assertThat(scores[0]).containsExactly(GAMMAS);
    }

    @Test
    void refusesUnitsWithoutAScaleAndSettingsOutOfRange() {
        Model plain = Networks.perceptron(NetworkClass.SEQUENTIAL);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> UnitScore.scale().of(plain, UnitGroup.of(plain)))
                .withMessageStartingWith("Layer 0: expected batch normalization behind it");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Polarization(-1, 1.4, 1))
                .withMessageContaining("lambda must be at least 0 and finite, got -1.0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Polarization(1, 1.4, 0))
                .withMessageContaining("above 0, got 0.0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Polarization(1, Double.NaN, 1))
                .withMessageContaining("t must be finite, got NaN");
    }
}
