package org.dl4jplasticity.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.File;
import java.io.IOException;
import java.util.List;
import org.deeplearning4j.gradientcheck.GradientCheckUtil;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
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

/** Activations that are pruned at run time. */
class ActivationPruningLayerTest {
    private static final LayerWorkspaceMgr NO_WORKSPACES = LayerWorkspaceMgr.noWorkspaces();

    @BeforeAll
    static void useDoubles() {
        Nd4j.setDefaultDataTypes(DataType.DOUBLE, DataType.DOUBLE);
    }

    @AfterAll
    static void useFloats() {
        Nd4j.setDefaultDataTypes(DataType.FLOAT, DataType.FLOAT);
    }

    private static ActivationPruningLayer threshold() {
        return new ActivationPruningLayer.Builder().threshold(0.2).build();
    }

    private static ActivationPruningLayer sampling() {
        return new ActivationPruningLayer.Builder().sampling(0.7, 11).build();
    }

    private static NeuralNetConfiguration.Builder settings(IUpdater updater) {
        return new NeuralNetConfiguration.Builder()
                .seed(4)
                .dataType(DataType.DOUBLE)
                .updater(updater);
    }

    private static MultiLayerNetwork sequential(ActivationPruningLayer layer, IUpdater updater) {
        MultiLayerNetwork network =
                new MultiLayerNetwork(
                        settings(updater)
                                .list()
                                .layer(
                                        new DenseLayer.Builder()
                                                .nIn(4)
                                                .nOut(9)
                                                .activation(Activation.TANH)
                                                .build())
                                .layer(layer)
                                .layer(
                                        new OutputLayer.Builder(LossFunction.MCXENT)
                                                .nIn(9)
                                                .nOut(3)
                                                .activation(Activation.SOFTMAX)
                                                .build())
                                .build());
        network.init();
        return network;
    }

    /** A graph of images, so that activations have channels and positions. */
    private static ComputationGraph graph(ActivationPruningLayer layer) {
        ComputationGraph network =
                new ComputationGraph(
                        settings(new Adam(0.01))
                                .graphBuilder()
                                .addInputs("in")
                                .addLayer(
                                        "conv",
                                        new ConvolutionLayer.Builder(2, 2)
                                                .nOut(3)
                                                .activation(Activation.RELU)
                                                .build(),
                                        "in")
                                .addLayer("pruned", layer, "conv")
                                .addLayer(
                                        "out",
                                        new OutputLayer.Builder(LossFunction.MCXENT)
                                                .nOut(3)
                                                .activation(Activation.SOFTMAX)
                                                .build(),
                                        "pruned")
                                .setInputTypes(InputType.convolutional(5, 5, 1))
                                .setOutputs("out")
                                .build());
        network.init();
        return network;
    }

    private static DataSet batch() {
        Nd4j.getRandom().setSeed(8);
        INDArray labels = Nd4j.zeros(6, 3);
        for (int example = 0; example < 6; example++) {
            labels.putScalar(example, example % 3, 1);
        }
        return new DataSet(Nd4j.randn(DataType.DOUBLE, 6, 4), labels);
    }

    private static DataSet images() {
        return new DataSet(Nd4j.randn(DataType.DOUBLE, 6, 1, 5, 5), batch().getLabels());
    }

    @Test
    void activationsBelowTheThresholdBecomeZero() {
        assertThat(
                        new ActivationPruning.Threshold(0.3)
                                .factors(new double[] {0.1, -0.5, 0.3, -0.29, 0, 2}, 2, 0))
                .containsExactly(0, 1, 1, 0, 0, 1);
    }

    /** One draw: what is drawn becomes the sum of the magnitudes, 3.6, with its sign. */
    @Test
    void aSingleDrawLeavesOneActivationOfEachExample() {
        double[] activations = {0.5, -1, 0, 2, 0.1, 0, 0, 0, -3, 0};
        for (int iteration = 0; iteration < 50; iteration++) {
            double[] factors =
                    new ActivationPruning.Sampling(0.2, 5).factors(activations, 2, iteration);
            double[] kept = new double[2];
            int count = 0;
            for (int i = 0; i < factors.length; i++) {
                kept[i / 5] += Math.abs(activations[i]) * factors[i];
                count += factors[i] != 0 ? 1 : 0;
            }
            assertThat(count).isEqualTo(2);
            assertThat(kept).containsExactly(new double[] {3.6, 3}, within(1e-12));
        }
    }

    /** Of n iterations the mean is h, its variance {@code h^2 (1 / q - 1) / n}. */
    @Test
    void theExpectationIsTheActivation() {
        double[] activations = {0.5, -1, 0, 2, 0.1};
        ActivationPruning sampling = new ActivationPruning.Sampling(0.6, 3);
        int n = 20_000;
        double[] sums = new double[5];
        for (int iteration = 0; iteration < n; iteration++) {
            double[] factors = sampling.factors(activations, 1, iteration);
            for (int i = 0; i < 5; i++) {
                sums[i] += activations[i] * factors[i];
            }
        }
        for (int i = 0; i < 5; i++) {
            double chance = Math.abs(activations[i]) / 3.6;
            double ever = 1 - (1 - chance) * (1 - chance) * (1 - chance);
            double error =
                    chance == 0 ? 0 : Math.abs(activations[i]) * Math.sqrt((1 / ever - 1) / n);
            assertThat(sums[i] / n).isCloseTo(activations[i], within(5 * error));
        }
    }

    @Test
    void iterationsAndSeedsDrawAnewAndTheSameDrawTheSame() {
        double[] activations = new double[200];
        for (int i = 0; i < activations.length; i++) {
            activations[i] = 1 + i % 7;
        }
        ActivationPruning sampling = new ActivationPruning.Sampling(0.5, 3);

        double[] first = sampling.factors(activations, 2, 7);

        assertThat(sampling.factors(activations, 2, 7)).isEqualTo(first);
        assertThat(sampling.factors(activations, 2, 8)).isNotEqualTo(first);
        assertThat(new ActivationPruning.Sampling(0.5, 4).factors(activations, 2, 7))
                .isNotEqualTo(first);
    }

    @Test
    void examplesWithoutAnyActivationStayZero() {
        assertThat(new ActivationPruning.Sampling(1, 3).factors(new double[6], 2, 0))
                .containsOnly(0);
    }

    @Test
    void gradientsAreThoseOfFiniteDifferences() {
        MultiLayerNetwork network = sequential(threshold(), new NoOp());
        DataSet batch = batch();
        double[] hidden =
                network.feedForward(batch.getFeatures()).get(2).dup('c').data().asDouble();
        assertThat(hidden).contains(0.0);

        boolean passed =
                GradientCheckUtil.checkGradients(
                        new GradientCheckUtil.MLNConfig()
                                .net(network)
                                .input(batch.getFeatures())
                                .labels(batch.getLabels()));

        assertThat(passed).isTrue();
    }

    @Test
    void theBackwardPassMultipliesByWhatTheForwardPassDid() {
        for (ActivationPruningLayer conf : List.of(threshold(), sampling())) {
            Layer layer = sequential(conf, new NoOp()).getLayer(1);
            Nd4j.getRandom().setSeed(2);
            INDArray input = Nd4j.randn(DataType.DOUBLE, 6, 9).mul(0.3).dup('f');
            INDArray epsilon = Nd4j.randn(DataType.DOUBLE, 6, 9);
            layer.setInput(input, NO_WORKSPACES);

            INDArray output = layer.activate(true, NO_WORKSPACES);
            INDArray gradient = layer.backpropGradient(epsilon, NO_WORKSPACES).getSecond();

            INDArray expected = epsilon.mul(output).div(input);
            assertThat(output.eq(0).castTo(DataType.INT32).sumNumber().intValue()).isBetween(5, 49);
            assertThat(gradient.sub(expected).amaxNumber().doubleValue()).isLessThan(1e-12);
        }
    }

    @Test
    void trainingAndInferencePruneAlikeAndEachIterationDrawsAnew() {
        MultiLayerNetwork network = sequential(sampling(), new Adam(0.01));
        DataSet batch = batch();
        INDArray first = network.feedForward(batch.getFeatures(), false).get(2).dup();
        INDArray training = network.feedForward(batch.getFeatures(), true).get(2).dup();
        double before = network.score(batch);

        for (int step = 0; step < 30; step++) {
            network.fit(batch);
        }

        assertThat(training).isEqualTo(first);
        INDArray later = network.feedForward(batch.getFeatures(), false).get(2);
        assertThat(later.eq(0)).isNotEqualTo(first.eq(0));
        assertThat(network.score(batch)).isLessThan(before);
    }

    @Test
    void channelsAndPositionsArePrunedInGraphsToo() {
        ComputationGraph network = graph(sampling());
        DataSet images = images();
        for (int step = 0; step < 3; step++) {
            network.fit(images);
        }

        INDArray pruned = network.feedForward(images.getFeatures(), false).get("pruned");

        assertThat(pruned.shape()).containsExactly(6, 3, 4, 4);
        // at most round(0.7 * 48) of each example's
        INDArray counts = pruned.neq(0).castTo(DataType.DOUBLE).sum(1, 2, 3);
        assertThat(counts.maxNumber().intValue()).isBetween(1, 34);
        assertThat(network.params().isNaN().any()).isFalse();
    }

    @Test
    void copiesDrawWhatTheNetworkDraws(@TempDir File folder) throws IOException {
        for (ActivationPruningLayer conf : List.of(threshold(), sampling())) {
            MultiLayerNetwork network = sequential(conf, new Adam(0.01));
            DataSet batch = batch();
            network.fit(batch);
            File file = new File(folder, "network.zip");
            network.save(file, true);
            MultiLayerNetwork loaded = MultiLayerNetwork.load(file, true);
            MultiLayerNetwork clone = network.clone();
            for (MultiLayerNetwork copy : List.of(loaded, clone)) {
                assertThat(copy.getLayer(1).conf().getLayer()).isEqualTo(conf);
                assertThat(copy.output(batch.getFeatures()))
                        .isEqualTo(network.output(batch.getFeatures()));
            }
            network.fit(batch);
            loaded.fit(batch);
            assertThat(loaded.params()).isEqualTo(network.params());
        }
    }

    @Test
    void jsonKeepsWhatIsPruned() {
        for (ActivationPruningLayer conf : List.of(threshold(), sampling())) {
            MultiLayerConfiguration chain =
                    sequential(conf, new NoOp()).getLayerWiseConfigurations();
            ComputationGraphConfiguration graph = graph(conf).getConfiguration();

            MultiLayerConfiguration read = MultiLayerConfiguration.fromJson(chain.toJson());

            assertThat(((ActivationPruningLayer) read.getConf(1).getLayer()).pruning())
                    .isEqualTo(conf.pruning());
            assertThat(read).isEqualTo(chain);
            assertThat(ComputationGraphConfiguration.fromJson(graph.toJson())).isEqualTo(graph);
        }
        assertThat(threshold()).isNotEqualTo(sampling());
    }

    @Test
    void refusesNumbersOutOfTheirRange() {
        ActivationPruningLayer.Builder builder = new ActivationPruningLayer.Builder();
        for (double number : List.of(-0.1, Double.NaN, Double.POSITIVE_INFINITY)) {
            assertThatThrownBy(() -> builder.threshold(number))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("[0, infinity), got " + number);
            assertThatThrownBy(() -> builder.sampling(number, 1))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("(0, infinity), got " + number);
        }
        assertThatThrownBy(builder::build)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("got neither");
    }
}
