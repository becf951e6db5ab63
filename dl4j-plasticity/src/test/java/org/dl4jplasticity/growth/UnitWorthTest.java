package org.dl4jplasticity.growth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class UnitWorthTest {

    private static double[][] outputs(double... means) {
        return new double[][] {means};
    }

    private static UnitWorth aged(int steps, double... worth) {
        UnitWorth units = new UnitWorth(worth.length, 1, 0.5);
        for (int i = 0; i < steps; i++) {
            units.step(outputs(new double[worth.length]), worth);
        }
        return units;
    }

    @Test
    void averagesAreCorrectedForTheirStartAtZero() {
        UnitWorth units = new UnitWorth(1, 1, 0.5);
        assertThat(units.meansWith(new double[] {8})).containsExactly(8);
        units.step(outputs(8), new double[] {4});
        assertThat(units.utility(0)).isEqualTo(4);
        assertThat(units.mean(0, 0)).isEqualTo(8);
        // (0.5 * 4 + 2) / 0.75 = 16 / 3 and (0.5 * 2 + 4) / 0.75 = 20 / 3.
        assertThat(units.meansWith(new double[] {4}))
                .containsExactly(new double[] {16 / 3.0}, within(1e-15));
        units.step(outputs(4), new double[] {8});
        assertThat(units.mean(0, 0)).isEqualTo(16 / 3.0, within(1e-15));
        assertThat(units.utility(0)).isEqualTo(20 / 3.0, within(1e-15));
        assertThat(units.ages()).containsExactly(2);
    }

    @Test
    void constantWorthIsTheUtilityAtEveryAge() {
        UnitWorth units = new UnitWorth(1, 1, 0.99);
        for (int i = 0; i < 300; i++) {
            units.step(outputs(-7), new double[] {3});
            assertThat(units.utility(0)).isEqualTo(3, within(1e-12));
            assertThat(units.mean(0, 0)).isEqualTo(-7, within(1e-12));
        }
    }

    @Test
    void onlyUnitsOlderThanTheMaturityAreEligible() {
        UnitWorth units = aged(3, 1, 2);
        assertThat(units.due(1, 3)).isEmpty();
        assertThat(units.waiting()).isZero();
        units.step(outputs(0, 0), new double[] {1, 2});
        assertThat(units.due(1, 3)).containsExactly(0, 1);
    }

    @Test
    void sharesOfUnitsAddUpToWholeOnes() {
        // A quarter of 3 units: 0.75, 1.5, 1.25, 1, 0.75.
        UnitWorth units = aged(1, 5, 3, 4);
        List<Integer> counts = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            counts.add(units.due(0.25, 0).length);
        }
        assertThat(counts).containsExactly(0, 1, 1, 1, 0);
        assertThat(units.waiting()).isEqualTo(0.75);
    }

    @Test
    void sharesThatComeOutALittleBelowAWholeUnitCountAsOne() {
        UnitWorth units = aged(1, 1);
        int replaced = 0;
        for (int i = 0; i < 10; i++) {
            replaced += units.due(0.1, 0).length; // 0.1 ten times is 0.9999999999999999
        }
        assertThat(replaced).isEqualTo(1);
    }

    @Test
    void unitsOfLeastUtilityGo() {
        UnitWorth units = aged(2, 5, 3, 4, 3);
        assertThat(units.due(0.25, 0)).containsExactly(1);
        assertThat(units.due(0.75, 0)).as("ascending").containsExactly(1, 2, 3);
    }

    @Test
    void aUnitThatIsBornAgainIsYoung() {
        UnitWorth units = aged(2, 1, 2);
        units.restart(0);
        assertThat(units.ages()).containsExactly(0, 2);
        assertThat(units.utilities()).containsExactly(0, 1.5);
        assertThat(units.due(1, 0)).containsExactly(1);
        units.step(outputs(6, 6), new double[] {9, 2});
        assertThat(units.utility(0)).isEqualTo(9);
        assertThat(units.mean(0, 0)).isEqualTo(6);
    }

    @Test
    void addedUnitsAreYoungAndOthersStayAsTheyAre() {
        UnitWorth units = aged(2, 4, 2);
        units.due(0.1, 0);
        units.resize(3);
        assertThat(units.ages()).containsExactly(2, 2, 0);
        assertThat(units.utilities()).containsExactly(3, 1.5, 0);
        assertThat(units.means()[0]).hasSize(3);
        assertThat(units.waiting()).isEqualTo(0.2);
    }

    @Test
    void allAreYoungWhereUnitsWereRemoved() {
        UnitWorth units = aged(2, 4, 2, 1);
        units.due(0.1, 0);
        units.resize(2);
        assertThat(units.ages()).containsExactly(0, 0);
        assertThat(units.utilities()).containsExactly(0, 0);
        assertThat(units.waiting()).isZero();
    }
}
