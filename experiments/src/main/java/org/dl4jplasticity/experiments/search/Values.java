package org.dl4jplasticity.experiments.search;

import java.io.Serializable;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.dl4jplasticity.experiments.train.Method;

/** What parameters are set to: a String, a Double or an Integer each. Immutable. */
final class Values implements Serializable {
    private static final long serialVersionUID = 1;

    private final EnumMap<Parameter, Object> values = new EnumMap<>(Parameter.class);

    Values(Map<Parameter, Object> values) {
        this.values.putAll(values);
    }

    boolean has(Parameter parameter) {
        return values.containsKey(parameter);
    }

    String text(Parameter parameter) {
        return (String) values.get(parameter);
    }

    /** {@return the number, or null} */
    Double number(Parameter parameter) {
        return (Double) values.get(parameter);
    }

    /** {@return the number, or null} */
    Integer integer(Parameter parameter) {
        return (Integer) values.get(parameter);
    }

    Values with(Map<Parameter, Object> others) {
        EnumMap<Parameter, Object> all = new EnumMap<>(values);
        all.putAll(others);
        return new Values(all);
    }

    /** {@return what is without effect left out: a sparsity of a dense network, say} */
    Values effective() {
        Method method = CandidateSettings.method(text(Parameter.METHOD));
        boolean grows = !text(Parameter.GROWTH).equals(CandidateSettings.NO_GROWTH);
        EnumMap<Parameter, Object> effective = new EnumMap<>(values);
        effective
                .keySet()
                .removeIf(
                        parameter ->
                                switch (parameter) {
                                    case SPARSITY, DISTRIBUTION, MODE -> !method.isSparse();
                                    case UPDATE_EVERY -> !method.hasInterval();
                                    case DROP_FRACTION -> !method.hasDropFraction();
                                    case GROWTH_UNITS,
                                            GROWTH_THRESHOLD,
                                            GROWTH_PATIENCE,
                                            GROWTH_LOOKS ->
                                            !grows;
                                    default -> false;
                                });
        return new Values(effective);
    }

    /** {@return the values by name} */
    Map<String, Object> byName() {
        Map<String, Object> named = new LinkedHashMap<>();
        values.forEach((parameter, value) -> named.put(parameter.toString(), value));
        return named;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Values that && values.equals(that.values);
    }

    @Override
    public int hashCode() {
        return values.hashCode();
    }

    @Override
    public String toString() {
        return byName().entrySet().stream()
                .map(each -> each.getKey() + " " + each.getValue())
                .collect(Collectors.joining(", "));
    }
}
