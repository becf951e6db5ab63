package org.dl4jplasticity.growth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.weights.WeightInit;
import org.dl4jplasticity.surgery.HandMadeVectors;
import org.dl4jplasticity.surgery.UnitVectors;
import org.junit.jupiter.api.Test;

class FreshWeightsTest {
    private static final UnitVectors LONG = HandMadeVectors.incoming(new double[100_000], 1);

    private static double[] drawn(FreshWeights fresh) {
        return fresh.draw(LONG, 0, new SplittableRandom(5));
    }

    private static double mean(double[] values) {
        return Arrays.stream(values).average().orElseThrow();
    }

    private static double deviation(double[] values) {
        return Math.sqrt(Arrays.stream(values).map(it -> it * it).average().orElseThrow());
    }

    @Test
    void normalWeightsHaveTheSpread() {
        double[] weights = drawn(new FreshWeights(false, 0.3));
        // Five standard errors: 0.3 / sqrt(100000), and that over sqrt(2).
        assertThat(mean(weights)).isEqualTo(0, within(0.0048));
        assertThat(deviation(weights)).isEqualTo(0.3, within(0.0034));
        assertThat(share(weights, 0.3)).isEqualTo(0.6827, within(0.0075));
        assertThat(share(weights, 0.6)).isEqualTo(0.9545, within(0.0035));
    }

    @Test
    void uniformWeightsHaveTheSpreadAndStayWithinBounds() {
        double[] weights = drawn(new FreshWeights(true, 0.3));
        double bound = 0.3 * Math.sqrt(3);
        assertThat(mean(weights)).isEqualTo(0, within(0.0048));
        assertThat(deviation(weights)).isEqualTo(0.3, within(0.0022));
        assertThat(share(weights, bound)).isEqualTo(1);
        assertThat(share(weights, bound / 4)).isEqualTo(0.25, within(0.0069));
    }

    private static double share(double[] values, double bound) {
        return Arrays.stream(values).filter(it -> Math.abs(it) <= bound).count()
                / (double) values.length;
    }

    @Test
    void weightsWithoutSpreadAreSucceededByHes() {
        // The square root of 2 over 100,000 weights.
        assertThat(deviation(drawn(new FreshWeights(false, 0))))
                .isEqualTo(Math.sqrt(2e-5), within(5 * Math.sqrt(2e-5) / Math.sqrt(2e5)));
    }

    @Test
    void kaimingsBoundIsTheGainTimesTheRootOfThreeOverTheFanIn() {
        UnitVectors four = HandMadeVectors.incoming(new double[4], 1);
        FreshWeights fresh = FreshWeights.kaimingUniform(2, FreshWeights.fanIn(four, 0));
        SplittableRandom random = new SplittableRandom(1);
        double largest = 0;
        for (int i = 0; i < 10_000; i++) {
            for (double weight : fresh.draw(four, 0, random)) {
                largest = Math.max(largest, Math.abs(weight));
            }
        }
        assertThat(largest).isLessThanOrEqualTo(Math.sqrt(3)).isGreaterThan(1.73);
    }

    @Test
    void hasTheSpreadOfTheWeightsThereAre() {
        // Mean 1, deviations -2, 2, -2, 2.
        UnitVectors weights = HandMadeVectors.incoming(new double[] {-1, 3, -1, 3}, 2);
        DenseLayer normal = new DenseLayer.Builder().weightInit(WeightInit.XAVIER).build();
        assertThat(FreshWeights.like(weights, 2, normal)).isEqualTo(new FreshWeights(false, 2));
        DenseLayer uniform = new DenseLayer.Builder().weightInit(WeightInit.RELU_UNIFORM).build();
        assertThat(FreshWeights.like(weights, 2, uniform)).isEqualTo(new FreshWeights(true, 2));
    }

    @Test
    void inactiveConnectionsNeitherCountNorGetAWeight() {
        // Of two inputs the first unit has only the second.
        double[] active = {3, -1, -2};
        UnitVectors sparse = HandMadeVectors.incoming(new double[4], 2, whole -> (int) whole - 1);
        assertThat(FreshWeights.fanIn(sparse, 0)).isEqualTo(1);
        assertThat(FreshWeights.fanIn(sparse, 1)).isEqualTo(2);
        double[] drawn =
                new FreshWeights(false, 1).draw(sparse, 0, new SplittableRandom(active.length));
        assertThat(drawn).hasSize(2);
        assertThat(drawn[0]).isZero();
        assertThat(drawn[1]).isNotZero();
    }

    @Test
    void refusesASpreadThatIsNone() {
        assertThatThrownBy(() -> new FreshWeights(false, Double.NaN))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the spread of fresh weights must be finite and at least 0, got NaN");
    }
}
