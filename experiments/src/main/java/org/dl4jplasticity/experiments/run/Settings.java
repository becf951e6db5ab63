package org.dl4jplasticity.experiments.run;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** What settings of runs are held to, whatever they are settings of. */
public final class Settings {
    private Settings() {}

    /**
     * Refuses a setting that is out of its range.
     *
     * @throws IllegalArgumentException if it doesn't hold
     */
    public static void require(String option, boolean holds, String range, Object got) {
        if (!holds) {
            throw new IllegalArgumentException(
                    "%s must be %s, got %s".formatted(option, range, got));
        }
    }

    /** {@return everything that decides a run as text, by name} */
    public static Map<String, String> texts(Map<String, Object> config, long seed) {
        Map<String, String> texts = new LinkedHashMap<>();
        config.forEach((name, value) -> texts.put(name, String.valueOf(value)));
        texts.put("seed", String.valueOf(seed));
        return texts;
    }

    /**
     * Refuses what comes from a run of other settings.
     *
     * @param what it is, for the message
     * @param here the settings by name, as {@link #texts} gives them
     * @param there those it comes from
     * @throws IllegalArgumentException if a setting differs
     */
    public static void requireSame(
            String what, Map<String, String> here, UnaryOperator<String> there) {
        String differences =
                here.entrySet().stream()
                        .filter(mine -> !mine.getValue().equals(there.apply(mine.getKey())))
                        .map(
                                mine ->
                                        "%s is %s there and %s here"
                                                .formatted(
                                                        mine.getKey(),
                                                        there.apply(mine.getKey()),
                                                        mine.getValue()))
                        .collect(Collectors.joining(", "));
        if (!differences.isEmpty()) {
            throw new IllegalArgumentException(
                    "%s is of other settings: %s; choose another --out"
                            .formatted(what, differences));
        }
    }
}
