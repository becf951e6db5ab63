package org.dl4jplasticity.pruning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jplasticity.mask.MaskableWeights;
import org.dl4jplasticity.mask.WeightFilter;
import org.dl4jplasticity.testing.NetworkClass;
import org.dl4jplasticity.topology.SparseTopology;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** What goes as a whole, and how much of each layer. */
class GranularityTest {
    private static final Pruning BY_MAGNITUDE = Pruning.by(ConnectionScore.magnitude());

    /** Inputs and outputs of a block, with its mean magnitude. */
    private record Block(List<long[]> places, double mean) {}

    private static Model network(NetworkClass type) {
        return type.of(
                        Networks.settings(DataType.DOUBLE),
                        Networks.dense(5, 7, Activation.RELU).build(),
                        Networks.softmax(7, 3))
                .model();
    }

    private static List<Block> blocks(INDArray w, int rows, int columns) {
        List<Block> blocks = new ArrayList<>();
        for (long output = 0; output < w.size(1); output += columns) {
            for (long input = 0; input < w.size(0); input += rows) {
                List<long[]> places = new ArrayList<>();
                for (long o = output; o < Math.min(w.size(1), output + columns); o++) {
                    for (long i = input; i < Math.min(w.size(0), input + rows); i++) {
                        places.add(new long[] {i, o});
                    }
                }
                double mean =
                        places.stream()
                                .mapToDouble(place -> Math.abs(w.getDouble(place)))
                                .average()
                                .getAsDouble();
                blocks.add(new Block(places, mean));
            }
        }
        return blocks;
    }

    private static long left(Block block, INDArray w) {
        return block.places().stream().filter(place -> w.getDouble(place) != 0).count();
    }

    /** 5 x 7 and 7 x 3 weights in blocks of 2 x 3, smaller ones at the ends. */
    @ParameterizedTest
    @EnumSource(names = {"SEQUENTIAL", "GRAPH"})
    void blocksStayOrGoAsAWholeByTheirMean(NetworkClass type) {
        for (double sparsity : new double[] {0.3, 0.5, 0.8}) {
            Model network = network(type);
            List<MaskableWeights> weights = MaskableWeights.of(network);
            List<Block> first = blocks(weights.get(0).array().dup(), 2, 3);
            List<Block> second = blocks(weights.get(1).array().dup(), 2, 3);
            List<Block> order = new ArrayList<>(first);
            order.addAll(second);
            order.sort(Comparator.comparingDouble(Block::mean).reversed());
            long target = Math.round((1 - sparsity) * 56);
            List<Block> stay = new ArrayList<>();
            for (long held = 0; held < target; held += stay.get(stay.size() - 1).places().size()) {
                stay.add(order.get(stay.size()));
            }

            BY_MAGNITUDE.granularity(Granularity.blocks(2, 3)).applyTo(network, sparsity);

            for (Block block : order) {
                INDArray w = weights.get(first.contains(block) ? 0 : 1).array();
                assertThat(left(block, w))
                        .isEqualTo(stay.contains(block) ? block.places().size() : 0);
            }
        }
    }

    @Test
    void kernelsStayOrGoAsAWhole() {
        MultiLayerNetwork network = Networks.convolutional();
        WeightFilter kernels = WeightFilter.ofType(ConvolutionLayer.class);

        BY_MAGNITUDE.granularity(Granularity.kernels()).only(kernels).applyTo(network, 0.75);

        int whole = 0;
        for (String name : List.of("0_W", "3_W")) {
            INDArray w = network.getParam(name);
            for (int o = 0; o < w.size(0); o++) {
                for (int i = 0; i < w.size(1); i++) {
                    int left = 0;
                    for (int place = 0; place < 9; place++) {
                        left += w.getDouble(o, i, place / 3, place % 3) != 0 ? 1 : 0;
                    }
                    assertThat(left).isIn(0, 9);
                    whole += left / 9;
                }
            }
        }
        assertThat(whole).isEqualTo(9); // of 12 + 24
    }

    @Test
    void roundsOfBlocksEndWithWholeBlocks() {
        Model network = network(NetworkClass.SEQUENTIAL);
        BY_MAGNITUDE.granularity(Granularity.blocks(5, 1)).rounds(4).applyTo(network, 0.6);
        INDArray w = MaskableWeights.of(network).get(0).array();
        for (Block block : blocks(w, 5, 1)) {
            assertThat(left(block, w)).isIn(0L, 5L);
        }
    }

    /** 10 inputs in groups of 4, 4 and 2. */
    @ParameterizedTest
    @EnumSource(names = {"SEQUENTIAL", "GRAPH"})
    void exactlyNOfMConsecutiveInputsOfEachUnitStay(NetworkClass type) {
        Model network =
                type.of(
                                Networks.settings(DataType.DOUBLE),
                                Networks.dense(10, 6, Activation.RELU).build(),
                                Networks.softmax(6, 3))
                        .model();
        List<MaskableWeights> weights = MaskableWeights.of(network);
        List<INDArray> before = weights.stream().map(w -> w.array().dup()).toList();

        BY_MAGNITUDE.applyTo(network, new NofM(2, 4));

        for (int i = 0; i < 2; i++) {
            INDArray after = weights.get(i).array();
            for (Block group : blocks(before.get(i), 4, 1)) {
                INDArray w = before.get(i);
                assertThat(left(group, after)).isEqualTo(2);
                List<long[]> largest =
                        group.places().stream()
                                .sorted(
                                        Comparator.comparingDouble(
                                                place -> -Math.abs(w.getDouble(place))))
                                .limit(2)
                                .toList();
                assertThat(largest).allMatch(place -> after.getDouble(place) != 0);
            }
        }
    }

    @Test
    void consecutiveInputsOfAConvolutionAreChannels() {
        MultiLayerNetwork network = Networks.convolutional();
        BY_MAGNITUDE.applyTo(network, new NofM(1, 2));
        for (String name : List.of("0_W", "3_W")) {
            INDArray w = network.getParam(name);
            for (int o = 0; o < w.size(0); o++) {
                for (int i = 0; i < w.size(1); i += 2) {
                    for (int place = 0; place < 9; place++) {
                        boolean one = w.getDouble(o, i, place / 3, place % 3) != 0;
                        boolean other = w.getDouble(o, i + 1, place / 3, place % 3) != 0;
                        assertThat(one).isNotEqualTo(other);
                    }
                }
            }
        }
    }

    @Test
    void aPatternTakesFromWhatTheMaskLeft() {
        Model network = Networks.byHand(NetworkClass.SEQUENTIAL, DataType.DOUBLE);
        MaskableWeights first = MaskableWeights.of(network).get(0);
        first.setMask(SparseTopology.of(2, 2, new long[] {1}));
        first.clearInactive();
        BY_MAGNITUDE.applyTo(network, new NofM(1, 2));
        assertThat(Networks.active(network)).containsExactly(List.of(1L), List.of(1L));
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.3, 0.5, 0.9})
    void eachLayerLosesTheSameShare(double sparsity) {
        Model network = Networks.perceptron(NetworkClass.GRAPH);
        MaskableWeights.of(network).get(1).array().muli(100);
        BY_MAGNITUDE.eachLayer().applyTo(network, sparsity);
        assertThat(Networks.active(network).stream().map(List::size))
                .containsExactly(
                        (int) Math.round((1 - sparsity) * 60),
                        (int) Math.round((1 - sparsity) * 80),
                        (int) Math.round((1 - sparsity) * 24));
    }

    @Test
    void globallyTheLayersOfLargeWeightsKeepMore() {
        Model network = Networks.perceptron(NetworkClass.GRAPH);
        MaskableWeights.of(network).get(1).array().assign(5);
        BY_MAGNITUDE.eachLayer().globally().applyTo(network, 0.5);
        assertThat(Networks.active(network).stream().map(List::size)).containsExactly(1, 80, 1);
    }

    @Test
    void refusesAShareThatLeavesALayerNothing() {
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () ->
                                BY_MAGNITUDE
                                        .eachLayer()
                                        .applyTo(Networks.perceptron(NetworkClass.GRAPH), 0.99))
                .withMessageStartingWith("Layer layer2, parameter W: sparsity 0.99 leaves 0 of 24");
    }

    @Test
    void refusesPatternsAndBlocksThatAreNone() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new NofM(4, 4))
                .withMessage("a pattern N:M needs 1 <= N < M, got 4:4");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Granularity.blocks(0, 3))
                .withMessageContaining("at least 1 row and 1 column, got 0 x 3");
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () ->
                                BY_MAGNITUDE
                                        .rounds(2)
                                        .applyTo(network(NetworkClass.GRAPH), new NofM(1, 2)))
                .withMessage(
                        "the pattern 1:2 is chosen in 1 round from single weights, got 2 rounds"
                                + " and weights");
    }

    @Test
    void refusesBlocksOfWeightsThatAreNoMatrix() {
        MultiLayerNetwork network =
                new MultiLayerNetwork(
                        Networks.settings(DataType.FLOAT)
                                .list()
                                .layer(
                                        new DepthwiseConvolution2D.Builder(3, 3)
                                                .nIn(2)
                                                .depthMultiplier(2)
                                                .nOut(4)
                                                .build())
                                .layer(Networks.softmax(4 * 36, 3))
                                .setInputType(InputType.convolutional(8, 8, 2))
                                .build());
        network.init();
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> BY_MAGNITUDE.granularity(Granularity.kernels()).applyTo(network, 0.5))
                .withMessageStartingWith(
                        "Layer layer0, parameter W: blocks of 1 x 1 need rows that hold the inputs of"
                                + " one unit, and those of a DepthwiseConvolution2D don't");
    }
}
