package org.dl4jplasticity.pruning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.distribution.NormalDistribution;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.recurrent.SimpleRnn;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.dl4jplasticity.mask.MaskableWeights;
import org.dl4jplasticity.testing.NetworkClass;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;

class SynFlowTest {

    private static double[] sums(double[][] scores) {
        return Arrays.stream(scores).mapToDouble(some -> Arrays.stream(some).sum()).toArray();
    }

    @ParameterizedTest
    @EnumSource(names = {"SEQUENTIAL", "GRAPH"})
    void scoresAreTheFlowThroughEachWeightAsCalculatedByHand(NetworkClass type) {
        Model network = Networks.byHand(type, DataType.FLOAT);
        Networks.setWeights(network, 0, 1, 3, -2, 0.5);
        Networks.setWeights(network, 1, -1, 4);
        // Ones make |1| + |3| = 4 and 2 + 0.5 = 2.5, and R = 4 * 1 + 2.5 * 4 = 14.
        double[][] scores = Networks.scores(ConnectionScore.synflow(), network);
        Networks.assertClose(scores, new double[][] {{1, 3, 8, 2}, {4, 10}}, 1e-12);
    }

    @Test
    void biasesAddToTheFlowByTheirMagnitude() {
        Model network = Networks.byHand(NetworkClass.SEQUENTIAL, DataType.DOUBLE);
        Networks.setWeights(network, 0, 1, 3, -2, 0.5);
        Networks.setWeights(network, 1, -1, 4);
        network.getParam("0_b").assign(-1);
        // Hidden 5 and 3.5.
        double[][] scores = Networks.scores(ConnectionScore.synflow(), network);
        Networks.assertClose(scores, new double[][] {{1, 3, 8, 2}, {5, 14}}, 1e-12);
    }

    @ParameterizedTest
    @EnumSource(names = {"SEQUENTIAL", "GRAPH"})
    void everyLayerHasTheSameFlow(NetworkClass type) {
        double[] sums = sums(Networks.scores(ConnectionScore.synflow(), Networks.perceptron(type)));
        assertThat(sums).hasSize(3);
        assertThat(sums[0]).isPositive();
        assertThat(sums[1]).isCloseTo(sums[0], within(1e-12 * sums[0]));
        assertThat(sums[2]).isCloseTo(sums[0], within(1e-12 * sums[0]));
    }

    @Test
    void everyLayerOfAConvolutionalNetworkWithPoolingHasTheSameFlow() {
        ConnectionScore score = ConnectionScore.synflow(InputType.convolutional(8, 8, 2));
        double[] sums = sums(Networks.scores(score, Networks.convolutional()));
        assertThat(sums).hasSize(3);
        assertThat(sums[0]).isPositive();
        assertThat(sums[1]).isCloseTo(sums[0], within(1e-12 * sums[0]));
        assertThat(sums[2]).isCloseTo(sums[0], within(1e-12 * sums[0]));
    }

    @Test
    void flowSplitsAndJoinsInAGraphOfTwoInputsAndTwoOutputs() {
        double[] sums = sums(Networks.scores(ConnectionScore.synflow(), Networks.graph()));
        // left and right make the middle's, the middle both outputs'.
        double all = sums[0] + sums[1];
        assertThat(sums[2]).isCloseTo(all, within(1e-12 * all));
        assertThat(sums[3] + sums[4]).isCloseTo(all, within(1e-12 * all));
    }

    @Test
    void aDeepNetworksFlowBeyondTheRangeOfFloatsIsScored() {
        List<Layer> layers = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            layers.add(
                    new DenseLayer.Builder()
                            .nIn(50)
                            .nOut(50)
                            .activation(Activation.RELU)
                            .weightInit(new NormalDistribution(0, 1))
                            .build());
        }
        layers.add(Networks.softmax(50, 3));
        Model network =
                NetworkClass.SEQUENTIAL
                        .of(Networks.settings(DataType.FLOAT), layers.toArray(new Layer[0]))
                        .model();
        double[] sums = sums(Networks.scores(ConnectionScore.synflow(), network));
        assertThat(sums[0]).isGreaterThan(Float.MAX_VALUE).isLessThan(Double.MAX_VALUE);
        assertThat(sums[30]).isCloseTo(sums[0], within(1e-10 * sums[0]));
    }

    /** Weights of a plain perceptron as matrices, [layer][unit][input]. */
    private static double[][][] matrices(Model network) {
        return MaskableWeights.of(network).stream()
                .map(
                        w -> {
                            double[] values = Networks.values(w);
                            return IntStream.range(0, w.rows())
                                    .mapToObj(
                                            row ->
                                                    Arrays.copyOfRange(
                                                            values,
                                                            row * w.rowLength(),
                                                            (row + 1) * w.rowLength()))
                                    .toArray(double[][]::new);
                        })
                .toArray(double[][][]::new);
    }

    private record Scored(int layer, int unit, int input, double score) {}

    /** {@return every weight's flow: all paths into it times all paths out of it} */
    private static List<Scored> flows(double[][][] weights) {
        double[][] into = new double[weights.length][];
        double[] ones = new double[weights[0][0].length];
        Arrays.fill(ones, 1);
        into[0] = ones;
        for (int layer = 1; layer < weights.length; layer++) {
            into[layer] = new double[weights[layer - 1].length];
            for (int unit = 0; unit < into[layer].length; unit++) {
                for (int input = 0; input < into[layer - 1].length; input++) {
                    into[layer][unit] +=
                            Math.abs(weights[layer - 1][unit][input]) * into[layer - 1][input];
                }
            }
        }
        double[] outOf = new double[weights[weights.length - 1].length];
        Arrays.fill(outOf, 1);
        List<Scored> flows = new ArrayList<>();
        for (int layer = weights.length - 1; layer >= 0; layer--) {
            double[] below = new double[into[layer].length];
            for (int unit = 0; unit < outOf.length; unit++) {
                for (int input = 0; input < below.length; input++) {
                    double weight = Math.abs(weights[layer][unit][input]);
                    flows.add(
                            new Scored(
                                    layer, unit, input, into[layer][input] * weight * outOf[unit]));
                    below[input] += weight * outOf[unit];
                }
            }
            outOf = below;
        }
        return flows;
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.3, 0.9})
    void prunesInAHundredRoundsAsTheDefinitionSays(double sparsity) {
        Model network = Networks.perceptron(NetworkClass.SEQUENTIAL);
        double[][][] weights = matrices(network);
        for (int round = 1; round <= 100; round++) {
            long keep = Math.round(164 * Math.pow(1 - sparsity, round / 100.0));
            flows(weights).stream()
                    .sorted(Comparator.comparingDouble(Scored::score).reversed())
                    .skip(keep)
                    .forEach(lost -> weights[lost.layer()][lost.unit()][lost.input()] = 0);
        }
        Pruning.synflow().applyTo(network, sparsity);
        assertThat(matrices(network)).isDeepEqualTo(weights);
    }

    private static Model wide(NetworkClass type) {
        return type.of(
                        Networks.settings(DataType.FLOAT),
                        Networks.dense(20, 30, Activation.RELU).build(),
                        Networks.dense(30, 30, Activation.RELU).build(),
                        Networks.dense(30, 30, Activation.RELU).build(),
                        Networks.softmax(30, 5))
                .model();
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 5, 8, 20})
    void aPathStaysDownToOneWeightPerLayer(int keep) {
        Model network = wide(NetworkClass.SEQUENTIAL);
        int all = 20 * 30 + 30 * 30 + 30 * 30 + 30 * 5;
        Pruning.synflow().applyTo(network, 1 - keep / (double) all);
        assertThat(Networks.activeCount(network)).isEqualTo(keep);
        assertThat(Networks.active(network)).noneMatch(List::isEmpty);
        double flow = flows(matrices(network)).stream().mapToDouble(Scored::score).sum();
        assertThat(flow).isPositive();
    }

    @Test
    void recurrentLayersWithoutGatesArePrunedOverTime() {
        ComputationGraph network =
                (ComputationGraph)
                        NetworkClass.GRAPH
                                .of(
                                        Networks.settings(DataType.FLOAT),
                                        new SimpleRnn.Builder().nIn(4).nOut(6).build(),
                                        new RnnOutputLayer.Builder()
                                                .dataFormat(RNNFormat.NCW)
                                                .nIn(6)
                                                .nOut(3)
                                                .activation(Activation.SOFTMAX)
                                                .build())
                                .model();
        Pruning.synflow(InputType.recurrent(4, 5)).applyTo(network, 0.5);
        assertThat(Networks.activeCount(network)).isEqualTo((24 + 36 + 18) / 2);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Pruning.synflow(InputType.recurrent(4)).applyTo(network, 0.9))
                .withMessageContaining("length of its sequences");
    }

    @Test
    void refusesANetworkWithoutAPath() {
        Model network = Networks.perceptron(NetworkClass.SEQUENTIAL);
        Networks.setWeights(network, 1, new double[80]);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Pruning.synflow().applyTo(network, 0.5))
                .withMessageContaining("no path");
    }

    @Test
    void refusesWhatIsNotLinearAndNamesIt() {
        Stream.of(NetworkClass.SEQUENTIAL, NetworkClass.GRAPH)
                .forEach(
                        type -> {
                            Model network =
                                    type.of(
                                                    Networks.settings(DataType.FLOAT),
                                                    Networks.dense(6, 5, Activation.RELU)
                                                            .hasLayerNorm(true)
                                                            .name("normed")
                                                            .build(),
                                                    Networks.softmax(5, 3))
                                            .model();
                            assertThatIllegalArgumentException()
                                    .isThrownBy(() -> Pruning.synflow().applyTo(network, 0.5))
                                    .withMessageContaining("layer normalization")
                                    .withMessageContaining(
                                            type == NetworkClass.GRAPH ? "layer0" : "normed");
                        });
    }
}
