package org.dl4jplasticity.transformer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import org.deeplearning4j.exception.DL4JInvalidInputException;
import org.deeplearning4j.gradientcheck.GradientCheckUtil;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jplasticity.dropout.DropoutTraining;
import org.dl4jplasticity.dropout.LinearKeep;
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
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;
import org.nd4j.linalg.schedule.FixedSchedule;
import org.nd4j.linalg.schedule.ScheduleType;

/** Blocks of width 4 with 2 heads on sequences of 3 steps, 2 classes. */
class TransformerBlockLayerTest {
    private static final int WIDTH = 4;
    private static final int STEPS = 3;
    private static final int EXAMPLES = 4;

    @BeforeAll
    static void useDoubles() {
        Nd4j.setDefaultDataTypes(DataType.DOUBLE, DataType.DOUBLE);
    }

    @AfterAll
    static void useFloats() {
        Nd4j.setDefaultDataTypes(DataType.FLOAT, DataType.FLOAT);
    }

    private static TransformerBlockLayer.Builder dropping(double attention, double feedForward) {
        return new TransformerBlockLayer.Builder(2)
                .nIn(WIDTH)
                .nOut(WIDTH)
                .hidden(5)
                .activation(Activation.TANH)
                .keepingAttention(new SeededKeep(attention, 7))
                .keepingFeedForward(new SeededKeep(feedForward, 8));
    }

    private static OutputLayer output() {
        return new OutputLayer.Builder(LossFunction.MSE)
                .nIn(WIDTH)
                .nOut(2)
                .activation(Activation.IDENTITY)
                .build();
    }

    private static NeuralNetConfiguration.Builder builder(IUpdater updater) {
        return new NeuralNetConfiguration.Builder()
                .seed(3)
                .dataType(DataType.DOUBLE)
                .updater(updater);
    }

    private static MultiLayerNetwork network(
            IUpdater updater, TransformerBlockLayer.Builder... all) {
        NeuralNetConfiguration.ListBuilder list = builder(updater).list();
        for (TransformerBlockLayer.Builder block : all) {
            list.layer(block.build());
        }
        MultiLayerNetwork network =
                new MultiLayerNetwork(
                        list.layer(new GlobalPoolingLayer(PoolingType.AVG))
                                .layer(output())
                                .build());
        network.init();
        // Away from where all gains and offsets are alike.
        for (int i = 0; i < all.length; i++) {
            for (String key : List.of("b1", "b2", "g1", "c1", "g2", "c2")) {
                INDArray vector = network.getLayer(i).getParam(key);
                vector.addi(
                        numbers(key.hashCode(), 1, (int) vector.length()).reshape(vector.shape()));
            }
        }
        return network;
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

    private static INDArray sequences(long seed) {
        return numbers(seed, EXAMPLES, WIDTH * STEPS).reshape('c', EXAMPLES, WIDTH, STEPS);
    }

    private static DataSet examples(long seed) {
        return new DataSet(sequences(seed), numbers(seed + 1, EXAMPLES, 2));
    }

    /** Sequences of 3, 2, 1 and 3 steps. */
    private static INDArray mask() {
        return Nd4j.createFromArray(new double[][] {{1, 1, 1}, {1, 1, 0}, {1, 0, 0}, {1, 1, 1}});
    }

    private static double[] values(INDArray array) {
        return array.dup('c').data().asDouble();
    }

    private static INDArray block(MultiLayerNetwork network, INDArray x, boolean training) {
        return network.feedForwardToLayer(0, x, training).get(1).dup('c');
    }

    private static void setIteration(MultiLayerNetwork network, int iteration) {
        network.setIterationCount(iteration);
        for (Layer layer : network.getLayers()) {
            layer.setIterationCount(iteration);
        }
    }

    /** With DL4J's attention operation as the other way to get there. */
    @Test
    void theFirstHalfAddsMultiHeadAttentionOfTheNormalizedInput() {
        MultiLayerNetwork network = network(new Adam(0.01), dropping(1, 1));
        for (String key : List.of("W2", "b2")) {
            network.getLayer(0).getParam(key).assign(0);
        }
        INDArray x = sequences(1);
        INDArray centred = x.sub(x.mean(true, 1).broadcast(x.shape()));
        INDArray deviations = Nd4j.math().sqrt(centred.mul(centred).mean(true, 1).add(1e-5));
        INDArray normal = centred.div(deviations.broadcast(x.shape()));
        INDArray gain = network.getLayer(0).getParam("g1").reshape(1, WIDTH, 1);
        INDArray offset = network.getLayer(0).getParam("c1").reshape(1, WIDTH, 1);
        normal = normal.mul(gain.broadcast(x.shape())).add(offset.broadcast(x.shape())).dup('c');
        INDArray[] projections = new INDArray[3];
        for (int i = 0; i < 3; i++) {
            String key = List.of("Wq", "Wk", "Wv").get(i);
            projections[i] =
                    network.getLayer(0)
                            .getParam(key)
                            .transpose()
                            .dup('c')
                            .reshape('c', 2, WIDTH / 2, WIDTH);
        }
        INDArray attended =
                Nd4j.nn()
                        .multiHeadDotProductAttention(
                                normal,
                                normal,
                                normal,
                                projections[0],
                                projections[1],
                                projections[2],
                                network.getLayer(0).getParam("Wo"),
                                null,
                                true);
        assertThat(values(block(network, x, false)))
                .containsExactly(values(x.add(attended)), within(1e-9));
    }

    /** Without attention a step is a small network of its own, written out. */
    @Test
    void theSecondHalfAddsAFeedForwardNetworkOfEachStep() {
        MultiLayerNetwork network = network(new Adam(0.01), dropping(1, 1));
        Layer layer = network.getLayer(0);
        layer.getParam("Wo").assign(0);
        INDArray x = sequences(1);
        INDArray outputs = block(network, x, false);
        for (int example = 0; example < EXAMPLES; example++) {
            for (int step = 0; step < STEPS; step++) {
                double[] now = new double[WIDTH];
                double mean = 0;
                for (int i = 0; i < WIDTH; i++) {
                    now[i] = x.getDouble(example, i, step);
                    mean += now[i] / WIDTH;
                }
                double variance = 1e-5;
                for (double value : now) {
                    variance += (value - mean) * (value - mean) / WIDTH;
                }
                for (int o = 0; o < WIDTH; o++) {
                    double y = now[o] + layer.getParam("b2").getDouble(o);
                    for (int unit = 0; unit < 5; unit++) {
                        double z = layer.getParam("b1").getDouble(unit);
                        for (int i = 0; i < WIDTH; i++) {
                            z +=
                                    layer.getParam("W1").getDouble(i, unit)
                                            * ((now[i] - mean)
                                                            / Math.sqrt(variance)
                                                            * layer.getParam("g2").getDouble(i)
                                                    + layer.getParam("c2").getDouble(i));
                        }
                        y += Math.tanh(z) * layer.getParam("W2").getDouble(unit, o);
                    }
                    assertThat(outputs.getDouble(example, o, step)).isCloseTo(y, within(1e-12));
                }
            }
        }
    }

    @Test
    void gradientsAreThoseOfFiniteDifferences() {
        for (INDArray mask : new INDArray[] {null, mask()}) {
            MultiLayerNetwork network =
                    network(new NoOp(), dropping(0.7, 0.6), dropping(1, 1).hidden(3));
            DataSet examples = examples(1);
            assertThat(
                            GradientCheckUtil.checkGradients(
                                    new GradientCheckUtil.MLNConfig()
                                            .net(network)
                                            .input(examples.getFeatures())
                                            .labels(examples.getLabels())
                                            .inputMask(mask)
                                            .callEachIter(it -> {})))
                    .isTrue();
        }
    }

    @Test
    void whatComesAfterTheEndOfASequenceDoesntMatter() {
        MultiLayerNetwork network = network(new Adam(0.01), dropping(1, 1), dropping(1, 1));
        INDArray x = sequences(1);
        INDArray outputs = network.output(x, false, mask(), null).dup();
        x.putScalar(new int[] {1, 2, 2}, 100);
        x.putScalar(new int[] {2, 0, 1}, -100);
        assertThat(network.output(x, false, mask(), null)).isEqualTo(outputs);
        x.putScalar(new int[] {1, 2, 1}, 100);
        assertThat(network.output(x, false, mask(), null)).isNotEqualTo(outputs);
    }

    /** Each half is linear in what it drops. */
    @Test
    void theMeanInTrainingIsTheValueAtInferenceOfEachHalf() {
        for (boolean attends : new boolean[] {true, false}) {
            MultiLayerNetwork network =
                    network(new Adam(0.01), attends ? dropping(0.7, 1) : dropping(1, 0.7));
            network.getLayer(0).getParam(attends ? "W2" : "Wo").assign(0);
            INDArray x = sequences(1);
            double[] expected = values(block(network, x, false));
            int samples = 200;
            double[] sums = new double[expected.length];
            double[] squares = new double[expected.length];
            for (int sample = 0; sample < samples; sample++) {
                setIteration(network, sample);
                double[] outputs = values(block(network, x, true));
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
    }

    @Test
    void keepingAllIsInferenceAndDroppingAllLeavesTheInput() {
        INDArray x = sequences(1);
        MultiLayerNetwork all = network(new Adam(0.01), dropping(1, 1));
        assertThat(block(all, x, true)).isEqualTo(block(all, x, false));
        MultiLayerNetwork none = network(new Adam(0.01), dropping(0, 0));
        none.getLayer(0).getParam("b2").assign(0);
        assertThat(values(block(none, x, true))).containsExactly(values(x), within(1e-12));
    }

    @Test
    void anotherIterationDrawsDifferentlyAndInferenceDrawsNothing() {
        for (TransformerBlockLayer.Builder block : List.of(dropping(0.5, 1), dropping(1, 0.5))) {
            MultiLayerNetwork network = network(new Adam(0.01), block);
            INDArray x = sequences(1);
            INDArray inference = network.output(x).dup();
            setIteration(network, 3);
            INDArray outputs = network.output(x, true).dup();
            assertThat(network.output(x, true)).isEqualTo(outputs).isNotEqualTo(inference);
            assertThat(network.output(x)).isEqualTo(inference);
            setIteration(network, 4);
            assertThat(network.output(x, true)).isNotEqualTo(outputs);
        }
    }

    /** From all kept in epoch 0 to none kept in epoch 2. */
    @Test
    void probabilitiesFollowTheirSchedules() {
        SeededKeep falling = new SeededKeep(new LinearKeep(ScheduleType.EPOCH, 1, 0, 2), 7);
        MultiLayerNetwork network =
                network(
                        new Adam(0.01),
                        dropping(1, 1).keepingAttention(falling).keepingFeedForward(falling));
        network.getLayer(0).getParam("b2").assign(0);
        INDArray x = sequences(1);
        assertThat(block(network, x, true)).isEqualTo(block(network, x, false));
        network.getLayer(0).setEpochCount(2);
        assertThat(values(block(network, x, true))).containsExactly(values(x), within(1e-12));
    }

    @Test
    void aScheduleOfTheValidationLossIsLearnedOfAndNotShared() {
        SeededKeep waiting = new SeededKeep(new ValidationKeep(0.5, 0.5), 7);
        MultiLayerNetwork network =
                network(
                        new Adam(0.01),
                        dropping(1, 1).keepingAttention(waiting).keepingFeedForward(waiting));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DropoutTraining.of(network))
                .withMessageEndingWith("use DropoutTraining.of(model, validationLoss)");
        double[] losses = {2, 1};
        int[] epoch = {0};
        DropoutTraining training = DropoutTraining.of(network, it -> losses[epoch[0]++]);
        MultiLayerNetwork before = network.clone();
        training.onEpochEnd(network);
        training.onEpochEnd(network);
        for (SeededKeep kept : List.of(conf(network).attention(), conf(network).feedForward())) {
            assertThat(((ValidationKeep) kept.keep()).keep()).isEqualTo(0.75);
        }
        assertThat(((ValidationKeep) conf(before).attention().keep()).keep()).isEqualTo(0.5);
    }

    private static TransformerBlockLayer conf(MultiLayerNetwork network) {
        return (TransformerBlockLayer) network.getLayer(0).conf().getLayer();
    }

    @Test
    void copiesGoOnTheSame(@TempDir Path folder) throws IOException {
        MultiLayerNetwork network = network(new Adam(0.01), dropping(0.6, 0.7));
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
    void aGraphInfersTheWidthAndTrains() {
        ComputationGraph graph =
                new ComputationGraph(
                        builder(new Adam(0.01))
                                .graphBuilder()
                                .addInputs("in")
                                .addLayer(
                                        "block",
                                        new TransformerBlockLayer.Builder(2)
                                                .keepingFeedForward(new SeededKeep(0.5, 1))
                                                .build(),
                                        "in")
                                .addLayer(
                                        "pooled", new GlobalPoolingLayer(PoolingType.AVG), "block")
                                .addLayer(
                                        "out",
                                        new OutputLayer.Builder(LossFunction.MSE)
                                                .nOut(2)
                                                .activation(Activation.IDENTITY)
                                                .build(),
                                        "pooled")
                                .setOutputs("out")
                                .setInputTypes(InputType.recurrent(WIDTH))
                                .build());
        graph.init();
        assertThat(graph.getLayer("block").getParam("W1").shape()).containsExactly(4, 16);
        double before = graph.score(examples(1));
        for (int step = 0; step < 100; step++) {
            graph.fit(examples(1));
        }
        assertThat(graph.score(examples(1))).isLessThan(before / 4);
        ComputationGraphConfiguration conf = graph.getConfiguration();
        assertThat(ComputationGraphConfiguration.fromJson(conf.toJson())).isEqualTo(conf);
        assertThat(ComputationGraphConfiguration.fromYaml(conf.toYaml())).isEqualTo(conf);
    }

    @Test
    void configurationsDifferByHeadsWidthsAndDropouts() {
        TransformerBlockLayer one = dropping(0.5, 0.6).build();
        assertThat(one).isEqualTo(one.clone()).hasSameHashCodeAs(one.clone());
        assertThat(one)
                .isNotEqualTo(dropping(0.6, 0.6).build())
                .isNotEqualTo(dropping(0.5, 0.5).build())
                .isNotEqualTo(dropping(0.5, 0.6).hidden(6).build());
    }

    @Test
    void wrongNumbersAndInputsAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new TransformerBlockLayer.Builder(0))
                .withMessage("a transformer block must have at least 1 of its heads, got 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> network(new Adam(0.01), dropping(1, 1).name("first").nIn(3)))
                .withMessage(
                        "Layer 0 (first): a transformer block needs as many outputs as inputs and a"
                                + " multiple of its 2 heads, got 3 inputs and 4 outputs");
        MultiLayerNetwork network =
                network(
                        new Adam(0.01),
                        dropping(1, 1)
                                .name("first")
                                .keepingAttention(new SeededKeep(new FixedSchedule(2), 7)));
        INDArray before = network.params().dup();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> network.fit(examples(1)))
                .withMessage(
                        "Layer 0 (first): the probability to keep at iteration 0 of epoch 0 must be"
                                + " in [0, 1], got 2.0");
        assertThat(network.params()).isEqualTo(before);
        assertThatExceptionOfType(DL4JInvalidInputException.class)
                .isThrownBy(() -> network.output(numbers(1, 2, 4)))
                .withMessageStartingWith(
                        "expected input of shape [minibatch, 4, steps], got [2, 4]");
    }
}
