package org.dl4jplasticity.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jplasticity.mask.MaskSelection;
import org.dl4jplasticity.mask.MaskableWeights;
import org.dl4jplasticity.mask.WeightFilter;
import org.dl4jplasticity.schedule.SparsityDistribution;
import org.dl4jplasticity.topology.SparseTopology;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** A sparsity laid over networks of DL4J's own layers. */
class SparsityTest {
    private static DenseLayer dense(int inputs, int outputs) {
        return new DenseLayer.Builder().nIn(inputs).nOut(outputs).build();
    }

    private static OutputLayer output(int inputs, int outputs) {
        return new OutputLayer.Builder(LossFunction.MCXENT)
                .nIn(inputs)
                .nOut(outputs)
                .activation(Activation.SOFTMAX)
                .build();
    }

    private static MultiLayerNetwork network(int... widths) {
        NeuralNetConfiguration.ListBuilder layers =
                new NeuralNetConfiguration.Builder().seed(4).list();
        int last = widths.length - 1;
        for (int i = 1; i < last; i++) {
            layers.layer(dense(widths[i - 1], widths[i]));
        }
        MultiLayerNetwork network =
                new MultiLayerNetwork(layers.layer(output(widths[last - 1], widths[last])).build());
        network.init();
        return network;
    }

    private static ComputationGraph graph() {
        ComputationGraph graph =
                new ComputationGraph(
                        new NeuralNetConfiguration.Builder()
                                .seed(4)
                                .graphBuilder()
                                .addInputs("in")
                                .addLayer("left", dense(10, 20), "in")
                                .addLayer("right", dense(10, 10), "in")
                                .addLayer("out", output(30, 5), "left", "right")
                                .setOutputs("out")
                                .build());
        graph.init();
        return graph;
    }

    private static List<Integer> activeCounts(Model network) {
        return MaskableWeights.of(network).stream()
                .map(it -> it.mask().map(SparseTopology::activeCount).orElse(-1))
                .toList();
    }

    private static List<Long> nonZeroWeights(Model network) {
        return MaskableWeights.of(network).stream()
                .map(it -> it.array().neq(0).castTo(it.array().dataType()).sumNumber().longValue())
                .toList();
    }

    private static List<SparseTopology> masks(Model network) {
        return MaskableWeights.of(network).stream().map(it -> it.mask().orElseThrow()).toList();
    }

    @Test
    void uniformLeavesTheSameShareOfEveryLayer() {
        MultiLayerNetwork network = network(20, 30, 10, 5);
        Sparsity.of(0.9).applyTo(network);
        assertThat(activeCounts(network)).containsExactly(60, 30, 5);
        assertThat(nonZeroWeights(network)).containsExactly(60L, 30L, 5L);
    }

    @Test
    void uniformIsExactOnAGraph() {
        ComputationGraph graph = graph();
        Sparsity.of(0.8).applyTo(graph);
        MaskableWeights.of(graph)
                .forEach(
                        it ->
                                assertThat(it.mask().orElseThrow().activeCount())
                                        .as(it.layerId())
                                        .isEqualTo(
                                                switch (it.layerId()) {
                                                    case "left" -> 40;
                                                    case "right" -> 20;
                                                    default -> 30;
                                                }));
        assertThat(nonZeroWeights(graph)).containsExactlyInAnyOrder(40L, 20L, 30L);
    }

    @Test
    void erdosRenyiOfLeNet300100IsAsWorkedOutByHand() {
        MultiLayerNetwork network = network(784, 300, 100, 10);
        Sparsity.of(0.9).by(SparsityDistribution.erdosRenyiKernel()).applyTo(network);
        // 26,620 of 266,200 weights. The output layer is dense: 1,000. The others share 25,620 as
        // 784 + 300 to 300 + 100: 18,714.34 and 6,905.66.
        assertThat(activeCounts(network)).containsExactly(18_714, 6_906, 1_000);
    }

    @Test
    void kernelsCountInErdosRenyiKernel() {
        MultiLayerNetwork network =
                new MultiLayerNetwork(
                        new NeuralNetConfiguration.Builder()
                                .list()
                                .layer(new ConvolutionLayer.Builder(3, 3).nIn(4).nOut(8).build())
                                .layer(new ConvolutionLayer.Builder(3, 3).nIn(8).nOut(16).build())
                                .build());
        network.init();
        Sparsity.of(0.75).by(SparsityDistribution.erdosRenyiKernel()).applyTo(network);
        // 288 + 1152 weights, a quarter of them 360, shared out as 4+8+3+3 to 8+16+3+3 = 3 to 5.
        assertThat(activeCounts(network)).containsExactly(135, 225);
    }

    @Test
    void theSameSeedGivesTheSameMasksAndAnotherOthers() {
        MultiLayerNetwork network = network(20, 20, 20, 20);
        Sparsity.of(0.5).seed(8).applyTo(network);
        List<SparseTopology> masks = masks(network);
        assertThat(masks).doesNotHaveDuplicates();
        MultiLayerNetwork again = network(20, 20, 20, 20);
        Sparsity.of(0.5).seed(8).applyTo(again);
        assertThat(masks(again)).isEqualTo(masks);
        assertThat(again.params()).isEqualTo(network.params());
        Sparsity.of(0.5).seed(9).applyTo(again);
        assertThat(masks(again)).doesNotContainAnyElementsOf(masks);
    }

    @Test
    void aLayersMaskIsTheSameWhicheverLayersAreChosen() {
        MultiLayerNetwork all = network(20, 20, 20, 20);
        Sparsity.of(0.5).seed(8).applyTo(all);
        MultiLayerNetwork last = network(20, 20, 20, 20);
        Sparsity.of(0.5).seed(8).only(WeightFilter.ofType(OutputLayer.class)).applyTo(last);
        assertThat(activeCounts(last)).containsExactly(-1, -1, 200);
        assertThat(MaskableWeights.of(last).get(2).mask())
                .isEqualTo(MaskableWeights.of(all).get(2).mask());
        assertThat(nonZeroWeights(last)).containsExactly(400L, 400L, 200L);
    }

    @Test
    void theLargestWeightsAreKept() {
        MultiLayerNetwork network = network(3, 2, 2);
        List<MaskableWeights> weights = MaskableWeights.of(network);
        // W[i, o], id o * 3 + i
        weights.get(0).array().putRow(0, row(0.5, -4));
        weights.get(0).array().putRow(1, row(-3, 0.1));
        weights.get(0).array().putRow(2, row(2, 1));
        Sparsity.of(0.5).keepingLargest().only(it -> it.layerId().equals("0")).applyTo(network);
        assertThat(weights.get(0).mask().orElseThrow().ids()).containsExactly(1, 2, 3);
        assertThat(weights.get(0).array().toDoubleMatrix())
                .isDeepEqualTo(new double[][] {{0, -4}, {-3, 0}, {2, 0}});
    }

    @Test
    void ofEquallyLargeWeightsThoseOfLowerIdAreKept() {
        MultiLayerNetwork network = network(3, 2, 2);
        MaskableWeights weights = MaskableWeights.of(network).get(0);
        weights.array().putRow(0, row(-1, 1));
        weights.array().putRow(1, row(1, -1));
        weights.array().putRow(2, row(Double.NaN, 7));
        Sparsity.of(0.5).keepingLargest().only(it -> it.layerId().equals("0")).applyTo(network);
        assertThat(weights.mask().orElseThrow().ids()).containsExactly(0, 1, 5);
    }

    private static INDArray row(double... values) {
        return Nd4j.createFromArray(values).castTo(DataType.FLOAT);
    }

    @Test
    void kernelsKeepTheirLargestWeights() {
        MultiLayerNetwork network =
                new MultiLayerNetwork(
                        new NeuralNetConfiguration.Builder()
                                .list()
                                .layer(new ConvolutionLayer.Builder(2, 2).nIn(1).nOut(2).build())
                                .build());
        network.init();
        MaskableWeights weights = MaskableWeights.of(network).get(0);
        weights.array().assign(0.1);
        weights.array().putScalar(new int[] {0, 0, 1, 0}, -5); // id 2
        weights.array().putScalar(new int[] {1, 0, 0, 1}, 5); // id 5
        Sparsity.of(0.75).keepingLargest().applyTo(network);
        assertThat(weights.mask().orElseThrow().ids()).containsExactly(2, 5);
    }

    @Test
    void anotherSparsityReplacesTheMasks() {
        MultiLayerNetwork network = network(20, 30, 10, 5);
        Sparsity.of(0.5).seed(1).applyTo(network);
        Sparsity.of(0.9).keepingLargest().applyTo(network);
        assertThat(activeCounts(network)).containsExactly(60, 30, 5);
        assertThat(nonZeroWeights(network)).containsExactly(60L, 30L, 5L);
        assertThat(network.getLayer(0).conf().getLayer().getConstraints()).hasSize(1);
    }

    @Test
    void aSelectionSeesTheWeightsTheirPlaceAndTheirNumber() {
        MultiLayerNetwork network = network(20, 30, 10, 5);
        List<String> seen = new ArrayList<>();
        MaskSelection first =
                (weights, index, active) -> {
                    seen.add(weights.layerId() + " " + index + " " + active);
                    return firstOf(weights, active);
                };
        Sparsity.of(0.9).selecting(first).only(it -> !it.layerId().equals("0")).applyTo(network);
        assertThat(seen).containsExactly("1 1 30", "2 2 5");
        assertThat(MaskableWeights.of(network).get(2).mask().orElseThrow().ids())
                .containsExactly(0, 1, 2, 3, 4);
    }

    private static SparseTopology firstOf(MaskableWeights weights, long active) {
        long[] ids = LongStream.range(0, active).toArray();
        return SparseTopology.of(weights.rowLength(), weights.rows(), ids);
    }

    private static void assertRefusedUnchanged(Model network, Sparsity sparsity, String message) {
        INDArray before = network.params().dup();
        List<Integer> counts = activeCounts(network);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> sparsity.applyTo(network))
                .withMessageContaining(message);
        assertThat(network.params()).isEqualTo(before);
        assertThat(activeCounts(network)).isEqualTo(counts);
    }

    @Test
    void refusalsLeaveTheNetworkAsItWas() {
        MultiLayerNetwork network = network(20, 30, 10, 5);
        Sparsity.of(0.5).applyTo(network);
        assertRefusedUnchanged(
                network,
                Sparsity.of(0.9).only(WeightFilter.layerNamed("nobody")),
                "the network has no weights to lay a mask over, or the filter chooses none");
        assertRefusedUnchanged(network, Sparsity.of(0.999), "at sparsity 0.999");
        assertRefusedUnchanged(
                network,
                Sparsity.of(0.9)
                        .selecting(
                                (weights, index, active) ->
                                        firstOf(weights, index == 2 ? active + 1 : active)),
                "Layer layer2, parameter W: the selection must make 5 weights active, got 6");
        assertRefusedUnchanged(
                network,
                Sparsity.of(0.9)
                        .selecting(
                                (weights, index, active) ->
                                        index == 2
                                                ? SparseTopology.dense(1, 5)
                                                : firstOf(weights, active)),
                "Layer layer2, parameter W: the mask must be 10 x 5, got 1 x 5");
        assertRefusedUnchanged(
                graph(), Sparsity.of(0.9).only(WeightFilter.all().negate()), "chooses none");
    }

    @Test
    void aNetworkOfSparseLayersHasNothingToMask() {
        MultiLayerNetwork network = new Design().sparse();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Sparsity.of(0.9).applyTo(network))
                .withMessage(
                        "the network has no weights to lay a mask over, or the filter chooses none");
    }
}
