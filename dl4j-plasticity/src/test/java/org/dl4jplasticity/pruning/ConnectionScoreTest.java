package org.dl4jplasticity.pruning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.api.NeuralNetwork;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.dl4jplasticity.mask.MaskableWeights;
import org.dl4jplasticity.testing.NetworkClass;
import org.dl4jplasticity.testing.ResizableNetwork;
import org.dl4jplasticity.testing.TinyNetwork;
import org.dl4jplasticity.topology.SparseTopology;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/** What connections are worth, by magnitude, gradient, movement and activity. */
class ConnectionScoreTest {

    /** Gradients are 2, 4 | -3, -6 and 2, 1: see {@link SnipTest}. */
    private static final DataSet EXAMPLE = example(1, 2, 0.5);

    /** Nothing is active and the output is 0, as it should be: no gradient. */
    private static final DataSet NOTHING = example(0, 0, 0);

    private static DataSet example(double x, double y, double label) {
        return new DataSet(
                Nd4j.createFromArray(new double[][] {{x, y}}),
                Nd4j.createFromArray(new double[][] {{label}}));
    }

    private static void assertScores(
            ConnectionScore score, Model network, double[] first, double... second) {
        Networks.assertClose(
                Networks.scores(score, network), new double[][] {first, second}, 1e-12);
    }

    private static double[] of(double... numbers) {
        return numbers;
    }

    @ParameterizedTest
    @EnumSource(names = {"SEQUENTIAL", "GRAPH"})
    void magnitudeIsWithoutSign(NetworkClass type) {
        Model network = Networks.byHand(type, DataType.DOUBLE);
        assertScores(ConnectionScore.magnitude(), network, of(1, 0.5, 1, 1), 2, 3);
    }

    /** Squares 1, 0.25, 1, 1 in the order 0.25, 1, 1, 1, the first weight last; and 4, 9. */
    @ParameterizedTest
    @EnumSource(names = {"SEQUENTIAL", "GRAPH"})
    void lampIsTheShareOfTheSquaresOfAllThatAreNotSmaller(NetworkClass type) {
        Model network = Networks.byHand(type, DataType.DOUBLE);
        assertScores(
                ConnectionScore.lamp(), network, of(1, 0.25 / 3.25, 1 / 2.0, 1 / 3.0), 4 / 13.0, 1);
    }

    @Test
    void lampAgreesWithItsDefinitionAndGivesTheLargestOfEachLayerOne() {
        Model network = Networks.perceptron(NetworkClass.GRAPH);
        List<MaskableWeights> weights = MaskableWeights.of(network);
        INDArray second = weights.get(1).array(); // full of equal numbers and zeros
        second.assign(Transforms.round(second.mul(4), true).div(4));
        double[][] expected =
                weights.stream()
                        .map(Networks::values)
                        .map(ConnectionScoreTest::lampOneByOne)
                        .toArray(double[][]::new);

        double[][] scores = Networks.scores(ConnectionScore.lamp(), network);

        Networks.assertClose(scores, expected, 1e-12);
        for (double[] some : scores) {
            assertThat(Arrays.stream(some).max().getAsDouble()).isEqualTo(1);
        }
    }

    private static double[] lampOneByOne(double[] w) {
        return IntStream.range(0, w.length)
                .mapToDouble(
                        u -> {
                            double sum = 0;
                            for (int v = 0; v < w.length; v++) {
                                boolean follows =
                                        Math.abs(w[v]) > Math.abs(w[u])
                                                || (Math.abs(w[v]) == Math.abs(w[u]) && v <= u);
                                sum += follows ? w[v] * w[v] : 0;
                            }
                            return w[u] == 0 ? 0 : w[u] * w[u] / sum;
                        })
                .toArray();
    }

    @Test
    void lampLooksAtActiveConnectionsOnly() {
        Model network = Networks.byHand(NetworkClass.SEQUENTIAL, DataType.DOUBLE);
        MaskableWeights first = MaskableWeights.of(network).get(0);
        first.setMask(SparseTopology.of(2, 2, new long[] {1, 2}));
        assertScores(ConnectionScore.lamp(), network, of(0, 0.25 / 1.25, 1, 0), 4 / 13.0, 1);
    }

    @Test
    void aLayerOfZerosHasOneBestConnectionByLamp() {
        Model network = Networks.byHand(NetworkClass.SEQUENTIAL, DataType.DOUBLE);
        Networks.setWeights(network, 0, 0, 0, 0, 0);
        assertScores(ConnectionScore.lamp(), network, of(1, 0, 0, 0), 4 / 13.0, 1);
    }

    @Test
    void randomScoresAreTheSameForTheSameSeed() {
        Model network = Networks.perceptron(NetworkClass.SEQUENTIAL);
        double[][] scores = Networks.scores(ConnectionScore.random(3), network);
        assertThat(Networks.scores(ConnectionScore.random(3), network)).isDeepEqualTo(scores);
        assertThat(Networks.scores(ConnectionScore.random(4), network)[0]).isNotEqualTo(scores[0]);
        assertThat(Arrays.stream(scores).flatMapToDouble(Arrays::stream).distinct().count())
                .isEqualTo(60 + 80 + 24);
        assertThat(Arrays.stream(scores[0])).allMatch(score -> score >= 0 && score < 1);
    }

    @ParameterizedTest
    @EnumSource(names = {"SEQUENTIAL", "GRAPH"})
    void gradientIsItsMeanMagnitudeOverBatches(NetworkClass type) {
        Model network = Networks.byHand(type, DataType.DOUBLE);
        assertScores(ConnectionScore.gradient(EXAMPLE), network, of(2, 4, 3, 6), 2, 1);
        assertScores(ConnectionScore.gradient(EXAMPLE, NOTHING), network, of(1, 2, 1.5, 3), 1, 0.5);
    }

    @ParameterizedTest
    @EnumSource(names = {"SEQUENTIAL", "GRAPH"})
    void taylorIsGradientTimesWeight(NetworkClass type) {
        Model network = Networks.byHand(type, DataType.DOUBLE);
        assertScores(ConnectionScore.taylor(EXAMPLE), network, of(2, 2, 3, 6), 4, 3);
        assertScores(ConnectionScore.taylor(EXAMPLE, NOTHING), network, of(1, 1, 1.5, 3), 2, 1.5);
    }

    /** Labels 0.5 and 1.5 about the output 1: gradients that cancel in a batch but not in two. */
    @Test
    void gradientsOfDifferentBatchesDontCancel() {
        Model network = Networks.byHand(NetworkClass.SEQUENTIAL, DataType.DOUBLE);
        DataSet other = example(1, 2, 1.5);
        DataSet both = DataSet.merge(List.of(EXAMPLE, other));
        assertScores(ConnectionScore.gradient(EXAMPLE, other), network, of(2, 4, 3, 6), 2, 1);
        double[][] together = Networks.scores(ConnectionScore.gradient(both), network);
        assertThat(together[0]).containsOnly(0);
        assertThat(together[1]).containsOnly(0);
    }

    /** By the definition: what the loss changes by when a weight shrinks a little. */
    @Test
    void taylorIsTheFirstOrderChangeOfTheLoss() {
        TinyNetwork network = new TinyNetwork((NeuralNetwork) smooth());
        DataSet batch = new DataSet(Networks.gaussian(4, 12, 6), Networks.classes(12));
        double[][] scores = Networks.scores(ConnectionScore.taylor(batch), network.model());
        List<MaskableWeights> weights = MaskableWeights.of(network.model());
        double share = 1e-5;
        for (int i = 0; i < scores.length; i++) {
            double[] values = Networks.values(weights.get(i));
            for (int id = 0; id < values.length; id += 7) {
                double[] less = values.clone();
                less[id] *= 1 - share;
                double[] more = values.clone();
                more[id] *= 1 + share;
                double slope =
                        (lossAt(network, i, more, batch) - lossAt(network, i, less, batch))
                                / (2 * share);
                Networks.setWeights(network.model(), i, values);
                assertThat(scores[i][id]).isCloseTo(Math.abs(slope), within(1e-7));
            }
        }
    }

    private static Model smooth() {
        return NetworkClass.SEQUENTIAL
                .of(
                        Networks.settings(DataType.DOUBLE),
                        Networks.dense(6, 5, Activation.TANH).build(),
                        Networks.softmax(5, 3))
                .model();
    }

    private static double lossAt(TinyNetwork network, int layer, double[] values, DataSet batch) {
        Networks.setWeights(network.model(), layer, values);
        return ((MultiLayerNetwork) network.model()).score(batch);
    }

    /** Weights with their gradients: 1 2, 0.5 4 | -1 -3, 1 -6 and 2 2, -3 1. */
    @ParameterizedTest
    @EnumSource(names = {"SEQUENTIAL", "GRAPH"})
    void movementIsMinusTheSumOfGradientTimesWeightWhileTraining(NetworkClass type) {
        TinyNetwork network =
                new TinyNetwork((NeuralNetwork) Networks.byHand(type, DataType.DOUBLE));
        Movement movement = new Movement();
        listen(network, movement);
        network.fit(DataSet.merge(List.of(EXAMPLE, EXAMPLE)));
        assertScores(movement, network.model(), of(-2, -2, -3, 6), -4, 3);

        Map<String, INDArray> now = gradients(network.copy());
        double[][] expected = Networks.scores(movement, network.model());
        List<MaskableWeights> weights = MaskableWeights.of(network.model());
        for (int i = 0; i < expected.length; i++) {
            MaskableWeights each = weights.get(i);
            double[] w = Networks.values(each);
            double[] g =
                    now.get(each.layerId() + "_W").dup('f').data().asDouble(); // dense: 'f' order
            for (int id = 0; id < w.length; id++) {
                expected[i][id] -= g[id] * w[id];
            }
        }
        network.fit(EXAMPLE);
        Networks.assertClose(Networks.scores(movement, network.model()), expected, 1e-12);
    }

    private static void listen(TinyNetwork network, TrainingListener listener) {
        network.model().setListeners(listener);
    }

    private static Map<String, INDArray> gradients(TinyNetwork network) {
        if (network.model() instanceof MultiLayerNetwork sequential) {
            sequential.setInput(EXAMPLE.getFeatures());
            sequential.setLabels(EXAMPLE.getLabels());
            sequential.computeGradientAndScore();
            return sequential.gradient().gradientForVariable();
        }
        ComputationGraph graph = (ComputationGraph) network.model();
        graph.setInputs(EXAMPLE.getFeatures());
        graph.setLabels(EXAMPLE.getLabels());
        graph.computeGradientAndScore();
        return graph.gradient().gradientForVariable();
    }

    @Test
    void refusesMovementThatWasNeverCollected() {
        Model network = Networks.byHand(NetworkClass.SEQUENTIAL, DataType.DOUBLE);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Pruning.by(new Movement()).applyTo(network, 0.5))
                .withMessage(
                        "Layer layer0, parameter W: expected the movement of 4 weights, got that of 0;"
                                + " train the network with this listener first");
    }

    /** For (1, 2) both hidden units are active, for (1, 0) only the first. */
    @ParameterizedTest
    @EnumSource(names = {"SEQUENTIAL", "GRAPH"})
    void magnitudeTimesFiringCountsWhenTheUnitIsActive(NetworkClass type) {
        Model network = Networks.byHand(type, DataType.DOUBLE);
        DataSet examples = new DataSet(Nd4j.createFromArray(new double[][] {{1, 2}, {1, 0}}), null);
        assertScores(
                ConnectionScore.magnitudeTimesFiring(examples),
                network,
                of(1, 0.5, 0.5, 0.5),
                2,
                3);
    }

    /** The four gates of a unit have its share, in the input's weights and the recurrent ones. */
    @Test
    void allGatesOfARecurrentUnitHaveItsShare() {
        TinyNetwork network = ResizableNetwork.LSTM_BEFORE_LSTM.trained(false, DataType.DOUBLE);
        DataSet batch = ResizableNetwork.LSTM_BEFORE_LSTM.batch(2, DataType.DOUBLE);
        double[][] scores =
                Networks.scores(ConnectionScore.magnitudeTimesFiring(batch), network.model());
        List<MaskableWeights> weights = MaskableWeights.of(network.model());
        for (int i = 0; i < scores.length; i++) { // tanh is never 0
            double[] w = Networks.values(weights.get(i));
            Arrays.setAll(w, id -> Math.abs(w[id]));
            assertThat(scores[i]).containsExactly(w, within(1e-12));
        }
    }

    @Test
    void refusesNoBatchAtAll() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ConnectionScore.taylor(new DataSet[0]))
                .withMessageContaining("needs at least 1 batch of examples, got none");
    }
}
