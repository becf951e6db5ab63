package org.dl4jplasticity.growth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class PlasticityMetricsTest {

    private static double[][] diagonal(double... values) {
        double[][] matrix = new double[values.length][values.length];
        for (int i = 0; i < values.length; i++) {
            matrix[i][i] = values[i];
        }
        return matrix;
    }

    @Test
    void theIdentityHasFullEffectiveRank() {
        assertThat(PlasticityMetrics.effectiveRank(diagonal(1, 1, 1, 1)))
                .isEqualTo(4, within(1e-12));
        assertThat(PlasticityMetrics.effectiveRank(diagonal(-7, 7, -7)))
                .isEqualTo(3, within(1e-12));
    }

    @Test
    void rowsThatAreMultiplesOfOneHaveEffectiveRankOne() {
        double[][] matrix = {{1, 2, 3}, {-2, -4, -6}, {0.5, 1, 1.5}, {10, 20, 30}};
        assertThat(PlasticityMetrics.effectiveRank(matrix)).isEqualTo(1, within(1e-12));
        assertThat(PlasticityMetrics.effectiveRank(new double[][] {{0, 5, 0}}))
                .isEqualTo(1, within(1e-12));
        assertThat(PlasticityMetrics.effectiveRank(new double[][] {{3}, {4}}))
                .isEqualTo(1, within(1e-12));
    }

    @Test
    void theEntropyOfUnequalSingularValuesIsBetween() {
        // p = 3/4 and 1/4: e^H = (4/3)^(3/4) 4^(1/4) = 4 / 3^(3/4).
        double expected = 4 / Math.pow(3, 0.75);
        assertThat(PlasticityMetrics.effectiveRank(diagonal(3, 1)))
                .isEqualTo(expected, within(1e-12));
        // Rotations from either side change no singular value.
        double c = Math.cos(0.4);
        double s = Math.sin(0.4);
        assertThat(PlasticityMetrics.effectiveRank(new double[][] {{3 * c, -s}, {3 * s, c}}))
                .isEqualTo(expected, within(1e-12));
        assertThat(PlasticityMetrics.effectiveRank(new double[][] {{3, 0}, {0, 1}, {0, 0}}))
                .isEqualTo(expected, within(1e-12));
        assertThat(PlasticityMetrics.effectiveRank(new double[][] {{3, 0, 0}, {0, 1, 0}}))
                .isEqualTo(expected, within(1e-12));
    }

    @Test
    void aMatrixOfZerosHasNoRank() {
        assertThat(PlasticityMetrics.effectiveRank(new double[3][2])).isZero();
    }

    @Test
    void theEffectiveRankOfNoiseIsNearlyFull() {
        SplittableRandom random = new SplittableRandom(3);
        double[][] noise = new double[2_000][20];
        for (double[] row : noise) {
            for (int i = 0; i < row.length; i++) {
                row[i] = random.nextGaussian();
            }
        }
        assertThat(PlasticityMetrics.effectiveRank(noise)).isBetween(19.9, 20.0);
    }

    @Test
    void refusesNumbersThatAreNone() {
        assertThatThrownBy(() -> PlasticityMetrics.effectiveRank(diagonal(1, Double.NaN)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the effective rank of a matrix needs finite numbers, got NaN");
        assertThatThrownBy(() -> PlasticityMetrics.dormantShare(diagonal(1), -0.1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the threshold of dormant units must be at least 0, got -0.1");
    }

    @Test
    void deadUnitsPutOutNothingButZero() {
        double[][] activations = {{0, 0, 1, -1}, {0, 1e-30, 0, 1}};
        assertThat(PlasticityMetrics.deadShare(activations)).isEqualTo(0.25);
    }

    @Test
    void dormantUnitsPutOutLittleComparedToOthers() {
        // Mean magnitudes 0, 0.1, 1.9, 2: the layer's mean is 1.
        double[][] activations = {{0, 0.2, -1.9, 2}, {0, 0, 1.9, 2}};
        assertThat(PlasticityMetrics.dormantShare(activations, 0)).isEqualTo(0.25);
        assertThat(PlasticityMetrics.dormantShare(activations, 0.05)).isEqualTo(0.25);
        assertThat(PlasticityMetrics.dormantShare(activations, 0.11)).isEqualTo(0.5);
    }
}
