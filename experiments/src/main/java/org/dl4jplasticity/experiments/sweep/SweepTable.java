package org.dl4jplasticity.experiments.sweep;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.dl4jplasticity.experiments.run.Outcome;
import org.dl4jplasticity.experiments.train.Method;
import org.dl4jplasticity.experiments.train.TrainReport;
import org.dl4jplasticity.experiments.train.TrainSettings;

/** What a sweep found: a row for each method, a column for each sparsity, means over the seeds. */
final class SweepTable {
    private final List<Outcome<TrainSettings, TrainReport>> runs;

    /**
     * A table.
     *
     * @param runs at least one; they differ in method, sparsity and seed only
     */
    SweepTable(List<Outcome<TrainSettings, TrainReport>> runs) {
        this.runs = List.copyOf(runs);
    }

    /** A run as the table's files tell it: accuracy in [0, 1], seconds in training steps. */
    record Line(
            Method method,
            double sparsity,
            long seed,
            double testAccuracy,
            long activeWeights,
            long totalWeights,
            double trainSeconds) {

        static Line of(Outcome.Done<TrainSettings, TrainReport> run) {
            TrainReport report = run.report();
            return new Line(
                    run.settings().method(),
                    run.settings().sparsity(),
                    run.settings().seed(),
                    report.testAccuracy(),
                    report.activeWeights(),
                    report.totalWeights(),
                    report.trainSeconds());
        }
    }

    /** {@return a cell for each method and sparsity that was to be trained, row by row} */
    List<SweepCell> cells() {
        return methods().stream()
                .flatMap(method -> sparsities().stream().map(sparsity -> runsOf(method, sparsity)))
                .filter(found -> !found.isEmpty())
                .map(SweepCell::of)
                .toList();
    }

    /** {@return the runs that did not go through} */
    List<Outcome.Failed<TrainSettings, TrainReport>> failures() {
        return Outcome.failures(runs);
    }

    /** {@return the table for people, in percent, and below it the settings that all runs share} */
    String toMarkdown() {
        StringBuilder text = new StringBuilder();
        text.append("| method | %s | seeds | seconds |\n".formatted(joined(sparsities(), " | ")));
        text.append("|---".repeat(sparsities().size() + 3)).append("|\n");
        methods().forEach(method -> text.append(row(method)));
        text.append(
                "\nMean test accuracy in percent%s over the seeds %s, by method and sparsity.\n"
                        .formatted(
                                seeds().size() > 1 ? " ± sample standard deviation" : "",
                                joined(seeds(), ", ")));
        text.append("Seconds in training steps, all runs: %s.\n".formatted(seconds(runs)));
        return text.append("Settings: %s.\n".formatted(sharedInWords())).toString();
    }

    private String row(Method method) {
        String found =
                sparsities().stream()
                        .map(sparsity -> runsOf(method, sparsity))
                        .map(some -> some.isEmpty() ? "" : SweepCell.of(some).inPercent())
                        .collect(Collectors.joining(" | "));
        List<Outcome<TrainSettings, TrainReport>> all =
                runs.stream().filter(run -> run.settings().method() == method).toList();
        return "| %s | %s | %d | %s |\n".formatted(method, found, seeds().size(), seconds(all));
    }

    private static String seconds(List<Outcome<TrainSettings, TrainReport>> runs) {
        return String.format(Locale.ROOT, "%.0f", SweepCell.trainSeconds(runs));
    }

    /** {@return a line for each run; one that failed has its sentence instead of figures} */
    String toCsv() {
        StringBuilder text =
                new StringBuilder(
                        "method,sparsity,seed,testAccuracy,activeWeights,totalWeights,trainSeconds,"
                                + "failure\n");
        for (Outcome<TrainSettings, TrainReport> run : runs) {
            TrainSettings settings = run.settings();
            text.append(
                    "%s,%s,%d,%s\n"
                            .formatted(
                                    settings.method(),
                                    settings.sparsity(),
                                    settings.seed(),
                                    figures(run)));
        }
        return text.toString();
    }

    private static String figures(Outcome<TrainSettings, TrainReport> run) {
        if (run instanceof Outcome.Failed<TrainSettings, TrainReport> failed) {
            return ",,,,\"%s\"".formatted(failed.sentence().replace("\"", "\"\""));
        }
        Line line = Line.of((Outcome.Done<TrainSettings, TrainReport>) run);
        return "%s,%d,%d,%s,"
                .formatted(
                        line.testAccuracy(),
                        line.activeWeights(),
                        line.totalWeights(),
                        line.trainSeconds());
    }

    /** {@return the settings that all runs share, the cells, the runs and the failures} */
    String toJson() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("config", shared());
        json.put("seeds", seeds());
        json.put("trainSeconds", SweepCell.trainSeconds(runs));
        json.put("cells", cells());
        json.put(
                "runs",
                runs.stream()
                        .filter(Outcome.Done.class::isInstance)
                        .map(run -> Line.of((Outcome.Done<TrainSettings, TrainReport>) run))
                        .toList());
        json.put("failures", failures().stream().map(Outcome.Failed::sentence).toList());
        return TrainReport.json(json);
    }

    private List<Outcome<TrainSettings, TrainReport>> runsOf(Method method, double sparsity) {
        return runs.stream()
                .filter(run -> run.settings().method() == method)
                .filter(run -> run.settings().sparsity() == sparsity)
                .toList();
    }

    private List<Method> methods() {
        return different(TrainSettings::method);
    }

    private List<Double> sparsities() {
        return different(TrainSettings::sparsity).stream().sorted().toList();
    }

    private List<Long> seeds() {
        return different(TrainSettings::seed);
    }

    private <T> List<T> different(Function<TrainSettings, T> setting) {
        return runs.stream()
                .map(Outcome<TrainSettings, TrainReport>::settings)
                .map(setting)
                .distinct()
                .toList();
    }

    private Map<String, Object> shared() {
        Map<String, Object> config = runs.get(0).settings().config();
        config.remove("method");
        config.remove("sparsity");
        return config;
    }

    private String sharedInWords() {
        return shared().entrySet().stream()
                .map(setting -> setting.getKey() + " " + setting.getValue())
                .collect(Collectors.joining(", "));
    }

    private static String joined(List<?> values, String separator) {
        return values.stream().map(String::valueOf).collect(Collectors.joining(separator));
    }
}
