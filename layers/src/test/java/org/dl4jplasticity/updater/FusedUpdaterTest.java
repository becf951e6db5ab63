package org.dl4jplasticity.updater;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.GradientNormalization;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.AutoEncoder;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.updater.MultiLayerUpdater;
import org.dl4jplasticity.kernel.KernelChoice;
import org.dl4jplasticity.layers.SparseDenseLayer;
import org.dl4jplasticity.layers.SparseOutputLayer;
import org.dl4jplasticity.layers.runtime.HeapKernels;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.AMSGrad;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;
import org.nd4j.linalg.schedule.ExponentialSchedule;
import org.nd4j.linalg.schedule.MapSchedule;
import org.nd4j.linalg.schedule.ScheduleType;

/** The updates are those of DL4J's own updater, on whose networks they are compared. */
class FusedUpdaterTest {
    /** More than two pieces of parameters, the last one odd. */
    private static final int WIDTH = 131;

    static Stream<Arguments> rules() {
        MapSchedule momentum = new MapSchedule(ScheduleType.ITERATION, Map.of(0, 0.5, 2, 0.9));
        ExponentialSchedule rate = new ExponentialSchedule(ScheduleType.ITERATION, 0.3, 0.5);
        return Stream.of(
                        new Sgd(0.1),
                        new Nesterovs(rate, momentum),
                        new Adam(0.01, 0.8, 0.95, 1e-6),
                        new Adam(0),
                        new NoOp(),
                        new AMSGrad(0.01))
                .flatMap(
                        updater ->
                                Stream.of(DataType.FLOAT, DataType.DOUBLE)
                                        .map(type -> Arguments.of(updater, type)));
    }

    private static NeuralNetConfiguration.Builder recipe(IUpdater updater, DataType type) {
        return new NeuralNetConfiguration.Builder()
                .seed(5)
                .dataType(type)
                .activation(Activation.TANH)
                .updater(updater)
                .biasUpdater(new Sgd(0.05))
                .l1(0.01)
                .l2(0.02);
    }

    private static MultiLayerNetwork sequential(IUpdater updater, DataType type) {
        MultiLayerNetwork network =
                new MultiLayerNetwork(
                        recipe(updater, type)
                                .list()
                                .layer(new DenseLayer.Builder().nOut(WIDTH).build())
                                .layer(new BatchNormalization())
                                .layer(
                                        new SparseDenseLayer.Builder()
                                                .nOut(17)
                                                .sparsity(0.5)
                                                .weightDecay(0.03)
                                                .build())
                                .layer(
                                        new SparseOutputLayer.Builder(LossFunction.MCXENT)
                                                .nOut(3)
                                                .sparsity(0.2)
                                                .activation(Activation.SOFTMAX)
                                                .build())
                                .setInputType(InputType.feedForward(20))
                                .build());
        network.init();
        return network;
    }

    private static ComputationGraph graph(IUpdater updater, DataType type) {
        ComputationGraph network =
                new ComputationGraph(
                        recipe(updater, type)
                                .graphBuilder()
                                .addInputs("in")
                                .addLayer(
                                        "dense", new DenseLayer.Builder().nOut(WIDTH).build(), "in")
                                .addLayer("norm", new BatchNormalization(), "dense")
                                .addLayer(
                                        "sparse",
                                        new SparseDenseLayer.Builder()
                                                .nOut(17)
                                                .sparsity(0.5)
                                                .weightDecay(0.03)
                                                .build(),
                                        "norm")
                                .addLayer(
                                        "out",
                                        new OutputLayer.Builder(LossFunction.MCXENT)
                                                .nOut(3)
                                                .activation(Activation.SOFTMAX)
                                                .build(),
                                        "sparse")
                                .setOutputs("out")
                                .setInputTypes(InputType.feedForward(20))
                                .build());
        network.init();
        return network;
    }

    private static DataSet minibatch(DataType type) {
        INDArray features =
                Nd4j.randn(Nd4j.getRandomFactory().getNewRandomInstance(3), 7, 20).castTo(type);
        INDArray labels = Nd4j.zeros(type, 7, 3);
        for (int example = 0; example < 7; example++) {
            labels.putScalar(example, example % 3, 1);
        }
        return new DataSet(features, labels);
    }

    private static void assertSame(INDArray actual, INDArray expected, DataType type) {
        double tolerance = type == DataType.FLOAT ? 1e-5 : 1e-12;
        assertThat(actual.toDoubleVector().length).isEqualTo((int) expected.length());
        assertThat(actual.sub(expected).normmaxNumber().doubleValue())
                .isLessThan(tolerance * Math.max(1, expected.normmaxNumber().doubleValue()));
    }

    @ParameterizedTest
    @MethodSource("rules")
    void trainsASequenceOfLayersAsDl4jDoes(IUpdater updater, DataType type) {
        MultiLayerNetwork plain = sequential(updater, type);
        MultiLayerNetwork fused = sequential(updater, type);
        fused.setParams(plain.params());
        FusedUpdater.install(fused);
        DataSet minibatch = minibatch(type);
        for (int step = 0; step < 4; step++) {
            plain.fit(minibatch);
            fused.fit(minibatch);
            assertSame(fused.params(), plain.params(), type);
            if (plain.getUpdater().getStateViewArray() != null) {
                assertSame(
                        fused.getUpdater().getStateViewArray(),
                        plain.getUpdater().getStateViewArray(),
                        type);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("rules")
    void trainsAGraphAsDl4jDoes(IUpdater updater, DataType type) {
        ComputationGraph plain = graph(updater, type);
        ComputationGraph fused = graph(updater, type);
        fused.setParams(plain.params());
        FusedUpdater.install(fused);
        DataSet minibatch = minibatch(type);
        for (int step = 0; step < 4; step++) {
            plain.fit(minibatch);
            fused.fit(minibatch);
            assertSame(fused.params(), plain.params(), type);
        }
    }

    /** {@return what {@link UpdatePass} says to the gradient that a step of a network leaves} */
    private static boolean runs(MultiLayerNetwork network, Gradient gradient) {
        return new UpdatePass((MultiLayerUpdater) network.getUpdater()).run(gradient, 0, 0, 1);
    }

    @Test
    void takesTheFusedWayForWhatItKnows() {
        boolean onTheHeap = HeapKernels.of(DataType.FLOAT) != KernelChoice.ND4J;
        for (IUpdater updater :
                List.of(new Sgd(0.1), new Nesterovs(0.1), new Adam(0.1), new NoOp())) {
            MultiLayerNetwork network = sequential(updater, DataType.FLOAT);
            network.fit(minibatch(DataType.FLOAT));
            assertThat(runs(network, network.gradient())).isEqualTo(onTheHeap);
        }
    }

    @Test
    void changesNothingWhereItDoesNotKnowTheRule() {
        MultiLayerNetwork network = sequential(new AMSGrad(0.1), DataType.FLOAT);
        network.fit(minibatch(DataType.FLOAT));
        INDArray before = network.getFlattenedGradients().dup();
        assertThat(runs(network, network.gradient())).isFalse();
        assertThat(network.getFlattenedGradients().toDoubleVector())
                .containsExactly(before.toDoubleVector());
    }

    @Test
    void leavesNormalizedGradientsToDl4j() {
        DataSet minibatch = minibatch(DataType.DOUBLE);
        MultiLayerNetwork[] networks = new MultiLayerNetwork[2];
        for (int i = 0; i < 2; i++) {
            networks[i] =
                    new MultiLayerNetwork(
                            recipe(new Sgd(1), DataType.DOUBLE)
                                    .gradientNormalization(GradientNormalization.ClipL2PerLayer)
                                    .gradientNormalizationThreshold(0.001)
                                    .list()
                                    .layer(
                                            new OutputLayer.Builder(LossFunction.MSE)
                                                    .nIn(20)
                                                    .nOut(3)
                                                    .build())
                                    .build());
            networks[i].init();
        }
        FusedUpdater.install(networks[1]);
        networks[0].fit(minibatch);
        networks[1].fit(minibatch);
        assertThat(networks[1].params().toDoubleVector())
                .containsExactly(networks[0].params().toDoubleVector());
    }

    @Test
    void keepsOptimizerStateWhenInstalledBetweenSteps() {
        MultiLayerNetwork network = sequential(new Adam(0.01), DataType.DOUBLE);
        network.fit(minibatch(DataType.DOUBLE));
        INDArray state = network.getUpdater().getStateViewArray().dup();
        FusedUpdater.install(network);
        Object installed = network.getUpdater();
        FusedUpdater.install(network);
        assertThat(network.getUpdater()).isSameAs(installed);
        assertThat(FusedUpdater.isInstalled(network)).isTrue();
        assertThat(network.getUpdater().getStateViewArray().toDoubleVector())
                .containsExactly(state.toDoubleVector());
    }

    @ParameterizedTest
    @MethodSource("rules")
    void leavesOutTheStepThatItIsAskedTo(IUpdater updater, DataType type) {
        DataSet minibatch = minibatch(type);
        MultiLayerNetwork sequential = sequential(updater, type);
        ComputationGraph graph = graph(updater, type);
        assertThat(FusedUpdater.skipStep(sequential)).isFalse();
        FusedUpdater.install(sequential);
        FusedUpdater.install(graph);
        sequential.fit(minibatch);
        graph.fit(minibatch);
        for (Model network : List.of(sequential, graph)) {
            INDArray state =
                    network == graph
                            ? graph.getUpdater().getStateViewArray()
                            : sequential.getUpdater().getStateViewArray();
            double[] params = network.params().toDoubleVector();
            double[] slots = state == null ? null : state.toDoubleVector();
            assertThat(FusedUpdater.skipStep(network)).isTrue();
            fit(network, minibatch);
            assertThat(network.params().toDoubleVector()).containsExactly(params);
            assertThat(state == null ? null : state.toDoubleVector()).isEqualTo(slots);
            fit(network, minibatch);
            assertThat(network.params().toDoubleVector()).isNotEqualTo(params);
        }
    }

    private static void fit(Model network, DataSet minibatch) {
        if (network instanceof MultiLayerNetwork sequential) {
            sequential.fit(minibatch);
        } else {
            ((ComputationGraph) network).fit(minibatch);
        }
    }

    @Test
    void refusesOtherModels() {
        Model layer =
                new AutoEncoder.Builder()
                        .nIn(2)
                        .nOut(2)
                        .build()
                        .instantiate(
                                new NeuralNetConfiguration.Builder()
                                        .layer(new AutoEncoder.Builder().nIn(2).nOut(2).build())
                                        .build(),
                                null,
                                0,
                                Nd4j.zeros(1, 8),
                                true,
                                DataType.FLOAT);
        assertThat(FusedUpdater.isInstalled(layer)).isFalse();
        assertThatThrownBy(() -> FusedUpdater.install(layer))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(
                        "expected a MultiLayerNetwork or a ComputationGraph to update");
    }
}
