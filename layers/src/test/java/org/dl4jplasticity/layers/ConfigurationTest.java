package org.dl4jplasticity.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jplasticity.topology.SparseTopology;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.learning.config.Adam;

class ConfigurationTest {

    @ParameterizedTest
    @ValueSource(doubles = {-0.1, 1, 1.2, Double.NaN, Double.POSITIVE_INFINITY})
    void aSparsityOutOfRangeIsRefusedWhereverItIsGiven(double sparsity) {
        String message = "Layer hidden: sparsity must be in [0, 1), got " + sparsity;
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SparseDenseLayer.Builder().name("hidden").sparsity(sparsity))
                .withMessage(message);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SparseOutputLayer.Builder().name("hidden").sparsity(sparsity))
                .withMessage(message);
        SparseDenseLayer layer =
                new SparseDenseLayer.Builder().name("hidden").nIn(2).nOut(3).build();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> layer.setSparsity(sparsity))
                .withMessage(message);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SparseDenseLayer.Builder().sparsity(sparsity))
                .withMessage("sparsity must be in [0, 1), got " + sparsity);
    }

    @Test
    void aNetworkWithALayerOfNoConnectionsIsRefused() {
        MultiLayerConfiguration configuration =
                new NeuralNetConfiguration.Builder()
                        .list()
                        .layer(
                                new SparseDenseLayer.Builder()
                                        .name("thin")
                                        .nIn(3)
                                        .nOut(4)
                                        .sparsity(0.99)
                                        .build())
                        .build();
        MultiLayerNetwork network = new MultiLayerNetwork(configuration);
        assertThatIllegalArgumentException()
                .isThrownBy(network::init)
                .withMessage(
                        "Layer thin: sparsity 0.99 leaves none of its 12 connections active; lower"
                                + " it");
    }

    @Test
    void aGivenTopologySetsShapeAndSparsityAndIsKept() {
        SparseTopology topology = SparseTopology.of(4, 3, 1, 3, 8, 9);
        SparseDenseLayer layer = new SparseDenseLayer.Builder().topology(topology).build();
        assertThat(layer.getNIn()).isEqualTo(4);
        assertThat(layer.getNOut()).isEqualTo(3);
        assertThat(layer.getSparsity()).isCloseTo(2 / 3.0, within(1e-15));
        SparseOutputLayer output = new SparseOutputLayer.Builder().topology(topology).build();
        assertThat(output.activeCount()).isEqualTo(4);
        MultiLayerNetwork network =
                new MultiLayerNetwork(
                        new NeuralNetConfiguration.Builder().seed(9).list().layer(layer).build());
        network.init();
        assertThat(SavingTest.topology(network, 0)).isEqualTo(topology);
        assertThat(network.getParam("0_W").length()).isEqualTo(4);
    }

    @Test
    void aTopologyOfAnotherShapeThanTheLayerIsRefused() {
        SparseDenseLayer layer =
                new SparseDenseLayer.Builder()
                        .name("hidden")
                        .topology(SparseTopology.of(4, 3, 1, 3, 8, 9))
                        .nIn(5)
                        .build();
        MultiLayerNetwork network =
                new MultiLayerNetwork(
                        new NeuralNetConfiguration.Builder().list().layer(layer).build());
        assertThatIllegalArgumentException()
                .isThrownBy(network::init)
                .withMessage(
                        "Layer 0 (hidden): the topology must have the layer's shape 5 x 3, got"
                                + " 4 x 3");
    }

    @Test
    void afterInitializationTheConfigurationHoldsTheTopologyAndItsExactSparsity() {
        MultiLayerConfiguration configuration = new Design().sparsity(0.666).sparseConfiguration();
        SparseLayer layer = (SparseLayer) configuration.getConf(0).getLayer();
        assertThat(layer.getTopology()).isNull();
        assertThat(layer.activeCount()).isEqualTo(40);
        new MultiLayerNetwork(configuration).init();
        assertThat(layer.getTopology().activeCount()).isEqualTo(40);
        assertThat(layer.getSparsity()).isEqualTo(1 - 40 / 120.0);
    }

    @Test
    void theMemoryReportCountsActiveParametersAlone() {
        SparseDenseLayer layer =
                new SparseDenseLayer.Builder()
                        .nIn(100)
                        .nOut(50)
                        .sparsity(0.9)
                        .updater(new Adam())
                        .build();
        assertThat(layer.getMemoryReport(InputType.feedForward(100)).toJson())
                .contains("\"parameterSize\" : 550")
                .contains("\"updaterStateSize\" : 1100");
    }

    @Test
    void theSummaryOfANetworkGivesTheNumberOfParameters() {
        assertThat(new Design().sparse().summary()).contains("12,10").contains("58").contains("78");
    }

    private static SparseDenseLayer layer(int nIn, int nOut) {
        return new SparseDenseLayer.Builder().nIn(nIn).nOut(nOut).build();
    }

    @Test
    void aSparsityIsSharedOutOverTheSparseLayersOfANetwork() {
        MultiLayerConfiguration configuration =
                new NeuralNetConfiguration.Builder()
                        .list()
                        .layer(layer(20, 30))
                        .layer(new DenseLayer.Builder().nIn(30).nOut(10).build())
                        .layer(layer(10, 10))
                        .build();
        Sparsity.of(0.9).applyTo(configuration);
        MultiLayerNetwork network = new MultiLayerNetwork(configuration);
        network.init();
        assertThat(network.getParam("0_W").length()).isEqualTo(60);
        assertThat(network.getParam("1_W").length()).isEqualTo(300);
        assertThat(network.getParam("2_W").length()).isEqualTo(10);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Sparsity.of(0.5).applyTo(configuration))
                .withMessage(
                        "Layer layer0 has a topology already: set the sparsity before the network"
                                + " is initialized");
        assertThat(network.getParam("0_W").length()).isEqualTo(60);
    }

    @Test
    void aSparsityIsSharedOutOverTheSparseLayersOfAGraph() {
        ComputationGraphConfiguration configuration =
                new NeuralNetConfiguration.Builder()
                        .graphBuilder()
                        .addInputs("input")
                        .addLayer("first", layer(20, 30), "input")
                        .addLayer("second", layer(30, 4), "first")
                        .setOutputs("second")
                        .build();
        Sparsity.of(0.5).applyTo(configuration);
        for (String name : new String[] {"first", "second"}) {
            SparseLayer layer =
                    (SparseLayer)
                            ((LayerVertex) configuration.getVertices().get(name))
                                    .getLayerConf()
                                    .getLayer();
            assertThat(layer.getSparsity()).isEqualTo(0.5);
        }
    }

    @Test
    void aNetworkWithoutSparseLayersHasNothingToShareOut() {
        MultiLayerConfiguration configuration =
                new NeuralNetConfiguration.Builder()
                        .list()
                        .layer(new DenseLayer.Builder().nIn(3).nOut(2).build())
                        .build();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Sparsity.of(0.5).applyTo(configuration));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Sparsity.of(1))
                .withMessage("sparsity must be in [0, 1), got 1.0");
    }

    @Test
    void theTopologyOfALayerInTrainingCanBeReplaced() {
        Twins twins = new Design().twins();
        SparseLayer layer = (SparseLayer) twins.sparse().getLayer(0).conf().getLayer();
        layer.setTopology(
                SparseTopology.random(Design.N_IN, Design.HIDDEN, 48, new SplittableRandom(1)));
        Twins rewired = Twins.of(twins.sparse(), twins.dense());
        var minibatch = Examples.minibatch(DataType.DOUBLE, 1, 9);
        twins.sparse().fit(minibatch);
        twins.dense().fit(minibatch);
        rewired.maskDense();
        rewired.assertSameParameters("with another topology");
    }
}
