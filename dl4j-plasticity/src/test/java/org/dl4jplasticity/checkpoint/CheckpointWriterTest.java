package org.dl4jplasticity.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.deeplearning4j.datasets.iterator.ExistingDataSetIterator;
import org.deeplearning4j.earlystopping.EarlyStoppingConfiguration;
import org.deeplearning4j.earlystopping.EarlyStoppingResult;
import org.deeplearning4j.earlystopping.EarlyStoppingResult.TerminationReason;
import org.deeplearning4j.earlystopping.scorecalc.DataSetLossCalculator;
import org.deeplearning4j.earlystopping.termination.MaxEpochsTerminationCondition;
import org.deeplearning4j.earlystopping.trainer.EarlyStoppingTrainer;
import org.deeplearning4j.nn.api.NeuralNetwork;
import org.deeplearning4j.nn.conf.BackpropType;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.optimize.listeners.CheckpointListener;
import org.dl4jplasticity.journal.MutationJournal;
import org.dl4jplasticity.journal.Position;
import org.dl4jplasticity.journal.Replay;
import org.dl4jplasticity.sparse.DynamicSparseTraining;
import org.dl4jplasticity.surgery.PlasticNetwork;
import org.dl4jplasticity.testing.NetworkClass;
import org.dl4jplasticity.testing.TinyNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.shade.jackson.databind.ObjectMapper;

/** The listener that writes checkpoints, alone and beside DL4J's own. */
class CheckpointWriterTest {
    @TempDir Path folder;

    private Path file() {
        return folder.resolve("checkpoint.zip");
    }

    @Test
    void writesAfterEverySoManyIterations() throws IOException {
        TinyNetwork network = Runs.mixed();
        network.listen(Runs.rigl(), CheckpointWriter.to(file()).every(4));
        network.fit(Runs.BATCHES, 1);
        assertThat(Checkpoint.read(file()).dataOrder()).contains(new DataOrder(0, 4));
        network.fit(Runs.BATCHES, 1);
        assertThat(Checkpoint.read(file()).dataOrder()).contains(new DataOrder(1, 3));
    }

    @Test
    void writesAtTheEndOfEachEpoch() throws IOException {
        TinyNetwork network = Runs.mixed();
        network.listen(CheckpointWriter.to(file()).eachEpoch());
        Runs.BATCHES.forEach(network::fit);
        assertThat(file()).doesNotExist();
        network.fit(Runs.BATCHES, 2);
        Checkpoint checkpoint = Checkpoint.read(file());
        assertThat(checkpoint.dataOrder()).contains(new DataOrder(2, 0));
        TinyNetwork read = new TinyNetwork((NeuralNetwork) checkpoint.network());
        assertThat(read.epoch()).isEqualTo(2);
        assertThat(read.iteration()).isEqualTo(15);
    }

    @Test
    void asksForExtrasAtEachCheckpointAndTellsTheJournalsPosition() throws IOException {
        TinyNetwork network = Runs.mixed();
        var initial = PlasticNetwork.of(network.model()).topologies();
        DynamicSparseTraining training = Runs.rigl();
        Path journalFile = folder.resolve("journal.jsonl");
        Position atCheckpoint;
        try (MutationJournal journal = MutationJournal.create(journalFile)) {
            training.recordTo(journal);
            network.listen(
                    training,
                    CheckpointWriter.to(file())
                            .every(8)
                            .journal(journal)
                            .extras(
                                    () ->
                                            new ObjectMapper()
                                                    .createObjectNode()
                                                    .put("iteration", network.iteration())));
            network.fit(Runs.BATCHES, 3);
            atCheckpoint = Checkpoint.read(file()).journalPosition().orElseThrow();
            assertThat(atCheckpoint.sequence()).isLessThan(journal.position().sequence());
        }
        Checkpoint checkpoint = Checkpoint.read(file());
        assertThat(checkpoint.extras().get("iteration").asInt()).isEqualTo(7);
        try (MutationJournal resumed = MutationJournal.resume(journalFile, atCheckpoint)) {
            assertThat(resumed.position()).isEqualTo(atCheckpoint);
        }
        assertThat(Replay.toEnd(initial, journalFile).topologies())
                .isEqualTo(PlasticNetwork.of(checkpoint.network()).topologies());
    }

    @Test
    void mustComeAfterTheTrainings() {
        TinyNetwork network = Runs.mixed();
        network.listen(CheckpointWriter.to(file()).every(1), Runs.rigl());
        assertThatIllegalStateException()
                .isThrownBy(() -> network.fit(Runs.BATCHES.get(0)))
                .withMessageContaining("must come after the DynamicSparseTraining");
        assertThat(file()).doesNotExist();
    }

    @Test
    void servesOneNetwork() {
        CheckpointWriter writer = CheckpointWriter.to(file()).every(1);
        TinyNetwork first = Runs.mixed();
        first.listen(writer);
        first.fit(Runs.BATCHES.get(0));
        TinyNetwork second = Runs.mixed();
        second.listen(writer);
        assertThatIllegalStateException()
                .isThrownBy(() -> second.fit(Runs.BATCHES.get(0)))
                .withMessageContaining("serves one network");
    }

    @Test
    void refusesIterationsThatCarryActivationsOn() {
        MultiLayerConfiguration conf =
                NetworkClass.settings(DataType.FLOAT, new Adam(), 1)
                        .list()
                        .layer(new LSTM.Builder().nIn(2).nOut(3).build())
                        .layer(
                                new RnnOutputLayer.Builder()
                                        .nIn(3)
                                        .nOut(2)
                                        .activation(Activation.SOFTMAX)
                                        .build())
                        .backpropType(BackpropType.TruncatedBPTT)
                        .tBPTTLength(2)
                        .build();
        MultiLayerNetwork network = new MultiLayerNetwork(conf);
        network.init();
        network.addListeners(CheckpointWriter.to(file()).every(1));
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () ->
                                network.fit(
                                        Nd4j.rand(DataType.FLOAT, 4, 2, 6),
                                        Nd4j.ones(DataType.FLOAT, 4, 2, 6)))
                .withMessageContaining("at each epoch's end only");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Checkpoint.of(network, Moment.ITERATION_DONE))
                .withMessageContaining("at the ends of epochs");
    }

    @Test
    void refusesAnIntervalOfNothing() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CheckpointWriter.to(file()).every(0))
                .withMessageContaining("at least 1 iteration apart, got 0");
    }

    @Test
    void tellsWhereItCanNotWriteAndLeavesTheNetworkAsItWas() {
        Path nowhere = folder.resolve("no").resolve("folder.zip");
        TinyNetwork network = Runs.mixed();
        network.listen(CheckpointWriter.to(nowhere).every(1));
        assertThatExceptionOfType(UncheckedIOException.class)
                .isThrownBy(() -> network.fit(Runs.BATCHES.get(0)))
                .withMessageContaining("can't write the checkpoint " + nowhere);
        assertThat(network.iteration()).isZero();
    }

    @Test
    void worksBesideDl4jsListenerAndEarlyStopping() throws IOException {
        TinyNetwork network = Runs.mixed();
        File theirs = Files.createDirectory(folder.resolve("theirs")).toFile();
        CheckpointListener listener =
                new CheckpointListener.Builder(theirs).keepAll().saveEveryNIterations(4).build();
        network.listen(listener, Runs.rigl(), CheckpointWriter.to(file()).every(4).eachEpoch());
        EarlyStoppingConfiguration<MultiLayerNetwork> conf =
                new EarlyStoppingConfiguration.Builder<MultiLayerNetwork>()
                        .epochTerminationConditions(new MaxEpochsTerminationCondition(2))
                        .scoreCalculator(
                                new DataSetLossCalculator(
                                        new ExistingDataSetIterator(Runs.BATCHES), true))
                        .build();
        EarlyStoppingResult<MultiLayerNetwork> result =
                new EarlyStoppingTrainer(
                                conf,
                                (MultiLayerNetwork) network.model(),
                                new ExistingDataSetIterator(Runs.BATCHES))
                        .fit();
        assertThat(result.getTerminationReason())
                .isEqualTo(TerminationReason.EpochTerminationCondition);

        Checkpoint checkpoint = Checkpoint.read(file());
        assertThat(checkpoint.dataOrder()).contains(new DataOrder(2, 0));
        checkpoint.resume(Runs.rigl());
        File[] saved = theirs.listFiles((dir, name) -> name.endsWith(".zip"));
        assertThat(saved).hasSize(2);
        for (File each : saved) {
            MultiLayerNetwork read = MultiLayerNetwork.load(each, true);
            PlasticNetwork.of(read)
                    .topologies()
                    .forEach(
                            (id, topology) ->
                                    assertThat(topology.density()).as(id).isBetween(0.4, 0.65));
            assertThat(PlasticNetwork.of(read).topologies().keySet())
                    .isEqualTo(Set.of("0/W", "2/W", "3/W"));
        }
    }
}
