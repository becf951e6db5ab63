package org.dl4jplasticity.journal;

import java.util.Map;
import java.util.Optional;
import org.dl4jplasticity.topology.SparseTopology;

/** Replays changes of a layer's units, which takes a network to tell what depends on them. */
public interface UnitMutations {

    /**
     * {@return whether a mutation is one of units, not of connections}
     *
     * @param mutation any mutation
     */
    static boolean isOne(Mutation mutation) {
        return switch (mutation.kind()) {
            case "widen", "narrow", "recycle" -> true;
            default -> false;
        };
    }

    /**
     * Applies a change of units.
     *
     * @param mutation a mutation of units
     * @param topologies the topologies before it, by weights
     * @return those that change, as they are then: what stayed has its connections, what is new has
     *     none yet
     * @throws IllegalArgumentException if the mutation doesn't fit; nothing has changed then
     */
    Map<String, SparseTopology> apply(Mutation mutation, Map<String, SparseTopology> topologies);

    /**
     * {@return the topology of weights that a mask is laid over for the first time: all of them are
     * active; empty if there are no such weights}
     *
     * @param weights which weights, such as "0/W"
     */
    default Optional<SparseTopology> unmasked(String weights) {
        return Optional.empty();
    }
}
