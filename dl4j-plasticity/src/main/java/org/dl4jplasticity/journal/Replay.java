package org.dl4jplasticity.journal;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.dl4jplasticity.topology.SparseTopology;

/**
 * Rebuilds topologies from first ones and the mutations that followed, confirming each: the digests
 * before and after it, that what it drops is active and what it grows is not. Changes of units are
 * replayed by {@link UnitMutations}. Not safe for use by several threads.
 */
public final class Replay {
    private final Map<String, State> states = new LinkedHashMap<>();
    private final UnitMutations units;
    private OptionalLong previous = OptionalLong.empty();

    private record State(SparseTopology topology, String digest) {
        State(SparseTopology topology) {
            this(topology, topology.digest());
        }
    }

    /**
     * What a replayed journal leads to.
     *
     * @param topologies the topology of every weight matrix
     * @param mutations how many mutations were applied
     * @param truncated a sentence on the journal's last line if it was reached and is cut off
     */
    public record Outcome(
            Map<String, SparseTopology> topologies, long mutations, Optional<String> truncated) {}

    private Replay(Map<String, SparseTopology> initial, UnitMutations units) {
        this.units = units;
        initial.forEach((weights, topology) -> states.put(weights, new State(topology)));
    }

    /**
     * {@return a replay that has applied nothing yet}
     *
     * @param initial the topology that every weight matrix starts with, by the name that mutations
     *     have for it
     */
    public static Replay of(Map<String, SparseTopology> initial) {
        return new Replay(
                initial,
                (mutation, topologies) -> {
                    throw new IllegalArgumentException(
                            "units came or went, and without the network nobody knows what"
                                    + " depends on them");
                });
    }

    /**
     * {@return a replay that has applied nothing yet, of a run in which widths changed too}
     *
     * @param initial the topology that every weight matrix starts with
     * @param units replays changes of units
     */
    public static Replay of(Map<String, SparseTopology> initial, UnitMutations units) {
        return new Replay(initial, units);
    }

    /**
     * {@return what all of a journal leads to}
     *
     * @param initial the topologies before the journal's first mutation
     * @param journal the file
     * @throws JournalException if a line isn't as it was written, or a mutation doesn't fit
     * @throws IOException if the file can't be read
     */
    public static Outcome toEnd(Map<String, SparseTopology> initial, Path journal)
            throws IOException {
        return of(initial).toEnd(journal);
    }

    /**
     * {@return what all of a journal leads to}
     *
     * @param journal the file
     * @throws JournalException if a line isn't as it was written, or a mutation doesn't fit
     * @throws IOException if the file can't be read
     */
    public Outcome toEnd(Path journal) throws IOException {
        return until(Integer.MAX_VALUE, journal);
    }

    /**
     * {@return what a journal leads to at the end of an iteration} It is read up to the first
     * mutation of a later iteration; what follows is not looked at.
     *
     * @param iteration the last iteration whose mutations count
     * @param initial the topologies before the journal's first mutation
     * @param journal the file
     * @throws JournalException if a line isn't as it was written, or a mutation doesn't fit
     * @throws IOException if the file can't be read
     */
    public static Outcome until(int iteration, Map<String, SparseTopology> initial, Path journal)
            throws IOException {
        return of(initial).until(iteration, journal);
    }

    /**
     * {@return what a journal leads to at the end of an iteration}
     *
     * @param iteration the last iteration whose mutations count
     * @param journal the file
     * @throws JournalException if a line isn't as it was written, or a mutation doesn't fit
     * @throws IOException if the file can't be read
     */
    public Outcome until(int iteration, Path journal) throws IOException {
        long mutations = 0;
        try (JournalReader reader = JournalReader.open(journal)) {
            Optional<Mutation> next = reader.next();
            while (next.isPresent() && next.get().iteration() <= iteration) {
                apply(next.get());
                mutations++;
                next = reader.next();
            }
            return new Outcome(topologies(), mutations, reader.truncated());
        }
    }

    /**
     * Applies the next mutation.
     *
     * @param mutation the one that follows the last one applied; the first may have any sequence
     *     number
     * @throws JournalException if it isn't the next one, is of unknown weights, doesn't fit their
     *     topology, or if a digest differs; nothing has changed then
     */
    public void apply(Mutation mutation) {
        if (previous.isPresent() && mutation.sequence() != previous.getAsLong() + 1) {
            throw fault(
                    mutation,
                    "expected sequence number %d, got %d"
                            .formatted(previous.getAsLong() + 1, mutation.sequence()),
                    null);
        }
        if (UnitMutations.isOne(mutation)) {
            applyToUnits(mutation);
            previous = OptionalLong.of(mutation.sequence());
            return;
        }
        State state = states.get(mutation.weights());
        if (state == null) {
            state = units.unmasked(mutation.weights()).map(State::new).orElse(null);
        }
        if (state == null) {
            throw fault(
                    mutation,
                    "expected one of the weights %s, got '%s'"
                            .formatted(states.keySet(), mutation.weights()),
                    null);
        }
        requireDigest(mutation, "before", mutation.before(), state);
        State changed = new State(rewire(mutation, state.topology()));
        requireDigest(mutation, "after", mutation.after(), changed);
        states.put(mutation.weights(), changed);
        previous = OptionalLong.of(mutation.sequence());
    }

    private void applyToUnits(Mutation mutation) {
        try {
            units.apply(mutation, topologies())
                    .forEach((weights, topology) -> states.put(weights, new State(topology)));
        } catch (IllegalArgumentException e) {
            throw fault(mutation, e.getMessage(), e);
        }
    }

    private static SparseTopology rewire(Mutation mutation, SparseTopology topology) {
        long[] active = topology.ids();
        int[] dropped = new int[mutation.dropped().length];
        for (int i = 0; i < dropped.length; i++) {
            long id = mutation.dropped()[i];
            dropped[i] = Arrays.binarySearch(active, id);
            if (dropped[i] < 0) {
                throw fault(
                        mutation,
                        "connection %d can't be dropped: it is not active".formatted(id),
                        null);
            }
        }
        try {
            return topology.rewire(dropped, mutation.grown()).topology();
        } catch (IllegalArgumentException e) {
            throw fault(mutation, e.getMessage(), e);
        }
    }

    private static void requireDigest(Mutation mutation, String when, String expected, State got) {
        if (!got.digest().equals(expected)) {
            throw fault(
                    mutation,
                    "expected a topology of digest %s %s it, got %s with digest %s"
                            .formatted(expected, when, got.topology(), got.digest()),
                    null);
        }
    }

    /** A journal numbers its mutations from 0 and its lines from 1. */
    private static JournalException fault(Mutation mutation, String what, Throwable cause) {
        long line = mutation.sequence() + 1;
        return new JournalException(
                line,
                "mutation %d (line %d of the journal; %s of %s at iteration %d): %s"
                        .formatted(
                                mutation.sequence(),
                                line,
                                mutation.kind(),
                                mutation.weights(),
                                mutation.iteration(),
                                what),
                cause);
    }

    /**
     * {@return the topology of every weight matrix as it is now, in the order of the first ones}
     */
    public Map<String, SparseTopology> topologies() {
        Map<String, SparseTopology> topologies = new LinkedHashMap<>();
        states.forEach((weights, state) -> topologies.put(weights, state.topology()));
        return topologies;
    }
}
