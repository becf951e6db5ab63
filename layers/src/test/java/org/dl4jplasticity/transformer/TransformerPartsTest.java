package org.dl4jplasticity.transformer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

/** By hand. */
class TransformerPartsTest {

    private static final double[] Q = {1, 2};
    private static final double[] K = {0, Math.log(3)};
    private static final double[] V = {4, 8};

    @Test
    void stepsAreAttendedToInProportion() {
        // Weights 1 : 3 for the first step, 1 : 9 for the second.
        assertThat(new DotProductAttention(2, 1, 1, Q, K, V, null, null).forward())
                .containsExactly(new double[] {7, 7.6}, within(1e-12));
    }

    @Test
    void stepsThatArentThereAreNotAttendedTo() {
        assertThat(new DotProductAttention(2, 1, 1, Q, K, V, new double[] {1, 0}, null).forward())
                .containsExactly(4, 4);
        assertThat(new DotProductAttention(2, 1, 1, Q, K, V, new double[] {0, 0}, null).forward())
                .containsExactly(0, 0);
    }

    @Test
    void droppedWeightsAreNotMadeUpForByOthers() {
        double[] mask = {0, 2, 2, 0};
        assertThat(new DotProductAttention(2, 1, 1, Q, K, V, null, mask).forward())
                .containsExactly(new double[] {2 * 0.75 * 8, 2 * 0.1 * 4}, within(1e-12));
    }

    @Test
    void rowsGetMeanZeroAndVarianceOne() {
        // 1, 3 and 5 have mean 3 and variance 8/3; the second row is constant.
        double[] rows = {1, 3, 5, 2, 2, 2};
        double deviation = Math.sqrt(8 / 3.0 + 1e-5);
        assertThat(
                        new RowNormalization(rows, 3)
                                .scaled(new double[] {1, 1, 10}, new double[] {0, 7, 1}))
                .containsExactly(
                        new double[] {-2 / deviation, 7, 20 / deviation + 1, 0, 7, 1},
                        within(1e-12));
    }
}
