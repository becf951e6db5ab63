package org.dl4jplasticity.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class DropFractionTest {

    private static final double TIGHT = 1e-12;

    static List<DropFraction> decays() {
        return List.of(
                DropFraction.cosine(0.3),
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
    void onlyAConstantFractionDoesWithoutAnEnd() {
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
    void aConstantFractionAcceptsAScheduleWithoutEnd() {
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
                .isThrownBy(() -> DropFraction.constant(0.3).at(progress))
                .withMessage(message);
        for (DropFraction decay : decays()) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> decay.at(progress))
                    .withMessage(message);
        }
    }
}
