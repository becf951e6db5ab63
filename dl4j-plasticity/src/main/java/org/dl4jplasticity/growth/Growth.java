package org.dl4jplasticity.growth;

/**
 * Units that a layer got while the network trained.
 *
 * @param iteration iterations the network had done
 * @param epoch epochs the network had done
 * @param layerId the layer
 * @param width the number of its units before
 * @param added how many it got
 * @param cause why, such as "plateau" or "new data"
 */
public record Growth(
        int iteration, int epoch, String layerId, int width, int added, String cause) {}
