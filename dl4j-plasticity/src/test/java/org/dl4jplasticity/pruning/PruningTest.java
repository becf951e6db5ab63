package org.dl4jplasticity.pruning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.api.NeuralNetwork;
import org.deeplearning4j.nn.conf.dropout.Dropout;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.weightnoise.DropConnect;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.dl4jplasticity.mask.MaskableWeights;
import org.dl4jplasticity.mask.WeightFilter;
import org.dl4jplasticity.testing.NetworkClass;
import org.dl4jplasticity.testing.TinyNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/** What all scores have in common. */
class PruningTest {
    private static final DataSet EXAMPLES =
            new DataSet(Networks.gaussian(4, 12, 6), Networks.classes(12));

    /**
     * The methods on perceptrons, a convolutional network, and a graph of two inputs and outputs.
     */
    static Stream<Arguments> networks() {
        InputType images = InputType.convolutional(8, 8, 2);
        Supplier<Model> sequential = () -> Networks.perceptron(NetworkClass.SEQUENTIAL);
        Supplier<Model> chain = () -> Networks.perceptron(NetworkClass.GRAPH);
        Supplier<Model> convolutional = Networks::convolutional;
        Supplier<Model> graph = Networks::graph;
        return Stream.of(
                Arguments.of("SNIP", sequential, Pruning.snip(EXAMPLES), 164),
                Arguments.of("GraSP", sequential, Pruning.grasp(EXAMPLES), 164),
                Arguments.of("SynFlow", sequential, Pruning.synflow(), 164),
                Arguments.of("SNIP", chain, Pruning.snip(EXAMPLES), 164),
                Arguments.of("GraSP", chain, Pruning.grasp(EXAMPLES), 164),
                Arguments.of("SynFlow", chain, Pruning.synflow(), 164),
                Arguments.of(
                        "SNIP", convolutional, Pruning.snip(Networks.images()), 108 + 216 + 12),
                Arguments.of(
                        "GraSP", convolutional, Pruning.grasp(Networks.images()), 108 + 216 + 12),
                Arguments.of("SynFlow", convolutional, Pruning.synflow(images), 108 + 216 + 12),
                Arguments.of("SNIP", graph, Pruning.snip(Networks.twoInputs()), 170),
                Arguments.of("GraSP", graph, Pruning.grasp(Networks.twoInputs()), 170),
                Arguments.of("SynFlow", graph, Pruning.synflow(), 170));
    }

    @ParameterizedTest(name = "{0} {3}")
    @MethodSource("networks")
    void leavesExactlyTheShareAskedForAndNoLayerEmpty(
            String name, Supplier<Model> networks, Pruning pruning, int all) {
        for (double sparsity : new double[] {0, 0.5, 0.96}) {
            Model network = networks.get();
            pruning.applyTo(network, sparsity);
            long expected = Math.round((1 - sparsity) * all);
            assertThat(Networks.activeCount(network)).isEqualTo(expected);
            assertThat(Networks.nonzero(network, WeightFilter.all())).isEqualTo(expected);
            assertThat(Networks.active(network)).noneMatch(List::isEmpty);
        }
    }

    @ParameterizedTest(name = "{0} {3}")
    @MethodSource("networks")
    void changesNothingButTheWeightsItRemoves(
            String name, Supplier<Model> networks, Pruning pruning, int all) {
        Model network = networks.get();
        TrainingListener listener = onlyWatching();
        network.setListeners(listener);
        TinyNetwork tiny = new TinyNetwork((NeuralNetwork) network);
        tiny.markState();
        INDArray state = tiny.state().dup();
        double[] before = tiny.parameters().toDoubleVector();
        double[] gradientBefore = gradient(network);
        pruning.applyTo(network, 0.5);
        double[] after = tiny.parameters().toDoubleVector();
        int removed = 0;
        for (int i = 0; i < before.length; i++) {
            if (after[i] != before[i]) {
                assertThat(after[i]).isZero();
                removed++;
            }
        }
        assertThat(removed).isEqualTo(all / 2);
        assertThat(tiny.state()).isEqualTo(state);
        assertThat(gradient(network)).isEqualTo(gradientBefore);
        assertThat(tiny.iteration()).isZero();
        assertThat(tiny.epoch()).isZero();
        assertThat(network.numParams()).isEqualTo(before.length);
        assertThat(network.params().dataType()).isEqualTo(DataType.FLOAT);
        assertThat(listeners(network)).containsExactly(listener);
    }

    private static List<TrainingListener> listeners(Model network) {
        return List.copyOf(
                network instanceof MultiLayerNetwork sequential
                        ? sequential.getListeners()
                        : ((ComputationGraph) network).getListeners());
    }

    /** {@return a listener that must not be told of any work} */
    private static TrainingListener onlyWatching() {
        return new BaseTrainingListener() {
            @Override
            public void onForwardPass(Model model, List<INDArray> activations) {
                throw new AssertionError("the network itself was used");
            }

            @Override
            public void onForwardPass(Model model, Map<String, INDArray> activations) {
                throw new AssertionError("the network itself was used");
            }

            @Override
            public void onBackwardPass(Model model) {
                throw new AssertionError("the network itself was used");
            }
        };
    }

    private static double[] gradient(Model network) {
        INDArray gradient = network.getGradientsViewArray();
        return gradient == null ? new double[0] : gradient.toDoubleVector();
    }

    @ParameterizedTest(name = "{0} {3}")
    @MethodSource("networks")
    void theRandomGeneratorGoesOnAsIfNothingHappened(
            String name, Supplier<Model> networks, Pruning pruning, int all) {
        Model network = networks.get();
        Nd4j.getRandom().setSeed(99);
        Nd4j.rand(3);
        INDArray expected = Nd4j.rand(DataType.DOUBLE, 20);
        Nd4j.getRandom().setSeed(99);
        Nd4j.rand(3);
        pruning.applyTo(network, 0.5);
        assertThat(Nd4j.rand(DataType.DOUBLE, 20)).isEqualTo(expected);
    }

    @ParameterizedTest(name = "{0} {3}")
    @MethodSource("networks")
    void choosesTheSameAgain(String name, Supplier<Model> networks, Pruning pruning, int all) {
        Model network = networks.get();
        pruning.applyTo(network, 0.7);
        Nd4j.getRandom().setSeed(123);
        Model again = networks.get();
        pruning.applyTo(again, 0.7);
        assertThat(Networks.active(again)).isEqualTo(Networks.active(network));
        assertThat(again.params()).isEqualTo(network.params());
    }

    private static Model noisy(NetworkClass type, boolean noise) {
        DenseLayer.Builder first = Networks.dense(6, 10, Activation.RELU);
        DenseLayer.Builder second = Networks.dense(10, 8, Activation.RELU);
        if (noise) {
            first.weightNoise(new DropConnect(0.5));
            second.dropOut(new Dropout(0.5));
        }
        return type.of(
                        Networks.settings(DataType.FLOAT),
                        first.build(),
                        second.build(),
                        Networks.softmax(8, 3))
                .model();
    }

    @ParameterizedTest
    @EnumSource(names = {"SEQUENTIAL", "GRAPH"})
    void dropoutAndWeightNoiseDontRandomizeScores(NetworkClass type) {
        Stream.of(
                        ConnectionScore.snip(EXAMPLES),
                        ConnectionScore.grasp(EXAMPLES),
                        ConnectionScore.synflow())
                .forEach(
                        score -> {
                            Model noisy = noisy(type, true);
                            assertThat(Networks.scores(score, noisy))
                                    .isDeepEqualTo(Networks.scores(score, noisy(type, false)));
                            Layer second = MaskableWeights.of(noisy).get(1).configuration();
                            assertThat(second.getIDropout()).isEqualTo(new Dropout(0.5));
                            assertThat(
                                            ((DenseLayer)
                                                            MaskableWeights.of(noisy)
                                                                    .get(0)
                                                                    .configuration())
                                                    .getWeightNoise())
                                    .isEqualTo(new DropConnect(0.5));
                        });
    }

    @ParameterizedTest
    @EnumSource(names = {"SEQUENTIAL", "GRAPH"})
    void whatIsRemovedStaysZeroThroughTraining(NetworkClass type) {
        Model network = Networks.perceptron(type);
        Pruning.synflow().applyTo(network, 0.8);
        List<List<Long>> active = Networks.active(network);
        TinyNetwork tiny = new TinyNetwork((NeuralNetwork) network);
        for (int step = 0; step < 5; step++) {
            tiny.fit(EXAMPLES);
        }
        assertThat(Networks.active(network)).isEqualTo(active);
        assertThat(Networks.nonzero(network, WeightFilter.all())).isLessThanOrEqualTo(33);
    }

    @Test
    void prunesTheChosenWeightsOnly() {
        Model network = Networks.convolutional();
        WeightFilter kernels = WeightFilter.ofType(ConvolutionLayer.class);
        Pruning.grasp(Networks.images()).only(kernels).applyTo(network, 0.75);
        assertThat(Networks.nonzero(network, kernels)).isEqualTo(81);
        List<MaskableWeights> weights = MaskableWeights.of(network);
        assertThat(weights.get(2).mask()).isEmpty();
        assertThat(Networks.nonzero(network, kernels.negate())).isEqualTo(12);
    }

    @Test
    void aMasksInactiveWeightsStayInactive() {
        Model network = Networks.perceptron(NetworkClass.SEQUENTIAL);
        Pruning.snip(EXAMPLES).applyTo(network, 0.5);
        List<List<Long>> first = Networks.active(network);
        for (Pruning pruning : List.of(Pruning.grasp(EXAMPLES), Pruning.synflow())) {
            Model more = new TinyNetwork((MultiLayerNetwork) network).copy().model();
            pruning.applyTo(more, 0.6);
            assertThat(Networks.activeCount(more)).isEqualTo(66);
            for (int i = 0; i < first.size(); i++) {
                assertThat(first.get(i)).containsAll(Networks.active(more).get(i));
            }
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Pruning.synflow().applyTo(network, 0.4))
                .withMessage(
                        "sparsity 0.4 asks for 98 connections, but the network's masks leave only"
                                + " 82");
    }

    @Test
    void roundsRateAnewWhatIsLeft() {
        Model network = Networks.perceptron(NetworkClass.SEQUENTIAL);
        List<Long> asked = new ArrayList<>();
        ConnectionScore counting =
                (model, weights) ->
                        active -> {
                            asked.add(Connections.count(active));
                            return new double[][] {new double[60], new double[80], new double[24]};
                        };
        Pruning.by(counting).rounds(2).applyTo(network, 0.75);
        assertThat(asked).containsExactly(164L, 82L);
        // All equal: the first stay, and one of each later layer.
        assertThat(Networks.active(network).get(0)).hasSize(39).contains(0L, 38L);
        assertThat(Networks.active(network).get(1)).containsExactly(0L);
        assertThat(Networks.active(network).get(2)).containsExactly(0L);
    }

    @Test
    void gatedRecurrentNetworksArePrunedByGradientAndRefusedBySynFlow() {
        MultiLayerNetwork network =
                new MultiLayerNetwork(
                        Networks.settings(DataType.FLOAT)
                                .list()
                                .layer(new LSTM.Builder().nIn(4).nOut(5).name("memory").build())
                                .layer(
                                        new RnnOutputLayer.Builder()
                                                .nIn(5)
                                                .nOut(3)
                                                .activation(Activation.SOFTMAX)
                                                .build())
                                .build());
        network.init();
        INDArray labels = Nd4j.zeros(DataType.FLOAT, 2, 3, 6);
        labels.putScalar(0, 1, 5, 1);
        labels.putScalar(1, 2, 5, 1);
        INDArray lastOnly = Nd4j.zeros(DataType.FLOAT, 2, 6);
        lastOnly.putScalar(0, 5, 1);
        lastOnly.putScalar(1, 5, 1);
        INDArray all = Nd4j.ones(DataType.FLOAT, 2, 6);
        DataSet sequences = new DataSet(Networks.gaussian(6, 2, 4, 6), labels, all, lastOnly);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Pruning.synflow(InputType.recurrent(4, 6)).applyTo(network, 0.5))
                .withMessageStartingWith("Layer memory: SynFlow needs layers that are linear")
                .withMessageContaining("LSTM");
        int weights = 4 * 20 + 5 * 20 + 15;
        Pruning.snip(sequences).applyTo(network, 0.4);
        assertThat(Networks.activeCount(network)).isEqualTo(Math.round(0.6 * weights));
        Pruning.grasp(sequences).applyTo(network, 0.8);
        assertThat(Networks.activeCount(network)).isEqualTo(Math.round(0.2 * weights));
    }

    @ParameterizedTest
    @ValueSource(doubles = {-0.1, 1, 1.5, Double.NaN})
    void refusesASparsityOutOfRange(double sparsity) {
        refuses(Pruning.synflow(), sparsity, "sparsity must be in [0, 1), got");
    }

    @Test
    void refusesASparsityThatLeavesTooFewForEveryLayer() {
        refuses(
                Pruning.snip(EXAMPLES),
                0.99,
                "sparsity 0.99 leaves 2 of 164 connections, too few for one in each of 3");
    }

    @Test
    void refusesAFilterThatChoosesNothing() {
        refuses(
                Pruning.synflow().only(WeightFilter.layerNamed("nobody")),
                0.5,
                "the filter chooses none");
    }

    @Test
    void refusesABatchOfAnotherNumberOfArrays() {
        refuses(
                Pruning.snip(Networks.twoInputs()),
                0.5,
                "the batch must have 1 arrays of features, as many as the network, got 2");
    }

    @Test
    void refusesABatchWithoutLabels() {
        refuses(
                Pruning.grasp(new DataSet(EXAMPLES.getFeatures(), null)),
                0.5,
                "1 arrays of labels");
    }

    @Test
    void refusesABatchThatIsNotFinite() {
        INDArray features = EXAMPLES.getFeatures().dup();
        features.putScalar(0, 0, Double.NaN);
        DataSet broken = new DataSet(features, EXAMPLES.getLabels());
        refuses(Pruning.snip(broken), 0.5, "must be a finite number, got NaN");
        refuses(Pruning.grasp(broken), 0.5, "must be a finite number, got NaN");
    }

    private static void refuses(Pruning pruning, double sparsity, String... sentence) {
        for (NetworkClass type : List.of(NetworkClass.SEQUENTIAL, NetworkClass.GRAPH)) {
            Model network = Networks.perceptron(type);
            INDArray before = network.params().dup();
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> pruning.applyTo(network, sparsity))
                    .withMessageContainingAll(sentence)
                    .withMessageNotContaining("\n");
            assertThat(network.params()).isEqualTo(before);
            assertThat(MaskableWeights.of(network)).allMatch(w -> w.mask().isEmpty());
        }
    }

    @Test
    void refusesANetworkThatIsNotInitialized() {
        MultiLayerNetwork network =
                new MultiLayerNetwork(
                        Networks.convolutional().getLayerWiseConfigurations().clone());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Pruning.synflow().applyTo(network, 0.5))
                .withMessageContaining("call init()");
    }

    @Test
    void refusesImagesOfUnknownSizeAndSaysWhatToDo() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Pruning.synflow().applyTo(Networks.convolutional(), 0.5))
                .withMessageContaining("the input of layer 0, a ConvolutionLayer")
                .withMessageContaining("InputType.convolutional");
    }

    @Test
    void refusesLessThanOneRound() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Pruning.synflow().rounds(0))
                .withMessage("pruning takes at least 1 round, got 0");
    }

    @Test
    void batchNormalizationIsLeftAsItIs() {
        MultiLayerNetwork network = Networks.convolutional();
        Pruning.snip(Networks.images()).applyTo(network, 0.9);
        Pruning.synflow(InputType.convolutional(8, 8, 2)).applyTo(network, 0.95);
        assertThat(network.getLayer(1).conf().getLayer()).isInstanceOf(BatchNormalization.class);
        assertThat(network.getParam("1_mean").sumNumber().doubleValue()).isZero();
        assertThat(network.getParam("1_gamma").meanNumber().doubleValue()).isEqualTo(1);
    }
}
