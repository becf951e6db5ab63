package org.dl4jplasticity.surgery;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * A change of the number of a layer's units: its neurons, or the channels of a convolution.
 *
 * @param before the number of units before
 * @param sources for every unit after the change the unit it was before, or -1 if it is new;
 *     strictly ascending but for -1. The array is not copied: do not write to it.
 */
@SuppressWarnings("ArrayRecordComponent") // handed on, compared by nobody
public record UnitChange(int before, int[] sources) {

    /**
     * {@return a change that adds units behind those there are}
     *
     * @param units the number of units, at least 1
     * @param added how many are added, at least 1
     * @throws IllegalArgumentException if a number is out of its range
     */
    public static UnitChange widen(int units, int added) {
        if (units < 1 || added < 1) {
            throw new IllegalArgumentException(
                    "a width grows by at least 1 from at least 1, got %d more than %d"
                            .formatted(added, units));
        }
        int[] sources = new int[Math.addExact(units, added)];
        Arrays.setAll(sources, unit -> unit < units ? unit : -1);
        return new UnitChange(units, sources);
    }

    /**
     * {@return a change that removes units; the others move up}
     *
     * @param units the number of units
     * @param removed different units in [0, units), in any order; at least 1, fewer than all
     * @throws IllegalArgumentException if there are none, all, two the same, or one out of range
     */
    public static UnitChange narrow(int units, int... removed) {
        boolean[] gone = new boolean[units];
        for (int unit : removed) {
            if (unit < 0 || unit >= units || gone[unit]) {
                throw new IllegalArgumentException(
                        "units to remove must be different and in [0, %d), got %s"
                                .formatted(units, Arrays.toString(removed)));
            }
            gone[unit] = true;
        }
        if (removed.length == 0 || removed.length == units) {
            throw new IllegalArgumentException(
                    "expected 1 to %d units to remove, got %d"
                            .formatted(units - 1, removed.length));
        }
        return new UnitChange(
                units, IntStream.range(0, units).filter(unit -> !gone[unit]).toArray());
    }

    /** {@return the change that leaves all units as they are} */
    static UnitChange none(int units) {
        return new UnitChange(units, IntStream.range(0, units).toArray());
    }

    /** {@return the number of units after the change} */
    public int after() {
        return sources.length;
    }

    /** {@return the new units, as they are numbered after the change, ascending} */
    public int[] added() {
        return IntStream.range(0, sources.length).filter(unit -> sources[unit] < 0).toArray();
    }

    /** {@return the units that go, as they are numbered before the change, ascending} */
    public int[] removed() {
        boolean[] stays = new boolean[before];
        for (int source : sources) {
            if (source >= 0) {
                stays[source] = true;
            }
        }
        return IntStream.range(0, before).filter(unit -> !stays[unit]).toArray();
    }
}
