package org.dl4jplasticity.experiments.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A comparison of dropouts: what each technique came to, as dots and as a table. */
final class DropoutSection implements Section {
    private static final double PERCENT = 100;

    /** What a technique's row has of figures, and what each is called. */
    private record Column(String field, String title, String unit, double factor, String format) {}

    private static final List<Column> DRAWN =
            List.of(
                    new Column(
                            "testAccuracy", "Test accuracy", "test accuracy, %", PERCENT, "%.2f"),
                    new Column(
                            "calibrationError",
                            "Calibration",
                            "expected calibration error, %",
                            PERCENT,
                            "%.2f"),
                    new Column(
                            "trainTestGap",
                            "Train/test gap",
                            "training less test accuracy, points",
                            PERCENT,
                            "%.2f"),
                    new Column("trainSeconds", "Time", "seconds in training", 1, "%.1f"));

    private static final Column PARAMETERS =
            new Column("parameters", "Parameters", "parameters", 1, "%,.0f");

    @Override
    public void addTo(Page page, RunFiles run) {
        List<JsonNode> rows = RunFiles.list(run.report().path("techniques"));
        if (rows.isEmpty()) {
            return;
        }
        page.title("Dropout, " + page.title());
        List<JsonNode> done = rows.stream().filter(row -> row.path("seeds").asInt() > 0).toList();
        if (!done.isEmpty()) {
            page.figures(DRAWN.stream().map(column -> figure(column, done)).toList());
        }
        page.table(table(rows));
        page.list(
                rows.stream()
                        .filter(row -> !row.path("note").asText().isEmpty())
                        .map(
                                row ->
                                        row.path("technique").asText()
                                                + ": "
                                                + row.path("note").asText())
                        .toList());
        page.list(
                RunFiles.list(run.report().path("failures")).stream()
                        .map(JsonNode::asText)
                        .toList());
        page.paragraph(
                "Each run has a folder of its own in %s; `plasticity report` of it makes its page."
                        .formatted(run.name()));
    }

    private static Figure figure(Column column, List<JsonNode> rows) {
        DotPlot plot = new DotPlot(column.title(), column.unit()).mark("none");
        for (JsonNode row : rows) {
            JsonNode sample = row.path(column.field());
            plot.dot(
                    row.path("technique").asText(),
                    column.factor() * sample.path("mean").asDouble(),
                    column.factor() * sample.path("standardDeviation").asDouble());
        }
        return plot.figure(
                CurvesSection.words(column.field()).replace(' ', '-'),
                "Dots: means over seeds of %s; dashes: one standard deviation to both sides; the line is that of no dropout."
                        .formatted(column.unit()));
    }

    private static Table table(List<JsonNode> rows) {
        List<Column> columns = new ArrayList<>(DRAWN);
        columns.add(PARAMETERS);
        List<String> header = new ArrayList<>(List.of("technique", "source", "runs"));
        columns.forEach(column -> header.add(column.unit()));
        return new Table(
                header,
                rows.stream()
                        .map(
                                row -> {
                                    List<String> cells = new ArrayList<>();
                                    cells.add(row.path("technique").asText());
                                    cells.add(row.path("citation").asText());
                                    cells.add(row.path("seeds").asText());
                                    columns.forEach(column -> cells.add(told(column, row)));
                                    return cells;
                                })
                        .toList());
    }

    private static String told(Column column, JsonNode row) {
        JsonNode mean = row.path(column.field()).path("mean");
        JsonNode deviation = row.path(column.field()).path("standardDeviation");
        if (!mean.isNumber()) {
            return "failed";
        }
        boolean differs = deviation.isNumber() && !column.equals(PARAMETERS);
        return number(column, mean) + (differs ? " ± " + number(column, deviation) : "");
    }

    private static String number(Column column, JsonNode value) {
        return String.format(Locale.ROOT, column.format(), column.factor() * value.asDouble());
    }
}
