package org.dl4jplasticity.growth;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.dl4jplasticity.surgery.UnitVectors;

/**
 * Weights of several units that belong together. Where weights are sparse, one of the units may
 * lack a connection that another has: connections between new units of a recurrent layer are drawn
 * for both of their ends.
 */
final class Sharing {
    private Sharing() {}

    /** {@return the entries of a vector that all of some units can take, 0 for the others} */
    static double[] masked(UnitVectors weights, double[] vector, int... units) {
        return IntStream.range(0, vector.length)
                .mapToDouble(
                        entry ->
                                Arrays.stream(units).allMatch(it -> weights.isActive(it, entry))
                                        ? vector[entry]
                                        : 0)
                .toArray();
    }

    /** Gives a unit and its copies equal parts of what the unit has; to those that can take it. */
    static void split(UnitVectors weights, int unit, int[] copies) {
        int[] all = IntStream.concat(IntStream.of(unit), IntStream.of(copies)).toArray();
        double[] parts = weights.get(unit);
        for (int entry = 0; entry < parts.length; entry++) {
            int place = entry;
            long takers = Arrays.stream(all).filter(it -> weights.isActive(it, place)).count();
            parts[entry] /= Math.max(1, takers);
        }
        Arrays.stream(all).forEach(it -> weights.set(it, parts));
    }
}
