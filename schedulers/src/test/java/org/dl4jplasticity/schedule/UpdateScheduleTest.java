package org.dl4jplasticity.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class UpdateScheduleTest {

    @Test
    void isDueAtEveryMultipleButNotAtTheVeryStart() {
        assertThat(dueIterations(UpdateSchedule.every(100), 450))
                .containsExactly(100, 200, 300, 400);
    }

    @Test
    void isDueAtBothEdgesOfTheWindowAndNowhereOutside() {
        UpdateSchedule schedule = UpdateSchedule.every(10).from(20).until(50);

        assertThat(dueIterations(schedule, 1000)).containsExactly(20, 30, 40, 50);
    }

    @Test
    void countsMultiplesFromZeroAndNotFromTheBeginning() {
        UpdateSchedule schedule = UpdateSchedule.every(10).from(15).until(39);

        assertThat(dueIterations(schedule, 1000)).containsExactly(20, 30);
    }

    @Test
    void isDueAtEveryIterationButTheFirstWhenEveryIsOne() {
        assertThat(dueIterations(UpdateSchedule.every(1).until(3), 10)).containsExactly(1, 2, 3);
    }

    @Test
    void anIterationScheduleIsNeverDueAtAnEpochEnd() {
        UpdateSchedule schedule = UpdateSchedule.every(1);

        assertThat(LongStream.range(0, 100).filter(schedule::atEpochEnd)).isEmpty();
    }

    @Test
    void isDueAtTheEndOfEachEpochFromTheFirst() {
        assertThat(dueEpochs(UpdateSchedule.eachEpoch(), 4)).containsExactly(0, 1, 2, 3);
    }

    @Test
    void isDueInTheFirstAndLastEpochOfTheWindowAndNowhereOutside() {
        UpdateSchedule schedule = UpdateSchedule.eachEpoch().from(2).until(4);

        assertThat(dueEpochs(schedule, 100)).containsExactly(2, 3, 4);
    }

    @Test
    void anEpochScheduleIsNeverDueAtAnIteration() {
        UpdateSchedule schedule = UpdateSchedule.eachEpoch();

        assertThat(dueIterations(schedule, 100)).isEmpty();
    }

    @Test
    void isNeverDueAtANegativeTime() {
        assertThat(UpdateSchedule.every(1).atIteration(-1)).isFalse();
        assertThat(UpdateSchedule.eachEpoch().atEpochEnd(-1)).isFalse();
    }

    @Test
    void keepsItsKindWhenTheWindowChanges() {
        UpdateSchedule iterations = UpdateSchedule.every(100);
        UpdateSchedule epochs = UpdateSchedule.eachEpoch();

        assertThat(iterations.from(200).until(3500))
                .isEqualTo(new UpdateSchedule.EveryIterations(100, 200, 3500));
        assertThat(epochs.until(9).from(1)).isEqualTo(new UpdateSchedule.EachEpoch(1, 9));
    }

    @Test
    void isOpenEndedUntilGivenAnEnd() {
        assertThat(UpdateSchedule.every(100).hasEnd()).isFalse();
        assertThat(UpdateSchedule.every(100).end()).isEqualTo(Long.MAX_VALUE);
        assertThat(UpdateSchedule.eachEpoch().hasEnd()).isFalse();
        assertThat(UpdateSchedule.eachEpoch().until(5).hasEnd()).isTrue();
        assertThat(UpdateSchedule.every(100).until(5).until(UpdateSchedule.OPEN_END).hasEnd())
                .isFalse();
    }

    @Test
    void progressesFromZeroToOneAtTheEndWhateverTheBeginning() {
        UpdateSchedule schedule = UpdateSchedule.every(100).from(1000).until(4000);

        assertThat(schedule.progress(0)).isEqualTo(0);
        assertThat(schedule.progress(1000)).isEqualTo(0.25);
        assertThat(schedule.progress(3000)).isEqualTo(0.75);
        assertThat(schedule.progress(4000)).isEqualTo(1);
        assertThat(schedule.progress(9000)).isEqualTo(1);
    }

    @Test
    void doesNotProgressWithoutAnEnd() {
        assertThat(UpdateSchedule.every(100).progress(1_000_000)).isEqualTo(0);
        assertThat(UpdateSchedule.eachEpoch().progress(Long.MAX_VALUE)).isEqualTo(0);
    }

    @Test
    void progressIsANumberEvenIfTheFirstEpochIsTheLast() {
        UpdateSchedule schedule = UpdateSchedule.eachEpoch().until(0);

        assertThat(schedule.progress(0)).isEqualTo(0);
        assertThat(schedule.progress(1)).isEqualTo(1);
    }

    @Test
    void refusesADistanceBelowOne() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> UpdateSchedule.every(0))
                .withMessage("iterations between updates must be at least 1, got 0");
    }

    @Test
    void refusesANegativeBeginning() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> UpdateSchedule.every(100).from(-1))
                .withMessage("begin of the update schedule must be at least 0, got -1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> UpdateSchedule.eachEpoch().from(-2))
                .withMessage("begin of the update schedule must be at least 0, got -2");
    }

    @Test
    void refusesAnEndBeforeTheBeginning() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> UpdateSchedule.every(100).from(300).until(299))
                .withMessage("end of the update schedule must be at least 300, got 299");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> UpdateSchedule.eachEpoch().from(3).until(2))
                .withMessage("end of the update schedule must be at least 3, got 2");
    }

    @Test
    void refusesProgressAtANegativeTime() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> UpdateSchedule.every(100).until(1000).progress(-1))
                .withMessage("time must be at least 0, got -1");
    }

    private static long[] dueIterations(UpdateSchedule schedule, long end) {
        return LongStream.range(0, end).filter(schedule::atIteration).toArray();
    }

    private static long[] dueEpochs(UpdateSchedule schedule, long end) {
        return LongStream.range(0, end).filter(schedule::atEpochEnd).toArray();
    }
}
