package org.dl4jplasticity.growth;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DormancyTest {

    @Test
    void scoresAreMeanMagnitudesOverThatOfTheLayer() {
        // The layer's mean is (0 + 1 + 3 + 4) / 4 = 2.
        double[] scores = Dormancy.scores(new double[] {0, 1, 3, 4});
        assertThat(scores).containsExactly(0, 0.5, 1.5, 2);
        assertThat(Dormancy.units(scores, 0)).containsExactly(0);
        assertThat(Dormancy.units(scores, 0.49)).containsExactly(0);
        assertThat(Dormancy.units(scores, 0.5)).containsExactly(0, 1);
        assertThat(Dormancy.units(scores, 2)).containsExactly(0, 1, 2, 3);
    }

    @Test
    void allUnitsOfASilentLayerAreDormant() {
        double[] scores = Dormancy.scores(new double[] {0, 0, 0});
        assertThat(scores).containsExactly(0, 0, 0);
        assertThat(Dormancy.units(scores, 0)).containsExactly(0, 1, 2);
    }
}
