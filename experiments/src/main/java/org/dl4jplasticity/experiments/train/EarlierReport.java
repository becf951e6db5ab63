package org.dl4jplasticity.experiments.train;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.dl4jplasticity.experiments.run.ReportOfSettings;
import org.dl4jplasticity.experiments.run.Settings;

/** Finds the report of a run that was made before. */
public final class EarlierReport {
    private EarlierReport() {}

    /**
     * {@return the report in a run's folder, or nothing if the run was not made or not finished}
     *
     * @param settings of the run, with its folder
     * @throws IllegalArgumentException if the folder has a report of other settings, which a new
     *     run would overwrite, or a {@code report.json} that is none
     */
    public static Optional<TrainReport> of(TrainSettings settings) {
        return of(settings.out(), TrainReport.class, settings.texts());
    }

    /**
     * {@return the report in a run's folder, or nothing if the run was not made or not finished}
     *
     * @param folder of the run
     * @param type what the report is read as
     * @param here everything that decides the run, by name
     * @throws IllegalArgumentException if the folder has a report of other settings, which a new
     *     run would overwrite, or a {@code report.json} that is none
     */
    public static <R extends ReportOfSettings> Optional<R> of(
            Path folder, Class<R> type, Map<String, String> here) {
        Path file = folder.resolve("report.json");
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        R report = read(file, type);
        if (report.config() == null) {
            throw notAReport(file, "it has no config", null);
        }
        Map<String, String> there = report.texts();
        Settings.requireSame(file.toString(), here, name -> there.getOrDefault(name, "missing"));
        return Optional.of(report);
    }

    /**
     * {@return what a report says}
     *
     * @param file the report
     * @param type what it is read as
     * @throws IllegalArgumentException if it is none
     */
    public static <T> T read(Path file, Class<T> type) {
        try {
            T report =
                    new ObjectMapper()
                            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
                            .readValue(Files.readString(file), type);
            if (report == null) {
                throw notAReport(file, "it has no config", null);
            }
            return report;
        } catch (JsonProcessingException e) {
            throw notAReport(file, e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new UncheckedIOException("can't read %s: %s".formatted(file, e.getMessage()), e);
        }
    }

    private static IllegalArgumentException notAReport(Path file, String why, Exception cause) {
        return new IllegalArgumentException(
                "%s is no report of a training run: %s".formatted(file, why), cause);
    }
}
