package org.dl4jplasticity.dropout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.deeplearning4j.gradientcheck.GradientCheckUtil;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.BackpropType;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jplasticity.dropout.RecurrentDropoutLSTM.Mask;
import org.dl4jplasticity.testing.ModelCopies;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;
import org.nd4j.linalg.schedule.FixedSchedule;

class RecurrentDropoutLSTMTest {
    private static final int STEPS = 6;

    @BeforeAll
    static void useDoubles() {
        Nd4j.setDefaultDataTypes(DataType.DOUBLE, DataType.DOUBLE);
    }

    @AfterAll
    static void useFloats() {
        Nd4j.setDefaultDataTypes(DataType.FLOAT, DataType.FLOAT);
    }

    private static LSTM.Builder dropping(Mask mask, double keep) {
        return new RecurrentDropoutLSTM.Builder(mask, keep, 5);
    }

    private static LSTM layer(LSTM.Builder builder) {
        return builder.nIn(3).nOut(4).activation(Activation.TANH).build();
    }

    private static NeuralNetConfiguration.ListBuilder list(Layer first, int width) {
        return new NeuralNetConfiguration.Builder()
                .seed(3)
                .dataType(DataType.DOUBLE)
                .updater(new Sgd(0.1))
                .list()
                .layer(first)
                .layer(
                        new RnnOutputLayer.Builder(LossFunction.MSE)
                                .dataFormat(RNNFormat.NCW)
                                .nIn(width)
                                .nOut(2)
                                .activation(Activation.IDENTITY)
                                .build());
    }

    private static MultiLayerNetwork network(Layer first) {
        return network(list(first, first instanceof Bidirectional ? 8 : 4).build());
    }

    private static MultiLayerNetwork network(MultiLayerConfiguration conf) {
        MultiLayerNetwork network = new MultiLayerNetwork(conf);
        network.init();
        return network;
    }

    private static ComputationGraph graph(Layer first) {
        ComputationGraph graph =
                new ComputationGraph(
                        new NeuralNetConfiguration.Builder()
                                .seed(3)
                                .dataType(DataType.DOUBLE)
                                .updater(new Sgd(0.1))
                                .graphBuilder()
                                .addInputs("in")
                                .addLayer("first", first, "in")
                                .addLayer(
                                        "out",
                                        new RnnOutputLayer.Builder(LossFunction.MSE)
                                                .dataFormat(RNNFormat.NCW)
                                                .nIn(4)
                                                .nOut(2)
                                                .activation(Activation.IDENTITY)
                                                .build(),
                                        "first")
                                .setOutputs("out")
                                .build());
        graph.init();
        return graph;
    }

    private static INDArray sequences(long seed, int features) {
        return Trial.numbers(seed, 5, features * STEPS).reshape('c', 5, features, STEPS);
    }

    private static DataSet examples(long seed) {
        return new DataSet(sequences(seed, 3), sequences(seed + 1, 2));
    }

    /** Sequences of 6, 4, 2, 6 and 1 steps. */
    private static DataSet ragged() {
        INDArray mask = Nd4j.ones(5, STEPS);
        int[] lengths = {6, 4, 2, 6, 1};
        for (int i = 0; i < lengths.length; i++) {
            for (int t = lengths[i]; t < STEPS; t++) {
                mask.putScalar(i, t, 0);
            }
        }
        return new DataSet(sequences(1, 3), sequences(2, 2), mask, mask.dup());
    }

    private static double[] values(INDArray array) {
        return array.dup('c').data().asDouble();
    }

    @ParameterizedTest
    @EnumSource(Mask.class)
    void keepingAllIsTheLstmOfDl4j(Mask mask) {
        for (DataSet examples : List.of(examples(1), ragged())) {
            MultiLayerNetwork kept = network(layer(dropping(mask, 1)));
            MultiLayerNetwork plain = network(layer(new LSTM.Builder()));
            assertThat(kept.params()).isEqualTo(plain.params());
            for (int step = 0; step < 3; step++) {
                kept.fit(examples);
                plain.fit(examples);
            }
            assertThat(values(kept.params()))
                    .containsExactly(values(plain.params()), within(1e-12));
            assertThat(kept.score()).isCloseTo(plain.score(), within(1e-12));
        }
    }

    @ParameterizedTest
    @EnumSource(Mask.class)
    void keepingAllIsTheLstmOfDl4jWhenTimeIsTruncated(Mask mask) {
        MultiLayerNetwork[] both = new MultiLayerNetwork[2];
        for (int i = 0; i < 2; i++) {
            both[i] =
                    network(
                            list(layer(i == 0 ? dropping(mask, 1) : new LSTM.Builder()), 4)
                                    .backpropType(BackpropType.TruncatedBPTT)
                                    .tBPTTForwardLength(4)
                                    .tBPTTBackwardLength(3)
                                    .build());
            both[i].fit(examples(1));
            both[i].fit(examples(2));
        }
        assertThat(values(both[0].params()))
                .containsExactly(values(both[1].params()), within(1e-12));
    }

    @ParameterizedTest
    @EnumSource(Mask.class)
    void keepingAllIsTheLstmOfDl4jWithTimeInTheMiddle(Mask mask) {
        MultiLayerNetwork[] both = new MultiLayerNetwork[2];
        for (int i = 0; i < 2; i++) {
            both[i] =
                    network(
                            list(
                                            (i == 0 ? dropping(mask, 1) : new LSTM.Builder())
                                                    .nOut(4)
                                                    .dataFormat(RNNFormat.NWC)
                                                    .activation(Activation.TANH)
                                                    .build(),
                                            4)
                                    .setInputType(InputType.recurrent(3, STEPS, RNNFormat.NWC))
                                    .build());
            both[i].fit(
                    new DataSet(
                            sequences(1, 3).permute(0, 2, 1).dup(),
                            sequences(2, 2).permute(0, 2, 1).dup()));
        }
        assertThat(values(both[0].params()))
                .containsExactly(values(both[1].params()), within(1e-12));
    }

    @ParameterizedTest
    @EnumSource(Mask.class)
    void inferenceIsTheLstmOfDl4jAndStepsGoOnFromWhatWasStored(Mask mask) {
        MultiLayerNetwork dropping = network(layer(dropping(mask, 0.5)));
        MultiLayerNetwork plain = network(layer(new LSTM.Builder()));
        INDArray x = sequences(1, 3);
        assertThat(dropping.output(x)).isEqualTo(plain.output(x));
        assertThat(dropping.output(x, true)).isNotEqualTo(plain.output(x));
        assertThat(dropping.rnnTimeStep(x)).isEqualTo(plain.rnnTimeStep(x));
        assertThat(dropping.rnnTimeStep(x)).isEqualTo(plain.rnnTimeStep(x));
    }

    @ParameterizedTest
    @EnumSource(Mask.class)
    void gradientsAreThoseOfFiniteDifferences(Mask mask) {
        for (Layer first :
                List.of(
                        layer(dropping(mask, 0.5)),
                        layer(dropping(mask, 0.5).gateActivationFunction(Activation.SOFTSIGN)),
                        layer(dropping(mask, 0.5).dropOut(ContinuousDropout.uniform(7))),
                        new Bidirectional(layer(dropping(mask, 0.5))))) {
            MultiLayerNetwork network = network(first.clone());
            for (NeuralNetConfiguration conf : network.getLayerWiseConfigurations().getConfs()) {
                noUpdater(conf.getLayer());
            }
            DataSet examples = ragged();
            assertThat(
                            GradientCheckUtil.checkGradients(
                                    new GradientCheckUtil.MLNConfig()
                                            .net(network)
                                            .input(examples.getFeatures())
                                            .labels(examples.getLabels())
                                            .inputMask(examples.getFeaturesMaskArray())
                                            .labelMask(examples.getLabelsMaskArray())
                                            .callEachIter(it -> {})))
                    .isTrue();
        }
    }

    private static void noUpdater(Layer layer) {
        if (layer instanceof Bidirectional both) {
            noUpdater(both.getFwd());
            noUpdater(both.getBwd());
        } else {
            ((org.deeplearning4j.nn.conf.layers.BaseLayer) layer).setIUpdater(new NoOp());
        }
    }

    /**
     * Without weights a candidate is its bias, 2, and every gate 1/2. Kept with 1/2 it counts
     * twice: c(1) is 0 or 2, c(2) is c(1) / 2 + 0 or 2, and h is c / 2.
     */
    private static MultiLayerNetwork weightless(Mask mask, double keep) {
        MultiLayerNetwork network =
                network(
                        dropping(mask, keep)
                                .nIn(3)
                                .nOut(4)
                                .activation(Activation.IDENTITY)
                                .build());
        network.getLayer(0).params().assign(0);
        INDArray biases = network.getLayer(0).getParam("b").reshape(16);
        for (int unit = 0; unit < 4; unit++) {
            biases.putScalar(unit, 2);
        }
        return network;
    }

    private static double[][] hidden(MultiLayerNetwork network, int iteration) {
        Trial.setIteration(network, iteration);
        INDArray h = network.feedForwardToLayer(0, sequences(1, 3), true).get(1);
        List<double[]> series = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            for (int unit = 0; unit < 4; unit++) {
                double[] values = new double[STEPS];
                for (int t = 0; t < STEPS; t++) {
                    values[t] = h.getDouble(i, unit, t);
                }
                series.add(values);
            }
        }
        return series.toArray(double[][]::new);
    }

    @Test
    void whatIsDroppedIsTheNewAndNeverTheRemembered() {
        Set<Double> seconds = new HashSet<>();
        for (double[] h : hidden(weightless(Mask.PER_STEP, 0.5), 0)) {
            assertThat(h[0]).isIn(0.0, 1.0);
            for (int t = 1; t < STEPS; t++) {
                assertThat(h[t] - h[t - 1] / 2).isIn(0.0, 1.0);
            }
            seconds.add(h[1]);
        }
        assertThat(seconds).containsExactlyInAnyOrder(0.0, 0.5, 1.0, 1.5);
    }

    @Test
    void oneMaskHoldsForTheSequence() {
        Set<List<Double>> found = new HashSet<>();
        for (double[] h : hidden(weightless(Mask.PER_SEQUENCE, 0.5), 0)) {
            found.add(Arrays.stream(h).boxed().toList());
        }
        assertThat(found)
                .containsExactlyInAnyOrder(
                        List.of(0.0, 0.0, 0.0, 0.0, 0.0, 0.0),
                        List.of(1.0, 1.5, 1.75, 1.875, 1.9375, 1.96875));
    }

    @ParameterizedTest
    @EnumSource(Mask.class)
    void theMeanInTrainingIsTheValueAtInferenceWithGivenGates(Mask mask) {
        MultiLayerNetwork network =
                network(dropping(mask, 0.6).nIn(3).nOut(4).activation(Activation.IDENTITY).build());
        network.getLayer(0).getParam("RW").assign(0);
        INDArray example = sequences(1, 3).slice(0).reshape(1, 3, STEPS).dup('c');
        double[] expected = values(network.output(example));
        int samples = 200;
        double[] sums = new double[expected.length];
        double[] squares = new double[expected.length];
        for (int sample = 0; sample < samples; sample++) {
            Trial.setIteration(network, sample);
            double[] outputs = values(network.output(example, true));
            for (int i = 0; i < outputs.length; i++) {
                sums[i] += outputs[i];
                squares[i] += outputs[i] * outputs[i];
            }
        }
        for (int i = 0; i < expected.length; i++) {
            double mean = sums[i] / samples;
            double variance = (squares[i] / samples - mean * mean) / (samples - 1);
            assertThat(variance).isPositive();
            assertThat(mean).isCloseTo(expected[i], within(5 * Math.sqrt(variance)));
        }
    }

    @ParameterizedTest
    @EnumSource(Mask.class)
    void droppingAllLeavesNothingToRemember(Mask mask) {
        for (double[] h : hidden(weightless(mask, 0), 0)) {
            assertThat(h).containsOnly(0);
        }
    }

    @ParameterizedTest
    @EnumSource(Mask.class)
    void anotherIterationDrawsDifferentlyAndTheSameOneTheSame(Mask mask) {
        MultiLayerNetwork network = weightless(mask, 0.5);
        double[][] first = hidden(network, 3);
        assertThat(hidden(network, 3)).isDeepEqualTo(first);
        assertThat(hidden(network, 4)).isNotEqualTo(first);
    }

    @Test
    void theMaskOfASequenceStaysThroughAllOfItsPieces() {
        MultiLayerNetwork network = weightless(Mask.PER_SEQUENCE, 0.5);
        INDArray x = sequences(1, 3);
        double[] kept = null;
        for (int piece = 0; piece < 3; piece++) {
            Trial.setIteration(network, piece);
            INDArray h = network.rnnActivateUsingStoredState(x, true, true).get(1);
            double[] now = values(h.slice(STEPS - 1, 2).gt(0).castTo(DataType.DOUBLE));
            if (kept != null) {
                assertThat(now).containsExactly(kept);
            }
            kept = now;
        }
        network.rnnClearPreviousState();
        INDArray h = network.rnnActivateUsingStoredState(x, true, true).get(1);
        assertThat(values(h.slice(STEPS - 1, 2).gt(0).castTo(DataType.DOUBLE))).isNotEqualTo(kept);
    }

    @ParameterizedTest
    @EnumSource(Mask.class)
    void copiesGoOnTheSame(Mask mask, @TempDir Path folder) throws IOException {
        for (Model model :
                List.of(network(layer(dropping(mask, 0.5))), graph(layer(dropping(mask, 0.5))))) {
            fit(model, 1);
            List<? extends Model> copies = ModelCopies.of(model, folder);
            fit(model, 2);
            for (Model copy : copies) {
                fit(copy, 2);
                assertThat(copy.params()).isEqualTo(model.params());
                assertThat(Layers.of(copy).get(0).conf().getLayer())
                        .isEqualTo(Layers.of(model).get(0).conf().getLayer());
            }
        }
    }

    private static void fit(Model model, long seed) {
        if (model instanceof ComputationGraph graph) {
            graph.fit(examples(seed));
        } else {
            ((MultiLayerNetwork) model).fit(examples(seed));
        }
    }

    @Test
    void configurationsDifferByWhatTheyDrop() {
        LSTM one = layer(dropping(Mask.PER_STEP, 0.5));
        assertThat(one).isEqualTo(layer(dropping(Mask.PER_STEP, 0.5))).isEqualTo(one.clone());
        assertThat(one).isNotEqualTo(layer(dropping(Mask.PER_STEP, 0.6)));
        assertThat(one).isNotEqualTo(layer(dropping(Mask.PER_SEQUENCE, 0.5)));
        assertThat(one).isNotEqualTo(layer(new LSTM.Builder()));
        assertThat(one).hasSameHashCodeAs(layer(dropping(Mask.PER_STEP, 0.5)));
    }

    @Test
    void aScheduleOfTheValidationLossIsLearnedOfAndNotShared() {
        LSTM conf =
                new RecurrentDropoutLSTM.Builder(
                                Mask.PER_STEP, new SeededKeep(new ValidationKeep(0.5, 0.5), 1))
                        .nIn(3)
                        .nOut(4)
                        .activation(Activation.TANH)
                        .build();
        MultiLayerNetwork network = network(conf);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DropoutTraining.of(network))
                .withMessage(
                        "Layer 0 (layer0): ValidationKeep needs the validation loss, use"
                                + " DropoutTraining.of(model, validationLoss)");
        double[] losses = {2, 1};
        int[] epoch = {0};
        DropoutTraining training = DropoutTraining.of(network, it -> losses[epoch[0]++]);
        MultiLayerNetwork before = network.clone();
        training.onEpochEnd(network);
        training.onEpochEnd(network);
        assertThat(keep(network)).isEqualTo(0.75);
        assertThat(keep(before)).isEqualTo(0.5);
    }

    private static double keep(MultiLayerNetwork network) {
        RecurrentDropoutLSTM conf = (RecurrentDropoutLSTM) network.getLayer(0).conf().getLayer();
        return ((ValidationKeep) conf.candidates().keep()).keep();
    }

    @Test
    void probabilitiesOutOfRangeAreRefusedBeforeAnythingIsTrained() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> dropping(Mask.PER_STEP, 1.2))
                .withMessage("the probability to keep must be in [0, 1], got 1.2");
        MultiLayerNetwork network =
                network(
                        layer(
                                new RecurrentDropoutLSTM.Builder(
                                                Mask.PER_STEP,
                                                new SeededKeep(new FixedSchedule(3), 1))
                                        .name("memory")));
        INDArray before = network.params().dup();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> network.fit(examples(1)))
                .withMessage(
                        "Layer 0 (memory): the probability to keep at iteration 0 of epoch 0 must"
                                + " be in [0, 1], got 3.0");
        assertThat(network.params()).isEqualTo(before);
    }
}
