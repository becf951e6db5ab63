package org.dl4jplasticity.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class DropFractionTest {

    private static final double TIGHT = 1e-12;

    static List<DropFraction> decays() {
        return List.of(
                DropFraction.cosine(0.3),
                DropFraction.cosine(0.3, 0.005),
                DropFraction.steps(0.3, Map.of(0.5, 0.1)),
                DropFraction.linear(0.3),
                DropFraction.exponential(0.3, 3));
    }

    @Test
    void constantStaysTheSame() {
        DropFraction fraction = DropFraction.constant(0.3);

        assertThat(fraction.at(0)).isEqualTo(0.3);
        assertThat(fraction.at(0.5)).isEqualTo(0.3);
        assertThat(fraction.at(1)).isEqualTo(0.3);
    }

    @Test
    void cosineIsWholeAtTheStartHalfInTheMiddleAndNothingAtTheEnd() {
        DropFraction fraction = DropFraction.cosine(0.3);

        assertThat(fraction.at(0)).isEqualTo(0.3);
        assertThat(fraction.at(0.5)).isCloseTo(0.15, within(TIGHT));
        assertThat(fraction.at(1)).isEqualTo(0);
    }

    @Test
    void cosineFallsSlowlyAtFirst() {
        // cos(pi / 3) = 1/2, so at a third 0.4 / 2 * (1 + 1/2) = 0.3 is left.
        assertThat(DropFraction.cosine(0.4).at(1.0 / 3)).isCloseTo(0.3, within(TIGHT));
    }

    @Test
    void cosineToAShareIsTheMeanInTheMiddleAndThatShareAtTheEnd() {
        // Sparse momentum: (0.5 + 0.005) / 2 = 0.2525 halfway.
        DropFraction fraction = DropFraction.cosine(0.5, 0.005);

        assertThat(fraction.at(0)).isEqualTo(0.5);
        assertThat(fraction.at(0.5)).isCloseTo(0.2525, within(TIGHT));
        assertThat(fraction.at(1)).isEqualTo(0.005);
        // cos(2 pi / 3) = -1/2, so at two thirds 0.1 + (0.5 - 0.1) / 4 = 0.2 is left.
        assertThat(DropFraction.cosine(0.5, 0.1).at(2.0 / 3)).isCloseTo(0.2, within(TIGHT));
    }

    @Test
    void cosineEndsAtNothingUnlessAShareIsGiven() {
        assertThat(DropFraction.cosine(0.3)).isEqualTo(DropFraction.cosine(0.3, 0));
    }

    @Test
    void cosineNeverRisesAndReachesBothEndsExactly() {
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 1_000; i++) {
            double from = random.nextDouble(0.01, 1);
            double to = random.nextDouble(0, from / 2);
            DropFraction fraction = DropFraction.cosine(from, to);
            double early = random.nextDouble();
            double late = random.nextDouble(early, 1);

            assertThat(fraction.at(0)).isEqualTo(from);
            assertThat(fraction.at(early)).isBetween(fraction.at(late), from);
            assertThat(fraction.at(late)).isGreaterThanOrEqualTo(to);
            assertThat(fraction.at(1)).isEqualTo(to);
        }
    }

    @Test
    void noneIsNothingThroughout() {
        DropFraction none = DropFraction.none();

        assertThat(none.fraction()).isZero();
        assertThat(none.at(0)).isZero();
        assertThat(none.at(0.5)).isZero();
        assertThat(none.at(1)).isZero();
        assertThat(none).isEqualTo(DropFraction.none());
    }

    @Test
    void stepsHoldFromTheirProgressOn() {
        // MEST: a fifth, a tenth from epoch 90 of 160 on, none from epoch 120 on.
        DropFraction fraction = DropFraction.steps(0.2, Map.of(90 / 160.0, 0.1, 0.75, 0.0));

        assertThat(fraction.fraction()).isEqualTo(0.2);
        assertThat(fraction.at(0)).isEqualTo(0.2);
        assertThat(fraction.at(89 / 160.0)).isEqualTo(0.2);
        assertThat(fraction.at(90 / 160.0)).isEqualTo(0.1);
        assertThat(fraction.at(119 / 160.0)).isEqualTo(0.1);
        assertThat(fraction.at(120 / 160.0)).isEqualTo(0);
        assertThat(fraction.at(1)).isEqualTo(0);
    }

    @Test
    void aStepMayLieAtTheVeryEnd() {
        DropFraction fraction = DropFraction.steps(0.3, Map.of(1.0, 0.0));

        assertThat(fraction.at(Math.nextDown(1.0))).isEqualTo(0.3);
        assertThat(fraction.at(1)).isEqualTo(0);
    }

    @Test
    void stepsDependNeitherOnTheOrderOfTheMapNorOnItsLaterChanges() {
        TreeMap<Double, Double> falling = new TreeMap<>(Comparator.reverseOrder());
        falling.put(0.25, 0.2);
        falling.put(0.75, 0.1);
        DropFraction fraction = new DropFraction.Steps(0.3, falling);
        falling.clear();

        assertThat(fraction).isEqualTo(DropFraction.steps(0.3, Map.of(0.75, 0.1, 0.25, 0.2)));
        assertThat(fraction.at(0.5)).isEqualTo(0.2);
        assertThat(fraction).hasToString("Steps[fraction=0.3, later={0.25=0.2, 0.75=0.1}]");
    }

    @Test
    void linearFallsEvenly() {
        DropFraction fraction = DropFraction.linear(0.4);

        assertThat(fraction.at(0)).isEqualTo(0.4);
        assertThat(fraction.at(0.25)).isCloseTo(0.3, within(TIGHT));
        assertThat(fraction.at(1)).isEqualTo(0);
    }

    @Test
    void exponentialIsAPowerOfTheWayLeft() {
        DropFraction fraction = DropFraction.exponential(0.8, 3);

        assertThat(fraction.at(0)).isEqualTo(0.8);
        assertThat(fraction.at(0.5)).isCloseTo(0.1, within(TIGHT));
        assertThat(fraction.at(1)).isEqualTo(0);
    }

    @Test
    void onlyAFractionThatNeverChangesDoesWithoutAnEnd() {
        assertThat(DropFraction.none().needsEnd()).isFalse();
        assertThat(DropFraction.constant(0.3).needsEnd()).isFalse();
        assertThat(decays()).allMatch(DropFraction::needsEnd);
    }

    @ParameterizedTest
    @MethodSource("decays")
    void aDecayRefusesAScheduleWithoutEnd(DropFraction decay) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> decay.requireEndOf(UpdateSchedule.every(100)))
                .withMessage(
                        "the update schedule must have an end, which until(...) gives it, for the"
                                + " drop fraction "
                                + decay
                                + " to decay to, got one without end; DropFraction.constant(0.3)"
                                + " needs none");
    }

    @ParameterizedTest
    @MethodSource("decays")
    void aDecayAcceptsAScheduleWithAnEnd(DropFraction decay) {
        assertThatCode(() -> decay.requireEndOf(UpdateSchedule.every(100).until(1000)))
                .doesNotThrowAnyException();
    }

    @Test
    void aFractionThatNeverChangesAcceptsAScheduleWithoutEnd() {
        assertThatCode(() -> DropFraction.none().requireEndOf(UpdateSchedule.every(100)))
                .doesNotThrowAnyException();
        assertThatCode(() -> DropFraction.constant(0.3).requireEndOf(UpdateSchedule.eachEpoch()))
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 1, -0.1, 1.5, Double.NaN})
    void refusesAFractionOutsideItsRange(double fraction) {
        String message = "drop fraction must be in (0, 1), got " + fraction;

        assertThatIllegalArgumentException()
                .isThrownBy(() -> DropFraction.constant(fraction))
                .withMessage(message);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DropFraction.cosine(fraction))
                .withMessage(message);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DropFraction.linear(fraction))
                .withMessage(message);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DropFraction.exponential(fraction, 3))
                .withMessage(message);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DropFraction.steps(fraction, Map.of(0.5, 0.0)))
                .withMessage(message);
    }

    @ParameterizedTest
    @ValueSource(doubles = {-0.1, 0.5, 0.6, Double.NaN})
    void refusesACosineThatDoesNotFall(double to) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DropFraction.cosine(0.5, to))
                .withMessage("drop fraction at the end must be in [0, 0.5), got " + to);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -0.5, 1.1, Double.NaN})
    void refusesAStepOutsideTheProgress(double progress) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DropFraction.steps(0.3, Map.of(progress, 0.1)))
                .withMessage("progress of a step must be in (0, 1], got " + progress);
    }

    @ParameterizedTest
    @ValueSource(doubles = {-0.1, 1, Double.NaN})
    void refusesAStepToAShareOutsideItsRange(double share) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DropFraction.steps(0.3, Map.of(0.5, share)))
                .withMessage("drop fraction from progress 0.5 on must be in [0, 1), got " + share);
    }

    @Test
    void refusesStepsThatRise() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DropFraction.steps(0.3, Map.of(0.5, 0.1, 0.75, 0.2)))
                .withMessage(
                        "drop fraction from progress 0.75 on must be at most the one before it,"
                                + " 0.1, got 0.2");
    }

    @Test
    void refusesStepsWithoutAStep() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DropFraction.steps(0.3, Map.of()))
                .withMessage(
                        "a drop fraction in steps must have at least 1 step after progress 0, got"
                                + " none; DropFraction.constant(0.3) has none");
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -1, Double.POSITIVE_INFINITY, Double.NaN})
    void refusesAPowerOutsideItsRange(double power) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DropFraction.exponential(0.3, power))
                .withMessage(
                        "power of the drop fraction must be positive and finite, got " + power);
    }

    @ParameterizedTest
    @ValueSource(doubles = {-0.01, 1.01, Double.NaN})
    void refusesProgressOutsideItsRange(double progress) {
        String message = "progress must be in [0, 1], got " + progress;

        assertThatIllegalArgumentException()
                .isThrownBy(() -> DropFraction.none().at(progress))
                .withMessage(message);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DropFraction.constant(0.3).at(progress))
                .withMessage(message);
        for (DropFraction decay : decays()) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> decay.at(progress))
                    .withMessage(message);
        }
    }
}
