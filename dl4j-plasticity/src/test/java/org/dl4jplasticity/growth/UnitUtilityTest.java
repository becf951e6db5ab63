package org.dl4jplasticity.growth;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.dl4jplasticity.surgery.HandMadeVectors;
import org.dl4jplasticity.surgery.UnitVectors;
import org.junit.jupiter.api.Test;

/** Two inputs, three units, two outputs. */
class UnitUtilityTest {
    private static final UnitVectors IN =
            HandMadeVectors.incoming(new double[] {1, -3, 0.5, 0.5, 0, 0}, 3);
    private static final UnitVectors OUT =
            HandMadeVectors.outgoing(new double[] {2, -1, 0, 4, -3, 5}, 3);
    private static final Magnitudes INCOMING = Magnitudes.of(List.of(IN), 3);
    private static final Magnitudes OUTGOING = Magnitudes.of(List.of(OUT), 3);

    @Test
    void sumsTheMagnitudesOfEachUnitsWeights() {
        assertThat(INCOMING.sums()).containsExactly(4, 1, 0);
        assertThat(INCOMING.mean(0)).isEqualTo(2);
        assertThat(OUTGOING.sums()).containsExactly(6, 4, 5);
        assertThat(OUTGOING.mean(1)).isEqualTo(2);
        Magnitudes twice = Magnitudes.of(List.of(OUT, IN), 3);
        assertThat(twice.sums()).containsExactly(10, 5, 5);
        assertThat(twice.mean(0)).isEqualTo(2.5);
    }

    @Test
    void contributionIsTheOutputTimesTheSumOfOutgoingWeights() {
        assertThat(UnitUtility.CONTRIBUTION.of(new double[] {0.5, 1, 2}, OUTGOING, () -> INCOMING))
                .containsExactly(3, 4, 10);
        assertThat(UnitUtility.CONTRIBUTION.isCentered()).isFalse();
    }

    @Test
    void zeroContributionIsTheDistanceTimesTheMeanOfOutgoingWeights() {
        assertThat(
                        UnitUtility.ZERO_CONTRIBUTION.of(
                                new double[] {0.5, 1, 2}, OUTGOING, () -> INCOMING))
                .containsExactly(1.5, 2, 5);
        assertThat(UnitUtility.ZERO_CONTRIBUTION.isCentered()).isTrue();
    }

    @Test
    void adaptableContributionIsThatOverTheMeanOfIncomingWeights() {
        // The third unit has no incoming weights: it can only put out a constant.
        assertThat(
                        UnitUtility.ADAPTABLE_CONTRIBUTION.of(
                                new double[] {0.5, 1, 0}, OUTGOING, () -> INCOMING))
                .containsExactly(0.75, 4, 0);
    }
}
