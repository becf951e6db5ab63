package org.dl4jplasticity.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PlateauRuleTest {
    private static final PlateauRule LITERAL = new PlateauRule(0.01, false, 1, 0, 0, false);

    /** {@return the numbers of the observations, from 0, that made a plateau} */
    private static List<Integer> plateaus(PlateauRule rule, double... losses) {
        List<Integer> found = new ArrayList<>();
        PlateauRule.State state = PlateauRule.State.START;
        for (int i = 0; i < losses.length; i++) {
            state = rule.observe(state, losses[i]);
            if (state.isPlateau()) {
                found.add(i);
            }
        }
        return found;
    }

    @Test
    void oneSmallChangeIsEnoughForEquationOne() {
        assertThat(plateaus(LITERAL, 1.0, 0.8, 0.795, 0.6, 0.595)).containsExactly(2, 4);
    }

    @Test
    void aChangeOfExactlyTheThresholdIsNone() {
        assertThat(plateaus(new PlateauRule(0.25, false, 1, 0, 0, false), 1.0, 0.75, 0.5001))
                .containsExactly(2);
    }

    @Test
    void aConstantLossMakesAPlateauEveryTimeThePatienceIsOver() {
        PlateauRule rule = new PlateauRule(0.01, false, 3, 0, 0, false);
        assertThat(plateaus(rule, 1, 1, 1, 1, 1, 1, 1)).containsExactly(3, 6);
    }

    @Test
    void patienceStartsAgainAfterAChange() {
        PlateauRule rule = new PlateauRule(0.01, false, 2, 0, 0, false);
        assertThat(plateaus(rule, 1, 1, 0.5, 0.5, 0.5)).containsExactly(4);
    }

    @Test
    void nothingCountsWhileItCoolsDown() {
        PlateauRule rule = new PlateauRule(0.01, false, 1, 3, 0, false);
        assertThat(plateaus(rule, 1, 1, 1, 1, 1, 1)).containsExactly(1, 5);
    }

    @Test
    void aRelativeThresholdIsAShareOfTheLossBefore() {
        PlateauRule rule = new PlateauRule(0.1, true, 1, 0, 0, false);
        assertThat(plateaus(rule, 100, 91, 80, 73)).containsExactly(1, 3);
    }

    @Test
    void aRisingLossIsNoPlateauUnlessRisesCount() {
        double[] rising = {1, 2, 3};
        assertThat(plateaus(LITERAL, rising)).isEmpty();
        assertThat(plateaus(new PlateauRule(0.01, false, 1, 0, 0, true), rising))
                .containsExactly(1, 2);
    }

    @Test
    void whatIsNoNumberInterrupts() {
        PlateauRule rule = new PlateauRule(0.01, false, 2, 0, 0, false);
        assertThat(plateaus(rule, 1, 1, Double.NaN, 1, 1, 1)).containsExactly(5);
        assertThat(plateaus(rule, 1, 1, Double.POSITIVE_INFINITY, 1, 1)).isEmpty();
    }

    @Test
    void smoothedLossesAreCompared() {
        // 1, then 0.5 * 1 + 0.5 * 0 = 0.5, 0.75, 0.375: changes 0.5, 0.25, 0.375
        PlateauRule rule = new PlateauRule(0.3, false, 1, 0, 0.5, false);
        assertThat(plateaus(rule, 1, 0, 1, 0)).containsExactly(2);
    }

    @Test
    void refusesNumbersOutOfRange() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new PlateauRule(0, false, 1, 0, 0, false))
                .withMessage("the threshold of a plateau must be greater than 0, got 0.0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new PlateauRule(1, false, 0, 0, 0, false))
                .withMessage("the patience of a plateau must be at least 1, got 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new PlateauRule(1, false, 1, -1, 0, false))
                .withMessage("the cooldown of a plateau must be at least 0, got -1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new PlateauRule(1, false, 1, 0, 1, false))
                .withMessage("the smoothing of a plateau must be in [0, 1), got 1.0");
    }
}
