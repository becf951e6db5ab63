package org.dl4jplasticity.experiments.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** A sweep: accuracy by method and sparsity, and every run's curve. */
final class SweepSection implements Section {
    private static final double PERCENT = 100;

    @Override
    public void addTo(Page page, RunFiles run) {
        List<JsonNode> cells = RunFiles.list(run.report().path("cells"));
        if (cells.isEmpty()) {
            return;
        }
        page.title("Sweep, " + page.title());
        List<Figure> figures = new ArrayList<>();
        LineChart accuracy = accuracy(cells);
        if (!accuracy.isEmpty()) {
            figures.add(
                    accuracy.figure(
                            "accuracy-by-density",
                            "Mean test accuracy of each method over the share of weights that is active; dashes are the least"
                                    + " and the most over seeds."));
        }
        LineChart curves =
                new LineChart("Every run while it trains", "iteration", "validation accuracy, %");
        for (JsonNode each : RunFiles.list(run.report().path("runs"))) {
            String name =
                    "%s_%s_seed%s"
                            .formatted(
                                    each.path("method").asText(),
                                    each.path("sparsity").asText(),
                                    each.path("seed").asText());
            run.inside(name)
                    .flatMap(inside -> inside.table("curves.csv"))
                    .ifPresent(
                            table ->
                                    curves.line(
                                            name.replace('_', ' '),
                                            table.numbers("iteration"),
                                            Table.times(
                                                    PERCENT, table.numbers("validationAccuracy"))));
        }
        if (!curves.isEmpty()) {
            figures.add(
                    curves.figure("curves", "Validation accuracy of each method, sparsity, seed."));
        }
        page.figures(figures);
        page.table(table(cells));
        page.list(
                RunFiles.list(run.report().path("failures")).stream()
                        .map(JsonNode::asText)
                        .toList());
        page.paragraph(
                "Each run has a folder of its own in %s; `plasticity report` of it makes its page."
                        .formatted(run.name()));
    }

    private static LineChart accuracy(List<JsonNode> cells) {
        LineChart chart =
                new LineChart("Test accuracy", "active weights, %", "test accuracy, %")
                        .labels(x -> HeatGrid.number(Math.round(1e4 * Math.exp(-x)) / 1e2));
        for (String method :
                cells.stream().map(cell -> cell.path("method").asText()).distinct().toList()) {
            List<JsonNode> own =
                    cells.stream()
                            .filter(cell -> cell.path("method").asText().equals(method))
                            .filter(cell -> cell.path("meanTestAccuracy").isNumber())
                            .toList();
            if (!own.isEmpty()) {
                chart.band(
                        method,
                        own.stream()
                                .mapToDouble(
                                        cell -> -Math.log(1 - cell.path("sparsity").asDouble()))
                                .toArray(),
                        percents(own, "meanTestAccuracy"),
                        percents(own, "minTestAccuracy"),
                        percents(own, "maxTestAccuracy"));
            }
        }
        return chart;
    }

    private static double[] percents(List<JsonNode> cells, String field) {
        double[] values = new double[cells.size()];
        Arrays.setAll(values, i -> PERCENT * cells.get(i).path(field).asDouble());
        return values;
    }

    private static Table table(List<JsonNode> cells) {
        List<List<String>> rows = new ArrayList<>();
        for (JsonNode cell : cells) {
            rows.add(
                    List.of(
                            cell.path("method").asText(),
                            cell.path("sparsity").asText(),
                            cell.path("seeds").asText(),
                            percent(cell.path("meanTestAccuracy")),
                            percent(cell.path("standardDeviation")),
                            percent(cell.path("minTestAccuracy")),
                            percent(cell.path("maxTestAccuracy")),
                            String.format(
                                    Locale.ROOT, "%.0f", cell.path("trainSeconds").asDouble())));
        }
        return new Table(
                List.of(
                        "method",
                        "sparsity",
                        "runs",
                        "mean test accuracy, %",
                        "standard deviation",
                        "least, %",
                        "most, %",
                        "seconds in steps"),
                rows);
    }

    private static String percent(JsonNode share) {
        return share.isNumber()
                ? String.format(Locale.ROOT, "%.2f", PERCENT * share.asDouble())
                : "";
    }
}
