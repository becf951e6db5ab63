package org.dl4jplasticity.experiments.train;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.dl4jplasticity.journal.JournalReader;
import org.dl4jplasticity.journal.Mutation;
import org.dl4jplasticity.journal.Replay;
import org.dl4jplasticity.topology.SparseTopology;

/** Tells a journal as a table: one line for each change of a weight matrix. */
final class UpdatesTable {
    private UpdatesTable() {}

    /**
     * {@return the table as CSV}
     *
     * @param first the topologies before the first change
     * @param journal the file
     */
    static String of(Map<String, SparseTopology> first, Path journal) {
        StringBuilder csv =
                new StringBuilder(
                        "sequence,iteration,epoch,weights,kind,dropped,grown,active,sparsity,"
                                + "explorationRate,target\n");
        Replay replay = Replay.of(first);
        Map<String, SparseTopology> explored = new HashMap<>(first);
        try (JournalReader reader = JournalReader.open(journal)) {
            for (Optional<Mutation> next = reader.next(); next.isPresent(); next = reader.next()) {
                Mutation mutation = next.get();
                replay.apply(mutation);
                SparseTopology now = replay.topologies().get(mutation.weights());
                SparseTopology ever =
                        explored.merge(mutation.weights(), now, SparseTopology::union);
                csv.append(
                        "%d,%d,%d,%s,%s,%d,%d,%d,%s,%s,%s%n"
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
                                        ever.density(),
                                        target(mutation, now)));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("can't read %s: %s".formatted(journal, e), e);
        }
        return csv.toString();
    }

    /** {@return the sparsity that was aimed at; empty where the journal doesn't tell} */
    private static String target(Mutation mutation, SparseTopology now) {
        Double active = mutation.scores().get("target");
        return active == null ? "" : String.valueOf(1 - active / now.possibleCount());
    }
}
