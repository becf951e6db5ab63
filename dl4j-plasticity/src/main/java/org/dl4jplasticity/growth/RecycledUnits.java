package org.dl4jplasticity.growth;

import java.util.Map;

/**
 * Units of one layer that started anew, at one moment.
 *
 * @param iteration iterations the network had done
 * @param epoch epochs the network had done
 * @param layerId the layer
 * @param units which units, ascending. The array is not copied: do not write to it.
 * @param seed of what they started with
 * @param scores numbers that led to it, by name
 */
@SuppressWarnings("ArrayRecordComponent") // handed on, compared by nobody
record RecycledUnits(
        int iteration,
        int epoch,
        String layerId,
        int[] units,
        long seed,
        Map<String, Double> scores) {}
