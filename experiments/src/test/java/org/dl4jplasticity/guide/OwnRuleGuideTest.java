package org.dl4jplasticity.guide;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.TreeSet;
import java.util.random.RandomGenerator;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jplasticity.layers.Sparsity;
import org.dl4jplasticity.packing.Packing;
import org.dl4jplasticity.schedule.DropFraction;
import org.dl4jplasticity.sparse.DropCriterion;
import org.dl4jplasticity.sparse.DynamicSparseTraining;
import org.dl4jplasticity.sparse.GrowCriterion;
import org.dl4jplasticity.sparse.GrowthInitialization;
import org.dl4jplasticity.sparse.PlasticWeights;
import org.dl4jplasticity.topology.SparseTopology;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The code of {@code docs/own-rule.md}. */
class OwnRuleGuideTest {

    // spotless:off
    static DynamicSparseTraining dropping() {
        DropCriterion smallestTimesGradient = weights -> i -> Math.abs(weights.value(i) * weights.gradient(i));
        return DynamicSparseTraining.rigl().drop(smallestTimesGradient).until(3_500).build();
    }

    static long[] towardsBusyInputs(PlasticWeights weights, SparseTopology survivors, int count, RandomGenerator random) {
        int[] inputs = survivors.columns();                       // of each connection that stays
        TreeSet<Long> grown = new TreeSet<>();
        while (grown.size() < count) {
            int input = random.nextInt(4) == 0                    // now and then any input
                    ? random.nextInt(survivors.nIn())
                    : inputs[random.nextInt(inputs.length)];      // else one in proportion to its connections
            int unit = random.nextInt(survivors.nOut());
            long id = (long) unit * survivors.nIn() + input;
            if (!survivors.contains(id)) {
                grown.add(id);
            }
        }
        return grown.stream().mapToLong(Long::longValue).toArray();   // ascending, none twice, no survivor
    }

    static GrowthInitialization small() {
        return (weights, count, random) -> {
            double bound = 1 / Math.sqrt((double) weights.shape().inputs());
            return random.doubles(count, -bound, bound).toArray();
        };
    }

    static DynamicSparseTraining method(GrowCriterion towardsBusyInputs, GrowthInitialization small) {
        return DynamicSparseTraining.set()
                .updateEvery(50)
                .dropFraction(DropFraction.cosine(0.3))
                .until(1_000)
                .drop(DropCriterion.magnitude())
                .grow(towardsBusyInputs)
                .startingWith(small)
                .build();
    }
    // spotless:on

    private static MultiLayerNetwork masked() {
        MultiLayerNetwork network = GuideModels.dense(0.003);
        Sparsity.of(0.9).seed(1).applyTo(network);
        return network;
    }

    @Test
    void anOwnDropCriterionKeepsTheNumberOfConnections() {
        MultiLayerNetwork network = masked();
        DynamicSparseTraining rigl = dropping();
        network.addListeners(rigl);
        network.fit(GuideModels.digits().iterator(10, 1), 2);
        assertThat(rigl.updates())
                .isEqualTo(1); // the 200th iteration is the first of an epoch not begun
        assertThat(rigl.report().sparsity()).isBetween(0.8999, 0.9001);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anOwnMethodServesPackedAndMaskedWeightsAlike(boolean packed) {
        MultiLayerNetwork network = packed ? Packing.pack(masked()) : masked();
        DynamicSparseTraining method = method(OwnRuleGuideTest::towardsBusyInputs, small());
        network.addListeners(method);
        network.fit(GuideModels.digits().iterator(10, 1), 2);
        assertThat(method.updates()).isEqualTo(3);
        assertThat(method.report().sparsity()).isBetween(0.8999, 0.9001);
        assertThat(method.report().explorationRate()).isGreaterThan(0.11);
    }
}
