package org.dl4jplasticity.dropout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.schedule.FixedSchedule;

/** What each dropout multiplies by. */
class FactorsTest {

    private static double[] factors(FactorDropout dropout, int iteration, long... shape) {
        INDArray ones = Nd4j.ones(DataType.DOUBLE, shape);
        return dropout.applyDropout(
                        ones, ones.dup(), iteration, 0, LayerWorkspaceMgr.noWorkspaces())
                .dup('c')
                .data()
                .asDouble();
    }

    @Test
    void forwardAndBackwardMultiplyByTheSame() {
        ContinuousDropout dropout = ContinuousDropout.uniform(3);
        INDArray input = Trial.numbers(1, 6, 5);
        INDArray kept = input.dup();
        INDArray output =
                dropout.applyDropout(input, input.ulike(), 2, 0, LayerWorkspaceMgr.noWorkspaces());
        assertThat(input).isEqualTo(kept);
        INDArray gradient = dropout.backprop(input.dup('f'), input.ulike(), 2, 0);
        assertThat(gradient.dup('c')).isEqualTo(output.dup('c'));
        assertThatIllegalStateException()
                .isThrownBy(() -> dropout.backprop(input, input, 2, 0))
                .withMessage(
                        "ContinuousDropout: expected a forward pass in training before the backward"
                                + " pass, got none");
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, Double.MIN_VALUE, 0x1p-53, 0.1, 0.5, 0.9, 1 - 0x1p-53, 1})
    void whatIsChosenIsWhereTheNextDoubleIsBelowTheProbability(double keep) {
        SplittableRandom random = new SplittableRandom(7);
        assertThat(FactorDropout.choose(10_000, keep, 3, new SplittableRandom(7)))
                .containsExactly(
                        IntStream.range(0, 10_000)
                                .mapToDouble(i -> random.nextDouble() < keep ? 3 : 0)
                                .toArray());
    }

    /** Of n numbers U(0, 2) the variance is 1/3, of N(1, 0.4^2) it is 0.16. */
    @Test
    void continuousFactorsHaveTheVarianceOfTheirDistribution() {
        double[] uniform = factors(ContinuousDropout.uniform(3), 0, 100, 400);
        assertThat(DoubleStream.of(uniform)).allMatch(factor -> factor >= 0 && factor < 2);
        assertThat(variance(uniform)).isCloseTo(1 / 3.0, within(0.01));
        double[] normal = factors(ContinuousDropout.normal(0.2, 3), 0, 100, 400);
        assertThat(variance(normal)).isCloseTo(0.16, within(0.01));
    }

    private static double variance(double[] factors) {
        double sum = 0;
        for (double factor : factors) {
            sum += (factor - 1) * (factor - 1);
        }
        return sum / factors.length;
    }

    @Test
    void aControlledMaskIsOneForAllExamplesAndPositions() {
        double[] factors = factors(new ControlledDropout(0.5, 3), 0, 4, 50, 3, 2);
        for (int i = 0; i < factors.length; i++) {
            assertThat(factors[i]).isEqualTo(factors[i / 6 % 50 * 6]);
        }
        assertThat(factors).contains(0, 2);
    }

    @Test
    void seedsIterationsAndWidthsDrawDifferently() {
        double[] factors = factors(new UnscaledDropout(0.5, 3), 7, 4, 20);
        assertThat(factors(new UnscaledDropout(0.5, 3), 7, 4, 20)).isEqualTo(factors);
        assertThat(factors(new UnscaledDropout(0.5, 4), 7, 4, 20)).isNotEqualTo(factors);
        assertThat(factors(new UnscaledDropout(0.5, 3), 8, 4, 20)).isNotEqualTo(factors);
        assertThat(factors(new UnscaledDropout(0.5, 3), 7, 20, 4)).isNotEqualTo(factors);
    }

    /** The paper's three cases, for any number of units and any probability. */
    @Test
    void excitationKeepsWhatHasNoShareAndDropsWhatHasAll() {
        for (double keep : new double[] {0.1, 0.5, 0.9}) {
            ExcitationDropout dropout = new ExcitationDropout(keep, 1);
            for (int units : new int[] {2, 3, 100}) {
                assertThat(dropout.keepOf(0, units)).isEqualTo(1);
                assertThat(dropout.keepOf(1, units)).isCloseTo(0, within(1e-12));
                assertThat(dropout.keepOf(1.0 / units, units)).isCloseTo(keep, within(1e-12));
            }
        }
    }

    /** For P = 1/2 and shares 1/2, 1/4, 1/4, 0: 1 - 1.5 e / (e + 1/2) = 1/4, 1/2, 1/2, 1. */
    @Test
    void excitationKeepsUnitsByTheirShares() {
        ExcitationDropout dropout = new ExcitationDropout(0.5, 1);
        dropout.feed(new double[] {6, 3, 3, 0});
        assertThat(dropout.shares()).containsExactly(0.5, 0.25, 0.25, 0);
        double[] factors = factors(dropout, 0, 10_000, 4);
        double[] means = new double[4];
        for (int i = 0; i < factors.length; i++) {
            assertThat(factors[i]).isIn(0.0, 2.0);
            means[i % 4] += factors[i] / 10_000;
        }
        // Means p / P; standard errors at most 2 sqrt(1/4 / 10000) = 0.01.
        assertThat(means).containsExactly(new double[] {0.5, 1, 1, 2}, within(0.05));
        dropout.feed(new double[] {0, 0, 0, 0});
        assertThat(dropout.shares()).isEmpty();
    }

    /** Half of the units of a uniform pre-activation are above 0. */
    @Test
    void intervalsDrawDifferentlyForOtherPreActivationsAndTheSameForTheSame() {
        IntervalDropout intervals = IntervalDropout.relu(0.5, 1);
        INDArray z = Trial.numbers(1, 10, 10);
        INDArray output = intervals.getActivation(z.dup(), true);
        assertThat(intervals.getActivation(z.dup('f'), true).dup('c')).isEqualTo(output);
        INDArray next = z.dup();
        next.putScalar(0, 0, z.getDouble(0, 0) + 1e-12);
        assertThat(intervals.getActivation(next, true)).isNotEqualTo(output);
        assertThat(IntervalDropout.relu(0.5, 2).getActivation(z.dup(), true)).isNotEqualTo(output);
        INDArray ones = Nd4j.ones(DataType.DOUBLE, 10, 10);
        INDArray derivative = intervals.backprop(z.dup(), ones).getFirst();
        assertThat(derivative.mul(z)).isEqualTo(output);
    }

    @Test
    void intervalsAreReluAtOneAndLinearAtInferenceWithOneHalf() {
        INDArray z = Nd4j.createFromArray(new double[][] {{-2, -1, 0, 1, 2}});
        assertThat(values(IntervalDropout.relu(1, 1), z, true))
                .containsExactly(new double[] {0, 0, 0, 1, 2}, within(0.0));
        assertThat(values(IntervalDropout.relu(0.5, 1), z, false))
                .containsExactly(new double[] {-1, -.5, 0, .5, 1}, within(0.0));
        assertThat(values(IntervalDropout.relu(0.75, 1), z, false))
                .containsExactly(new double[] {-.5, -.25, 0, .75, 1.5}, within(0.0));
        IntervalDropout three =
                new IntervalDropout(new double[] {-1, 1}, new double[] {0.5, 0, 1}, 1);
        assertThat(values(three, z, false))
                .containsExactly(new double[] {-1, 0, 0, 1, 2}, within(0.0));
    }

    private static double[] values(IntervalDropout intervals, INDArray z, boolean train) {
        return intervals.getActivation(z.dup(), train).dup('c').data().asDouble();
    }

    @Test
    void probabilitiesOutOfRangeAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ControlledDropout(1.2, 1))
                .withMessage(
                        "ControlledDropout: the probability to keep a unit must be in [0, 1], got"
                                + " 1.2");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new UnscaledDropout(-0.5, 1))
                .withMessage(
                        "UnscaledDropout: the probability to keep an activation must be in [0, 1],"
                                + " got -0.5");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ExcitationDropout(Double.NaN, 1))
                .withMessage(
                        "ExcitationDropout: the probability to keep a unit of mean relevance must"
                                + " be in [0, 1], got NaN");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ContinuousDropout.normal(-1, 1))
                .withMessage(
                        "ContinuousDropout: the standard deviation must be in [0, infinity), got"
                                + " -1.0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new MaskedDropConnect(2, 1))
                .withMessage(
                        "MaskedDropConnect: the probability to keep a weight must be in [0, 1], got"
                                + " 2.0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> IntervalDropout.relu(1.5, 1))
                .withMessage("IntervalDropout: the probability to keep must be in [0, 1], got 1.5");
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> new IntervalDropout(new double[] {1, 0}, new double[] {1, 1, 1}, 1))
                .withMessage("IntervalDropout: borders must ascend, got [1.0, 0.0]");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new IntervalDropout(new double[] {0}, new double[] {1}, 1))
                .withMessage("IntervalDropout: 1 borders need 2 probabilities, got 1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> factors(new ControlledDropout(new FixedSchedule(3), 1), 4, 2, 3))
                .withMessage(
                        "ControlledDropout: the probability to keep a unit at iteration 4 of epoch"
                                + " 0 must be in [0, 1], got 3.0");
    }

    @Test
    void sharesOfAnotherWidthAreRefused() {
        ExcitationDropout dropout = new ExcitationDropout(0.5, 1);
        dropout.feed(new double[] {1, 1});
        assertThatIllegalStateException()
                .isThrownBy(() -> factors(dropout, 0, 2, 3))
                .withMessage("ExcitationDropout: has shares of 2 units, got an input of 3");
    }
}
