package org.dl4jplasticity.sparse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.dl4jplasticity.testing.Examples;
import org.dl4jplasticity.testing.NetworkClass;
import org.dl4jplasticity.testing.TinyNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.learning.config.Adam;

/** Growth by the largest gradients of a guided sample. */
class GuidedGrowthTest {

    private static TinyNetwork trained(NetworkClass type, GrowCriterion growth) {
        TinyNetwork network = type.ofDoubles(new Adam(0.03));
        network.listen(DynamicSparseTraining.rigl().grow(growth).updateEvery(2).until(12).build());
        network.fit(Examples.batches(8), 2);
        return network;
    }

    @ParameterizedTest
    @EnumSource
    void aSampleOfEverythingIsRigL(NetworkClass type) {
        TinyNetwork exact = trained(type, GrowCriterion.gradient());
        assertThat(trained(type, GrowCriterion.guided(5_000)).snapshot())
                .isEqualTo(exact.snapshot());
    }

    @ParameterizedTest
    @EnumSource(names = {"SEQUENTIAL", "GRAPH"})
    void aSmallSampleGrowsOtherConnectionsThanRigL(NetworkClass type) {
        TinyNetwork exact = trained(type, GrowCriterion.gradient());
        assertThat(trained(type, GrowCriterion.guided(0.5)).topologies())
                .isNotEqualTo(exact.topologies());
    }

    @Test
    void aSampleHoldsSomething() {
        for (double samples : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> GrowCriterion.guided(samples))
                    .withMessage(
                            "samples per active connection must be greater than 0, got " + samples);
        }
    }
}
