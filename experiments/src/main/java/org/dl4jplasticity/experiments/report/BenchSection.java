package org.dl4jplasticity.experiments.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Times of steps: dense against packed networks, or ever wider ones. */
final class BenchSection implements Section {

    @Override
    public void addTo(Page page, RunFiles run) {
        List<Map.Entry<String, JsonNode>> workloads =
                List.copyOf(run.report().path("workloads").properties());
        for (int i = 0; i < workloads.size(); i++) {
            page.heading(workloads.get(i).getKey());
            List<JsonNode> results = RunFiles.list(workloads.get(i).getValue());
            page.figures(List.of(contest(results, i)));
            page.table(
                    table(results, "contestant", "density", "medianMs", "minMs", "ratioToDense"));
        }
        List<JsonNode> widths = RunFiles.list(run.report().path("scale"));
        if (!widths.isEmpty()) {
            if (widths.size() > 1) {
                page.figures(List.of(scale(widths)));
            }
            page.table(
                    table(
                            widths,
                            "width",
                            "activeWeights",
                            "possibleWeights",
                            "steps",
                            "medianMs",
                            "minMs"));
        }
    }

    private static Figure contest(List<JsonNode> results, int place) {
        JsonNode dense = results.get(0);
        List<JsonNode> packed = results.subList(1, results.size());
        double[] densities = numbers(packed, "density");
        double[] whole = new double[packed.size()];
        Arrays.fill(whole, dense.path("medianMs").asDouble());
        LineChart chart =
                new LineChart("Time of a step", "density of the packed networks", "median, ms")
                        .fromZero();
        chart.line("packed", densities, numbers(packed, "medianMs"));
        chart.line("dense", densities, whole);
        return chart.figure(
                "times-" + (place + 1),
                "Median time of a step of packed networks over their density, and of the dense one.");
    }

    /** Both axes logarithmic, with a line of time in proportion to weights through the last. */
    private static Figure scale(List<JsonNode> widths) {
        double[] weights = numbers(widths, "activeWeights");
        double[] times = numbers(widths, "medianMs");
        double perWeight = times[times.length - 1] / weights[weights.length - 1];
        return new LineChart("Time of a training step", "active weights", "median, ms")
                .logarithmic()
                .line("measured", weights, times)
                .line("in proportion to active weights", weights, Table.times(perWeight, weights))
                .figure(
                        "scale",
                        "Median time of a training step over the number of active weights, both logarithmic.");
    }

    private static double[] numbers(List<JsonNode> results, String field) {
        return results.stream().mapToDouble(result -> result.path(field).asDouble()).toArray();
    }

    private static Table table(List<JsonNode> results, String... fields) {
        List<List<String>> rows = new ArrayList<>();
        for (JsonNode result : results) {
            List<String> row = new ArrayList<>();
            for (String field : fields) {
                JsonNode value = result.path(field);
                row.add(
                        value.isIntegralNumber()
                                ? UpdatesSection.count(value.asLong())
                                : value.isNumber()
                                        ? String.format(Locale.ROOT, "%.3g", value.asDouble())
                                        : value.asText());
            }
            rows.add(row);
        }
        return new Table(List.of(fields).stream().map(CurvesSection::words).toList(), rows);
    }
}
