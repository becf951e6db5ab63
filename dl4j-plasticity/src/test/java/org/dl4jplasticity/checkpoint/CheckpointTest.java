package org.dl4jplasticity.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.deeplearning4j.nn.api.NeuralNetwork;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.dl4jplasticity.journal.MutationJournal;
import org.dl4jplasticity.journal.Position;
import org.dl4jplasticity.sparse.DynamicSparseTraining;
import org.dl4jplasticity.surgery.PlasticNetwork;
import org.dl4jplasticity.testing.NetworkClass;
import org.dl4jplasticity.testing.TinyNetwork;
import org.dl4jplasticity.topology.SparseTopology;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;
import org.nd4j.shade.jackson.databind.node.ObjectNode;

/** What a checkpoint holds, and that DL4J can do with the file whatever it does with its own. */
class CheckpointTest {
    @TempDir Path folder;

    private Path file() {
        return folder.resolve("checkpoint.zip");
    }

    private static String entry(Path file, String name) throws IOException {
        try (ZipFile zip = new ZipFile(file.toFile());
                InputStream in = zip.getInputStream(zip.getEntry(name))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void everyFieldIsThereAndReadable() throws IOException {
        TinyNetwork network = Runs.mixed();
        DynamicSparseTraining training = Runs.rigl();
        network.listen(training);
        network.fit(Runs.BATCHES, 1);
        Nd4j.getRandom().setSeed(77);
        ObjectNode extras = new ObjectMapper().createObjectNode().put("loss", 0.25);
        Position position;
        try (MutationJournal journal = MutationJournal.create(folder.resolve("journal"))) {
            position = journal.position();
            Checkpoint.of(network.model(), Moment.AT_REST)
                    .training(training)
                    .at(new DataOrder(1, 4))
                    .journal(journal)
                    .extras(extras)
                    .write(file());
        }

        JsonNode json = new ObjectMapper().readTree(entry(file(), "plasticity.json"));
        assertThat(json.get("format").asText()).isEqualTo("dl4j-plasticity checkpoint");
        assertThat(json.get("version").asInt()).isEqualTo(1);
        assertThat(json.get("network").toString())
                .isEqualTo("{\"class\":\"MultiLayerNetwork\",\"iteration\":5,\"epoch\":1}");
        assertThat(json.get("entries").fieldNames())
                .toIterable()
                .containsExactly("coefficients.bin", "configuration.json", "updaterState.bin");
        assertThat(json.get("architecture").toString())
                .isEqualTo(
                        "{\"0\":\"DenseLayer W 6x9, b 9\","
                                + "\"1\":\"BatchNormalization beta 9, gamma 9, log10stdev 9, mean 9\","
                                + "\"2\":\"SparseDenseLayer W 9x7, b 7\","
                                + "\"3\":\"OutputLayer W 7x3, b 3\"}");
        Map<String, SparseTopology> topologies = PlasticNetwork.of(network.model()).topologies();
        assertThat(topologies.keySet()).containsExactly("0/W", "2/W", "3/W");
        topologies.forEach(
                (id, topology) ->
                        assertThat(json.get("topologies").get(id).asText())
                                .isEqualTo(topology.digest()));
        assertThat(json.get("trainings")).hasSize(1);
        JsonNode state = json.get("trainings").get(0);
        assertThat(state.get("class").asText()).isEqualTo(DynamicSparseTraining.class.getName());
        assertThat(state.get("method").asText()).isEqualTo(training.toString());
        assertThat(state.get("state").get("updates").asLong()).isEqualTo(training.updates());
        assertThat(json.get("random").get("rootState").asLong())
                .isEqualTo(Nd4j.getRandom().rootState());
        assertThat(json.get("random").get("nodeState").asLong())
                .isEqualTo(Nd4j.getRandom().nodeState());
        assertThat(json.get("random").get("seed").asLong()).isEqualTo(77);
        assertThat(json.get("environment").get("OMP_NUM_THREADS").asText())
                .isEqualTo(String.valueOf(System.getenv("OMP_NUM_THREADS")));

        Checkpoint checkpoint = Checkpoint.read(file());
        assertThat(checkpoint.dataOrder()).contains(new DataOrder(1, 4));
        assertThat(checkpoint.journalPosition()).contains(position);
        assertThat(checkpoint.extras()).isEqualTo(extras);
        assertThat(checkpoint.methods()).containsExactly(training.toString());
        assertThat(checkpoint.projectVersion()).isEqualTo("unknown");
        assertThat(checkpoint.warnings()).isEmpty();
        Nd4j.getRandom().setSeed(1);
        checkpoint.restoreRandomState();
        assertThat(Nd4j.getRandom().getSeed()).isEqualTo(77);
    }

    @Test
    void whatTheRunDoesNotTellIsAbsent() throws IOException {
        Checkpoint.of(Runs.mixed().model(), Moment.AT_REST).write(file());
        Checkpoint checkpoint = Checkpoint.read(file());
        assertThat(checkpoint.dataOrder()).isEmpty();
        assertThat(checkpoint.journalPosition()).isEmpty();
        assertThat(checkpoint.extras()).isEmpty();
        assertThat(checkpoint.methods()).isEmpty();
        checkpoint.resume();
    }

    @ParameterizedTest
    @EnumSource(names = {"SEQUENTIAL", "GRAPH"})
    void plainDl4jLoadsTheModel(NetworkClass type) throws IOException {
        TinyNetwork network = Runs.mixed(type, new Adam(0.03));
        network.fit(Runs.BATCHES, 1);
        Checkpoint.of(network.model(), Moment.AT_REST).write(file());
        NeuralNetwork loaded =
                network.model() instanceof MultiLayerNetwork
                        ? MultiLayerNetwork.load(file().toFile(), true)
                        : ComputationGraph.load(file().toFile(), true);
        TinyNetwork read = new TinyNetwork(loaded);
        assertThat(read.parameters()).isEqualTo(network.parameters());
        assertThat(read.state()).isEqualTo(network.state());
        assertThat(read.iteration()).isEqualTo(5);
        assertThat(read.epoch()).isEqualTo(1);
    }

    @Test
    void dl4jFindsNoObjectInItAndCanAddOne() throws IOException {
        TinyNetwork network = Runs.mixed();
        Checkpoint.of(network.model(), Moment.AT_REST).at(new DataOrder(2, 1)).write(file());
        assertThat(ModelSerializer.listObjectsInFile(file().toFile())).isEmpty();
        ModelSerializer.addObjectToFile(file().toFile(), "labels", "a, b, c");
        assertThat(ModelSerializer.<String>getObjectFromFile(file().toFile(), "labels"))
                .isEqualTo("a, b, c");
        assertThat(Checkpoint.read(file()).dataOrder()).contains(new DataOrder(2, 1));
    }

    @Test
    void aNetworkWithoutOptimizerStateAndWithNamesInAnyScriptIsKept() throws IOException {
        TinyNetwork network =
                NetworkClass.SEQUENTIAL.of(
                        NetworkClass.settings(DataType.DOUBLE, new Sgd(0.1), 7),
                        new DenseLayer.Builder().name("größe 層").nIn(6).nOut(9).build(),
                        NetworkClass.sparseOutput(9, 3, 0.5).build());
        Checkpoint.of(network.model(), Moment.AT_REST).write(file());
        try (ZipFile zip = new ZipFile(file().toFile())) {
            assertThat(zip.stream().map(ZipEntry::getName))
                    .containsExactly("configuration.json", "coefficients.bin", "plasticity.json");
        }
        assertThat(entry(file(), "configuration.json")).isASCII();
        TinyNetwork read = new TinyNetwork((NeuralNetwork) Checkpoint.read(file()).network());
        assertThat(read.parameters()).isEqualTo(network.parameters());
        assertThat(read.layers().get(0).conf().getLayer().getLayerName()).isEqualTo("größe 層");
    }

    @Test
    void theSameMomentIsTheSameFile() throws IOException {
        TinyNetwork network = Runs.mixed();
        Path other = folder.resolve("other.zip");
        Checkpoint.of(network.model(), Moment.AT_REST).write(file());
        Checkpoint.of(network.model(), Moment.AT_REST).write(other);
        assertThat(other).hasSameBinaryContentAs(file());
    }

    @Test
    void arraysComeBackBitForBit() throws IOException {
        ObjectNode state = new ObjectMapper().createObjectNode();
        INDArray view = Nd4j.createFromArray(1f, -0f, Float.NaN, Float.MIN_VALUE, 0.1f).reshape(5);
        StateArrays.put(state, "all", view);
        StateArrays.put(state, "some", view.get(NDArrayIndex.interval(1, 4)));
        StateArrays.put(state, "none", null);
        JsonNode read = new ObjectMapper().readTree(state.toString());
        assertThat(StateArrays.get(read, "all", 5, DataType.FLOAT).toFloatVector())
                .containsExactly(1f, -0f, Float.NaN, Float.MIN_VALUE, 0.1f);
        assertThat(StateArrays.get(read, "some", 3, DataType.FLOAT).toFloatVector())
                .containsExactly(-0f, Float.NaN, Float.MIN_VALUE);
        assertThat(StateArrays.get(read, "none", 3, DataType.FLOAT)).isNull();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> StateArrays.get(read, "all", 4, DataType.DOUBLE))
                .withMessage("field 'all': expected an array of 4 DOUBLE, got one of 5 FLOAT");
        state.put("all", "not Base64!");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> StateArrays.get(state, "all", 5, DataType.FLOAT))
                .withMessage("field 'all': expected an array of 5 FLOAT, got something else");
    }

    @Test
    void readingLeavesTheRandomStateAlone() throws IOException {
        Checkpoint.of(Runs.mixed().model(), Moment.AT_REST).write(file());
        Nd4j.getRandom().setSeed(5);
        RandomState before = RandomState.now();
        Checkpoint.read(file());
        assertThat(RandomState.now()).isEqualTo(before);
    }

    @Test
    void anotherNumberOfThreadsIsWarnedOf() {
        assertThat(
                        Checkpoint.warnings(
                                Map.of("OMP_NUM_THREADS", "2", "backend", "CPU"),
                                Map.of("OMP_NUM_THREADS", "4", "backend", "CPU")))
                .isEqualTo(
                        List.of(
                                "OMP_NUM_THREADS was '2' and is '4': bitwise equality with the"
                                        + " uninterrupted run is not promised"));
    }

    @Test
    void whatAnInterruptedWriteLeftIsInNobodysWay() throws IOException {
        Path unfinished = AtomicFile.unfinished(file());
        Files.writeString(unfinished, "half of a checkpoint, and longer than nothing");
        TinyNetwork network = Runs.mixed();
        Checkpoint.of(network.model(), Moment.AT_REST).at(new DataOrder(0, 3)).write(file());
        assertThat(Checkpoint.read(file()).dataOrder()).contains(new DataOrder(0, 3));
        assertThat(unfinished).doesNotExist();
    }

    @Test
    void aFailureLeavesTheCheckpointBeforeItWhole() throws IOException {
        TinyNetwork network = Runs.mixed();
        Checkpoint.of(network.model(), Moment.AT_REST).at(new DataOrder(0, 3)).write(file());
        byte[] before = Files.readAllBytes(file());
        AtomicFile.Content tooMuch =
                out -> {
                    out.write(before, 0, 100);
                    throw new IOException("no space left");
                };
        assertThatIOException()
                .isThrownBy(() -> AtomicFile.write(file(), tooMuch))
                .withMessage("no space left");
        assertThat(file()).hasBinaryContent(before);
        assertThat(AtomicFile.unfinished(file())).doesNotExist();
    }
}
