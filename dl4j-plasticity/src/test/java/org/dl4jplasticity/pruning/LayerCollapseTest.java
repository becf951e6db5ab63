package org.dl4jplasticity.pruning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jplasticity.mask.MaskableWeights;
import org.dl4jplasticity.testing.NetworkClass;
import org.dl4jplasticity.testing.ResizableNetwork;
import org.dl4jplasticity.topology.SparseTopology;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Networks that fall apart. */
class LayerCollapseTest {

    /** 5000, 100 and 6 weights; the thin layer's are a thousandth of the others'. */
    private static Model thin(NetworkClass type) {
        Model network =
                type.of(
                                Networks.settings(DataType.FLOAT),
                                Networks.dense(100, 50, Activation.RELU).build(),
                                Networks.dense(50, 2, Activation.RELU).build(),
                                Networks.softmax(2, 3))
                        .model();
        MaskableWeights.of(network).get(1).array().muli(1e-3);
        return network;
    }

    private static void mask(Model network, int index, long... ids) {
        MaskableWeights weights = MaskableWeights.of(network).get(index);
        weights.setMask(SparseTopology.of(weights.rowLength(), weights.rows(), ids));
        weights.clearInactive();
    }

    @ParameterizedTest
    @EnumSource(names = {"SEQUENTIAL", "GRAPH"})
    void aThinLayerCollapsesByGlobalMagnitudeAndIsReportedBeforeAnythingIsWritten(
            NetworkClass type) {
        Model network = thin(type);
        INDArray before = network.params().dup();
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () ->
                                Pruning.by(ConnectionScore.magnitude())
                                        .onCollapse(OnCollapse.report())
                                        .applyTo(network, 0.999))
                .withMessageStartingWith("the network would fall apart: Layer ")
                .withMessageContaining("none of 100 connections is left");
        assertThat(network.params()).isEqualTo(before);
        assertThat(MaskableWeights.of(network)).allMatch(w -> w.mask().isEmpty());
    }

    @ParameterizedTest
    @EnumSource(names = {"SEQUENTIAL", "GRAPH"})
    void preventionKeepsTheBestConnectionOfTheThinLayer(NetworkClass type) {
        Model network = thin(type);
        double[] values = Networks.values(MaskableWeights.of(network).get(1));
        int largest =
                IntStream.range(0, values.length)
                        .reduce((a, b) -> Math.abs(values[b]) > Math.abs(values[a]) ? b : a)
                        .getAsInt();

        Pruning.by(ConnectionScore.magnitude())
                .onCollapse(OnCollapse.prevent())
                .applyTo(network, 0.999);

        assertThat(Networks.activeCount(network)).isEqualTo(5); // of 5106
        assertThat(Networks.active(network).get(1)).containsExactly((long) largest);
        assertThat(Networks.active(network).get(2)).isNotEmpty();
    }

    @Test
    void lampEmptiesNoLayerOfItself() {
        Model network = thin(NetworkClass.SEQUENTIAL);
        List<MaskableWeights> weights = MaskableWeights.of(network);
        boolean[][] all = weights.stream().map(Connections::active).toArray(boolean[][]::new);
        int[][] blocks = weights.stream().map(Granularity.weights()::of).toArray(int[][]::new);

        boolean[][] lamp =
                new Selection(Networks.scores(ConnectionScore.lamp(), network), all, blocks)
                        .best(5, false);
        boolean[][] magnitude =
                new Selection(Networks.scores(ConnectionScore.magnitude(), network), all, blocks)
                        .best(5, false);

        for (boolean[] flags : lamp) {
            assertThat(Connections.count(new boolean[][] {flags})).isPositive();
        }
        assertThat(Connections.count(lamp)).isEqualTo(5);
        assertThat(Connections.count(new boolean[][] {magnitude[1]})).isZero();
    }

    @Test
    void aPruningThatLeavesAPathIsNotRefused() {
        Model network = Networks.perceptron(NetworkClass.GRAPH);
        Pruning.by(ConnectionScore.magnitude())
                .onCollapse(OnCollapse.report())
                .applyTo(network, 0.5);
        assertThat(Networks.activeCount(network)).isEqualTo(82);
        assertThat(LayerCollapse.in(network)).isEmpty();
    }

    /** Both layers have a connection, but they meet in different units. */
    @ParameterizedTest
    @EnumSource(names = {"SEQUENTIAL", "GRAPH"})
    void connectionsThatDontMeetAreNoPath(NetworkClass type) {
        Model network = Networks.byHand(type, DataType.FLOAT);
        mask(network, 0, 0, 1); // into the first unit
        mask(network, 1, 1); // from the second
        assertThat(LayerCollapse.in(network).orElseThrow())
                .startsWith("no path is left from the network's inputs to ");
        mask(network, 1, 0);
        assertThat(LayerCollapse.in(network)).isEmpty();
    }

    @Test
    void pathsThatCancelArePaths() {
        Model network = Networks.byHand(NetworkClass.SEQUENTIAL, DataType.FLOAT);
        Networks.setWeights(network, 0, 1, 1, -1, -1);
        Networks.setWeights(network, 1, 0, 0);
        assertThat(LayerCollapse.in(network)).isEmpty();
    }

    /** 6-10-8-3 with few connections, against a search step by step. */
    @Test
    void findsAPathWhereASearchDoes() {
        SplittableRandom random = new SplittableRandom(5);
        int without = 0;
        for (int trial = 0; trial < 40; trial++) {
            Model network = Networks.perceptron(NetworkClass.SEQUENTIAL);
            boolean[] reached = new boolean[6];
            Arrays.fill(reached, true);
            for (int layer = 0; layer < 3; layer++) {
                MaskableWeights weights = MaskableWeights.of(network).get(layer);
                int inputs = weights.rowLength();
                long[] ids =
                        LongStream.range(0, (long) inputs * weights.rows())
                                .filter(id -> random.nextDouble() < 0.04)
                                .toArray();
                ids = ids.length == 0 ? new long[] {0} : ids;
                mask(network, layer, ids);
                boolean[] next = new boolean[weights.rows()];
                for (long id : ids) {
                    next[(int) id / inputs] |= reached[(int) id % inputs];
                }
                reached = next;
            }
            boolean path = IntStream.range(0, 3).anyMatch(isIn(reached));
            assertThat(LayerCollapse.in(network).isEmpty()).isEqualTo(path);
            without += path ? 0 : 1;
        }
        assertThat(without).isBetween(5, 35);
    }

    private static IntPredicate isIn(boolean[] flags) {
        return i -> flags[i];
    }

    @Test
    void namesTheOutputOfAGraphThatIsCutOff() {
        ComputationGraph graph = Networks.graph();
        // numbers: 8 x 2; middle: 10 x 8, only into its first unit
        List<MaskableWeights> weights = MaskableWeights.of(graph);
        for (int i = 0; i < weights.size(); i++) {
            if (weights.get(i).layerId().equals("middle")) {
                mask(graph, i, 0);
            } else if (weights.get(i).layerId().equals("numbers")) {
                mask(graph, i, 1);
            }
        }
        assertThat(LayerCollapse.in(graph))
                .contains("no path is left from the network's inputs to output numbers");
    }

    @Test
    void imagesOfUnknownSizeAreAskedFor() {
        MultiLayerNetwork network = Networks.convolutional();
        Pruning.by(ConnectionScore.magnitude())
                .onCollapse(OnCollapse.report(InputType.convolutional(8, 8, 2)))
                .applyTo(network, 0.5);
        assertThat(LayerCollapse.in(network, InputType.convolutional(8, 8, 2))).isEmpty();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LayerCollapse.in(network))
                .withMessageContaining("InputType.convolutional");
    }

    @Test
    void gatesAreLookedAtForEmptyLayersOnly() {
        Model network = ResizableNetwork.LSTM_BEFORE_LSTM.trained(false, DataType.DOUBLE).model();
        InputType sequences =
                InputType.recurrent(MaskableWeights.of(network).get(0).rowLength(), 4);
        List<MaskableWeights> weights = MaskableWeights.of(network);
        boolean[][] active = weights.stream().map(Connections::active).toArray(boolean[][]::new);
        assertThat(LayerCollapse.in(network, sequences)).isEmpty();
        Arrays.fill(active[1], false);
        assertThat(LayerCollapse.in(network, weights, active, List.of(sequences)).orElseThrow())
                .contains("parameter RW: none of");
    }
}
