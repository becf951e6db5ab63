package org.dl4jplasticity.surgery;

/**
 * What a change of a layer's width did.
 *
 * @param layerId the layer
 * @param change which units stayed, came and went
 */
public record Resized(String layerId, UnitChange change) {}
