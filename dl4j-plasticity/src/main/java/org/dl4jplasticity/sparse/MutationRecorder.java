package org.dl4jplasticity.sparse;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.dl4jplasticity.journal.Mutation;
import org.dl4jplasticity.journal.MutationJournal;
import org.dl4jplasticity.surgery.PlasticNetwork;
import org.dl4jplasticity.topology.SparseTopology;
import org.dl4jplasticity.topology.TopologyChange;

/** Writes the changes of an update to a journal, if there is one, once all of them are made. */
final class MutationRecorder {
    private final List<Mutation> mutations = new ArrayList<>();

    /** Null for nowhere. */
    private MutationJournal journal;

    void recordTo(MutationJournal journal) {
        this.journal = journal;
    }

    /** Takes note of a change that is about to be made, or has just been. */
    void note(
            PlasticNetwork network,
            String weights,
            SparseTopology before,
            TopologyChange change,
            long seed,
            Map<String, Double> scores) {
        if (journal == null) {
            return;
        }
        long[] dropped = change.droppedIds(before);
        long[] grown = change.grownIds();
        if (dropped.length == 0 && grown.length == 0) {
            return;
        }
        mutations.add(
                new Mutation(
                        journal.nextSequence() + mutations.size(),
                        network.iteration(),
                        network.epoch(),
                        dropped.length == 0 ? "grow" : grown.length == 0 ? "drop" : "rewire",
                        weights,
                        dropped,
                        grown,
                        seed,
                        scores,
                        before.digest(),
                        change.topology().digest()));
    }

    /** Writes what was taken note of. */
    void write() {
        try {
            for (Mutation mutation : mutations) {
                journal.append(mutation);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("can't write the journal: " + e.getMessage(), e);
        } finally {
            mutations.clear();
        }
    }
}
