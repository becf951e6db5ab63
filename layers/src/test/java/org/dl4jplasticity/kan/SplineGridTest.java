package org.dl4jplasticity.kan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SplineGridTest {

    private static double[][] bases(SplineGrid grid, double x) {
        double[][] all = new double[2][grid.bases()];
        int width = grid.order() + 1;
        double[] values = new double[width];
        double[] slopes = new double[width];
        int first = grid.first(x);
        if (first < grid.bases()) {
            grid.evaluate(x, values, slopes, 0);
            for (int i = 0; i < width; i++) {
                if (first + i >= 0 && first + i < grid.bases()) {
                    all[0][first + i] = values[i];
                    all[1][first + i] = slopes[i];
                }
            }
        }
        return all;
    }

    /** By the definition, one basis at a time. */
    private static double slowly(SplineGrid grid, int basis, int degree, double x) {
        double step = (grid.high() - grid.low()) / grid.intervals();
        double from = grid.low() + (basis - grid.order()) * step;
        if (degree == 0) {
            return x >= from && x < from + step ? 1 : 0;
        }
        double rising = (x - from) / (degree * step);
        double falling = (from + (degree + 1) * step - x) / (degree * step);
        return rising * slowly(grid, basis, degree - 1, x)
                + falling * slowly(grid, basis + 1, degree - 1, x);
    }

    @Test
    void linearSplinesAreHats() {
        SplineGrid grid = new SplineGrid(2, 1, -1, 1);
        assertThat(grid.bases()).isEqualTo(3); // with their tops at -1, 0 and 1
        assertThat(bases(grid, 0.25)[0]).containsExactly(0, 0.75, 0.25);
        assertThat(bases(grid, 0.25)[1]).containsExactly(0, -1, 1);
        assertThat(bases(grid, -1)[0]).containsExactly(1, 0, 0);
        assertThat(bases(grid, 1)[0]).containsExactly(0, 0, 1);
        assertThat(bases(grid, 1.5)[0]).containsExactly(0, 0, 0.5);
        assertThat(bases(grid, -1.5)[0]).containsExactly(0.5, 0, 0);
        assertThat(bases(grid, 2)[0]).containsOnly(0);
        assertThat(bases(grid, -2.5)[0]).containsOnly(0);
        assertThat(bases(grid, Double.NaN)[0]).containsOnly(0);
        assertThat(bases(grid, Double.POSITIVE_INFINITY)[0]).containsOnly(0);
    }

    @Test
    void cubicSplinesHaveTheirKnownValues() {
        SplineGrid grid = new SplineGrid(4, 3, 0, 4);
        assertThat(bases(grid, 2)[0])
                .containsExactly(
                        new double[] {0, 0, 1 / 6.0, 4 / 6.0, 1 / 6.0, 0, 0}, within(1e-15));
        assertThat(bases(grid, 2)[1])
                .containsExactly(new double[] {0, 0, -0.5, 0, 0.5, 0, 0}, within(1e-15));
        assertThat(bases(grid, 1.5)[0])
                .containsExactly(
                        new double[] {0, 1 / 48.0, 23 / 48.0, 23 / 48.0, 1 / 48.0, 0, 0},
                        within(1e-15));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4})
    void valuesAreThoseOfTheDefinitionAndSlopesOfFiniteDifferences(int order) {
        SplineGrid grid = new SplineGrid(5, order, -0.7, 1.3);
        for (double x = -3.01; x < 4; x += 0.17131) {
            double[][] now = bases(grid, x);
            double[][] next = bases(grid, x + 1e-6);
            double[][] last = bases(grid, x - 1e-6);
            double sum = 0;
            for (int basis = 0; basis < grid.bases(); basis++) {
                assertThat(now[0][basis]).isCloseTo(slowly(grid, basis, order, x), within(1e-12));
                assertThat(now[1][basis])
                        .isCloseTo((next[0][basis] - last[0][basis]) / 2e-6, within(1e-6));
                sum += now[0][basis];
            }
            if (x >= grid.low() && x < grid.high()) {
                assertThat(sum).isCloseTo(1, within(1e-12));
            }
        }
    }

    @Test
    void gridsOfNothingAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SplineGrid(0, 3, -1, 1))
                .withMessage("a spline's grid must have at least 1 interval, got 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SplineGrid(3, 0, -1, 1))
                .withMessage("a spline's order must be at least 1, got 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SplineGrid(3, 3, 1, 1))
                .withMessage(
                        "a spline's grid must go from a lower to a higher finite number, got 1.0 to"
                                + " 1.0");
    }
}
