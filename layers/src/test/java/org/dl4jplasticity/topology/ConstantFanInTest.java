package org.dl4jplasticity.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConstantFanInTest {

    @ParameterizedTest(name = "{0} x {1}, fan-in {2}")
    @CsvSource({
        "1, 1, 1",
        "7, 5, 1",
        "7, 5, 3",
        "7, 5, 4",
        "7, 5, 7",
        "40, 1, 20",
        "300, 200, 3",
        "300, 200, 299"
    })
    void everyUnitHasExactlyThatManyInputs(int nIn, int nOut, int fanIn) {
        SparseTopology topology =
                SparseTopology.constantFanIn(nIn, nOut, fanIn, new SplittableRandom(nIn + fanIn));
        TopologyStructure.check(topology);
        assertThat(topology.nIn()).isEqualTo(nIn);
        assertThat(topology.nOut()).isEqualTo(nOut);
        assertThat(topology.activeCount()).isEqualTo(nOut * fanIn);
        for (int row = 0; row < nOut; row++) {
            assertThat(topology.rowActive(row)).isEqualTo(fanIn);
        }
    }

    @Test
    void allInputsOfEveryUnitIsTheDenseTopology() {
        assertThat(SparseTopology.constantFanIn(7, 5, 7, new SplittableRandom(1)))
                .isEqualTo(SparseTopology.dense(7, 5));
    }

    @Test
    void theSameSeedDrawsTheSameConnections() {
        assertThat(SparseTopology.constantFanIn(30, 20, 5, new SplittableRandom(5)))
                .isEqualTo(SparseTopology.constantFanIn(30, 20, 5, new SplittableRandom(5)))
                .isNotEqualTo(SparseTopology.constantFanIn(30, 20, 5, new SplittableRandom(6)));
    }

    /**
     * Two units with 1 or 2 of 3 inputs, or two of 4: 9, 9 or 36 topologies, drawn 1000 n times.
     */
    @ParameterizedTest(name = "fan-in {1} of {0}: {2} topologies")
    @CsvSource({"3, 1, 9", "3, 2, 9", "4, 2, 36"})
    void everyChoiceForEveryUnitIsEquallyLikely(int nIn, int fanIn, int topologies) {
        SplittableRandom random = new SplittableRandom(42);
        Map<String, Integer> counts = new TreeMap<>();
        for (int i = 0; i < 1_000 * topologies; i++) {
            long[] ids = SparseTopology.constantFanIn(nIn, 2, fanIn, random).ids();
            counts.merge(Arrays.toString(ids), 1, Integer::sum);
        }
        assertThat(counts).hasSize(topologies);
        double chiSquared = 0;
        for (int count : counts.values()) {
            chiSquared += (count - 1_000.0) * (count - 1_000.0) / 1_000;
        }
        // Exceeded less than once in 10^5 by a uniform source.
        int degrees = topologies - 1;
        assertThat(chiSquared).isLessThan(degrees + 6 * Math.sqrt(2.0 * degrees) + 12);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 5})
    void anImpossibleFanInIsRefused(int fanIn) {
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> SparseTopology.constantFanIn(4, 3, fanIn, new SplittableRandom(1)))
                .withMessage("fan-in of a 4 x 3 topology must be in [1, 4], got " + fanIn);
    }

    @Test
    void aShapeWithoutInputsOrOutputsIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SparseTopology.constantFanIn(4, 0, 1, new SplittableRandom(1)))
                .withMessage("a topology needs at least 1 input and 1 output, got 4 x 0");
    }

    @Test
    void moreConnectionsThanAnArrayHoldsAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () ->
                                SparseTopology.constantFanIn(
                                        100_000, 100_000, 30_000, new SplittableRandom(1)))
                .withMessage(
                        "active connections of a 100000 x 100000 topology must be in"
                                + " [1, 2147483647], got 3000000000");
    }
}
