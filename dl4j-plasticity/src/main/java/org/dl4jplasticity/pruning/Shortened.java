package org.dl4jplasticity.pruning;

import java.util.List;
import org.deeplearning4j.nn.api.Model;

/**
 * What a {@link DepthPruning} made.
 *
 * @param network the new network
 * @param removed what it lacks, in the order in which it went
 */
public record Shortened(Model network, List<Removed> removed) {

    /**
     * Copies the list.
     *
     * @param network the new network
     * @param removed what it lacks
     */
    public Shortened {
        removed = List.copyOf(removed);
    }

    /**
     * Something that was removed.
     *
     * @param part what it was, by ids of the network before anything was removed
     * @param similarity of the representations before the outputs with it and without it and those
     *     removed before it, in [0, 1]
     */
    public record Removed(Removable part, double similarity) {}
}
