package org.dl4jplasticity.adapter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.deeplearning4j.exception.DL4JInvalidInputException;
import org.deeplearning4j.gradientcheck.GradientCheckUtil;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.constraint.NonNegativeConstraint;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jplasticity.dropout.DropoutTraining;
import org.dl4jplasticity.dropout.SeededKeep;
import org.dl4jplasticity.dropout.ValidationKeep;
import org.dl4jplasticity.testing.ModelCopies;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;
import org.nd4j.linalg.schedule.FixedSchedule;

/** Networks of 6 inputs, 8 and 9 hidden units and 3 outputs. */
class LowRankAdaptersTest {

    @BeforeAll
    static void useDoubles() {
        Nd4j.setDefaultDataTypes(DataType.DOUBLE, DataType.DOUBLE);
    }

    @AfterAll
    static void useFloats() {
        Nd4j.setDefaultDataTypes(DataType.FLOAT, DataType.FLOAT);
    }

    private static NeuralNetConfiguration.Builder builder(IUpdater updater, Activation hidden) {
        return new NeuralNetConfiguration.Builder()
                .seed(3)
                .dataType(DataType.DOUBLE)
                .activation(hidden)
                .l2(1e-2)
                .updater(updater);
    }

    private static OutputLayer output() {
        return new OutputLayer.Builder(LossFunction.MSE)
                .nIn(9)
                .nOut(3)
                .activation(Activation.IDENTITY)
                .build();
    }

    private static MultiLayerNetwork network(IUpdater updater, Activation hidden) {
        MultiLayerNetwork network =
                new MultiLayerNetwork(
                        builder(updater, hidden)
                                .list()
                                .layer(new DenseLayer.Builder().nIn(6).nOut(8).build())
                                .layer(
                                        new DenseLayer.Builder()
                                                .name("second")
                                                .nIn(8)
                                                .nOut(9)
                                                .hasBias(false)
                                                .build())
                                .layer(output())
                                .build());
        network.init();
        return network;
    }

    private static ComputationGraph graph() {
        ComputationGraph graph =
                new ComputationGraph(
                        builder(new Adam(0.01), Activation.TANH)
                                .graphBuilder()
                                .addInputs("in")
                                .addLayer(
                                        "first",
                                        new DenseLayer.Builder().nIn(6).nOut(8).build(),
                                        "in")
                                .addLayer(
                                        "second",
                                        new DenseLayer.Builder().nIn(8).nOut(9).build(),
                                        "first")
                                .addLayer("out", output(), "second")
                                .setOutputs("out")
                                .build());
        graph.init();
        return graph;
    }

    private static INDArray numbers(long seed, int rows, int columns) {
        SplittableRandom random = new SplittableRandom(seed);
        double[][] values = new double[rows][columns];
        for (double[] row : values) {
            for (int i = 0; i < columns; i++) {
                row[i] = random.nextDouble(-1, 1);
            }
        }
        return Nd4j.createFromArray(values);
    }

    private static DataSet examples(long seed) {
        return new DataSet(numbers(seed, 10, 6), numbers(seed + 1, 10, 3));
    }

    private static double[] values(INDArray array) {
        return array.dup('c').data().asDouble();
    }

    private static LowRankAdapters dropping(double keep) {
        return LowRankAdapters.of(2).alpha(3).keeping(new SeededKeep(keep, 7));
    }

    /** An adapted network whose B isn't 0 any more. */
    private static MultiLayerNetwork tuned(double keep, Activation hidden) {
        MultiLayerNetwork adapted = dropping(keep).adapt(network(new Sgd(0.1), hidden));
        for (int i = 0; i < 2; i++) {
            INDArray up = adapted.getLayer(i).getParam("B");
            up.assign(numbers(20 + i, 2, (int) up.size(1)));
        }
        return adapted;
    }

    @Test
    void anAdaptedNetworkBeginsWithTheOutputsOfTheOther() {
        MultiLayerNetwork trained = network(new Adam(0.01), Activation.TANH);
        trained.fit(examples(1));
        INDArray before = trained.params().dup();
        MultiLayerNetwork adapted = LowRankAdapters.of(2).adapt(trained);
        INDArray x = numbers(5, 4, 6);
        assertThat(values(adapted.output(x)))
                .containsExactly(values(trained.output(x)), within(1e-12));
        assertThat(trained.params()).isEqualTo(before);
        // 6 x 8, 8, 6 x 2, 2 x 8; 8 x 9, 8 x 2, 2 x 9; 9 x 3, 3
        assertThat(adapted.numParams()).isEqualTo(48 + 8 + 12 + 16 + 72 + 16 + 18 + 27 + 3);
        assertThat(adapted.getIterationCount()).isEqualTo(trained.getIterationCount());
    }

    @Test
    void theDrawnMatrixHasTheVarianceOfOneOverItsInputs() {
        MultiLayerNetwork network =
                new MultiLayerNetwork(
                        builder(new Sgd(1), Activation.TANH)
                                .list()
                                .layer(new DenseLayer.Builder().nIn(400).nOut(9).build())
                                .layer(output())
                                .build());
        network.init();
        double[] drawn = values(LowRankAdapters.of(9).adapt(network).getLayer(0).getParam("A"));
        double squares = 0;
        for (double value : drawn) {
            squares += value * value;
        }
        // The variance of a variance over n normal numbers is 2 / n.
        assertThat(400 * squares / drawn.length)
                .isCloseTo(1, within(5 * Math.sqrt(2.0 / drawn.length)));
    }

    @Test
    void onlyTheAdaptersAndWhatHasNoneLearn() {
        MultiLayerNetwork trained = network(new Adam(0.01), Activation.TANH);
        MultiLayerNetwork adapted = dropping(0.8).adapt(trained);
        for (int step = 0; step < 3; step++) {
            adapted.fit(examples(step));
        }
        for (String frozen : List.of("0_W", "0_b", "1_W")) {
            assertThat(adapted.getParam(frozen)).isEqualTo(trained.getParam(frozen));
        }
        assertThat(adapted.getParam("0_B").norm2Number().doubleValue()).isPositive();
        assertThat(adapted.getParam("2_W")).isNotEqualTo(trained.getParam("2_W"));
        // Adam's two numbers for each of those that learn.
        assertThat(adapted.getUpdater().getStateViewArray().length())
                .isEqualTo(2 * (12 + 16 + 16 + 18 + 27 + 3));
    }

    @Test
    void mergingGivesDl4jsLayersTheSameOutputs() {
        MultiLayerNetwork trained = network(new Adam(0.01), Activation.TANH);
        MultiLayerNetwork adapted = dropping(0.8).adapt(trained);
        adapted.fit(examples(1));
        MultiLayerNetwork merged = LowRankAdapters.merge(adapted);
        INDArray x = numbers(5, 4, 6);
        assertThat(values(merged.output(x)))
                .containsExactly(values(adapted.output(x)), within(1e-12));
        assertThat(merged.output(x)).isNotEqualTo(trained.output(x));
        assertThat(merged.getLayer(0).conf().getLayer())
                .isEqualTo(trained.getLayer(0).conf().getLayer());
        assertThat(merged.getLayer(1).conf().getLayer())
                .isEqualTo(trained.getLayer(1).conf().getLayer());
        assertThat(merged.numParams()).isEqualTo(trained.numParams());
    }

    @Test
    void graphsAreAdaptedAndMergedToo() {
        ComputationGraph trained = graph();
        ComputationGraph adapted = dropping(0.8).only(layer -> layer.getNOut() == 9).adapt(trained);
        assertThat(adapted.getLayer("first").conf().getLayer()).isInstanceOf(DenseLayer.class);
        adapted.fit(examples(1));
        ComputationGraph merged = LowRankAdapters.merge(adapted);
        INDArray x = numbers(5, 4, 6);
        assertThat(values(merged.outputSingle(x)))
                .containsExactly(values(adapted.outputSingle(x)), within(1e-12));
        assertThat(merged.getLayer("second").conf().getLayer())
                .isEqualTo(trained.getLayer("second").conf().getLayer());
        assertThat(LowRankAdapters.ensemble(adapted, 3, x)[0].shape()).containsExactly(4, 3);
    }

    /** x W + b + 3/2 (m1 x) A B m2, written out. */
    @Test
    void inTrainingInputsAndOutputsOfTheAdapterAreDropped() {
        MultiLayerNetwork adapted = tuned(0.5, Activation.IDENTITY);
        INDArray x = Nd4j.eye(6);
        INDArray plain = x.mmul(adapted.getParam("0_W")).addiRowVector(adapted.getParam("0_b"));
        INDArray added = adapted.feedForwardToLayer(0, x, true).get(1).sub(plain);
        INDArray full = adapted.getParam("0_A").mmul(adapted.getParam("0_B")).mul(1.5);
        Set<Integer> inputs = new HashSet<>();
        Set<Integer> outputs = new HashSet<>();
        for (int i = 0; i < 6; i++) {
            for (int o = 0; o < 8; o++) {
                double ratio = added.getDouble(i, o) / full.getDouble(i, o);
                if (Math.abs(ratio) > 1e-9) {
                    assertThat(ratio).isCloseTo(4, within(1e-9)); // twice over 1/2
                    inputs.add(i);
                    outputs.add(o);
                }
            }
        }
        int kept = 0;
        for (int i = 0; i < 6; i++) {
            for (int o = 0; o < 8; o++) {
                kept += Math.abs(added.getDouble(i, o)) > 1e-9 ? 1 : 0;
            }
        }
        assertThat(inputs.size()).isBetween(1, 5);
        assertThat(outputs.size()).isBetween(1, 7);
        assertThat(kept).isEqualTo(inputs.size() * outputs.size());
    }

    @Test
    void theMeanInTrainingIsTheValueAtInference() {
        MultiLayerNetwork adapted = tuned(0.7, Activation.IDENTITY);
        INDArray x = numbers(5, 1, 6);
        double[] expected = values(adapted.output(x));
        int samples = 400;
        double[] sums = new double[3];
        double[] squares = new double[3];
        for (int sample = 0; sample < samples; sample++) {
            setIteration(adapted, sample);
            double[] outputs = values(adapted.output(x, true));
            for (int i = 0; i < 3; i++) {
                sums[i] += outputs[i];
                squares[i] += outputs[i] * outputs[i];
            }
        }
        for (int i = 0; i < 3; i++) {
            double mean = sums[i] / samples;
            double variance = (squares[i] / samples - mean * mean) / (samples - 1);
            assertThat(variance).isPositive();
            assertThat(mean).isCloseTo(expected[i], within(5 * Math.sqrt(variance)));
        }
    }

    private static void setIteration(MultiLayerNetwork network, int iteration) {
        network.setIterationCount(iteration);
        for (Layer layer : network.getLayers()) {
            layer.setIterationCount(iteration);
        }
    }

    @Test
    void anotherIterationDrawsDifferentlyAndTheSameOneTheSame() {
        MultiLayerNetwork adapted = tuned(0.5, Activation.TANH);
        INDArray x = numbers(5, 4, 6);
        setIteration(adapted, 3);
        INDArray outputs = adapted.output(x, true).dup();
        assertThat(adapted.output(x, true)).isEqualTo(outputs);
        assertThat(adapted.output(x)).isNotEqualTo(outputs);
        setIteration(adapted, 4);
        assertThat(adapted.output(x, true)).isNotEqualTo(outputs);
    }

    @Test
    void keepingAllIsInferenceAndDroppingAllIsTheNetworkAsItWas() {
        INDArray x = numbers(5, 4, 6);
        MultiLayerNetwork all = tuned(1, Activation.TANH);
        assertThat(values(all.output(x, true)))
                .containsExactly(values(all.output(x)), within(1e-12));
        MultiLayerNetwork none = tuned(0, Activation.TANH);
        assertThat(values(none.output(x, true)))
                .containsExactly(
                        values(network(new Sgd(0.1), Activation.TANH).output(x)), within(1e-12));
    }

    @Test
    void gradientsOfTheAdaptersAreThoseOfFiniteDifferences() {
        MultiLayerNetwork adapted = tuned(0.6, Activation.TANH);
        for (Layer layer : adapted.getLayers()) {
            ((org.deeplearning4j.nn.conf.layers.BaseLayer) layer.conf().getLayer())
                    .setIUpdater(new NoOp());
        }
        DataSet examples = examples(1);
        assertThat(
                        GradientCheckUtil.checkGradients(
                                new GradientCheckUtil.MLNConfig()
                                        .net(adapted)
                                        .input(examples.getFeatures())
                                        .labels(examples.getLabels())
                                        .excludeParams(Set.of("0_W", "0_b", "1_W"))
                                        .callEachIter(it -> {})))
                .isTrue();
    }

    @Test
    void theEnsembleIsTheMeanOverMasksAndLeavesNothingBehind() {
        MultiLayerNetwork adapted = tuned(0.5, Activation.IDENTITY);
        INDArray x = numbers(5, 2, 6);
        INDArray inference = adapted.output(x).dup();
        INDArray one = LowRankAdapters.ensemble(adapted, x, 1);
        INDArray two = LowRankAdapters.ensemble(adapted, x, 2);
        assertThat(one).isNotEqualTo(inference);
        assertThat(LowRankAdapters.ensemble(adapted, x, 2)).isEqualTo(two);
        assertThat(two).isNotEqualTo(one);
        assertThat(adapted.output(x)).isEqualTo(inference);
        // Linear: 400 masks come close to all of them.
        assertThat(LowRankAdapters.ensemble(adapted, x, 400).distance2(inference))
                .isLessThan(one.distance2(inference) / 3);
    }

    @Test
    void copiesGoOnTheSame(@TempDir Path folder) throws IOException {
        MultiLayerNetwork adapted = dropping(0.6).adapt(network(new Adam(0.01), Activation.TANH));
        adapted.fit(examples(1));
        List<MultiLayerNetwork> copies = ModelCopies.of(adapted, folder);
        adapted.fit(examples(2));
        for (MultiLayerNetwork copy : copies) {
            assertThat(copy.getLayer(0).conf().getLayer())
                    .isEqualTo(adapted.getLayer(0).conf().getLayer());
            copy.fit(examples(2));
            assertThat(copy.params()).isEqualTo(adapted.params());
        }
    }

    @Test
    void graphsGoOnTheSameFromTheirText() {
        ComputationGraph adapted = dropping(0.6).adapt(graph());
        ComputationGraphConfiguration conf = adapted.getConfiguration();
        assertThat(ComputationGraphConfiguration.fromJson(conf.toJson())).isEqualTo(conf);
        assertThat(ComputationGraphConfiguration.fromYaml(conf.toYaml())).isEqualTo(conf);
    }

    @Test
    void configurationsDifferByTheirAdapters() {
        LowRankDenseLayer one = new LowRankDenseLayer.Builder(2).nIn(3).nOut(4).build();
        assertThat(one).isEqualTo(one.clone()).hasSameHashCodeAs(one.clone());
        assertThat(one.alpha()).isEqualTo(2);
        assertThat(one)
                .isNotEqualTo(new LowRankDenseLayer.Builder(3).nIn(3).nOut(4).build())
                .isNotEqualTo(new LowRankDenseLayer.Builder(2).alpha(1).nIn(3).nOut(4).build())
                .isNotEqualTo(
                        new LowRankDenseLayer.Builder(2).hasBias(false).nIn(3).nOut(4).build())
                .isNotEqualTo(
                        new LowRankDenseLayer.Builder(2)
                                .keeping(new SeededKeep(0.5, 0))
                                .nIn(3)
                                .nOut(4)
                                .build());
    }

    /** One that wasn't made from a trained one. */
    @Test
    void aNewLayerBeginsAsADenseOne() {
        MultiLayerNetwork network =
                new MultiLayerNetwork(
                        builder(new Sgd(0.1), Activation.TANH)
                                .biasInit(0.25)
                                .list()
                                .layer(new LowRankDenseLayer.Builder(2).nIn(6).nOut(9).build())
                                .layer(output())
                                .build());
        network.init();
        assertThat(network.getParam("0_W").norm2Number().doubleValue()).isPositive();
        assertThat(network.getParam("0_A").norm2Number().doubleValue()).isPositive();
        assertThat(values(network.getParam("0_b"))).containsOnly(0.25);
        assertThat(values(network.getParam("0_B"))).containsOnly(0);
    }

    @Test
    void aScheduleOfTheValidationLossIsLearnedOf() {
        MultiLayerNetwork adapted =
                LowRankAdapters.of(2)
                        .keeping(new SeededKeep(new ValidationKeep(0.5, 0.5), 1))
                        .adapt(network(new Sgd(0.1), Activation.TANH));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DropoutTraining.of(adapted))
                .withMessageEndingWith("use DropoutTraining.of(model, validationLoss)");
    }

    @Test
    void whatCantBeAdaptedIsRefused() {
        MultiLayerNetwork plain = network(new Sgd(0.1), Activation.TANH);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LowRankAdapters.of(0))
                .withMessage("the rank of an adapter must be at least 1, got 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LowRankAdapters.of(1).alpha(0))
                .withMessage("the alpha of an adapter must be in (0, infinity), got 0.0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LowRankAdapters.of(1).only(layer -> false).adapt(plain))
                .withMessage(
                        "the network has no DenseLayer to put an adapter on, or none is chosen");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LowRankAdapters.merge(plain))
                .withMessage("the network has no layer with a low-rank adapter");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LowRankAdapters.ensemble(plain, numbers(1, 1, 6), 2))
                .withMessage("the network has no layer with a low-rank adapter");
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () ->
                                LowRankAdapters.ensemble(
                                        dropping(0.5).adapt(plain), numbers(1, 1, 6), 0))
                .withMessage("the number of masks to average over must be at least 1, got 0");
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () ->
                                LowRankAdapters.of(1)
                                        .adapt(
                                                new MultiLayerNetwork(
                                                        plain.getLayerWiseConfigurations())))
                .withMessage(
                        "expected an initialized network, got one without parameters: call init()"
                                + " first");
        plain.getLayer(1).conf().getLayer().setConstraints(List.of(new NonNegativeConstraint()));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LowRankAdapters.of(1).adapt(plain))
                .withMessage(
                        "Layer 1 (second): a low-rank adapter is for a dense layer without"
                                + " constraints");
    }

    @Test
    void inputsOfAnotherWidthAndProbabilitiesOutOfRangeAreRefused() {
        MultiLayerNetwork adapted =
                LowRankAdapters.of(2)
                        .keeping(new SeededKeep(new FixedSchedule(1.5), 1))
                        .only(layer -> layer.getNOut() == 9)
                        .adapt(network(new Sgd(0.1), Activation.TANH));
        INDArray before = adapted.params().dup();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> adapted.fit(examples(1)))
                .withMessage(
                        "Layer second: the probability to keep at iteration 0 of epoch 0 must be in"
                                + " [0, 1], got 1.5");
        assertThat(adapted.params()).isEqualTo(before);
        assertThatExceptionOfType(DL4JInvalidInputException.class)
                .isThrownBy(
                        () ->
                                dropping(1)
                                        .adapt(network(new Sgd(0.1), Activation.TANH))
                                        .output(numbers(1, 2, 5)))
                .withMessageStartingWith("expected input of shape [minibatch, 6], got [2, 5]");
    }
}
