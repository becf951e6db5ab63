package org.dl4jplasticity.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SparsityScheduleTest {

    private static final double TIGHT = 1e-12;

    @Test
    void constantStaysTheSame() {
        SparsitySchedule schedule = SparsitySchedule.constant(0.9);

        assertThat(schedule.at(0)).isEqualTo(0.9);
        assertThat(schedule.at(Long.MAX_VALUE)).isEqualTo(0.9);
    }

    @Test
    void oneShotChangesAtItsStep() {
        SparsitySchedule schedule = SparsitySchedule.oneShot(0, 0.8, 500);

        assertThat(schedule.at(0)).isEqualTo(0);
        assertThat(schedule.at(499)).isEqualTo(0);
        assertThat(schedule.at(500)).isEqualTo(0.8);
        assertThat(schedule.at(10_000)).isEqualTo(0.8);
    }

    @Test
    void cubicKeepsTheInitialSparsityUntilItBegins() {
        SparsitySchedule schedule = SparsitySchedule.cubic(0.1, 0.9, 1000, 3000);

        assertThat(schedule.at(0)).isEqualTo(0.1);
        assertThat(schedule.at(1000)).isEqualTo(0.1);
    }

    @Test
    void cubicHasMadeSevenEighthsOfTheWayInTheMiddle() {
        // 0.9 + (0.1 - 0.9) (1 - 1/2)^3 = 0.9 - 0.8 / 8 = 0.8
        assertThat(SparsitySchedule.cubic(0.1, 0.9, 1000, 3000).at(2000))
                .isCloseTo(0.8, within(TIGHT));
    }

    @Test
    void cubicHasMadeThirtySevenSixtyFourthsOfTheWayAtAQuarter() {
        // 0.64 + (0 - 0.64) (3/4)^3 = 0.64 (1 - 27/64) = 0.37
        assertThat(SparsitySchedule.cubic(0, 0.64, 0, 400).at(100)).isCloseTo(0.37, within(TIGHT));
    }

    @Test
    void cubicKeepsTheTargetFromItsEndOn() {
        SparsitySchedule schedule = SparsitySchedule.cubic(0.1, 0.9, 1000, 3000);

        assertThat(schedule.at(3000)).isEqualTo(0.9);
        assertThat(schedule.at(Long.MAX_VALUE)).isEqualTo(0.9);
    }

    @Test
    void alternatingIsDenseUntilTheFirstCompressionAndCompressedFromTheLastOn() {
        SparsitySchedule schedule = SparsitySchedule.alternating(0.9, 2, 3, 8);

        // warm-up 0-1, compressed 2-4, dense 5-7, compressed from 8 on
        assertThat(LongStream.range(0, 12).mapToDouble(schedule::at).toArray())
                .containsExactly(0, 0, 0.9, 0.9, 0.9, 0, 0, 0, 0.9, 0.9, 0.9, 0.9);
        assertThat(schedule.at(Long.MAX_VALUE)).isEqualTo(0.9);
    }

    @Test
    void alternatingCompressesAndRestoresWhenAcDcDoesOnCifar() {
        SparsitySchedule schedule = SparsitySchedule.alternating(0.9, 10, 20, 170);

        assertThat(changes(schedule, 200, 0.9)).containsExactly(10, 50, 90, 130, 170);
        assertThat(changes(schedule, 200, 0)).containsExactly(30, 70, 110, 150);
    }

    @Test
    void alternatingLengthensTheLastDensePhaseAsAcDcDoesOnImageNet() {
        SparsitySchedule schedule = SparsitySchedule.alternating(0.8, 10, 5, 85);

        assertThat(changes(schedule, 100, 0.8)).containsExactly(10, 20, 30, 40, 50, 60, 70, 85);
        assertThat(changes(schedule, 100, 0)).containsExactly(15, 25, 35, 45, 55, 65, 75);
    }

    @Test
    void alternatingWithOneCompressionIsOneShot() {
        SparsitySchedule schedule = SparsitySchedule.alternating(0.9, 10, 20, 10);

        assertThat(changes(schedule, 200, 0.9)).containsExactly(10);
        assertThat(changes(schedule, 200, 0)).isEmpty();
    }

    @Test
    void alternatingFromTheStartHasNoWarmUp() {
        assertThat(SparsitySchedule.alternating(0.9, 0, 1, 2).at(0)).isEqualTo(0.9);
        assertThat(SparsitySchedule.alternating(0.9, 0, 1, 2).at(1)).isEqualTo(0);
    }

    @Test
    void alternatingPhasesMayBeAsLongAsTimeGoes() {
        long phase = Long.MAX_VALUE / 2;
        SparsitySchedule schedule = SparsitySchedule.alternating(0.9, 1, phase, Long.MAX_VALUE);

        assertThat(schedule.at(phase)).isEqualTo(0.9);
        assertThat(schedule.at(1 + phase)).isEqualTo(0);
        assertThat(schedule.at(Long.MAX_VALUE - 1)).isEqualTo(0);
        assertThat(schedule.at(Long.MAX_VALUE)).isEqualTo(0.9);
    }

    /** The times before {@code end} at which the sparsity becomes {@code to}. */
    private static long[] changes(SparsitySchedule schedule, long end, double to) {
        return LongStream.range(1, end)
                .filter(t -> schedule.at(t) == to && schedule.at(t - 1) != to)
                .toArray();
    }

    @ParameterizedTest
    @CsvSource({"11", "49"})
    void refusesALastCompressionThatLeavesNoRoomForTwoPhases(long last) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SparsitySchedule.alternating(0.9, 10, 20, last))
                .withMessage(
                        "time of the last compression must be that of the first, 10, or later by at"
                                + " least two phases of 20, got "
                                + last);
    }

    @Test
    void refusesTimesOfAnAlternationOutsideTheirRange() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SparsitySchedule.alternating(0.9, -1, 20, 170))
                .withMessage("time of the first compression must be at least 0, got -1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SparsitySchedule.alternating(0.9, 10, 0, 170))
                .withMessage("length of a phase must be at least 1, got 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SparsitySchedule.alternating(0.9, 10, 20, 9))
                .withMessage("time of the last compression must be at least 10, got 9");
    }

    @ParameterizedTest
    @ValueSource(doubles = {-0.1, 1, 1.2, Double.NaN})
    void refusesASparsityOutsideItsRange(double sparsity) {
        String range = " must be in [0, 1), got " + sparsity;

        assertThatIllegalArgumentException()
                .isThrownBy(() -> SparsitySchedule.constant(sparsity))
                .withMessage("sparsity" + range);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SparsitySchedule.oneShot(sparsity, 0.5, 10))
                .withMessage("sparsity before the step" + range);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SparsitySchedule.oneShot(0.5, sparsity, 10))
                .withMessage("sparsity after the step" + range);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SparsitySchedule.cubic(sparsity, 0.5, 0, 10))
                .withMessage("initial sparsity" + range);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SparsitySchedule.cubic(0.5, sparsity, 0, 10))
                .withMessage("target sparsity" + range);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SparsitySchedule.alternating(sparsity, 10, 20, 170))
                .withMessage("sparsity of the compressed phases" + range);
    }

    @Test
    void refusesANegativeTimeOfTheStep() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SparsitySchedule.oneShot(0, 0.5, -1))
                .withMessage("time of the step must be at least 0, got -1");
    }

    @Test
    void refusesAnEmptyOrNegativeWindow() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SparsitySchedule.cubic(0, 0.5, -1, 10))
                .withMessage("begin of the sparsity schedule must be at least 0, got -1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SparsitySchedule.cubic(0, 0.5, 10, 10))
                .withMessage(
                        "end of the sparsity schedule must be greater than its begin 10, got 10");
    }

    @Test
    void refusesANegativeTime() {
        String message = "time must be at least 0, got -1";

        assertThatIllegalArgumentException()
                .isThrownBy(() -> SparsitySchedule.constant(0.5).at(-1))
                .withMessage(message);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SparsitySchedule.oneShot(0, 0.5, 10).at(-1))
                .withMessage(message);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SparsitySchedule.cubic(0, 0.5, 0, 10).at(-1))
                .withMessage(message);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SparsitySchedule.alternating(0.5, 10, 20, 170).at(-1))
                .withMessage(message);
    }
}
