package org.dl4jplasticity.layers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.dl4jplasticity.testing.ModelCopies;
import org.dl4jplasticity.topology.SparseTopology;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.Adam;

/** Copies of a network in training have its topologies and go on as it does, bit for bit. */
class SavingTest {
    private MultiLayerNetwork network;

    @BeforeEach
    void train() {
        network = design(11).sparse();
        for (int step = 0; step < 3; step++) {
            network.fit(minibatch(step));
        }
    }

    private static Design design(long seed) {
        return new Design()
                .type(DataType.FLOAT)
                .seed(seed)
                .bias(false)
                .updater(new Adam(0.01))
                .network(builder -> builder.l2(0.01));
    }

    private static DataSet minibatch(int step) {
        return Examples.minibatch(DataType.FLOAT, step, 16);
    }

    static SparseTopology topology(MultiLayerNetwork network, int layer) {
        return ((SparseLayer) network.getLayer(layer).conf().getLayer()).getTopology();
    }

    private void assertGoesOnTheSame(MultiLayerNetwork copy) {
        assertThat(topology(copy, 0)).isEqualTo(topology(network, 0));
        assertThat(topology(copy, 1)).isEqualTo(topology(network, 1));
        for (int step = 3; step < 6; step++) {
            INDArray features = minibatch(step).getFeatures();
            assertThat(Examples.elements(copy.output(features)))
                    .isEqualTo(Examples.elements(network.output(features)));
            network.fit(minibatch(step));
            copy.fit(minibatch(step));
            assertThat(Examples.elements(copy.params()))
                    .as("after step %d", step)
                    .isEqualTo(Examples.elements(network.params()));
        }
    }

    @Test
    void aSavedNetworkGoesOnTheSame(@TempDir Path folder) throws IOException {
        File file = folder.resolve("network.zip").toFile();
        ModelSerializer.writeModel(network, file, true);
        MultiLayerNetwork restored = ModelSerializer.restoreMultiLayerNetwork(file, true);
        assertThat(restored.getLayerWiseConfigurations())
                .isEqualTo(network.getLayerWiseConfigurations());
        assertGoesOnTheSame(restored);
    }

    @Test
    void aCloneGoesOnTheSame() {
        assertGoesOnTheSame(network.clone());
    }

    @Test
    void aNetworkOfTheJsonConfigurationGoesOnTheSame() {
        String json = network.getLayerWiseConfigurations().toJson();
        assertThat(json).contains(topology(network, 0).toText());
        assertRebuiltGoesOnTheSame(MultiLayerConfiguration.fromJson(json));
    }

    @Test
    void aNetworkOfTheYamlConfigurationGoesOnTheSame() {
        assertRebuiltGoesOnTheSame(
                MultiLayerConfiguration.fromYaml(network.getLayerWiseConfigurations().toYaml()));
    }

    private void assertRebuiltGoesOnTheSame(MultiLayerConfiguration configuration) {
        assertThat(configuration).isEqualTo(network.getLayerWiseConfigurations());
        assertGoesOnTheSame(ModelCopies.rebuilt(network, configuration));
    }

    @Test
    void aConfigurationThatIsNotInitializedIsReadBackAndDrawsTheSameTopologies() {
        MultiLayerConfiguration configuration = design(12).sparseConfiguration();
        MultiLayerConfiguration read = MultiLayerConfiguration.fromJson(configuration.toJson());
        assertThat(read).isEqualTo(configuration);
        MultiLayerNetwork rebuilt = new MultiLayerNetwork(read);
        rebuilt.init();
        MultiLayerNetwork original = design(12).sparse();
        assertThat(topology(rebuilt, 0)).isEqualTo(topology(original, 0));
        assertThat(topology(rebuilt, 1)).isEqualTo(topology(original, 1));
    }

    @Test
    void configurationsOfOtherTopologySparsityOrBiasDiffer() {
        MultiLayerConfiguration configuration = network.getLayerWiseConfigurations();
        MultiLayerConfiguration other = configuration.clone();
        assertThat(other).isEqualTo(configuration).hasSameHashCodeAs(configuration);
        SparseLayer layer = (SparseLayer) other.getConf(0).getLayer();
        SparseTopology topology = layer.getTopology();
        layer.setTopology(
                SparseTopology.random(
                        Design.N_IN,
                        Design.HIDDEN,
                        topology.activeCount(),
                        new SplittableRandom(1)));
        assertThat(other).isNotEqualTo(configuration);
        assertThat(topology(network, 0)).isEqualTo(topology);
        assertThat(design(11).sparsity(0.5).sparseConfiguration())
                .isNotEqualTo(design(11).sparseConfiguration());
        assertThat(design(11).bias(true).sparseConfiguration())
                .isNotEqualTo(design(11).sparseConfiguration());
    }
}
