package org.dl4jplasticity.growth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.dl4jplasticity.growth.GrowthNetworks.IMAGES;
import static org.dl4jplasticity.growth.GrowthNetworks.SIX;
import static org.dl4jplasticity.growth.GrowthNetworks.activations;
import static org.dl4jplasticity.growth.GrowthNetworks.batches;
import static org.dl4jplasticity.growth.GrowthNetworks.chain;
import static org.dl4jplasticity.growth.GrowthNetworks.convolution;
import static org.dl4jplasticity.growth.GrowthNetworks.dense;
import static org.dl4jplasticity.growth.GrowthNetworks.id;
import static org.dl4jplasticity.growth.GrowthNetworks.kill;
import static org.dl4jplasticity.growth.GrowthNetworks.layer;
import static org.dl4jplasticity.growth.GrowthNetworks.output;
import static org.dl4jplasticity.growth.GrowthNetworks.units;

import java.util.List;
import org.dl4jplasticity.growth.PlasticityMetrics.LayerMetrics;
import org.dl4jplasticity.layers.Sparsity;
import org.dl4jplasticity.testing.Hooks;
import org.dl4jplasticity.testing.NetworkClass;
import org.dl4jplasticity.testing.TinyNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.Sgd;

/** The measures of lost plasticity, of whole networks. */
class NetworkMetricsTest {

    private static double magnitude(INDArray weights) {
        return weights.ameanNumber().doubleValue();
    }

    @ParameterizedTest
    @EnumSource(names = {"SEQUENTIAL", "GRAPH"})
    void tellsOfEachHiddenLayerAndOfTheNetwork(NetworkClass type) {
        TinyNetwork network = dense(type, new Sgd(0.1));
        kill(units(network, type, 0), 1);
        kill(units(network, type, 0), 3);
        kill(units(network, type, 1), 0);
        INDArray features = batches(SIX, DataType.DOUBLE, 1).get(0).getFeatures();
        PlasticityMetrics metrics = PlasticityMetrics.of(network.model(), 0, features);
        assertThat(metrics.layers().stream().map(LayerMetrics::layerId))
                .containsExactly(id(type, 0), id(type, 1));
        assertThat(metrics.layers().stream().map(LayerMetrics::units)).containsExactly(5, 4);
        assertThat(metrics.layers().stream().map(LayerMetrics::deadShare))
                .containsExactly(0.4, 0.25);
        assertThat(metrics.layers().stream().map(LayerMetrics::dormantShare))
                .containsExactly(0.4, 0.25);
        assertThat(metrics.deadShare()).isEqualTo(1 / 3.0, within(1e-15));
        assertThat(metrics.dormantShare()).isEqualTo(1 / 3.0, within(1e-15));
        double ranks = 0;
        for (int layer = 0; layer < 2; layer++) {
            LayerMetrics each = metrics.layers().get(layer);
            double[][] outputs = activations(network, layer, features).toDoubleMatrix();
            assertThat(each.effectiveRank())
                    .isEqualTo(PlasticityMetrics.effectiveRank(outputs), within(1e-9))
                    .isBetween(1.0, each.units() * (1 - each.deadShare()));
            assertThat(each.meanAbsoluteWeight())
                    .isEqualTo(magnitude(layer(network, layer).getParam("W")), within(1e-12));
            ranks += each.effectiveRank() / 2;
        }
        assertThat(metrics.effectiveRank()).isEqualTo(ranks, within(1e-12));
        double sum = 0;
        for (int layer = 0; layer < 3; layer++) {
            INDArray weights = layer(network, layer).getParam("W");
            sum += magnitude(weights) * weights.length();
        }
        assertThat(metrics.meanAbsoluteWeight()).isEqualTo(sum / (30 + 20 + 12), within(1e-12));
    }

    @ParameterizedTest
    @EnumSource(names = {"SEQUENTIAL", "GRAPH"})
    void channelsAreUnitsAndPositionsAreExamples(NetworkClass type) {
        TinyNetwork network =
                chain(type, IMAGES, DataType.FLOAT, new Sgd(0.1), convolution(3), output());
        kill(units(network, type, 0), 2);
        INDArray features = batches(IMAGES, DataType.FLOAT, 1).get(0).getFeatures();
        PlasticityMetrics metrics = PlasticityMetrics.of(network.model(), 0, features);
        assertThat(metrics.layers()).hasSize(1);
        assertThat(metrics.layers().get(0).units()).isEqualTo(3);
        assertThat(metrics.deadShare()).isEqualTo(1 / 3.0);
        INDArray outputs = activations(network, 0, features);
        double[][] rows = new double[20 * 36][3];
        for (int i = 0; i < rows.length; i++) {
            for (int channel = 0; channel < 3; channel++) {
                rows[i][channel] = outputs.getDouble(i / 36, channel, i % 36 / 6, i % 6);
            }
        }
        assertThat(metrics.effectiveRank())
                .isEqualTo(PlasticityMetrics.effectiveRank(rows), within(1e-9));
    }

    @Test
    void inactiveConnectionsAreNoWeights() {
        TinyNetwork network = dense(NetworkClass.SEQUENTIAL, new Sgd(0.1));
        Sparsity.of(0.5).seed(3).applyTo(network.model());
        INDArray features = batches(SIX, DataType.DOUBLE, 1).get(0).getFeatures();
        PlasticityMetrics metrics = PlasticityMetrics.of(network.model(), 0.025, features);
        INDArray first = layer(network, 0).getParam("W");
        double active = network.topology(0).activeCount();
        assertThat(active).isEqualTo(15);
        assertThat(metrics.layers().get(0).meanAbsoluteWeight())
                .isEqualTo(magnitude(first) * 30 / active, within(1e-12));
    }

    @ParameterizedTest
    @EnumSource(names = {"SEQUENTIAL", "GRAPH"})
    void lookingWhileItTrainsChangesNothing(NetworkClass type) {
        List<DataSet> batches = batches(SIX, DataType.DOUBLE, 3);
        INDArray features = batches.get(0).getFeatures();
        TinyNetwork alone = dense(type, new Adam(0.01));
        alone.fit(batches, 2);
        TinyNetwork watched = dense(type, new Adam(0.01));
        watched.listen(
                Hooks.iterationDone(() -> PlasticityMetrics.of(watched.model(), 0.025, features)),
                Hooks.onEpochEnd(() -> PlasticityMetrics.of(watched.model(), 0.025, features)));
        watched.fit(batches, 2);
        assertThat(watched.parameters()).isEqualTo(alone.parameters());
        assertThat(watched.state()).isEqualTo(alone.state());
    }

    @Test
    void refusesFeaturesOfAnotherNumberOfInputs() {
        TinyNetwork network = dense(NetworkClass.SEQUENTIAL, new Sgd(0.1));
        INDArray features = batches(SIX, DataType.DOUBLE, 1).get(0).getFeatures();
        assertThatThrownBy(() -> PlasticityMetrics.of(network.model(), 0.1, features, features))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a MultiLayerNetwork has 1 input, got 2 arrays of features");
        assertThatThrownBy(() -> PlasticityMetrics.of(network.model(), Double.NaN, features))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the threshold of dormant units must be at least 0, got NaN");
    }
}
