package org.dl4jplasticity.surgery;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.dl4jplasticity.journal.Mutation;
import org.dl4jplasticity.journal.MutationJournal;
import org.dl4jplasticity.topology.SparseTopology;
import org.dl4jplasticity.topology.TopologyChange;

/**
 * Writes the changes of an update to a journal, if there is one, once all of them are made. Changes
 * of units are mutations of a layer, named by its id alone, whose ids are those of the units.
 */
public final class MutationRecorder {
    private final List<Mutation> mutations = new ArrayList<>();

    /** Null for nowhere. */
    private MutationJournal journal;

    /** Starts without changes and without a journal. */
    public MutationRecorder() {}

    /**
     * Writes to a journal from now on.
     *
     * @param journal open for writing
     */
    public void recordTo(MutationJournal journal) {
        this.journal = journal;
    }

    /**
     * Takes note of a change of connections that is about to be made, or has just been.
     *
     * @param network the network
     * @param weights which weights, such as "0/W"
     * @param before the connections before
     * @param change the change
     * @param seed of what was random in it
     * @param scores numbers that led to it, by name
     */
    public void note(
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
        add(
                network,
                dropped.length == 0 ? "grow" : grown.length == 0 ? "drop" : "rewire",
                weights,
                dropped,
                grown,
                seed,
                scores,
                before.digest(),
                change.topology().digest());
    }

    /**
     * Takes note of a change of a layer's width that has just been made, and of the connections
     * that new units got in sparse weights.
     *
     * @param network the network
     * @param resized what changed
     * @param seed of what was random in it
     * @param scores numbers that led to it, by name
     */
    public void note(
            PlasticNetwork network, Resized resized, long seed, Map<String, Double> scores) {
        if (journal == null) {
            return;
        }
        UnitChange change = resized.change();
        add(
                network,
                change.after() > change.before() ? "widen" : "narrow",
                resized.layerId(),
                longs(change.removed()),
                longs(change.added()),
                seed,
                scores,
                UnitReplay.digest(change.before()),
                UnitReplay.digest(change.after()));
        for (ResizedTopology topology : resized.topologies()) {
            note(network, topology.weights(), topology.kept(), topology.grown(), seed, Map.of());
        }
    }

    /**
     * Takes note of units that started anew at constant width.
     *
     * @param network the network
     * @param layerId the layer
     * @param width the number of its units
     * @param units which ones, ascending
     * @param seed of what they started with
     * @param scores numbers that led to it, by name
     */
    public void noteRecycled(
            PlasticNetwork network,
            String layerId,
            int width,
            int[] units,
            long seed,
            Map<String, Double> scores) {
        if (journal == null) {
            return;
        }
        String digest = UnitReplay.digest(width);
        add(network, "recycle", layerId, longs(units), longs(units), seed, scores, digest, digest);
    }

    private void add(
            PlasticNetwork network,
            String kind,
            String weights,
            long[] dropped,
            long[] grown,
            long seed,
            Map<String, Double> scores,
            String before,
            String after) {
        mutations.add(
                new Mutation(
                        journal.nextSequence() + mutations.size(),
                        network.iteration(),
                        network.epoch(),
                        kind,
                        weights,
                        dropped,
                        grown,
                        seed,
                        scores,
                        before,
                        after));
    }

    private static long[] longs(int[] units) {
        return IntStream.of(units).asLongStream().toArray();
    }

    /** Writes what was taken note of. */
    public void write() {
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
