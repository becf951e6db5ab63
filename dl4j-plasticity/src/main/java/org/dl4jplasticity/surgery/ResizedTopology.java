package org.dl4jplasticity.surgery;

import org.dl4jplasticity.topology.SparseTopology;
import org.dl4jplasticity.topology.TopologyChange;

/**
 * What a change of width did to sparse weights, packed or masked.
 *
 * @param weights layer and parameter, such as "1/W"
 * @param before the active connections before
 * @param kept those that stayed, in the new shape
 * @param after those and the new ones
 */
public record ResizedTopology(
        String weights, SparseTopology before, SparseTopology kept, SparseTopology after) {

    /** {@return the new connections} */
    public TopologyChange grown() {
        return TopologyChange.between(kept, after);
    }
}
