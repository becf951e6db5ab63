package org.dl4jplasticity.experiments.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.ToDoubleFunction;

/** A search: accuracy against size of all candidates, with the front, and their table. */
final class SearchSection implements Section {
    private static final double PERCENT = 100;

    /** Percent below the front and the default settings that are shown at least. */
    private static final double LEAST_MARGIN = 5;

    @Override
    public void addTo(Page page, RunFiles run) {
        JsonNode report = run.report();
        List<JsonNode> candidates = RunFiles.list(report.path("candidates"));
        if (candidates.isEmpty()) {
            return;
        }
        page.title("Search, " + page.title());
        Set<Integer> front = new HashSet<>();
        report.path("front").forEach(index -> front.add(index.asInt()));
        List<JsonNode> done =
                candidates.stream().filter(each -> each.path("scores").isObject()).toList();
        page.figures(List.of(chart(done, front)));
        page.table(table(candidates, RunFiles.list(report.path("searched")), front));
    }

    private static Figure chart(List<JsonNode> done, Set<Integer> front) {
        List<JsonNode> best =
                done.stream()
                        .filter(each -> front.contains(index(each)))
                        .sorted(Comparator.comparingDouble(SearchSection::accuracy))
                        .toList();
        List<JsonNode> control = done.stream().filter(each -> index(each) == 0).toList();
        List<JsonNode> others =
                done.stream()
                        .filter(each -> index(each) != 0 && !front.contains(index(each)))
                        .toList();
        List<JsonNode> heeded = new ArrayList<>(best);
        heeded.addAll(control);
        double most = heeded.stream().mapToDouble(SearchSection::accuracy).max().orElse(0);
        double least = heeded.stream().mapToDouble(SearchSection::accuracy).min().orElse(0);
        double floor = least - Math.max(LEAST_MARGIN, most - least);
        List<JsonNode> shown = others.stream().filter(each -> accuracy(each) >= floor).toList();
        int below = others.size() - shown.size();
        LineChart chart =
                new LineChart("Accuracy against size", "active weights", "validation accuracy, %")
                        .labels(x -> String.format(Locale.ROOT, "%,d", Math.round(Math.exp(x))));
        chart.line("front", sizes(best), numbers(best, SearchSection::accuracy));
        chart.points(
                below == 0 ? "dominated" : "dominated (%d more below)".formatted(below),
                sizes(shown),
                numbers(shown, SearchSection::accuracy));
        chart.points("default settings", sizes(control), numbers(control, SearchSection::accuracy));
        return chart.figure(
                "front",
                "Validation accuracy of each candidate over its number of weights; no other is better"
                        + " than those on the front in both.");
    }

    private static int index(JsonNode candidate) {
        return candidate.path("index").asInt();
    }

    private static double accuracy(JsonNode candidate) {
        return PERCENT * candidate.path("scores").path("validationAccuracy").asDouble();
    }

    /** On a logarithmic axis. */
    private static double[] sizes(List<JsonNode> candidates) {
        return numbers(
                candidates, each -> Math.log(each.path("scores").path("activeWeights").asDouble()));
    }

    private static double[] numbers(List<JsonNode> candidates, ToDoubleFunction<JsonNode> number) {
        return candidates.stream().mapToDouble(number).toArray();
    }

    private static Table table(
            List<JsonNode> candidates, List<JsonNode> searched, Set<Integer> front) {
        List<String> header = new ArrayList<>(List.of("candidate"));
        searched.forEach(name -> header.add(name.asText()));
        header.addAll(List.of("validation accuracy, %", "active weights", "seconds", "front"));
        List<List<String>> rows = new ArrayList<>();
        for (JsonNode each : candidates) {
            List<String> row = new ArrayList<>();
            row.add(index(each) == 0 ? "default settings" : String.valueOf(index(each)));
            searched.forEach(name -> row.add(each.path("values").path(name.asText()).asText()));
            JsonNode scores = each.path("scores");
            row.add(
                    scores.isObject()
                            ? String.format(Locale.ROOT, "%.2f", accuracy(each))
                            : each.path("failure").asText());
            row.add(scores.path("activeWeights").asText());
            row.add(
                    scores.isObject()
                            ? String.format(
                                    Locale.ROOT, "%.1f", scores.path("trainSeconds").asDouble())
                            : "");
            row.add(front.contains(index(each)) ? "yes" : "");
            rows.add(row);
        }
        return new Table(header, rows);
    }
}
