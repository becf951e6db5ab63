package org.dl4jplasticity.experiments;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Finds the report of a run that was made before. */
final class EarlierReport {
    private EarlierReport() {}

    /**
     * {@return the report in a run's folder, or nothing if the run was not made or not finished}
     *
     * @param settings of the run, with its folder
     * @throws IllegalArgumentException if the folder has a report of other settings, which a new
     *     run would overwrite, or a {@code report.json} that is none
     */
    static Optional<TrainReport> of(TrainSettings settings) {
        Path file = settings.out().resolve("report.json");
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        TrainReport report = read(file);
        String difference = difference(report, settings);
        if (!difference.isEmpty()) {
            throw new IllegalArgumentException(
                    "%s is of other settings: %s; choose another --out"
                            .formatted(file, difference));
        }
        return Optional.of(report);
    }

    private static TrainReport read(Path file) {
        try {
            TrainReport report =
                    new ObjectMapper()
                            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
                            .readValue(Files.readString(file), TrainReport.class);
            if (report == null || report.config() == null) {
                throw new IllegalArgumentException(
                        "%s is no report of a training run: it has no config".formatted(file));
            }
            return report;
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(
                    "%s is no report of a training run: %s".formatted(file, e.getOriginalMessage()),
                    e);
        } catch (IOException e) {
            throw new UncheckedIOException("can't read %s: %s".formatted(file, e.getMessage()), e);
        }
    }

    private static String difference(TrainReport report, TrainSettings settings) {
        Map<String, String> there = texts(report.config(), report.seed());
        Map<String, String> here = texts(settings.config(), settings.seed());
        Set<String> names = new LinkedHashSet<>(here.keySet());
        names.addAll(there.keySet());
        return names.stream()
                .filter(name -> !here.getOrDefault(name, "").equals(there.get(name)))
                .map(
                        name ->
                                "%s is %s there and %s here"
                                        .formatted(
                                                name,
                                                there.getOrDefault(name, "missing"),
                                                here.getOrDefault(name, "missing")))
                .collect(Collectors.joining(", "));
    }

    /** As text, for JSON does not tell whether a number was an int or a long. */
    private static Map<String, String> texts(Map<String, Object> config, long seed) {
        Map<String, String> texts = new LinkedHashMap<>();
        config.forEach((name, value) -> texts.put(name, String.valueOf(value)));
        texts.put("seed", String.valueOf(seed));
        return texts;
    }
}
