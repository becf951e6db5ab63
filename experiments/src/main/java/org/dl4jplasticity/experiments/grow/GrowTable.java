package org.dl4jplasticity.experiments.grow;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.dl4jplasticity.experiments.grow.GrowReport.TaskResult;
import org.dl4jplasticity.experiments.run.Outcome;
import org.dl4jplasticity.experiments.run.Sample;
import org.dl4jplasticity.experiments.train.TrainReport;

/** What an experiment on growth found: a row for each arm, means over the seeds. */
final class GrowTable {
    private final List<Outcome<GrowSettings, GrowReport>> outcomes;
    private final GrowExperiment experiment;
    private final GrowComparison comparison;

    /**
     * A table.
     *
     * @param outcomes at least one; they differ in arm and seed only
     */
    GrowTable(List<Outcome<GrowSettings, GrowReport>> outcomes) {
        this.outcomes = List.copyOf(outcomes);
        experiment = outcomes.get(0).settings().experiment();
        comparison =
                new GrowComparison(
                        outcomes,
                        experiment == GrowExperiment.NEW_DATA
                                ? GrowFigure.of(experiment).get(2)
                                : GrowFigure.ACCURACY);
    }

    /** {@return the arms, in the order of the experiment} */
    List<GrowArm> arms() {
        return outcomes.stream().map(outcome -> outcome.settings().arm()).distinct().toList();
    }

    /** {@return what the runs of an arm reported that went through} */
    List<GrowReport> reports(GrowArm arm) {
        return Outcome.reports(
                outcomes.stream().filter(run -> run.settings().arm() == arm).toList());
    }

    /** {@return the runs that did not go through} */
    List<Outcome.Failed<GrowSettings, GrowReport>> failures() {
        return Outcome.failures(outcomes);
    }

    /** {@return the table for people, and below it what it says and of which settings it is} */
    String toMarkdown() {
        List<GrowFigure> figures = GrowFigure.of(experiment);
        StringBuilder text =
                new StringBuilder(
                        row(
                                "arm",
                                figures.stream().map(GrowFigure::heading).toList(),
                                "final widths"));
        text.append("|---".repeat(figures.size() + 2)).append("|\n");
        for (GrowArm arm : arms()) {
            List<GrowReport> reports = reports(arm);
            text.append(
                    row(
                            arm.toString(),
                            figures.stream().map(figure -> figure.told(reports)).toList(),
                            widths(reports)));
        }
        text.append(
                "\nMeans%s over the seeds %s; widths are rounded.\n"
                        .formatted(
                                seeds().size() > 1 ? " ± sample standard deviations" : "",
                                seeds().stream()
                                        .map(String::valueOf)
                                        .collect(Collectors.joining(", "))));
        if (experiment == GrowExperiment.PERMUTED) {
            text.append('\n').append(byTask());
        }
        text.append('\n');
        comparison
                .differences()
                .forEach(
                        difference -> text.append("* ").append(difference.sentence()).append('\n'));
        return text.append("\nSettings: %s.\n".formatted(settingsInWords())).toString();
    }

    private static String row(String first, List<String> cells, String last) {
        return "| %s | %s | %s |\n".formatted(first, String.join(" | ", cells), last);
    }

    /** {@return the mean widths of some runs, layer by layer, joined by '-'} */
    private static String widths(List<GrowReport> reports) {
        if (reports.isEmpty()) {
            return "";
        }
        return reports.get(0).widths().keySet().stream()
                .map(
                        layer ->
                                reports.stream()
                                        .mapToInt(report -> report.widths().get(layer))
                                        .average()
                                        .orElseThrow())
                .map(width -> String.format(Locale.ROOT, "%.0f", width))
                .collect(Collectors.joining("-"));
    }

    private String byTask() {
        int tasks = outcomes.get(0).settings().tasks();
        StringBuilder text = new StringBuilder("| accuracy on each task at its end, % |");
        IntStream.rangeClosed(1, tasks).forEach(task -> text.append(" %d |".formatted(task)));
        text.append('\n').append("|---".repeat(tasks + 1)).append("|\n");
        for (GrowArm arm : arms()) {
            text.append("| %s |".formatted(arm));
            for (double accuracy : meansByTask(arm)) {
                text.append(String.format(Locale.ROOT, " %.2f |", accuracy));
            }
            text.append('\n');
        }
        return text.toString();
    }

    /** {@return the mean test accuracy on each task at its end, in percent; empty of no run} */
    List<Double> meansByTask(GrowArm arm) {
        List<GrowReport> reports = reports(arm);
        List<Double> means = new ArrayList<>();
        for (int task = 0; !reports.isEmpty() && task < reports.get(0).tasks().size(); task++) {
            int index = task;
            means.add(
                    100
                            * Sample.of(
                                            reports.stream()
                                                    .map(it -> it.tasks().get(index).testAccuracy())
                                                    .toList())
                                    .mean());
        }
        return means;
    }

    /** {@return a line for each task of each run} */
    String tasksAsCsv() {
        StringBuilder csv =
                new StringBuilder(
                        "arm,seed,task,name,testAccuracy,finalTestAccuracy,onlineAccuracy,deadShare,"
                                + "dormantShare,effectiveRank,effectiveRanks,meanAbsoluteWeight,"
                                + "parameters\n");
        for (GrowArm arm : arms()) {
            for (GrowReport report : reports(arm)) {
                for (int task = 0; task < report.tasks().size(); task++) {
                    TaskResult result = report.tasks().get(task);
                    csv.append(
                            "%s,%d,%d,%s,%s,%s,%s,%s,%s,%s,%s,%s,%d\n"
                                    .formatted(
                                            arm,
                                            report.seed(),
                                            task + 1,
                                            result.name(),
                                            result.testAccuracy(),
                                            result.finalTestAccuracy(),
                                            result.onlineAccuracy() == null
                                                    ? ""
                                                    : result.onlineAccuracy(),
                                            result.deadShare(),
                                            result.dormantShare(),
                                            result.effectiveRank(),
                                            result.effectiveRanks().stream()
                                                    .map(String::valueOf)
                                                    .collect(Collectors.joining(" ")),
                                            result.meanAbsoluteWeight(),
                                            result.parameters()));
                }
            }
        }
        return csv.toString();
    }

    /** {@return everything: settings, arms with their figures, differences, runs, failures} */
    String toJson() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("config", settings());
        json.put("seeds", seeds());
        json.put("arms", arms().stream().map(this::figures).toList());
        json.put("differences", comparison.differences());
        json.put("runs", arms().stream().flatMap(arm -> reports(arm).stream()).toList());
        json.put("failures", failures().stream().map(Outcome.Failed::sentence).toList());
        return TrainReport.json(json);
    }

    private Map<String, Object> figures(GrowArm arm) {
        List<GrowReport> reports = reports(arm);
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("arm", arm.toString());
        json.put("seeds", reports.size());
        for (GrowFigure figure : GrowFigure.of(experiment)) {
            json.put(figure.key(), figure.sample(reports));
        }
        json.put("finalWidths", reports.stream().map(GrowReport::widths).toList());
        return json;
    }

    private List<Long> seeds() {
        return outcomes.stream().map(outcome -> outcome.settings().seed()).distinct().toList();
    }

    /** {@return the settings of all arms together} */
    private Map<String, Object> settings() {
        Map<String, Object> all = new LinkedHashMap<>();
        outcomes.forEach(outcome -> all.putAll(outcome.settings().config()));
        all.remove("arm");
        return all;
    }

    private String settingsInWords() {
        return settings().entrySet().stream()
                .map(setting -> setting.getKey() + " " + setting.getValue())
                .collect(Collectors.joining(", "));
    }
}
