package org.dl4jplasticity.sparse;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.dl4jplasticity.testing.Examples;
import org.dl4jplasticity.testing.NetworkClass;
import org.dl4jplasticity.testing.Snapshot;
import org.dl4jplasticity.testing.TinyNetwork;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** The step of an update's iteration is undone for the whole network. */
class RigLAmongDenseLayersTest {

    private static TinyNetwork mixed(NetworkClass type, WorkspaceMode workspaces) {
        NeuralNetConfiguration.Builder settings =
                NetworkClass.settings(DataType.FLOAT, new Adam(0.03), 5)
                        .biasUpdater(new Nesterovs(0.1, 0.9))
                        .trainingWorkspaceMode(workspaces)
                        .inferenceWorkspaceMode(workspaces);
        return type.of(
                settings,
                NetworkClass.sparse(6, 12, 0.5).build(),
                new BatchNormalization.Builder().nIn(12).nOut(12).build(),
                new DenseLayer.Builder().nIn(12).nOut(8).activation(Activation.TANH).build(),
                NetworkClass.sparse(8, 8, 0.75).name("narrow").build(),
                new OutputLayer.Builder(LossFunction.MCXENT)
                        .nIn(8)
                        .nOut(3)
                        .activation(Activation.SOFTMAX)
                        .build());
    }

    @ParameterizedTest
    @CsvSource({"SEQUENTIAL, ENABLED", "SEQUENTIAL, NONE", "GRAPH, ENABLED", "GRAPH, NONE"})
    void undoesTheStepOfDenseAndNormalizationLayersToo(
            NetworkClass type, WorkspaceMode workspaces) {
        TinyNetwork network = mixed(type, workspaces);
        DynamicSparseTraining listener =
                DynamicSparseTraining.rigl().updateEvery(3).until(30).build();
        network.listen(listener);
        List<DataSet> batches = Examples.batches(10, 8, 6, DataType.FLOAT);
        for (int t = 0; t < 10; t++) {
            Snapshot before = network.snapshot();
            network.fit(batches.get(t));
            Snapshot after = network.snapshot();
            if (t > 0 && t % 3 == 0) {
                assertThat(after.others()).isEqualTo(before.others());
                assertThat(after.connections()).isNotEqualTo(before.connections());
            } else {
                assertThat(after.others()).isNotEqualTo(before.others());
            }
        }
        assertThat(listener.updates()).isEqualTo(3);
    }

    @ParameterizedTest
    @EnumSource
    void leavesSparseLayersWithEveryConnectionAlone(NetworkClass type) {
        TinyNetwork network =
                type.of(
                        NetworkClass.settings(DataType.FLOAT, new Adam(0.03), 5),
                        NetworkClass.sparse(6, 4, 0.5).build(),
                        NetworkClass.sparseOutput(4, 3, 0).build());
        network.listen(DynamicSparseTraining.rigl().updateEvery(1).until(30).build());
        Object whole = network.topology(1);
        Object half = network.topology(0);
        network.fit(Examples.batches(4, 8, 6, DataType.FLOAT), 1);
        assertThat(network.topology(1)).isEqualTo(whole);
        assertThat(network.topology(0)).isNotEqualTo(half);
    }
}
