package org.dl4jplasticity.experiments.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A pruning: what the network was before and is after, and round by round; or several criteria. */
final class PruneSection implements Section {
    private static final double PERCENT = 100;

    @Override
    public void addTo(Page page, RunFiles run) {
        List<JsonNode> rounds = RunFiles.list(run.report().path("rounds"));
        if (!rounds.isEmpty()) {
            page.heading("What pruning did");
            page.table(sizes(run.report()));
            page.figures(List.of(figure(List.of(Map.entry("", run.report())))));
            page.table(rounds(rounds));
        }
        List<JsonNode> rows = RunFiles.list(run.report().path("rows"));
        if (!rows.isEmpty()) {
            page.title("Pruning, " + page.title());
            page.table(criteria(rows));
            List<Map.Entry<String, JsonNode>> first = new ArrayList<>();
            for (JsonNode row : rows) {
                if (!row.path("runs").isEmpty()) {
                    first.add(
                            Map.entry(
                                    row.path("criterion").asText() + " ", row.path("runs").get(0)));
                }
            }
            if (!first.isEmpty()) {
                page.figures(List.of(figure(first)));
            }
        }
    }

    private static Figure figure(List<Map.Entry<String, JsonNode>> reports) {
        LineChart chart = new LineChart("Round by round", "active weights, %", "test accuracy, %");
        chart.labels(x -> HeatGrid.number(Math.round(10 * Math.abs(x)) / 10.0));
        for (Map.Entry<String, JsonNode> entry : reports) {
            JsonNode report = entry.getValue();
            double total = report.path("before").path("activeWeights").asDouble();
            List<JsonNode> rounds = RunFiles.list(report.path("rounds"));
            double[] left = new double[rounds.size() + 1];
            double[] pruned = new double[left.length];
            double[] retrained = new double[left.length];
            left[0] = -PERCENT; // from dense to sparse
            pruned[0] = PERCENT * report.path("accuracyBefore").asDouble();
            retrained[0] = pruned[0];
            for (int i = 0; i < rounds.size(); i++) {
                left[i + 1] = -PERCENT * rounds.get(i).path("activeWeights").asDouble() / total;
                pruned[i + 1] = PERCENT * rounds.get(i).path("accuracyPruned").asDouble();
                retrained[i + 1] = PERCENT * rounds.get(i).path("accuracyRetrained").asDouble();
            }
            if (reports.size() == 1) {
                chart.line((entry.getKey() + "pruned"), left, pruned);
            }
            chart.line((entry.getKey() + "retrained"), left, retrained);
        }
        return chart.figure(
                "rounds",
                "Test accuracy after each round over the share of active weights that is left.");
    }

    private static Table sizes(JsonNode report) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(
                List.of(
                        "test accuracy, %",
                        percent(report.path("accuracyBefore")),
                        percent(report.path("testAccuracy"))));
        for (String field : List.of("parameters", "activeWeights", "flops", "fileBytes")) {
            rows.add(
                    List.of(
                            CurvesSection.words(field),
                            UpdatesSection.count(report.path("before").path(field).asLong()),
                            UpdatesSection.count(report.path("after").path(field).asLong())));
        }
        for (JsonNode times : report.path("inference")) {
            rows.add(
                    List.of(
                            "inference of %s, median ms".formatted(times.path("batch").asText()),
                            number(times.path("medianMsBefore")),
                            number(times.path("medianMsAfter"))));
        }
        return new Table(List.of("", "before", "after"), rows);
    }

    private static Table rounds(List<JsonNode> rounds) {
        return new Table(
                List.of("round", "active weights", "accuracy pruned, %", "retrained, %"),
                rounds.stream()
                        .map(
                                round ->
                                        List.of(
                                                round.path("round").asText(),
                                                UpdatesSection.count(
                                                        round.path("activeWeights").asLong()),
                                                percent(round.path("accuracyPruned")),
                                                percent(round.path("accuracyRetrained"))))
                        .toList());
    }

    private static Table criteria(List<JsonNode> rows) {
        return new Table(
                List.of("criterion", "runs", "accuracy pruned, %", "retrained, %", "failures"),
                rows.stream()
                        .map(
                                row ->
                                        List.of(
                                                row.path("criterion").asText(),
                                                String.valueOf(row.path("runs").size()),
                                                LotterySection.told(
                                                        row.path("accuracyPruned"),
                                                        "%.2f",
                                                        PERCENT),
                                                LotterySection.told(
                                                        row.path("testAccuracy"), "%.2f", PERCENT),
                                                String.join(
                                                        "; ",
                                                        RunFiles.list(row.path("failures")).stream()
                                                                .map(JsonNode::asText)
                                                                .toList())))
                        .toList());
    }

    private static String percent(JsonNode share) {
        return number(PERCENT * share.asDouble());
    }

    private static String number(JsonNode number) {
        return number(number.asDouble());
    }

    private static String number(double number) {
        return String.format(Locale.ROOT, "%.2f", number);
    }
}
