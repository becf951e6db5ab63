package org.dl4jplasticity.growth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.graph.ScaleVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.dl4jplasticity.surgery.NetworkSurgery;
import org.dl4jplasticity.surgery.UnitInitialization.Site;
import org.dl4jplasticity.testing.NetworkClass;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.learning.config.Sgd;

class GrowthGainTest {
    private static final MultiDataSet BATCH = GrowingNetworks.classified(3, 20, 6).toMultiDataSet();

    private static Model network(NetworkClass type) {
        return GrowingNetworks.chain(
                type,
                DataType.FLOAT,
                InputType.feedForward(6),
                GrowingNetworks.dense(5, Activation.TANH),
                GrowingNetworks.dense(4, Activation.RELU),
                GrowingNetworks.classes(3));
    }

    @ParameterizedTest
    @EnumSource(names = {"SEQUENTIAL", "GRAPH"})
    void gradMaxsIsTheSumOfTheLargestSquaredSingularValues(NetworkClass type) {
        Model network = network(type);
        for (String layer : List.of("0", "1")) {
            Site site = new Site(network, layer, NetworkSurgery.of(network).units(layer));
            GrowthStatistics statistics = GrowthStatistics.of(site, BATCH);
            double[] squares =
                    Eigenvalues.squaredSingularValues(
                            statistics.gradient(), statistics.outgoingLength());
            for (int units = 1; units <= 3; units++) {
                assertThat(GrowthGain.gradMax().of(network, layer, BATCH, units))
                        .isEqualTo(Arrays.stream(squares, 0, units).sum(), within(1e-12));
            }
        }
    }

    /** A step of new units by TINY's amplitude can't gain more than the mean squared error has. */
    @ParameterizedTest
    @EnumSource(names = {"SEQUENTIAL", "GRAPH"})
    void tinysIsAtMostTheMeanSquaredErrorOfTheNextLayer(NetworkClass type) {
        Model network = network(type);
        INDArray errors = Recording.of(network, "0", "1", BATCH).error();
        double mean = errors.mul(errors).sumNumber().doubleValue() / 20;
        double gain = GrowthGain.tiny().of(network, "0", BATCH, 4);
        assertThat(gain).isGreaterThan(0.01 * mean).isLessThanOrEqualTo(mean);
    }

    @ParameterizedTest
    @EnumSource(names = {"SEQUENTIAL", "GRAPH"})
    void leaveTheNetworkAsItIs(NetworkClass type) {
        Model network = network(type);
        INDArray before = network.params().dup();
        double once = GrowthGain.tiny().of(network, "1", BATCH, 2);
        assertThat(GrowthGain.tiny().of(network, "1", BATCH, 2)).isEqualTo(once);
        assertThat(network.params()).isEqualTo(before);
    }

    /** A scaling in between is none of the layers, but the next layer's input tells. */
    @Test
    void aVertexInBetweenIsRefused() {
        ComputationGraph network =
                new ComputationGraph(
                        NetworkClass.settings(DataType.DOUBLE, new Sgd(0.1), 3)
                                .graphBuilder()
                                .addInputs("in")
                                .addLayer("a", GrowingNetworks.dense(5, Activation.TANH), "in")
                                .addVertex("twice", new ScaleVertex(2), "a")
                                .addLayer("out", GrowingNetworks.classes(3), "twice")
                                .setOutputs("out")
                                .setInputTypes(InputType.feedForward(6))
                                .build());
        network.init();
        assertThatThrownBy(() -> GrowthGain.gradMax().of(network, "a", BATCH, 1))
                .hasMessage(
                        "Layer a: expected that layer out gets this layer's units and nothing else, got an input of shape [20, 5] that is not the units' output of shape [20, 5]");
    }

    @Test
    void anUnknownLayerIsRefused() {
        assertThatThrownBy(
                        () ->
                                GrowthGain.gradMax()
                                        .of(network(NetworkClass.SEQUENTIAL), "2", BATCH, 1))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
