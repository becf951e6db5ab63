package org.dl4jplasticity.experiments.dropout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class CalibrationErrorTest {

    /**
     * With five bins: (0.2, 0.4] has 0.3 wrong and 0.4 right, accuracy 1/2 at confidence 0.35;
     * (0.8, 1] has 0.9 right, 0.95 right and 1.0 wrong, accuracy 2/3 at confidence 0.95. So 2/5
     * 0.15 + 3/5 (0.95 - 2/3) = 0.06 + 0.17.
     */
    @Test
    void isTheMeanDistanceOfAccuracyAndConfidenceOverBins() {
        CalibrationError error = new CalibrationError(5);
        error.add(0.3, false);
        error.add(0.4, true);
        error.add(0.9, true);
        error.add(0.95, true);
        error.add(1.0, false);
        assertThat(error.value()).isCloseTo(0.23, within(1e-12));
    }

    /** Both are in (0.5, 1]: too much and too little confidence make up for one another. */
    @Test
    void withinABinDistancesCancel() {
        CalibrationError error = new CalibrationError(2);
        error.add(0.75, true);
        error.add(0.75, true);
        error.add(0.75, true);
        error.add(0.75, false);
        assertThat(error.value()).isZero();
    }

    /** A border belongs to the bin below: (0, 0.5] and (0.5, 1]. */
    @Test
    void aConfidenceAtABorderIsInTheBinBelow() {
        CalibrationError error = new CalibrationError(2);
        error.add(0.5, true);
        error.add(0.75, false);
        assertThat(error.value()).isCloseTo((0.5 + 0.75) / 2, within(1e-12));
    }

    @Test
    void roundingBeyondOneStaysInTheLastBinAndZeroIsInTheFirst() {
        CalibrationError error = new CalibrationError(15);
        error.add(1.0000001, true);
        error.add(0.0, false);
        assertThat(error.value()).isCloseTo(0.5e-7, within(1e-12));
    }

    @Test
    void theFirstOfEquallyProbableClassesIsPredicted() {
        CalibrationError error = new CalibrationError(4);
        error.add(new double[] {0.2, 0.4, 0.4}, 1);
        assertThat(error.value()).isCloseTo(0.6, within(1e-12));
        error.add(new double[] {0.2, 0.4, 0.4}, 2);
        assertThat(error.value()).isCloseTo(0.1, within(1e-12));
    }

    @Test
    void withoutPredictionsThereIsNone() {
        assertThat(new CalibrationError(15).value()).isNaN();
    }
}
