package org.dl4jplasticity.experiments.train;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.dl4jplasticity.journal.JournalReader;
import org.dl4jplasticity.journal.Mutation;
import org.dl4jplasticity.topology.SparseTopology;

/**
 * Tells a journal as a table: one line for each change of a weight matrix. Only counts are kept of
 * the changes, so that the table of a large network costs no more than that of a small one.
 */
final class UpdatesTable {
    private static final String HEADER =
            "sequence,iteration,epoch,weights,kind,dropped,grown,active,sparsity,explorationRate,"
                    + "target\n";

    private UpdatesTable() {}

    /**
     * {@return the table as CSV}
     *
     * @param last the topologies after the last change
     * @param journal the file
     */
    static String of(Map<String, SparseTopology> last, Path journal) {
        List<Change> changes = read(journal);
        Map<String, Long> active = new HashMap<>();
        last.forEach((weights, topology) -> active.put(weights, (long) topology.activeCount()));
        changes.forEach(change -> active.merge(change.weights(), -change.balance(), Long::sum));
        StringBuilder csv = new StringBuilder(HEADER);
        for (Change change : changes) {
            long now = active.merge(change.weights(), change.balance(), Long::sum);
            csv.append(change.line(now, (double) last.get(change.weights()).possibleCount()));
        }
        return csv.toString();
    }

    private static List<Change> read(Path journal) {
        List<Change> changes = new ArrayList<>();
        try (JournalReader reader = JournalReader.open(journal)) {
            for (Optional<Mutation> next = reader.next(); next.isPresent(); next = reader.next()) {
                changes.add(Change.of(next.get()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("can't read %s: %s".formatted(journal, e), e);
        }
        return changes;
    }

    /**
     * What the table tells of a mutation.
     *
     * @param explored connections that have been active so far; null where the journal doesn't tell
     * @param target connections that were aimed at; null where the journal doesn't tell
     */
    private record Change(
            long sequence,
            long iteration,
            int epoch,
            String weights,
            String kind,
            int dropped,
            int grown,
            Double explored,
            Double target) {

        static Change of(Mutation mutation) {
            return new Change(
                    mutation.sequence(),
                    mutation.iteration(),
                    mutation.epoch(),
                    mutation.weights(),
                    mutation.kind(),
                    mutation.dropped().length,
                    mutation.grown().length,
                    mutation.scores().get("explored"),
                    mutation.scores().get("target"));
        }

        long balance() {
            return (long) grown - dropped;
        }

        String line(long active, double possible) {
            return "%d,%d,%d,%s,%s,%d,%d,%d,%s,%s,%s%n"
                    .formatted(
                            sequence,
                            iteration,
                            epoch,
                            weights,
                            kind,
                            dropped,
                            grown,
                            active,
                            1 - active / possible,
                            explored == null ? "" : explored / possible,
                            target == null ? "" : 1 - target / possible);
        }
    }
}
