package org.dl4jplasticity.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.core.storage.Persistable;
import org.deeplearning4j.datasets.iterator.utilty.ListDataSetIterator;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.deeplearning4j.ui.model.stats.BaseStatsListener;
import org.deeplearning4j.ui.model.stats.StatsListener;
import org.deeplearning4j.ui.model.stats.api.StatsInitializationReport;
import org.deeplearning4j.ui.model.storage.InMemoryStatsStorage;
import org.deeplearning4j.ui.module.train.TrainModuleUtils;
import org.dl4jplasticity.growth.NewUnits;
import org.dl4jplasticity.layers.SparseDenseLayer;
import org.dl4jplasticity.layers.SparseOutputLayer;
import org.dl4jplasticity.sparse.DynamicSparseTraining;
import org.dl4jplasticity.statistics.StructureStatistics.Connections;
import org.dl4jplasticity.surgery.NetworkSurgery;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

class StructureListenerTest {
    /** Eight examples of six features, two of each of four classes. */
    private static final DataSet EXAMPLES =
            new DataSet(
                    Nd4j.linspace(-1, 1, 48).reshape(8, 6),
                    Nd4j.vstack(Nd4j.eye(4), Nd4j.eye(4)).castTo(Nd4j.dataType()));

    private final InMemoryStatsStorage storage = new InMemoryStatsStorage();
    private final StatsListener dl4j = new StatsListener(storage, 1);

    /** 6-10-4, 60 and 40 possible connections, of which 30 and 20 are active. */
    private static Model network(boolean asGraph) {
        NeuralNetConfiguration.Builder conf =
                new NeuralNetConfiguration.Builder()
                        .seed(1)
                        .updater(new Adam(0.01))
                        .activation(Activation.TANH);
        SparseDenseLayer hidden = new SparseDenseLayer.Builder().nOut(10).sparsity(0.5).build();
        SparseOutputLayer output =
                new SparseOutputLayer.Builder(LossFunction.MCXENT).nOut(4).sparsity(0.5).build();
        if (asGraph) {
            ComputationGraph graph =
                    new ComputationGraph(
                            conf.graphBuilder()
                                    .addInputs("in")
                                    .addLayer("0", hidden, "in")
                                    .addLayer("1", output, "0")
                                    .setOutputs("1")
                                    .setInputTypes(InputType.feedForward(6))
                                    .build());
            graph.init();
            return graph;
        }
        MultiLayerNetwork network =
                new MultiLayerNetwork(
                        conf.list()
                                .layer(hidden)
                                .layer(output)
                                .setInputType(InputType.feedForward(6))
                                .build());
        network.init();
        return network;
    }

    private static void fit(Model model, int epochs, TrainingListener... listeners) {
        model.addListeners(listeners);
        ListDataSetIterator<DataSet> data = new ListDataSetIterator<>(EXAMPLES.asList(), 4);
        if (model instanceof MultiLayerNetwork network) {
            network.fit(data, epochs);
        } else {
            ((ComputationGraph) model).fit(data, epochs);
        }
    }

    private List<StructureStatistics> posts() {
        return storage
                .getAllUpdatesAfter(
                        dl4j.getSessionID(), StructureStatistics.TYPE_ID, dl4j.getWorkerID(), 0)
                .stream()
                .map(StructureStatistics.class::cast)
                .toList();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void everyExchangeOfConnectionsIsPosted(boolean asGraph) {
        DynamicSparseTraining set = DynamicSparseTraining.set().updateEvery(2).until(100).build();
        fit(network(asGraph), 3, dl4j, set, StructureListener.beside(dl4j));

        List<StructureStatistics> posts = posts();
        assertThat(posts).hasSize(6);
        assertThat(posts.get(0).widths()).isEqualTo(Map.of("0", 10, "1", 4));
        assertThat(posts.get(0).connections())
                .containsExactly(
                        new Connections("0/W", 60, 30, Connections.UNKNOWN, Connections.UNKNOWN),
                        new Connections("1/W", 40, 20, Connections.UNKNOWN, Connections.UNKNOWN));
        assertThat(posts)
                .extracting(StructureStatistics::iteration)
                .containsExactly(0, 1, 2, 3, 4, 5);
        assertThat(posts).extracting(StructureStatistics::epoch).containsExactly(0, 0, 1, 1, 2, 2);
        for (StructureStatistics post : posts.subList(1, 6)) {
            Connections hidden = post.connections().get(0);
            assertThat(hidden.active()).isEqualTo(30);
            assertThat(hidden.density()).isEqualTo(0.5);
            assertThat(hidden.dropped()).isEqualTo(hidden.grown());
        }
        assertThat(posts)
                .anyMatch(
                        post ->
                                !post.connections().isEmpty()
                                        && post.connections().get(0).grown() > 0);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theUiDrawsTheNetworkThatHasGrown(boolean asGraph) {
        Model model = network(asGraph);
        assertThat(widthsDrawn(model, 1)).containsEntry("0", "10");
        assertThat(widthsDrawn(model, 3)).containsEntry("0", "13");
        assertThat(posts().get(posts().size() - 1).widths()).isEqualTo(Map.of("0", 13, "1", 4));
        // DL4J's own reports go on, one for each of 8 iterations.
        assertThat(
                        storage.getAllUpdatesAfter(
                                dl4j.getSessionID(),
                                BaseStatsListener.TYPE_ID,
                                dl4j.getWorkerID(),
                                0))
                .hasSize(8);
    }

    /** Grows in the third iteration; what DL4J's page of the model shows. */
    private Map<String, String> widthsDrawn(Model model, int epochs) {
        TrainingListener growing =
                new BaseTrainingListener() {
                    @Override
                    public void iterationDone(Model grown, int iteration, int epoch) {
                        if (iteration == 3) {
                            NetworkSurgery.of(grown).widen("0", 3, NewUnits.zeroOutgoing(), 1);
                        }
                    }
                };
        if (epochs == 1) {
            fit(model, epochs, dl4j, growing, StructureListener.beside(dl4j));
        } else {
            fit(model, epochs);
        }
        StatsInitializationReport report =
                (StatsInitializationReport)
                        storage.getStaticInfo(
                                dl4j.getSessionID(), BaseStatsListener.TYPE_ID, dl4j.getWorkerID());
        assertThat(report.getModelNumParams()).isEqualTo(model.numParams());
        String json = report.getModelConfigJson();
        TrainModuleUtils.GraphInfo drawn =
                model instanceof MultiLayerNetwork
                        ? TrainModuleUtils.buildGraphInfo(MultiLayerConfiguration.fromJson(json))
                        : TrainModuleUtils.buildGraphInfo(
                                ComputationGraphConfiguration.fromJson(json));
        // The input comes first.
        int hidden = 1;
        assertThat(drawn.getVertexTypes().get(hidden)).startsWith("SparseDense");
        return Map.of("0", drawn.getVertexInfo().get(hidden).get("Output size"));
    }

    @Test
    void postsCanBeRare() {
        fit(network(false), 3, dl4j, StructureListener.beside(dl4j).every(4));
        assertThat(posts()).extracting(StructureStatistics::iteration).containsExactly(0, 4);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> StructureListener.beside(dl4j).every(0))
                .withMessageContaining("at least 1, got 0");
    }

    @Test
    void aPostIsReadBackAsItWas() throws IOException, ClassNotFoundException {
        StructureStatistics post =
                new StructureStatistics(
                        "s",
                        "w",
                        17,
                        3,
                        1,
                        Map.of("0", 10),
                        List.of(new Connections("0/W", 60, 30, 4, 4)));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        post.encode(out);
        ByteBuffer buffer = ByteBuffer.allocate(post.encodingLengthBytes());
        post.encode(buffer);
        StructureStatistics fromBytes = new StructureStatistics();
        fromBytes.decode(out.toByteArray());
        StructureStatistics fromStream = new StructureStatistics();
        fromStream.decode(new ByteArrayInputStream(out.toByteArray()));
        StructureStatistics fromBuffer = new StructureStatistics();
        fromBuffer.decode(buffer.flip());
        for (StructureStatistics read :
                List.of(fromBytes, fromStream, fromBuffer, throughSerialization(post))) {
            assertThat(read).usingRecursiveComparison().isEqualTo(post);
        }
        assertThat(fromBytes.getTypeID()).isEqualTo("StructureStatistics");
    }

    private static StructureStatistics throughSerialization(Persistable post)
            throws IOException, ClassNotFoundException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(post);
        }
        try (ObjectInputStream in =
                new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            return (StructureStatistics) in.readObject();
        }
    }
}
