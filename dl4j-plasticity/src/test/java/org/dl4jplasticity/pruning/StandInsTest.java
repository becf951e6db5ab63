package org.dl4jplasticity.pruning;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Which units stand for which. */
class StandInsTest {

    /** Above the diagonal, of four units. */
    private static double[][] similarity() {
        return new double[][] {
            {0, 0.80, 0.95, 0.70},
            {0, 0, 0.85, 0.60},
            {0, 0, 0, 0.90},
            {0, 0, 0, 0},
        };
    }

    /** 2 goes into 0; then 3 could go into 2 alone, and 1 has 0.80 with 0. */
    @Test
    void theMostSimilarGoFirstIntoTheFirstOfThem() {
        StandIns pairs = new StandIns(similarity());

        assertThat(pairs.choose(0.9, 4, (stays, goes) -> true)).containsExactly(0, 1, 0, 3);
        assertThat(pairs.least()).isEqualTo(0.95);
    }

    /** Then 1 goes into 0 by 0.80, and then 3 by 0.70: 0.60 counts no more, since 1 is gone. */
    @Test
    void soManyGoAsAreAskedFor() {
        assertThat(new StandIns(similarity()).choose(0, 2, (stays, goes) -> true))
                .containsExactly(0, 0, 0, 3);
        StandIns all = new StandIns(similarity());
        assertThat(all.choose(0, 9, (stays, goes) -> true)).containsExactly(0, 0, 0, 0);
        assertThat(all.least()).isEqualTo(0.70);
    }

    /** 2 and 3 are merged into 2, which goes into 0 by the 0.5 that 0 and 3 have in common. */
    @Test
    void aStandInGoesOnlyWithAllItStandsFor() {
        double[][] similarity = {
            {0, 0.1, 0.8, 0.5}, {0, 0, 0.2, 0.1}, {0, 0, 0, 0.9}, {0, 0, 0, 0},
        };

        assertThat(new StandIns(similarity).choose(0.6, 4, (stays, goes) -> true))
                .containsExactly(0, 1, 2, 2);
        assertThat(new StandIns(copy(similarity)).choose(0.4, 4, (stays, goes) -> true))
                .containsExactly(0, 1, 0, 0);
    }

    private static double[][] copy(double[][] numbers) {
        numbers[0] = new double[] {0, 0.1, 0.8, 0.5};
        numbers[1] = new double[] {0, 0, 0.2, 0.1};
        numbers[2] = new double[] {0, 0, 0, 0.9};
        return numbers;
    }

    /** Where 0 can't stand for 2, 1 does by 0.85; 2 could have taken 3 by 0.90 before. */
    @Test
    void thoseThatCanNotStandForAUnitAreLeftOut() {
        assertThat(new StandIns(similarity()).choose(0.82, 4, (stays, goes) -> stays > 0))
                .containsExactly(0, 1, 2, 2);
        assertThat(
                        new StandIns(similarity())
                                .choose(0.82, 4, (stays, goes) -> stays == 1 && goes == 2))
                .containsExactly(0, 1, 1, 3);
    }
}
