package org.dl4jplasticity.experiments.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** An experiment on growth: the arms, how they learned, and how large they became. */
final class GrowSection implements Section {
    private static final double PERCENT = 100;

    @Override
    public void addTo(Page page, RunFiles run) {
        List<JsonNode> arms = RunFiles.list(run.report().path("arms"));
        List<JsonNode> runs = RunFiles.list(run.report().path("runs"));
        if (arms.isEmpty()) {
            return;
        }
        page.title("Growth, " + page.title());
        page.table(table(arms));
        page.list(
                RunFiles.list(run.report().path("differences")).stream()
                        .map(each -> each.path("sentence").asText())
                        .toList());
        if (!runs.isEmpty()) {
            page.figures(figures(runs));
        }
        page.list(
                RunFiles.list(run.report().path("failures")).stream()
                        .map(JsonNode::asText)
                        .toList());
        page.paragraph(
                "Each run has a folder of its own in %s; `plasticity report` of it makes its page."
                        .formatted(run.name()));
    }

    private static List<Figure> figures(List<JsonNode> runs) {
        long seed = runs.get(0).path("seed").asLong();
        List<JsonNode> ofSeed =
                runs.stream().filter(each -> each.path("seed").asLong() == seed).toList();
        LineChart accuracy =
                new LineChart("Accuracy, seed " + seed, "iteration", "validation accuracy, %");
        LineChart sizes = new LineChart("Parameters, seed " + seed, "iteration", "parameters");
        for (JsonNode each : ofSeed) {
            String arm = arm(each);
            accuracy.line(
                    arm, curve(each, "iteration", 1), curve(each, "validationAccuracy", PERCENT));
            double[] growths =
                    RunFiles.list(each.path("growths")).stream()
                            .mapToDouble(growth -> growth.path("iteration").asDouble())
                            .toArray();
            if (growths.length > 0) {
                accuracy.marks(arm + " grows", growths);
            }
            sizes.line(arm, curve(each, "iteration", 1), curve(each, "parameters", 1));
        }
        List<Figure> figures = new ArrayList<>();
        figures.add(
                accuracy.figure(
                        "curves", "Validation accuracy of the arms; diamonds are growths."));
        figures.add(sizes.figure("parameters", "How large the network of each arm is."));
        figures.add(byArm(runs));
        if (ofSeed.get(0).path("tasks").size() > 1) {
            figures.add(byTask(runs));
        }
        return figures;
    }

    private static String arm(JsonNode run) {
        return run.path("config").path("arm").asText();
    }

    private static double[] curve(JsonNode run, String field, double factor) {
        return RunFiles.list(run.path("curve")).stream()
                .mapToDouble(point -> factor * point.path(field).asDouble())
                .toArray();
    }

    private static Map<String, List<JsonNode>> arms(List<JsonNode> runs) {
        Map<String, List<JsonNode>> arms = new LinkedHashMap<>();
        runs.forEach(each -> arms.computeIfAbsent(arm(each), name -> new ArrayList<>()).add(each));
        return arms;
    }

    private static Figure byArm(List<JsonNode> runs) {
        LineChart chart = new LineChart("Accuracy and size", "parameters", "test accuracy, %");
        arms(runs)
                .forEach(
                        (arm, own) ->
                                chart.points(
                                        arm,
                                        own.stream()
                                                .mapToDouble(
                                                        each -> each.path("parameters").asDouble())
                                                .toArray(),
                                        own.stream()
                                                .mapToDouble(
                                                        each ->
                                                                PERCENT
                                                                        * each.path("testAccuracy")
                                                                                .asDouble())
                                                .toArray()));
        return chart.figure(
                "accuracy-and-size",
                "Test accuracy, the mean over tasks, and parameters at the end: a point for each run.");
    }

    private static Figure byTask(List<JsonNode> runs) {
        LineChart chart = new LineChart("Task by task", "task", "test accuracy at its end, %");
        arms(runs)
                .forEach(
                        (arm, own) -> {
                            int tasks = own.get(0).path("tasks").size();
                            double[] places = new double[tasks];
                            double[] means = new double[tasks];
                            Arrays.setAll(places, task -> task + 1);
                            Arrays.setAll(
                                    means,
                                    task -> PERCENT * mean(own, each -> accuracy(each, task)));
                            chart.line(arm, places, means);
                        });
        return chart.figure("tasks", "Test accuracy on each task at its end, means over seeds.");
    }

    private static double accuracy(JsonNode run, int task) {
        return run.path("tasks").path(task).path("testAccuracy").asDouble();
    }

    private static double mean(List<JsonNode> runs, Function<JsonNode, Double> figure) {
        return runs.stream().mapToDouble(figure::apply).average().orElse(Double.NaN);
    }

    /** {@return the figures of each arm that are samples over seeds} */
    private static Table table(List<JsonNode> arms) {
        List<String> fields =
                arms.get(0).properties().stream()
                        .filter(field -> field.getValue().has("mean"))
                        .map(Map.Entry::getKey)
                        .toList();
        List<String> header = new ArrayList<>(List.of("arm", "runs"));
        fields.forEach(field -> header.add(CurvesSection.words(field)));
        List<List<String>> rows = new ArrayList<>();
        for (JsonNode arm : arms) {
            List<String> row = new ArrayList<>();
            row.add(arm.path("arm").asText());
            row.add(arm.path("seeds").asText());
            for (String field : fields) {
                JsonNode mean = arm.path(field).path("mean");
                JsonNode deviation = arm.path(field).path("standardDeviation");
                row.add(
                        !mean.isNumber()
                                ? "failed"
                                : SummarySection.told(field, mean)
                                        + (deviation.isNumber()
                                                ? " ± " + SummarySection.told(field, deviation)
                                                : ""));
            }
            rows.add(row);
        }
        return new Table(header, rows);
    }
}
