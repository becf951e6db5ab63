package org.dl4jplasticity.surgery;

import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What a change of units does to the features between two layers, or along one axis of a parameter:
 * one unit may stand for many of them, as a channel does behind a flattening, and others may belong
 * to no unit that changes, as those that a merge puts beside them.
 *
 * @param before the unit each feature belongs to before the change, or -1
 * @param after the unit each feature belongs to after the change, or -1
 * @param sources for every feature after the change the one it was before, or -1 if it is new
 */
@SuppressWarnings("ArrayRecordComponent") // compared by content below
record Features(int[] before, int[] after, int[] sources) {

    /** {@return one feature per unit} */
    static Features of(UnitChange change) {
        return new Features(
                IntStream.range(0, change.before()).toArray(),
                IntStream.range(0, change.after()).toArray(),
                change.sources());
    }

    /** {@return features that stay as they are} */
    static Features untouched(long size) {
        int[] none = new int[Math.toIntExact(size)];
        Arrays.fill(none, -1);
        return new Features(none, none, IntStream.range(0, none.length).toArray());
    }

    /** {@return features behind one another} */
    static Features concat(Features... parts) {
        int offset = 0;
        int[] sources = new int[0];
        for (Features part : parts) {
            int from = offset;
            int[] shifted =
                    Arrays.stream(part.sources).map(it -> it < 0 ? -1 : it + from).toArray();
            sources = IntStream.concat(Arrays.stream(sources), Arrays.stream(shifted)).toArray();
            offset += part.before.length;
        }
        return new Features(
                Stream.of(parts).flatMapToInt(part -> Arrays.stream(part.before)).toArray(),
                Stream.of(parts).flatMapToInt(part -> Arrays.stream(part.after)).toArray(),
                sources);
    }

    /** {@return these features, the whole of them so many times behind one another} */
    Features times(int times) {
        Features[] parts = new Features[times];
        Arrays.fill(parts, this);
        return concat(parts);
    }

    /** {@return these features, each of them so many times before the next} */
    Features each(int times) {
        return new Features(
                spread(before, times),
                spread(after, times),
                IntStream.range(0, sources.length * times)
                        .map(
                                i ->
                                        sources[i / times] < 0
                                                ? -1
                                                : sources[i / times] * times + i % times)
                        .toArray());
    }

    private static int[] spread(int[] units, int times) {
        return IntStream.range(0, units.length * times).map(i -> units[i / times]).toArray();
    }

    /** {@return whether any feature belongs to a unit of the layer that changes} */
    boolean isTouched() {
        return Arrays.stream(before).anyMatch(unit -> unit >= 0);
    }

    int sizeBefore() {
        return before.length;
    }

    int sizeAfter() {
        return after.length;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Features that
                && Arrays.equals(before, that.before)
                && Arrays.equals(after, that.after)
                && Arrays.equals(sources, that.sources);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(sources);
    }
}
