package org.dl4jplasticity.experiments.search;

import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What is the same for every candidate of a search, and what differs.
 *
 * @param fixed what is set for all candidates
 * @param dimensions what is searched, at least one
 */
record SearchSpace(Map<Parameter, Object> fixed, Map<Parameter, Dimension> dimensions) {

    SearchSpace {
        if (dimensions.isEmpty()) {
            throw new IllegalArgumentException(
                    "search names nothing to search, so the space has no candidates");
        }
        if (dimensions.containsKey(Parameter.VALIDATION)) {
            throw new IllegalArgumentException(
                    "validation can't be searched, for candidates are judged by the same examples;"
                            + " put it under settings");
        }
        for (Parameter parameter : dimensions.keySet()) {
            if (fixed.containsKey(parameter)) {
                throw new IllegalArgumentException(
                        "%s is both under settings and under search".formatted(parameter));
            }
        }
        fixed = Collections.unmodifiableMap(new EnumMap<>(withUsual(fixed)));
        dimensions = Collections.unmodifiableMap(new EnumMap<>(dimensions));
    }

    private static Map<Parameter, Object> withUsual(Map<Parameter, Object> given) {
        Map<Parameter, Object> all = new EnumMap<>(Parameter.class);
        for (Parameter parameter : Parameter.values()) {
            parameter.usual().ifPresent(usual -> all.put(parameter, usual));
        }
        all.putAll(given);
        return all;
    }

    /** {@return the usual values of what is searched, and what is set: the control} */
    Values control() {
        return new Values(fixed).effective();
    }

    /** {@return the values of a candidate} */
    Values candidate(Map<Parameter, Object> searched) {
        return new Values(fixed).with(searched).effective();
    }

    /** {@return the values at the edges of each dimension, the others at their usual ones} */
    List<Map.Entry<Parameter, Object>> extremes() {
        return dimensions.entrySet().stream()
                .flatMap(
                        each ->
                                each.getValue().extremes().stream()
                                        .map(value -> Map.entry(each.getKey(), value)))
                .toList();
    }

    /** {@return the number of points of a grid; a range has as many as given} */
    double gridSize(int valuesOfRange) {
        double size = 1;
        for (Dimension dimension : dimensions.values()) {
            size *= dimension.gridSize(valuesOfRange);
        }
        return size;
    }

    /** {@return the space in words, the same for the same space} */
    String inWords() {
        return dimensions.entrySet().stream()
                        .map(each -> each.getKey() + " " + each.getValue())
                        .collect(Collectors.joining(", "))
                + "; "
                + new Values(fixed);
    }
}
