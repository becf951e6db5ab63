package org.dl4jplasticity.experiments.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.dl4jplasticity.experiments.run.RunFolder;

/** One page of several runs: a table of them, and their curves in the same figures. */
final class RunComparison {
    private final Map<String, RunFiles> runs;

    private RunComparison(Map<String, RunFiles> runs) {
        this.runs = runs;
    }

    /**
     * Makes the page.
     *
     * @param folders of finished runs, at least two
     * @param dataDir where data sets are looked for first, or null
     * @param out where the page and its figures go
     * @throws IllegalArgumentException if one is no run's folder, or that of one that isn't
     *     finished, or is named twice
     */
    static void write(List<Path> folders, Path dataDir, Path out) {
        Map<String, RunFiles> runs = new LinkedHashMap<>();
        boolean namesDiffer =
                folders.stream().map(each -> new RunName(each).last()).distinct().count()
                        == folders.size();
        for (Path folder : folders) {
            String name = namesDiffer ? new RunName(folder).last() : folder.toString();
            if (runs.put(name, new RunFiles(folder, dataDir)) != null) {
                throw new IllegalArgumentException("report: %s is named twice".formatted(folder));
            }
        }
        RunFolder folder = new RunFolder(out);
        RunReport.write(new RunComparison(runs).page(), folder);
    }

    /** What a folder is called. */
    private record RunName(Path folder) {
        String last() {
            return String.valueOf(folder.toAbsolutePath().normalize().getFileName());
        }
    }

    private Page page() {
        Page page = new Page("%d runs compared".formatted(runs.size()));
        page.table(figures());
        Table settings = settings();
        if (settings.header().size() > 1) {
            page.heading("What they differ in");
            page.table(settings);
        }
        page.heading("How they learned");
        List<Figure> curves = new ArrayList<>();
        curve("loss", "Training loss", "mean loss", 1, "loss").ifPresent(curves::add);
        curve(
                        "validation-accuracy",
                        "Validation accuracy",
                        "accuracy, %",
                        100,
                        "validationAccuracy")
                .ifPresent(curves::add);
        curve("active-weights", "Active weights", "weights", 1, "activeWeights")
                .ifPresent(curves::add);
        sizes().ifPresent(curves::add);
        page.figures(curves);
        return page;
    }

    /** {@return the single numbers that any run has, a row for each run} */
    private Table figures() {
        Set<String> names = new LinkedHashSet<>();
        runs.values()
                .forEach(
                        run ->
                                run.report().properties().stream()
                                        .filter(field -> field.getValue().isNumber())
                                        .forEach(field -> names.add(field.getKey())));
        List<List<String>> rows = new ArrayList<>();
        runs.forEach(
                (name, run) -> {
                    List<String> row = new ArrayList<>(List.of(name));
                    for (String figure : names) {
                        JsonNode value = run.report().path(figure);
                        row.add(value.isNumber() ? SummarySection.told(figure, value) : "");
                    }
                    rows.add(row);
                });
        return new Table(header(names), rows);
    }

    private static List<String> header(Set<String> names) {
        List<String> header = new ArrayList<>(List.of("run"));
        names.forEach(name -> header.add(CurvesSection.words(name)));
        return header;
    }

    /** {@return the settings that aren't the same in all runs} */
    private Table settings() {
        Set<String> names =
                runs.values().stream()
                        .flatMap(run -> run.report().path("config").properties().stream())
                        .map(Map.Entry::getKey)
                        .collect(Collectors.toCollection(LinkedHashSet::new));
        names.removeIf(
                name ->
                        new HashSet<>(runs.values().stream().map(run -> run.setting(name)).toList())
                                        .size()
                                == 1);
        List<List<String>> rows = new ArrayList<>();
        runs.forEach(
                (name, run) -> {
                    List<String> row = new ArrayList<>(List.of(name));
                    names.forEach(setting -> row.add(run.setting(setting)));
                    rows.add(row);
                });
        return new Table(header(names), rows);
    }

    private Optional<Figure> curve(
            String name, String title, String unit, double factor, String column) {
        LineChart chart = new LineChart(title, "iteration", unit);
        runs.forEach(
                (run, files) ->
                        files.table("curves.csv")
                                .filter(curves -> curves.has(column))
                                .ifPresent(
                                        curves ->
                                                chart.line(
                                                        run,
                                                        CurvesSection.places(curves),
                                                        Arrays.stream(curves.numbers(column))
                                                                .map(y -> factor * y)
                                                                .toArray())));
        return chart.isEmpty()
                ? Optional.empty()
                : Optional.of(chart.figure(name, title + " of each run."));
    }

    /** {@return accuracy against size, a point for each run} */
    private Optional<Figure> sizes() {
        LineChart chart = new LineChart("Accuracy and size", "active weights", "test accuracy, %");
        runs.forEach(
                (name, run) -> {
                    JsonNode report = run.report();
                    JsonNode size =
                            report.has("activeWeights")
                                    ? report.path("activeWeights")
                                    : report.path("parameters");
                    if (report.has("testAccuracy") && size.isNumber()) {
                        chart.points(
                                name,
                                new double[] {size.asDouble()},
                                new double[] {100 * report.path("testAccuracy").asDouble()});
                    }
                });
        return chart.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        chart.figure(
                                "accuracy-and-size",
                                "Test accuracy of each run over its number of active weights."));
    }
}
