package org.dl4jplasticity.surgery;

import java.util.List;

/**
 * What a change of a layer's width did.
 *
 * @param layerId the layer
 * @param change which units stayed, came and went
 * @param topologies what became of sparse weights, in the order of the network's parameters
 */
public record Resized(String layerId, UnitChange change, List<ResizedTopology> topologies) {}
