package org.dl4jplasticity.experiments.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.dl4jplasticity.experiments.run.Mode;
import org.dl4jplasticity.experiments.run.Network;
import org.dl4jplasticity.journal.JournalReader;
import org.dl4jplasticity.journal.Mutation;
import org.dl4jplasticity.journal.Replay;
import org.dl4jplasticity.schedule.SparsityDistribution;
import org.dl4jplasticity.topology.SparseTopology;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class UpdatesTableTest {
    @TempDir Path folder;

    @ParameterizedTest
    @EnumSource(names = {"SET", "RIGL", "GRANET", "TOP_KAST"})
    void everyLineIsWhatAReplayOfTheJournalFinds(Method method) throws IOException {
        train(method);

        List<String> lines = Files.readAllLines(folder.resolve("updates.csv"));
        Map<String, SparseTopology> first =
                Network.load(folder.resolve("initial.zip")).topologies();
        Replay replay = Replay.of(first);
        Map<String, SparseTopology> explored = new HashMap<>(first);
        int line = 1;
        try (JournalReader reader = JournalReader.open(folder.resolve("journal.jsonl"))) {
            for (Optional<Mutation> next = reader.next(); next.isPresent(); next = reader.next()) {
                Mutation mutation = next.get();
                replay.apply(mutation);
                SparseTopology now = replay.topologies().get(mutation.weights());
                SparseTopology ever =
                        explored.merge(mutation.weights(), now, SparseTopology::union);
                assertThat(lines.get(line++))
                        .startsWith(
                                "%d,%d,%d,%s,%s,%d,%d,%d,%s,%s,"
                                        .formatted(
                                                mutation.sequence(),
                                                mutation.iteration(),
                                                mutation.epoch(),
                                                mutation.weights(),
                                                mutation.kind(),
                                                mutation.dropped().length,
                                                mutation.grown().length,
                                                now.activeCount(),
                                                1 - now.density(),
                                                ever.density()));
            }
        }
        assertThat(lines).hasSize(line).hasSizeGreaterThan(3); // each of three matrices changed
    }

    private void train(Method method) {
        new TrainingRun(
                        new TrainSettings(
                                "mnist-sample",
                                null,
                                "mlp:30-20",
                                method,
                                Mode.AUTO,
                                0.9,
                                SparsityDistribution.erdosRenyiKernel(),
                                Rewiring.USUAL,
                                3,
                                128,
                                0.1,
                                0.9,
                                1e-4,
                                0.1,
                                3,
                                folder,
                                0,
                                false))
                .run();
    }
}
