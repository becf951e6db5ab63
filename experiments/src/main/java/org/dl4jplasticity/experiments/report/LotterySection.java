package org.dl4jplasticity.experiments.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Lottery tickets, level by level: when they would be stopped and how well they do. */
final class LotterySection implements Section {
    private static final double PERCENT = 100;

    @Override
    public void addTo(Page page, RunFiles run) {
        List<JsonNode> levels = RunFiles.list(run.report().path("levels"));
        if (levels.isEmpty()) {
            return;
        }
        page.title("Lottery tickets, " + page.title());
        page.paragraph(
                "Iterative magnitude pruning (Frankle and Carbin 2019). Early stop: the iteration of"
                        + " least validation loss. Lines are means over seeds, dashes the least and the"
                        + " most.");
        List<Figure> figures = new ArrayList<>();
        figures.add(
                figure(
                        levels,
                        "early-stop-iteration",
                        "Early-stop iteration",
                        "iteration",
                        "earlyStopIteration",
                        1));
        figures.add(
                figure(
                        levels,
                        "early-stop-accuracy",
                        "Test accuracy at the early stop",
                        "test accuracy, %",
                        "earlyStopTestAccuracy",
                        PERCENT));
        figures.add(
                figure(
                        levels,
                        "final-accuracy",
                        "Test accuracy at the end",
                        "test accuracy, %",
                        "finalTestAccuracy",
                        PERCENT));
        curves(run).ifPresent(figures::add);
        page.figures(figures);
        page.heading("Levels");
        page.table(table(levels));
        page.heading("What they say");
        page.list(
                RunFiles.list(run.report().path("comparisons")).stream()
                        .map(each -> each.path("sentence").asText())
                        .toList());
    }

    private static Figure figure(
            List<JsonNode> levels,
            String name,
            String title,
            String unit,
            String field,
            double factor) {
        LineChart chart = new LineChart(title, "weights remaining, %", unit);
        // Logarithmic, from dense to sparse as in the paper.
        chart.labels(x -> HeatGrid.number(Math.round(10 * PERCENT * Math.exp(-x)) / 10.0));
        for (String arm :
                levels.stream().map(each -> each.path("arm").asText()).distinct().toList()) {
            List<JsonNode> rows =
                    levels.stream()
                            .filter(
                                    row ->
                                            row.path("level").asInt() == 0
                                                    || row.path("arm").asText().equals(arm))
                            .toList();
            chart.band(
                    arm,
                    rows.stream()
                            .mapToDouble(row -> -Math.log(row.path("weightsRemaining").asDouble()))
                            .toArray(),
                    figures(rows, field, "mean", factor),
                    figures(rows, field, "min", factor),
                    figures(rows, field, "max", factor));
        }
        return chart.figure(name, title + " of each arm over the share of weights that is left.");
    }

    private static double[] figures(List<JsonNode> rows, String field, String of, double factor) {
        return rows.stream()
                .mapToDouble(row -> factor * row.path(field).path(of).asDouble(Double.NaN))
                .toArray();
    }

    /** {@return the validation accuracy of every second ticket of the first seed} */
    private static Optional<Figure> curves(RunFiles run) {
        List<JsonNode> trainings = RunFiles.list(run.report().path("runs"));
        long seed = trainings.isEmpty() ? 0 : trainings.get(0).path("seed").asLong();
        LineChart chart =
                new LineChart(
                        "Tickets while they train, seed " + seed,
                        "iteration",
                        "validation accuracy, %");
        for (JsonNode training : trainings) {
            int level = training.path("level").asInt();
            boolean isTicket = training.path("arm").asText().equals("ticket");
            if (isTicket && training.path("seed").asLong() == seed && level % 2 == 0) {
                String name =
                        level == 0
                                ? "dense_seed" + seed
                                : "ticket_level%02d_seed%d".formatted(level, seed);
                run.inside(name)
                        .flatMap(cell -> cell.table("curves.csv"))
                        .ifPresent(
                                curves ->
                                        chart.line(
                                                remaining(training),
                                                curves.numbers("iteration"),
                                                Table.times(
                                                        PERCENT,
                                                        curves.numbers("validationAccuracy"))));
            }
        }
        return chart.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        chart.figure(
                                "tickets",
                                "Validation accuracy of the tickets of every second level; names are the shares of weights that are left."));
    }

    private static String remaining(JsonNode row) {
        return String.format(
                Locale.ROOT, "%.1f %%", PERCENT * row.path("weightsRemaining").asDouble());
    }

    private static Table table(List<JsonNode> levels) {
        List<List<String>> rows = new ArrayList<>();
        for (JsonNode level : levels) {
            rows.add(
                    List.of(
                            level.path("level").asInt() == 0 ? "dense" : level.path("arm").asText(),
                            level.path("level").asText(),
                            remaining(level),
                            told(level.path("earlyStopIteration"), "%.0f", 1),
                            told(level.path("earlyStopTestAccuracy"), "%.2f", PERCENT),
                            told(level.path("finalTestAccuracy"), "%.2f", PERCENT),
                            told(level.path("trainSeconds"), "%.1f", 1)));
        }
        return new Table(
                List.of(
                        "arm",
                        "level",
                        "weights remaining",
                        "early-stop iteration",
                        "test accuracy there, %",
                        "test accuracy at the end, %",
                        "seconds in steps"),
                rows);
    }

    /** {@return the mean of a sample and, of several seeds, the range} */
    static String told(JsonNode sample, String format, double factor) {
        if (!sample.path("mean").isNumber()) {
            return "failed";
        }
        String mean = String.format(Locale.ROOT, format, factor * sample.path("mean").asDouble());
        return sample.path("size").asInt() == 1
                ? mean
                : String.format(
                        Locale.ROOT,
                        "%s (" + format + " to " + format + ")",
                        mean,
                        factor * sample.path("min").asDouble(),
                        factor * sample.path("max").asDouble());
    }
}
