package org.dl4jplasticity.surgery;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntToDoubleFunction;
import java.util.function.LongToIntFunction;

/**
 * What the axes of one parameter are, and what a change of units does to them.
 *
 * @param key the parameter's name in its layer
 * @param kind what its numbers do
 * @param axes from the fastest in the flat parameter vector to the slowest
 * @param fresh what a new entry is before anybody says otherwise, by its place after the change
 */
record ParameterAxes(String key, Kind kind, List<Axis> axes, IntToDoubleFunction fresh) {

    /** What a parameter's numbers do. */
    enum Kind {
        WEIGHT,
        BIAS,
        /** One number per unit on its way. */
        SCALE
    }

    /** Which end of a connection an axis counts. */
    enum End {
        /** The units a weight leads to. */
        TO,
        /** The units or features a weight comes from. */
        FROM
    }

    /** One axis. */
    record Axis(Features features, End end) {}

    static ParameterAxes weights(String key, Axis... axes) {
        return new ParameterAxes(key, Kind.WEIGHT, List.of(axes), place -> 0);
    }

    static ParameterAxes biases(String key, Features units, IntToDoubleFunction fresh) {
        return new ParameterAxes(key, Kind.BIAS, List.of(toUnits(units)), fresh);
    }

    static ParameterAxes scales(String key, Features units, double fresh) {
        return new ParameterAxes(key, Kind.SCALE, List.of(toUnits(units)), place -> fresh);
    }

    static Axis toUnits(Features features) {
        return new Axis(features, End.TO);
    }

    static Axis fromFeatures(Features features) {
        return new Axis(features, End.FROM);
    }

    /** An axis that no units are counted along, such as a kernel's positions. */
    static Axis fixed(long size) {
        return new Axis(Features.untouched(size), End.TO);
    }

    ParameterAxes prefixed(String prefix) {
        return new ParameterAxes(prefix + key, kind, axes, fresh);
    }

    boolean isTouched() {
        return axes.stream().anyMatch(axis -> axis.features().isTouched());
    }

    long lengthBefore() {
        return axes.stream()
                .mapToLong(axis -> axis.features().sizeBefore())
                .reduce(1, Math::multiplyExact);
    }

    long lengthAfter() {
        return axes.stream()
                .mapToLong(axis -> axis.features().sizeAfter())
                .reduce(1, Math::multiplyExact);
    }

    private static int length(List<Integer> sizes) {
        return sizes.stream().reduce(1, Math::multiplyExact);
    }

    /**
     * {@return for every place after the change the place before it, or -1} Not for packed weights:
     * it has an entry for each of the possible ones.
     */
    int[] sources() {
        int[] sources = {0};
        int stride = 1;
        for (Axis axis : axes) {
            int[] along = axis.features().sources();
            int[] longer = new int[Math.multiplyExact(sources.length, along.length)];
            for (int i = 0; i < longer.length; i++) {
                int faster = sources[i % sources.length];
                int here = along[i / sources.length];
                longer[i] = faster < 0 || here < 0 ? -1 : here * stride + faster;
            }
            sources = longer;
            stride *= axis.features().sizeBefore();
        }
        return sources;
    }

    /**
     * {@return where the entries of each unit are after the change; empty if the axis of that end
     * isn't touched}
     *
     * @param units the number of units after the change
     * @param place the place of an entry of the whole in the parameter, -1 if it is inactive
     */
    Optional<UnitPositions> positions(End end, int units, LongToIntFunction place) {
        int inner = 1;
        for (int i = 0; i < axes.size(); i++) {
            Features features = axes.get(i).features();
            if (axes.get(i).end() == end && features.isTouched()) {
                int outer =
                        length(
                                axes.subList(i + 1, axes.size()).stream()
                                        .map(axis -> axis.features().sizeAfter())
                                        .toList());
                return Optional.of(
                        new UnitPositions(
                                inner,
                                indexes(features, units),
                                features.sizeAfter(),
                                outer,
                                place));
            }
            inner *= features.sizeAfter();
        }
        return Optional.empty();
    }

    private static int[][] indexes(Features features, int units) {
        List<List<Integer>> indexes = new ArrayList<>();
        for (int unit = 0; unit < units; unit++) {
            indexes.add(new ArrayList<>());
        }
        for (int index = 0; index < features.sizeAfter(); index++) {
            if (features.after()[index] >= 0) {
                indexes.get(features.after()[index]).add(index);
            }
        }
        return indexes.stream()
                .map(own -> own.stream().mapToInt(Integer::intValue).toArray())
                .toArray(int[][]::new);
    }
}
