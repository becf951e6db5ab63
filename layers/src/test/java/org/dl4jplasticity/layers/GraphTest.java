package org.dl4jplasticity.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.IntFunction;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.util.ModelSerializer;
import org.dl4jplasticity.topology.SparseTopology;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Two branches of 6 and 7 units of the same 12 inputs, merged before 4 outputs. */
class GraphTest {

    private static ComputationGraph graph(
            IntFunction<FeedForwardLayer> branch, FeedForwardLayer output) {
        ComputationGraphConfiguration configuration =
                new NeuralNetConfiguration.Builder()
                        .seed(4)
                        .dataType(DataType.DOUBLE)
                        .updater(new Nesterovs(0.1, 0.9))
                        .l2(0.01)
                        .graphBuilder()
                        .addInputs("input")
                        .addLayer("left", branch.apply(6), "input")
                        .addLayer("right", branch.apply(7), "input")
                        .addVertex("both", new MergeVertex(), "left", "right")
                        .addLayer("output", output, "both")
                        .setOutputs("output")
                        .build();
        ComputationGraph graph = new ComputationGraph(configuration);
        graph.init();
        return graph;
    }

    private static ComputationGraph sparse() {
        return graph(
                nOut ->
                        new SparseDenseLayer.Builder()
                                .nIn(Design.N_IN)
                                .nOut(nOut)
                                .sparsity(0.5)
                                .activation(Activation.RELU)
                                .build(),
                new SparseOutputLayer.Builder().nIn(13).nOut(Design.N_OUT).sparsity(0.5).build());
    }

    private static ComputationGraph dense() {
        return graph(
                nOut ->
                        new DenseLayer.Builder()
                                .nIn(Design.N_IN)
                                .nOut(nOut)
                                .activation(Activation.RELU)
                                .build(),
                new OutputLayer.Builder(LossFunction.MCXENT)
                        .nIn(13)
                        .nOut(Design.N_OUT)
                        .activation(Activation.SOFTMAX)
                        .build());
    }

    private static DataSet minibatch(int step) {
        return Examples.minibatch(DataType.DOUBLE, step, 16);
    }

    @Test
    void parametersAreThoseOfActiveConnectionsAndBiases() {
        ComputationGraph graph = sparse();
        assertThat(graph.numParams()).isEqualTo(36 + 6 + 42 + 7 + 26 + 4);
        assertThat(graph.getUpdater().getStateViewArray().length()).isEqualTo(121);
    }

    @Test
    void aGraphTrainsAsTheMaskedDenseOne() {
        ComputationGraph sparse = sparse();
        ComputationGraph dense = dense();
        Twins twins = Twins.of(sparse, dense);
        for (int step = 0; step < 8; step++) {
            sparse.fit(minibatch(step));
            dense.fit(minibatch(step));
            assertThat(sparse.score()).isCloseTo(dense.score(), within(1e-10));
            twins.maskDense();
            twins.assertSameParameters("after step " + step);
            twins.assertSameState("after step " + step);
            Examples.assertClose(
                    "outputs",
                    sparse.outputSingle(minibatch(9).getFeatures()),
                    dense.outputSingle(minibatch(9).getFeatures()),
                    1e-10);
        }
    }

    private static SparseTopology topology(ComputationGraph graph, String layer) {
        return ((SparseLayer) graph.getLayer(layer).conf().getLayer()).getTopology();
    }

    private static void assertGoesOnTheSame(ComputationGraph copy, ComputationGraph graph) {
        for (String layer : new String[] {"left", "right", "output"}) {
            assertThat(topology(copy, layer)).isEqualTo(topology(graph, layer));
        }
        INDArray features = minibatch(9).getFeatures();
        assertThat(Examples.elements(copy.outputSingle(features)))
                .isEqualTo(Examples.elements(graph.outputSingle(features)));
        copy.fit(minibatch(3));
        graph.fit(minibatch(3));
        assertThat(Examples.elements(copy.params())).isEqualTo(Examples.elements(graph.params()));
    }

    @Test
    void aSavedGraphGoesOnTheSame(@TempDir Path folder) throws IOException {
        ComputationGraph graph = sparse();
        graph.fit(minibatch(1));
        File file = folder.resolve("graph.zip").toFile();
        ModelSerializer.writeModel(graph, file, true);
        assertGoesOnTheSame(ModelSerializer.restoreComputationGraph(file, true), graph);
    }

    @Test
    void aClonedGraphGoesOnTheSame() {
        ComputationGraph graph = sparse();
        graph.fit(minibatch(1));
        assertGoesOnTheSame(graph.clone(), graph);
    }

    @Test
    void theJsonConfigurationHoldsTheTopologies() {
        ComputationGraph graph = sparse();
        ComputationGraphConfiguration read =
                ComputationGraphConfiguration.fromJson(graph.getConfiguration().toJson());
        assertThat(read).isEqualTo(graph.getConfiguration());
        ComputationGraph rebuilt = new ComputationGraph(read);
        rebuilt.init(graph.params().dup(), false);
        assertGoesOnTheSame(rebuilt, graph);
    }
}
