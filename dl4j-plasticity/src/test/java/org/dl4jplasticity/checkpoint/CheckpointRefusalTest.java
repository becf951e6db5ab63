package org.dl4jplasticity.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.deeplearning4j.datasets.iterator.ExistingDataSetIterator;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.api.NeuralNetwork;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jplasticity.mask.MaskableWeights;
import org.dl4jplasticity.sparse.DynamicSparseTraining;
import org.dl4jplasticity.sparse.GrowthInitialization;
import org.dl4jplasticity.testing.Hooks;
import org.dl4jplasticity.testing.NetworkClass;
import org.dl4jplasticity.testing.TinyNetwork;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.shade.jackson.databind.ObjectMapper;
import org.nd4j.shade.jackson.databind.node.ObjectNode;

/** What can't be gone on from is refused with one sentence, and nothing has changed. */
class CheckpointRefusalTest {
    @TempDir Path folder;

    private Path file;
    private TinyNetwork network;

    @BeforeEach
    void save() throws IOException {
        file = folder.resolve("checkpoint.zip");
        network = Runs.mixed();
        DynamicSparseTraining training = Runs.rigl();
        network.listen(training);
        network.fit(Runs.BATCHES, 1);
        Checkpoint.of(network.model(), Moment.AT_REST)
                .training(training)
                .at(new DataOrder(1, 0))
                .write(file);
    }

    private void assertRefused(String... parts) {
        assertThatExceptionOfType(CheckpointException.class)
                .isThrownBy(() -> Checkpoint.read(file))
                .withMessageContainingAll(parts)
                .withMessageContaining(file.toString());
    }

    /** Rewrites entries as another program might; null takes one out. */
    private void change(String entry, UnaryOperator<String> change) throws IOException {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        try (ZipFile zip = new ZipFile(file.toFile())) {
            for (ZipEntry each : zip.stream().toList()) {
                entries.put(each.getName(), zip.getInputStream(each).readAllBytes());
            }
        }
        String changed = change.apply(new String(entries.get(entry), StandardCharsets.ISO_8859_1));
        if (changed == null) {
            entries.remove(entry);
        } else {
            entries.put(entry, changed.getBytes(StandardCharsets.ISO_8859_1));
        }
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
            for (Map.Entry<String, byte[]> each : entries.entrySet()) {
                zip.putNextEntry(new ZipEntry(each.getKey()));
                zip.write(each.getValue());
                zip.closeEntry();
            }
        }
    }

    @Test
    void aModelOnly() throws IOException {
        ((MultiLayerNetwork) network.model()).save(file.toFile(), true);
        assertRefused("is a model only, not a checkpoint", "no entry plasticity.json");
    }

    @Test
    void aFileOfAnotherKind() throws IOException {
        Files.writeString(file, "no zip at all");
        assertRefused("is no checkpoint: expected a zip file", "got no zip file");
        Files.write(file, new byte[0]);
        assertRefused("is no checkpoint");
    }

    @Test
    void aFileThatIsMissing() {
        assertThatExceptionOfType(NoSuchFileException.class)
                .isThrownBy(() -> Checkpoint.read(folder.resolve("elsewhere.zip")))
                .withMessageContaining("elsewhere.zip");
    }

    @Test
    void aNewerFormat() throws IOException {
        change("plasticity.json", json -> json.replace("\"version\" : 1", "\"version\" : 2"));
        assertRefused("format version 2", "versions up to 1 only");
    }

    @Test
    void aDocumentOfAnotherKind() throws IOException {
        change("plasticity.json", json -> "{\"format\":\"other\"}");
        assertRefused("field 'format': expected 'dl4j-plasticity checkpoint'");
        change("plasticity.json", json -> "[1");
        assertRefused("expected a JSON object");
    }

    @Test
    void aMissingOrAnotherEntryOfDl4j() throws IOException {
        byte[] whole = Files.readAllBytes(file);
        change("updaterState.bin", state -> null);
        assertRefused("the entry updaterState.bin is missing");
        Files.write(file, whole);
        change("coefficients.bin", values -> values.substring(1) + "x");
        assertRefused("the entry coefficients.bin is not the one that was saved");
    }

    /** Wherever a byte is flipped, the file is refused or says the same. */
    @Test
    void aFlippedByteAnywhere() throws IOException {
        byte[] whole = Files.readAllBytes(file);
        int refused = 0;
        for (int at = 0; at < whole.length; at += 13) {
            byte[] damaged = whole.clone();
            damaged[at] ^= 0x10;
            Files.write(file, damaged);
            try {
                Checkpoint read = Checkpoint.read(file);
                TinyNetwork got = new TinyNetwork((NeuralNetwork) read.network());
                assertThat(got.parameters()).as("byte %d", at).isEqualTo(network.parameters());
                assertThat(got.state()).as("byte %d", at).isEqualTo(network.state());
                read.resume(Runs.rigl());
            } catch (CheckpointException e) {
                assertThat(e).hasMessageContaining(file.toString());
                refused++;
            }
        }
        assertThat(refused).isGreaterThan(whole.length / 13 * 9 / 10);
    }

    @Test
    void aFileThatIsCutOff() throws IOException {
        byte[] whole = Files.readAllBytes(file);
        for (int length = 1; length < whole.length * 9 / 10; length += 97) {
            Files.write(file, Arrays.copyOf(whole, length));
            assertThat(catchThrowable(() -> Checkpoint.read(file)))
                    .as("after %d bytes", length)
                    .isInstanceOf(CheckpointException.class);
        }
    }

    @Test
    void anotherMethodOrAnotherSetting() throws IOException {
        Checkpoint checkpoint = Checkpoint.read(file);
        assertThatExceptionOfType(CheckpointException.class)
                .isThrownBy(
                        () ->
                                checkpoint.resume(
                                        DynamicSparseTraining.rigl()
                                                .updateEvery(2)
                                                .until(12)
                                                .startingWith(GrowthInitialization.normal(0.1))
                                                .build()))
                .withMessageContainingAll(
                        "of another method: expected 'starting with ", "', got 'starting with ")
                .withMessageNotContaining("drop fraction");
        assertThatExceptionOfType(CheckpointException.class)
                .isThrownBy(
                        () -> checkpoint.resume(DynamicSparseTraining.set().updateEvery(2).build()))
                .withMessageContainingAll("expected 'rigl; ", "got 'set; ");
        checkpoint.resume(Runs.rigl());
    }

    @Test
    void aTrainingOfAnotherClassOrAnotherNumberOfThem() throws IOException {
        Checkpoint checkpoint = Checkpoint.read(file);
        ResumableTraining other =
                new ResumableTraining() {
                    @Override
                    public String method() {
                        return Runs.rigl().method();
                    }

                    @Override
                    public ObjectNode save() {
                        return new ObjectMapper().createObjectNode();
                    }

                    @Override
                    public void restore(Model model, ObjectNode state) {
                        throw new AssertionError("not to be called");
                    }
                };
        assertThatExceptionOfType(CheckpointException.class)
                .isThrownBy(() -> checkpoint.resume(other))
                .withMessageContainingAll(
                        "holds the state of a org.dl4jplasticity.sparse.DynamicSparseTraining",
                        "got a " + other.getClass().getName());
        assertThatExceptionOfType(CheckpointException.class)
                .isThrownBy(checkpoint::resume)
                .withMessageContaining("the state of 1 trainings")
                .withMessageContaining("got 0 to resume");
    }

    @Test
    void aTrainingThatServesANetworkAlready() throws IOException {
        Checkpoint checkpoint = Checkpoint.read(file);
        DynamicSparseTraining busy = Runs.rigl();
        TinyNetwork other = Runs.mixed();
        other.listen(busy);
        other.fit(Runs.BATCHES.get(0));
        assertThatIllegalStateException()
                .isThrownBy(() -> checkpoint.resume(busy))
                .withMessageContaining("serves a network already");
    }

    @Test
    void anUpdateThatIsUnderWay() {
        TinyNetwork other = Runs.mixed();
        DynamicSparseTraining training = Runs.rigl();
        other.listen(Hooks.iterationDone(training::save), training);
        other.fit(Runs.BATCHES.get(0));
        other.fit(Runs.BATCHES.get(1));
        assertThatIllegalStateException()
                .isThrownBy(() -> other.fit(Runs.BATCHES.get(2)))
                .withMessageContaining("an update is under way");
    }

    @Test
    void aStateThatIsNotOfTheseWeights() throws IOException {
        byte[] whole = Files.readAllBytes(file);
        change("plasticity.json", json -> json.replace("\"0/W\" : {", "\"9/W\" : {"));
        DynamicSparseTraining training = Runs.rigl();
        assertThatExceptionOfType(CheckpointException.class)
                .isThrownBy(() -> Checkpoint.read(file).resume(training))
                .withMessageContaining("weights 9/W, but the network's sparse weights are [0/W,");
        assertThat(training.updates()).isZero();
        Files.write(file, whole);
        change("plasticity.json", json -> json.replace("\"updates\" : ", "\"updates\" : 0."));
        assertThatExceptionOfType(CheckpointException.class)
                .isThrownBy(() -> Checkpoint.read(file).resume(training))
                .withMessageContaining("field 'updates': expected an integer");
        Files.write(file, whole);
        Checkpoint.read(file).resume(training);
        assertThat(training.updates()).isEqualTo(2);
    }

    @Test
    void anotherArchitecture() throws IOException {
        Checkpoint checkpoint = Checkpoint.read(file);
        checkpoint.requireArchitectureOf(Runs.mixed().model());
        assertThatExceptionOfType(CheckpointException.class)
                .isThrownBy(
                        () ->
                                checkpoint.requireArchitectureOf(
                                        Runs.masked(NetworkClass.SEQUENTIAL, new Adam(0.03))
                                                .model()))
                .withMessageContainingAll(
                        "another architecture, layer 2",
                        "expected DenseLayer W 9x7, b 7, got SparseDenseLayer W 9x7, b 7");
        TinyNetwork small =
                NetworkClass.SEQUENTIAL.of(
                        NetworkClass.settings(DataType.FLOAT, new Adam(), 1),
                        new DenseLayer.Builder().nIn(6).nOut(9).build());
        assertThatExceptionOfType(CheckpointException.class)
                .isThrownBy(() -> checkpoint.requireArchitectureOf(small.model()))
                .withMessageContaining("layer 1: expected nothing, got BatchNormalization");
    }

    @Test
    void aNetworkThatLostItsMasks() throws IOException {
        for (MaskableWeights weights : MaskableWeights.of(network.model())) {
            if (weights.layerId().equals("0")) {
                weights.setMask(null);
            }
        }
        String configuration =
                ((MultiLayerNetwork) network.model()).getLayerWiseConfigurations().toJson();
        String sha = sha256(configuration);
        change("configuration.json", json -> configuration);
        change(
                "plasticity.json",
                json ->
                        json.replaceFirst(
                                "\"configuration.json\" : \"[0-9a-f]+\"",
                                "\"configuration.json\" : \"" + sha + "\""));
        assertRefused("weights 0/W: expected the topology ", "got no mask or topology");
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of()
                    .formatHex(
                            MessageDigest.getInstance("SHA-256")
                                    .digest(text.getBytes(StandardCharsets.US_ASCII)));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void dataOfAnotherLength() {
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> RemainingBatches.after(new ExistingDataSetIterator(Runs.BATCHES), 6))
                .withMessageContaining("left after 6 batches, but has only 5");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new DataOrder(-1, 0))
                .withMessageContaining("got -1 and 0");
    }
}
