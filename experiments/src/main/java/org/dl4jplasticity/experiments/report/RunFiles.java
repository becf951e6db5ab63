package org.dl4jplasticity.experiments.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.dl4jplasticity.datasets.DatasetCatalog;
import org.dl4jplasticity.datasets.LabeledExamples;
import org.dl4jplasticity.experiments.run.Network;

/** The files of a finished run, read when they are asked for. */
final class RunFiles {
    /** What runs write before they are done. */
    private static final List<String> BEGUN =
            List.of("checkpoint.zip", "initial.zip", "journal.jsonl", "config.json", "curves.csv");

    /** Where the figures of a run are. */
    private static final List<String> FIGURES = List.of("report.json", "table.json");

    /** A model file up to this size is read just for what the network began with. */
    private static final long MOST_INITIAL_BYTES = 1L << 28;

    private final Path folder;
    private final Path dataDir;
    private final JsonNode report;
    private Network network;
    private Network first;

    /**
     * The files of a folder.
     *
     * @param folder of a run
     * @param dataDir where data sets are looked for first, or null
     * @throws IllegalArgumentException if it is no run's folder, or that of one that isn't finished
     */
    RunFiles(Path folder, Path dataDir) {
        this.folder = folder;
        this.dataDir = dataDir;
        report = read(folder);
    }

    private static JsonNode read(Path folder) {
        if (!Files.isDirectory(folder)) {
            throw new IllegalArgumentException(
                    "%s is not the folder of a run: there is no such folder".formatted(folder));
        }
        Path file =
                FIGURES.stream()
                        .map(folder::resolve)
                        .filter(Files::isRegularFile)
                        .findFirst()
                        .orElseThrow(() -> noReport(folder));
        try {
            JsonNode node = new ObjectMapper().readTree(Files.readString(file));
            if (!node.isObject()) {
                throw new IllegalArgumentException(
                        "%s is no report of a run: expected an object of figures".formatted(file));
            }
            return node;
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(
                    "%s is no report of a run: %s".formatted(file, e.getOriginalMessage()), e);
        } catch (IOException e) {
            throw new UncheckedIOException("can't read %s: %s".formatted(file, e.getMessage()), e);
        }
    }

    private static IllegalArgumentException noReport(Path folder) {
        boolean begun =
                BEGUN.stream().anyMatch(name -> Files.exists(folder.resolve(name)))
                        || hasFoldersOfRuns(folder);
        return new IllegalArgumentException(
                begun
                        ? ("the run in %s is not finished: it has no report.json yet; call its command"
                                        + " again, train with --resume, to have it go on")
                                .formatted(folder)
                        : "%s is not the folder of a run: it has no report.json".formatted(folder));
    }

    private static boolean hasFoldersOfRuns(Path folder) {
        try (var inside = Files.list(folder)) {
            return inside.filter(Files::isDirectory)
                    .anyMatch(
                            each ->
                                    Files.exists(each.resolve("journal.jsonl"))
                                            || Files.exists(each.resolve("checkpoint.zip")));
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "can't read %s: %s".formatted(folder, e.getMessage()), e);
        }
    }

    Path folder() {
        return folder;
    }

    /** {@return what the folder is called, without the folders it is in} */
    String name() {
        return String.valueOf(folder.toAbsolutePath().normalize().getFileName());
    }

    /** {@return what {@code report.json}, or of a sweep {@code table.json}, says} */
    JsonNode report() {
        return report;
    }

    /** {@return a setting as text; empty if the run has none of that name} */
    String setting(String name) {
        return report.path("config").path(name).asText("");
    }

    /** {@return the elements of a list of the report, none if there is no such list} */
    static List<JsonNode> list(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false).toList();
    }

    /** {@return a table of the folder; empty if there is none, or it has no line} */
    Optional<Table> table(String name) {
        Path file = folder.resolve(name);
        return Files.isRegularFile(file)
                ? Optional.of(Table.read(file)).filter(table -> !table.rows().isEmpty())
                : Optional.empty();
    }

    /** {@return the files of a run within this one's folder; empty if there is none} */
    Optional<RunFiles> inside(String name) {
        return Files.isRegularFile(folder.resolve(name).resolve("report.json"))
                ? Optional.of(new RunFiles(folder.resolve(name), dataDir))
                : Optional.empty();
    }

    /** {@return the network at the end, without its optimizer; empty if the run kept none} */
    Optional<Network> network() {
        Path file = folder.resolve("model.zip");
        if (network == null && Files.isRegularFile(file)) {
            network = load(file);
        }
        return Optional.ofNullable(network);
    }

    /**
     * {@return the network at the beginning; empty if it isn't there, or too large to be read too}
     */
    Optional<Network> first() {
        Path file = folder.resolve("initial.zip");
        try {
            if (first == null
                    && Files.isRegularFile(file)
                    && Files.size(file) <= MOST_INITIAL_BYTES) {
                first = load(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("can't read %s: %s".formatted(file, e.getMessage()), e);
        }
        return Optional.ofNullable(first);
    }

    private static Network load(Path file) {
        try {
            return Network.loadWithoutOptimizer(file);
        } catch (IOException | RuntimeException e) {
            throw new IllegalArgumentException(
                    "%s is not a DL4J model: %s".formatted(file, e.getMessage()), e);
        }
    }

    /** {@return the test examples; empty if the data set isn't on this machine} */
    Optional<LabeledExamples> testExamples() {
        String dataset = setting("dataset");
        return dataset.isEmpty() || !DatasetCatalog.isHere(dataset, dataDir)
                ? Optional.empty()
                : Optional.of(DatasetCatalog.load(dataset, dataDir).test());
    }
}
