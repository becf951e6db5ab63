package org.dl4jplasticity.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.api.NeuralNetwork;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.dl4jplasticity.checkpoint.Runs.End;
import org.dl4jplasticity.schedule.SparsityDistribution;
import org.dl4jplasticity.schedule.SparsitySchedule;
import org.dl4jplasticity.sparse.DropCriterion;
import org.dl4jplasticity.sparse.DynamicSparseTraining;
import org.dl4jplasticity.sparse.SparseTrainingBuilder;
import org.dl4jplasticity.testing.NetworkClass;
import org.dl4jplasticity.testing.TinyNetwork;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nesterovs;

/**
 * A run that goes on from any checkpoint ends as the uninterrupted one does: with dropout, L2, a
 * norm constraint, batch normalization, masked and packed weights.
 */
class ResumptionTest {

    /** Within an epoch, at its last iteration and at its end; RigL and others updated or not. */
    private static final List<String> RESUMED =
            List.of("after-1", "after-3", "after-5", "end-5", "after-9", "after-10", "end-11");

    enum Method {
        STATIC(false) {
            @Override
            SparseTrainingBuilder builder() {
                return DynamicSparseTraining.fixed();
            }
        },
        SET(false) {
            @Override
            SparseTrainingBuilder builder() {
                return DynamicSparseTraining.set().until(2);
            }
        },
        RIGL(false) {
            @Override
            SparseTrainingBuilder builder() {
                return DynamicSparseTraining.rigl().updateEvery(2).until(12);
            }
        },
        SPARSE_MOMENTUM(true) {
            @Override
            SparseTrainingBuilder builder() {
                return DynamicSparseTraining.sparseMomentum().until(2);
            }
        },
        MOVEMENT(false) {
            @Override
            SparseTrainingBuilder builder() {
                return DynamicSparseTraining.set()
                        .updateEvery(3)
                        .lastUpdateOnlyDrops(false)
                        .drop(DropCriterion.movement());
            }
        },
        MEST_SOFT(false) {
            @Override
            SparseTrainingBuilder builder() {
                return DynamicSparseTraining.mestSoft().updateEvery(2).until(14);
            }
        },
        GRANET(false) {
            @Override
            SparseTrainingBuilder builder() {
                return DynamicSparseTraining.granet(SparsitySchedule.cubic(0.5, 0.8, 0, 12))
                        .updateEvery(2)
                        .until(14);
            }
        },
        ACDC(false) {
            @Override
            SparseTrainingBuilder builder() {
                return DynamicSparseTraining.acdc(
                        SparsitySchedule.oneShot(0.7, 0, 2), SparsityDistribution.uniform());
            }
        },
        SRIGL(false) {
            @Override
            SparseTrainingBuilder builder() {
                return DynamicSparseTraining.srigl().updateEvery(2).until(12);
            }
        };

        private final boolean maskedOnly;

        Method(boolean maskedOnly) {
            this.maskedOnly = maskedOnly;
        }

        abstract SparseTrainingBuilder builder();

        TinyNetwork network(NetworkClass type, IUpdater updater) {
            return maskedOnly ? Runs.masked(type, updater) : Runs.mixed(type, updater);
        }
    }

    static Stream<Arguments> runs() {
        List<Arguments> runs = new ArrayList<>();
        for (NetworkClass type : List.of(NetworkClass.SEQUENTIAL, NetworkClass.GRAPH)) {
            for (Method method : Method.values()) {
                runs.add(Arguments.of(type, method, new Adam(0.03)));
            }
            runs.add(Arguments.of(type, Method.RIGL, new Nesterovs(0.05, 0.9)));
        }
        return runs.stream();
    }

    /** Keeps every checkpoint that the writer before it wrote. */
    private static TrainingListener keeping(Path file, List<Path> kept) {
        return new BaseTrainingListener() {
            @Override
            public void iterationDone(Model model, int iteration, int epoch) {
                keep("after-" + (iteration + 1));
            }

            @Override
            public void onEpochEnd(Model model) {
                keep("end-" + kept.size());
            }

            private void keep(String name) {
                try {
                    kept.add(Files.copy(file, file.resolveSibling(name)));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        };
    }

    @ParameterizedTest
    @MethodSource("runs")
    void aRunGoesOnBitForBitFromTheMiddleAndTheEndOfAnEpoch(
            NetworkClass type, Method method, IUpdater updater, @TempDir Path folder)
            throws IOException {
        TinyNetwork uninterrupted = method.network(type, updater);
        DynamicSparseTraining alone = method.builder().build();
        uninterrupted.listen(alone);
        uninterrupted.fit(Runs.BATCHES, Runs.EPOCHS);
        End expected = Runs.end(uninterrupted, alone);

        Path file = folder.resolve("checkpoint.zip");
        List<Path> kept = new ArrayList<>();
        TinyNetwork saved = method.network(type, updater);
        DynamicSparseTraining training = method.builder().build();
        saved.listen(training, CheckpointWriter.to(file).every(1).eachEpoch(), keeping(file, kept));
        saved.fit(Runs.BATCHES, Runs.EPOCHS);
        assertThat(Runs.end(saved, training)).as("while it is saved").isEqualTo(expected);
        assertThat(kept).hasSize(15 + 3);

        for (String name : RESUMED) {
            Path each = folder.resolve(name);
            Checkpoint checkpoint = Checkpoint.read(each);
            TinyNetwork network = new TinyNetwork((NeuralNetwork) checkpoint.network());
            DynamicSparseTraining resumed = method.builder().build();
            checkpoint.resume(resumed);
            network.listen(resumed);
            Nd4j.getRandom().setSeed(999);
            checkpoint.restoreRandomState();
            Runs.fitFrom(network, checkpoint.dataOrder().orElseThrow());
            assertThat(Runs.end(network, resumed)).as(name).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"SEQUENTIAL", "GRAPH"})
    void aRunGoesOnFromACheckpointAtRest(NetworkClass type, @TempDir Path folder)
            throws IOException {
        TinyNetwork network = Runs.mixed(type, new Adam(0.03));
        DynamicSparseTraining training = Runs.rigl();
        network.listen(training);
        network.fit(Runs.BATCHES, 1);
        Path file = folder.resolve("checkpoint.zip");
        Checkpoint.of(network.model(), Moment.AT_REST).training(training).write(file);
        network.fit(Runs.BATCHES, 2);
        End expected = Runs.end(network, training);

        Checkpoint checkpoint = Checkpoint.read(file);
        TinyNetwork read = new TinyNetwork((NeuralNetwork) checkpoint.network());
        DynamicSparseTraining resumed = Runs.rigl();
        checkpoint.resume(resumed);
        read.listen(resumed);
        assertThat(resumed.report().toString()).contains("training");
        checkpoint.restoreRandomState();
        read.fit(Runs.BATCHES, 2);
        assertThat(Runs.end(read, resumed)).isEqualTo(expected);
    }

    @ParameterizedTest
    @EnumSource(names = {"SEQUENTIAL", "GRAPH"})
    void aRunBeginsFromACheckpointTakenBeforeIt(NetworkClass type, @TempDir Path folder)
            throws IOException {
        TinyNetwork network = Runs.mixed(type, new Adam(0.03));
        DynamicSparseTraining training = Runs.rigl();
        Path file = folder.resolve("checkpoint.zip");
        Checkpoint.of(network.model(), Moment.AT_REST).training(training).write(file);
        network.listen(training);
        network.fit(Runs.BATCHES, 2);
        End expected = Runs.end(network, training);

        Checkpoint checkpoint = Checkpoint.read(file);
        TinyNetwork read = new TinyNetwork((NeuralNetwork) checkpoint.network());
        DynamicSparseTraining resumed = Runs.rigl();
        checkpoint.resume(resumed);
        read.listen(resumed);
        checkpoint.restoreRandomState();
        read.fit(Runs.BATCHES, 2);
        assertThat(Runs.end(read, resumed)).isEqualTo(expected);
    }

    @ParameterizedTest
    @EnumSource(names = {"SEQUENTIAL", "GRAPH"})
    void aRunThatGoesOnWritesTheSameCheckpoints(NetworkClass type, @TempDir Path folder)
            throws IOException {
        Path file = folder.resolve("checkpoint.zip");
        List<Path> kept = new ArrayList<>();
        TinyNetwork network = Runs.mixed(type, new Adam(0.03));
        network.listen(
                Runs.rigl(), CheckpointWriter.to(file).every(1).eachEpoch(), keeping(file, kept));
        network.fit(Runs.BATCHES, Runs.EPOCHS);

        Checkpoint checkpoint = Checkpoint.read(folder.resolve("after-7"));
        TinyNetwork read = new TinyNetwork((NeuralNetwork) checkpoint.network());
        DynamicSparseTraining resumed = Runs.rigl();
        checkpoint.resume(resumed);
        DataOrder order = checkpoint.dataOrder().orElseThrow();
        assertThat(order).isEqualTo(new DataOrder(1, 2));
        Path again = folder.resolve("again");
        read.listen(resumed, CheckpointWriter.to(again).every(9).startingAt(order));
        checkpoint.restoreRandomState();
        Runs.fitFrom(read, order); // writes after iteration 9 only
        assertThat(Checkpoint.read(again).dataOrder()).contains(new DataOrder(1, 4));
        assertThat(document(again)).isEqualTo(document(folder.resolve("after-9")));
    }

    private static String document(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file)) {
            return new String(
                    CheckpointFile.read(file, channel).document(), StandardCharsets.UTF_8);
        }
    }
}
