package org.dl4jplasticity.relevance;

import static org.assertj.core.api.Assertions.assertThat;

import org.deeplearning4j.nn.conf.inputs.InputType;
import org.dl4jplasticity.mask.MaskableWeights;
import org.dl4jplasticity.testing.NetworkClass;
import org.dl4jplasticity.testing.TinyNetwork;
import org.dl4jplasticity.topology.SparseTopology;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;

/** Packed, masked and dense layers of the same weights have the same relevance. */
class SparseLayersTest {
    private static final INDArray FEATURES = Networks.gaussian(2, 5, 6);

    private static TinyNetwork network(NetworkClass type) {
        return type.of(
                NetworkClass.settings(DataType.DOUBLE, new Sgd(0.1), 7),
                NetworkClass.threeSparseLayers());
    }

    private static Explanation explain(TinyNetwork network, RelevanceRule rule) {
        return Relevance.of(network.model())
                .rules(layer -> rule)
                .withWeights()
                .explain(FEATURES, RelevanceStart.allLogits());
    }

    @ParameterizedTest
    @MethodSource("org.dl4jplasticity.relevance.RulesTest#rules")
    void packedEqualsMasked(RelevanceRule rule) {
        compare(rule, NetworkClass.SEQUENTIAL, NetworkClass.MASKED_SEQUENTIAL, "");
        compare(rule, NetworkClass.GRAPH, NetworkClass.MASKED_GRAPH, "layer");
    }

    private static void compare(
            RelevanceRule rule, NetworkClass packedClass, NetworkClass maskedClass, String name) {
        TinyNetwork network = network(packedClass);
        Explanation packed = explain(network, rule);
        Explanation masked = explain(network(maskedClass), rule);
        Networks.assertClose(masked.inputs(), packed.inputs(), 1e-9);
        for (int layer = 0; layer < 3; layer++) {
            SparseTopology topology = network.topology(layer);
            WeightRelevance ofPacked = packed.weights(name + layer);
            WeightRelevance ofMasked = masked.weights(name + layer);
            Networks.assertClose(
                    active(topology, ofMasked.mean()), Networks.values(ofPacked.mean()), 1e-9);
            Networks.assertClose(
                    active(topology, ofMasked.meanAbsolute()),
                    Networks.values(ofPacked.meanAbsolute()),
                    1e-9);
        }
    }

    /** The entries of a matrix [inputs, outputs] where there are connections, in their order. */
    private static double[] active(SparseTopology topology, INDArray matrix) {
        double[] active = new double[topology.activeCount()];
        long[] ids = topology.ids();
        for (int k = 0; k < active.length; k++) {
            active[k] = matrix.getDouble(ids[k] % topology.nIn(), ids[k] / topology.nIn());
        }
        return active;
    }

    @Test
    void aMaskedLayerIsADenseOneWithZeros() {
        TinyNetwork masked = network(NetworkClass.MASKED_SEQUENTIAL);
        TinyNetwork dense = masked.copy();
        for (MaskableWeights weights : MaskableWeights.of(dense.model())) {
            SparseTopology mask = weights.mask().orElseThrow();
            weights.setMask(SparseTopology.dense(mask.nIn(), mask.nOut()));
        }
        for (RelevanceRule rule : RulesTest.rules().toList()) {
            if (!rule.equals(RelevanceRule.flat())) { // which asks what exists, not what is 0
                Networks.assertClose(
                        explain(masked, rule).inputs(), explain(dense, rule).inputs(), 1e-12);
            }
        }
    }

    @Test
    void theFlatRuleSpreadsOverTheWeightsOfAMaskedKernelThatExist() {
        TinyNetwork network =
                Networks.chain(
                        NetworkClass.SEQUENTIAL,
                        InputType.convolutional(2, 2, 1),
                        Networks.convolution(1, 2, 2).build(),
                        Networks.logits(1).build());
        MaskableWeights.of(network.model())
                .get(0)
                .setMask(SparseTopology.of(4, 1, new long[] {0, 3}));
        INDArray inputs =
                Relevance.of(network.model())
                        .rules(layer -> RelevanceRule.flat())
                        .explain(
                                Networks.gaussian(1, 1, 1, 2, 2),
                                RelevanceStart.of(Nd4j.createFromArray(new double[][] {{8}})))
                        .inputs();
        assertThat(Networks.values(inputs)).containsExactly(4, 0, 0, 4);
    }
}
