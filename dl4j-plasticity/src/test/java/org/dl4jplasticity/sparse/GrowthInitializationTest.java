package org.dl4jplasticity.sparse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.deeplearning4j.nn.weights.WeightInit;
import org.dl4jplasticity.schedule.DropFraction;
import org.dl4jplasticity.testing.Examples;
import org.dl4jplasticity.testing.NetworkClass;
import org.dl4jplasticity.testing.Snapshot;
import org.dl4jplasticity.testing.TinyNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.Sgd;

class GrowthInitializationTest {
    private static final PlasticWeights ANY = HandMadeWeights.of(1, 2);

    @Test
    void zeroIsZero() {
        assertThat(GrowthInitialization.zero().values(ANY, 3, new SplittableRandom(1)))
                .containsExactly(0, 0, 0);
    }

    @Test
    void nothingIsDrawnForNoConnections() {
        SplittableRandom random = new SplittableRandom(1);
        assertThat(GrowthInitialization.zero().values(ANY, 0, random)).isEmpty();
        assertThat(GrowthInitialization.normal(0.1).values(ANY, 0, random)).isEmpty();
        assertThat(GrowthInitialization.layerDefault().values(ANY, 0, random)).isEmpty();
        assertThat(random.nextLong()).isEqualTo(new SplittableRandom(1).nextLong());
    }

    @Test
    void normalIsDecidedByTheGeneratorAlone() {
        GrowthInitialization normal = GrowthInitialization.normal(2.5);
        double[] first = normal.values(ANY, 4, new SplittableRandom(8));
        assertThat(normal.values(ANY, 4, new SplittableRandom(8))).containsExactly(first);
        assertThat(normal.values(ANY, 4, new SplittableRandom(9))).isNotEqualTo(first);
    }

    @ParameterizedTest
    @EnumSource
    void theLayersInitializationHasTheScaleOfItsActiveConnections(NetworkClass type) {
        TinyNetwork network =
                type.of(
                        NetworkClass.settings(DataType.DOUBLE, new Sgd(0.1), 3),
                        NetworkClass.sparse(250, 200, 0.5).weightInit(WeightInit.RELU).build(),
                        NetworkClass.sparseOutput(200, 3, 0).build());
        Snapshot before = network.snapshot();
        DynamicSparseTraining.set()
                .startingWith(GrowthInitialization.layerDefault())
                .build()
                .onEpochEnd(network.model());
        double[] grown =
                network.snapshot().layer(0).entrySet().stream()
                        .filter(
                                entry ->
                                        !entry.getValue()
                                                .equals(before.layer(0).get(entry.getKey())))
                        .mapToDouble(entry -> entry.getValue().get(0))
                        .toArray();
        int n = grown.length;
        assertThat(n).isBetween(7_498, 7_500);
        // He: sqrt(2 / fan-in), and a unit has 125 of its 250 inputs; five standard errors
        double deviation = Math.sqrt(2.0 / 125);
        double mean = Arrays.stream(grown).average().orElseThrow();
        double variance = Arrays.stream(grown).map(w -> w * w).average().orElseThrow();
        assertThat(mean).isCloseTo(0, within(5 * deviation / Math.sqrt(n)));
        assertThat(Math.sqrt(variance))
                .isCloseTo(deviation, within(5 * deviation / Math.sqrt(2 * n)));
    }

    @ParameterizedTest
    @EnumSource
    void theLayersInitializationMayBeAskedForNothing(NetworkClass type) {
        TinyNetwork network = type.ofDoubles(new Adam(0.03));
        DynamicSparseTraining listener =
                DynamicSparseTraining.rigl()
                        .updateEvery(1)
                        .until(2)
                        .dropFraction(DropFraction.constant(1e-6))
                        .startingWith(GrowthInitialization.layerDefault())
                        .build();
        network.listen(listener);
        // so small a fraction of so few connections is none: an update that drops and grows nothing
        network.fit(Examples.batches(3), 1);
        assertThat(listener.updates()).isEqualTo(2);
    }
}
