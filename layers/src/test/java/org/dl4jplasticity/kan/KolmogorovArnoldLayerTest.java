package org.dl4jplasticity.kan;

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
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jplasticity.dropout.SeededKeep;
import org.dl4jplasticity.kan.KolmogorovArnoldLayer.Drop;
import org.dl4jplasticity.testing.ModelCopies;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;
import org.nd4j.linalg.schedule.FixedSchedule;

/** Networks of 4 inputs, 5 units that add functions, and 2 outputs. */
class KolmogorovArnoldLayerTest {

    @BeforeAll
    static void useDoubles() {
        Nd4j.setDefaultDataTypes(DataType.DOUBLE, DataType.DOUBLE);
    }

    @AfterAll
    static void useFloats() {
        Nd4j.setDefaultDataTypes(DataType.FLOAT, DataType.FLOAT);
    }

    private static KolmogorovArnoldLayer.Builder dropping(Drop drop, double keep) {
        return new KolmogorovArnoldLayer.Builder()
                .nIn(4)
                .nOut(5)
                .dropping(drop, new SeededKeep(keep, 7));
    }

    private static OutputLayer output() {
        return new OutputLayer.Builder(LossFunction.MSE)
                .nIn(5)
                .nOut(2)
                .activation(Activation.IDENTITY)
                .build();
    }

    private static NeuralNetConfiguration.Builder builder(IUpdater updater) {
        return new NeuralNetConfiguration.Builder()
                .seed(3)
                .dataType(DataType.DOUBLE)
                .activation(Activation.TANH)
                .updater(updater);
    }

    private static MultiLayerNetwork network(KolmogorovArnoldLayer.Builder layer) {
        return network(layer, new Adam(0.01));
    }

    private static MultiLayerNetwork network(
            KolmogorovArnoldLayer.Builder layer, IUpdater updater) {
        MultiLayerNetwork network =
                new MultiLayerNetwork(
                        builder(updater).list().layer(layer.build()).layer(output()).build());
        network.init();
        return network;
    }

    private static INDArray numbers(long seed, int rows, int columns) {
        SplittableRandom random = new SplittableRandom(seed);
        double[][] values = new double[rows][columns];
        for (double[] row : values) {
            for (int i = 0; i < columns; i++) {
                row[i] = random.nextDouble(-1.2, 1.2);
            }
        }
        return Nd4j.createFromArray(values);
    }

    private static DataSet examples(long seed) {
        return new DataSet(numbers(seed, 6, 4), numbers(seed + 1, 6, 2));
    }

    private static double[] values(INDArray array) {
        return array.dup('c').data().asDouble();
    }

    private static INDArray hidden(MultiLayerNetwork network, INDArray x, boolean training) {
        return network.feedForwardToLayer(0, x, training).get(1).dup('c');
    }

    private static double silu(double x) {
        return x / (1 + Math.exp(-x));
    }

    /** One edge with hats at -1, 0 and 1 of heights 2, 3 and 5, written out. */
    @Test
    void anEdgeAddsItsBaseFunctionAndItsSpline() {
        MultiLayerNetwork network =
                new MultiLayerNetwork(
                        builder(new Adam(0.01))
                                .list()
                                .layer(
                                        new KolmogorovArnoldLayer.Builder()
                                                .grid(2, -1, 1)
                                                .order(1)
                                                .nIn(1)
                                                .nOut(1)
                                                .build())
                                .layer(
                                        new OutputLayer.Builder(LossFunction.MSE)
                                                .nIn(1)
                                                .nOut(1)
                                                .activation(Activation.IDENTITY)
                                                .build())
                                .build());
        network.init();
        network.getParam("0_W").assign(10);
        network.getParam("0_S").assign(0.5);
        network.getParam("0_C").assign(Nd4j.createFromArray(2.0, 3.0, 5.0).reshape(3, 1));
        INDArray x = Nd4j.createFromArray(new double[][] {{0.25}, {-1}, {1.5}, {4}});
        assertThat(values(hidden(network, x, false)))
                .containsExactly(
                        new double[] {
                            10 * silu(0.25) + 0.5 * (0.75 * 3 + 0.25 * 5),
                            10 * silu(-1) + 0.5 * 2,
                            10 * silu(1.5) + 0.5 * (0.5 * 5),
                            10 * silu(4)
                        },
                        within(1e-12));
    }

    /** An edge at a time: only one coefficient, weight or scale isn't 0. */
    @Test
    void parametersStandWhereTheyAreSaidToStand() {
        MultiLayerNetwork network = network(dropping(Drop.INPUTS, 1).grid(2, -1, 1).order(1));
        INDArray x = Nd4j.createFromArray(new double[][] {{-1, 0, 0, 1}});
        network.getParam("0_W").assign(0);
        network.getParam("0_S").assign(1);
        network.getParam("0_C").assign(0);
        // Bases of input 3 are rows 9 to 11; its value is 1, where the last one has its top.
        network.getParam("0_C").putScalar(11, 2, 7);
        assertThat(values(hidden(network, x, false))).containsExactly(0, 0, 7, 0, 0);
        network.getParam("0_S").putScalar(3, 2, 0.5);
        assertThat(values(hidden(network, x, false))).containsExactly(0, 0, 3.5, 0, 0);
        network.getParam("0_W").putScalar(0, 4, 2);
        assertThat(values(hidden(network, x, false)))
                .containsExactly(new double[] {0, 0, 3.5, 0, 2 * silu(-1)}, within(1e-12));
    }

    @Test
    void newSplinesAreCloseToZeroAndTheActivationIsTheIdentity() {
        MultiLayerNetwork network = network(new KolmogorovArnoldLayer.Builder().nIn(60).nOut(5));
        assertThat(values(network.getParam("0_S"))).containsOnly(1);
        double[] coefficients = values(network.getParam("0_C"));
        assertThat(coefficients).hasSize(60 * 6 * 5);
        double squares = 0;
        for (double value : coefficients) {
            squares += value * value;
        }
        assertThat(100 * squares / coefficients.length)
                .isCloseTo(1, within(5 * Math.sqrt(2.0 / coefficients.length)));
        assertThat(((BaseLayer) network.getLayer(0).conf().getLayer()).getActivationFn())
                .isEqualTo(new ActivationIdentity());
    }

    @ParameterizedTest
    @EnumSource(Drop.class)
    void gradientsAreThoseOfFiniteDifferences(Drop drop) {
        for (KolmogorovArnoldLayer.Builder layer :
                List.of(
                        dropping(drop, 0.6),
                        dropping(drop, 1).activation(Activation.TANH).order(2))) {
            MultiLayerNetwork network =
                    new MultiLayerNetwork(
                            builder(new NoOp())
                                    .list()
                                    .layer(
                                            new KolmogorovArnoldLayer.Builder()
                                                    .nIn(4)
                                                    .nOut(4)
                                                    .build())
                                    .layer(layer.build())
                                    .layer(output())
                                    .build());
            network.init();
            DataSet examples = examples(1);
            assertThat(
                            GradientCheckUtil.checkGradients(
                                    new GradientCheckUtil.MLNConfig()
                                            .net(network)
                                            .input(examples.getFeatures())
                                            .labels(examples.getLabels())
                                            .callEachIter(it -> {})))
                    .isTrue();
        }
    }

    /** Before the updater divides it by the number of examples. */
    private static INDArray gradient(MultiLayerNetwork network, INDArray x, INDArray y) {
        network.setInput(x);
        network.setLabels(y);
        network.computeGradientAndScore();
        return network.gradient().gradient().dup();
    }

    /** Large enough for several threads, whereas an example alone is not. */
    @Test
    void theGradientOfAMinibatchIsTheSumOfThoseOfItsExamples() {
        MultiLayerNetwork network =
                new MultiLayerNetwork(
                        builder(new Adam(0.01))
                                .list()
                                .layer(
                                        new KolmogorovArnoldLayer.Builder()
                                                .nIn(60)
                                                .nOut(250)
                                                .build())
                                .layer(new KolmogorovArnoldLayer.Builder().nIn(250).nOut(5).build())
                                .layer(output())
                                .build());
        network.init();
        int examples = 32;
        INDArray x = numbers(5, examples, 60);
        INDArray y = numbers(6, examples, 2);
        INDArray sum = Nd4j.zeros(DataType.DOUBLE, network.params().shape());
        for (int example = 0; example < examples; example++) {
            sum.addi(
                    gradient(
                            network, x.getRow(example, true).dup(), y.getRow(example, true).dup()));
        }
        double norm = sum.norm2Number().doubleValue();
        assertThat(norm).isPositive();
        assertThat(gradient(network, x, y).distance2(sum)).isCloseTo(0, within(1e-12 * norm));
    }

    @ParameterizedTest
    @EnumSource(
            value = Drop.class,
            names = {"POST_ACTIVATIONS", "POST_SPLINES"})
    void theMeanInTrainingIsTheValueAtInference(Drop drop) {
        MultiLayerNetwork network = network(dropping(drop, 0.7));
        INDArray x = numbers(5, 1, 4);
        double[] expected = values(network.output(x));
        int samples = 400;
        double[] sums = new double[2];
        double[] squares = new double[2];
        for (int sample = 0; sample < samples; sample++) {
            setIteration(network, sample);
            double[] outputs = values(network.output(x, true));
            for (int i = 0; i < 2; i++) {
                sums[i] += outputs[i];
                squares[i] += outputs[i] * outputs[i];
            }
        }
        for (int i = 0; i < 2; i++) {
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

    /** Of one input: an edge gives phi twice, or nothing; its base function alone; or phi(0). */
    @ParameterizedTest
    @EnumSource(Drop.class)
    void whatIsDroppedIsTheEdgeTheSplineOrTheInput(Drop drop) {
        MultiLayerNetwork network =
                network(
                        new KolmogorovArnoldLayer.Builder()
                                .nIn(1)
                                .nOut(5)
                                .dropping(drop, new SeededKeep(0.5, 7)));
        INDArray x = Nd4j.valueArrayOf(new long[] {8, 1}, 0.3);
        double[] whole = values(hidden(network, x.slice(0).reshape(1, 1), false));
        double[] doubled = values(hidden(network, Nd4j.create(new double[][] {{0.6}}), false));
        double[] atZero = values(hidden(network, Nd4j.create(new double[][] {{0}}), false));
        double[] weights = values(network.getParam("0_W"));
        INDArray outputs = hidden(network, x, true);
        Set<Boolean> found = new HashSet<>();
        for (int o = 0; o < 5; o++) {
            double base = weights[o] * silu(0.3);
            double kept =
                    switch (drop) {
                        case POST_ACTIVATIONS -> 2 * whole[o];
                        case POST_SPLINES -> base + 2 * (whole[o] - base);
                        case INPUTS -> doubled[o];
                    };
            double dropped =
                    switch (drop) {
                        case POST_ACTIVATIONS -> 0;
                        case POST_SPLINES -> base;
                        case INPUTS -> atZero[o];
                    };
            for (int example = 0; example < 8; example++) {
                double value = outputs.getDouble(example, o);
                boolean isKept = Math.abs(value - kept) < 1e-12;
                assertThat(value).isCloseTo(isKept ? kept : dropped, within(1e-12));
                found.add(isKept);
            }
        }
        assertThat(found).containsExactlyInAnyOrder(true, false);
    }

    @ParameterizedTest
    @EnumSource(Drop.class)
    void anotherIterationDrawsDifferentlyAndInferenceDrawsNothing(Drop drop) {
        MultiLayerNetwork network = network(dropping(drop, 0.5));
        INDArray x = numbers(5, 3, 4);
        INDArray inference = network.output(x).dup();
        setIteration(network, 3);
        INDArray outputs = network.output(x, true).dup();
        assertThat(network.output(x, true)).isEqualTo(outputs).isNotEqualTo(inference);
        assertThat(network.output(x)).isEqualTo(inference);
        setIteration(network, 4);
        assertThat(network.output(x, true)).isNotEqualTo(outputs);
    }

    @ParameterizedTest
    @EnumSource(Drop.class)
    void keepingAllIsInferenceAndDroppingAllLeavesWhatIsDefined(Drop drop) {
        INDArray x = numbers(5, 3, 4);
        MultiLayerNetwork all = network(dropping(drop, 1));
        assertThat(all.output(x, true)).isEqualTo(all.output(x));
        MultiLayerNetwork none = network(dropping(drop, 0));
        double[] left = values(hidden(none, x, true));
        if (drop == Drop.POST_SPLINES) {
            none.getParam("0_S").assign(0); // the base functions alone
        }
        double[] expected =
                drop == Drop.POST_ACTIVATIONS
                        ? new double[15]
                        : values(hidden(none, drop == Drop.INPUTS ? x.mul(0) : x, false));
        assertThat(left).containsExactly(expected, within(1e-12));
    }

    @ParameterizedTest
    @EnumSource(Drop.class)
    void copiesGoOnTheSame(Drop drop, @TempDir Path folder) throws IOException {
        MultiLayerNetwork network = network(dropping(drop, 0.6));
        network.fit(examples(1));
        List<MultiLayerNetwork> copies = ModelCopies.of(network, folder);
        network.fit(examples(2));
        for (MultiLayerNetwork copy : copies) {
            assertThat(copy.getLayer(0).conf().getLayer())
                    .isEqualTo(network.getLayer(0).conf().getLayer());
            copy.fit(examples(2));
            assertThat(copy.params()).isEqualTo(network.params());
        }
    }

    @Test
    void graphsAreMadeOfItToo() {
        ComputationGraph graph =
                new ComputationGraph(
                        builder(new Adam(0.01))
                                .graphBuilder()
                                .addInputs("in")
                                .addLayer("kan", dropping(Drop.POST_SPLINES, 0.5).build(), "in")
                                .addLayer("out", output(), "kan")
                                .setOutputs("out")
                                .build());
        graph.init();
        INDArray before = graph.params().dup();
        graph.fit(examples(1));
        assertThat(graph.params()).isNotEqualTo(before);
        ComputationGraphConfiguration conf = graph.getConfiguration();
        assertThat(ComputationGraphConfiguration.fromJson(conf.toJson())).isEqualTo(conf);
        assertThat(graph.clone().outputSingle(numbers(5, 3, 4)))
                .isEqualTo(graph.outputSingle(numbers(5, 3, 4)));
    }

    @Test
    void configurationsDifferByGridAndDropout() {
        KolmogorovArnoldLayer one = dropping(Drop.INPUTS, 0.5).build();
        assertThat(one).isEqualTo(one.clone()).hasSameHashCodeAs(one.clone());
        assertThat(one)
                .isNotEqualTo(dropping(Drop.POST_SPLINES, 0.5).build())
                .isNotEqualTo(dropping(Drop.INPUTS, 0.6).build())
                .isNotEqualTo(dropping(Drop.INPUTS, 0.5).order(2).build())
                .isNotEqualTo(dropping(Drop.INPUTS, 0.5).grid(4, -1, 1).build())
                .isNotEqualTo(dropping(Drop.INPUTS, 0.5).grid(3, -1, 2).build());
    }

    /** A function that no single unit of a dense layer can follow. */
    @Test
    void anEdgeLearnsAWave() {
        MultiLayerNetwork network =
                new MultiLayerNetwork(
                        builder(new Adam(0.05))
                                .list()
                                .layer(
                                        new KolmogorovArnoldLayer.Builder()
                                                .grid(5, -1, 1)
                                                .nIn(1)
                                                .nOut(1)
                                                .build())
                                .layer(
                                        new OutputLayer.Builder(LossFunction.MSE)
                                                .nIn(1)
                                                .nOut(1)
                                                .activation(Activation.IDENTITY)
                                                .build())
                                .build());
        network.init();
        INDArray x = Nd4j.linspace(DataType.DOUBLE, -1, 2.0 / 63, 64).reshape(64, 1);
        INDArray y = Nd4j.math().sin(x.mul(Math.PI));
        DataSet wave = new DataSet(x, y);
        for (int step = 0; step < 300; step++) {
            network.fit(wave);
        }
        assertThat(network.score(wave)).isLessThan(0.005);
    }

    @Test
    void floatsAreComputedWithToo() {
        MultiLayerNetwork network =
                new MultiLayerNetwork(
                        builder(new Adam(0.01))
                                .dataType(DataType.FLOAT)
                                .list()
                                .layer(dropping(Drop.POST_ACTIVATIONS, 0.5).build())
                                .layer(output())
                                .build());
        network.init();
        MultiLayerNetwork same = network(dropping(Drop.POST_ACTIVATIONS, 0.5));
        same.setParams(network.params().castTo(DataType.DOUBLE));
        network.fit(examples(1));
        same.fit(examples(1));
        assertThat(values(network.params().castTo(DataType.DOUBLE)))
                .containsExactly(values(same.params()), within(1e-4));
    }

    @Test
    void wrongNumbersAndInputsAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new KolmogorovArnoldLayer.Builder().grid(0, -1, 1))
                .withMessage("a spline's grid must have at least 1 interval, got 0");
        MultiLayerNetwork network =
                network(
                        new KolmogorovArnoldLayer.Builder()
                                .name("edges")
                                .nIn(4)
                                .nOut(5)
                                .dropping(Drop.INPUTS, new SeededKeep(new FixedSchedule(2), 7)));
        INDArray before = network.params().dup();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> network.fit(examples(1)))
                .withMessage(
                        "Layer 0 (edges): the probability to keep at iteration 0 of epoch 0 must be"
                                + " in [0, 1], got 2.0");
        assertThat(network.params()).isEqualTo(before);
        assertThatExceptionOfType(DL4JInvalidInputException.class)
                .isThrownBy(() -> network.output(numbers(1, 2, 3)))
                .withMessageStartingWith("expected input of shape [minibatch, 4], got [2, 3]");
    }
}
