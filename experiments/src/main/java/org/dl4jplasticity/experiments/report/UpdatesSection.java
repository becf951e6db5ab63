package org.dl4jplasticity.experiments.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** How sparse each layer is, was and should be, and what updates dropped and grew. */
final class UpdatesSection implements Section {
    /** Layers that a figure tells apart. */
    private static final int MOST = 12;

    @Override
    public void addTo(Page page, RunFiles run) {
        List<JsonNode> layers = RunFiles.list(run.report().path("sparse").path("layers"));
        if (layers.isEmpty() && run.report().path("layers").isEmpty()) {
            return;
        }
        page.heading("How sparse it is");
        if (layers.isEmpty()) {
            page.table(weights(RunFiles.list(run.report().path("layers"))));
        } else {
            page.table(sparsities(layers));
        }
        run.table("updates.csv").ifPresent(updates -> page.figures(figures(run, updates)));
    }

    private static Table weights(List<JsonNode> layers) {
        List<List<String>> rows = new ArrayList<>();
        for (JsonNode layer : layers) {
            long active = layer.path("activeWeights").asLong();
            long total = layer.path("totalWeights").asLong();
            rows.add(
                    List.of(
                            layer.path("name").asText(),
                            shape(layer.path("shape")),
                            count(total),
                            count(active),
                            percent(1 - (double) active / total)));
        }
        return new Table(List.of("layer", "shape", "weights", "active", "sparsity, %"), rows);
    }

    private static String shape(JsonNode shape) {
        List<String> sides = RunFiles.list(shape).stream().map(JsonNode::asText).toList();
        return String.join(" × ", sides);
    }

    private static Table sparsities(List<JsonNode> layers) {
        List<List<String>> rows = new ArrayList<>();
        for (JsonNode layer : layers) {
            double possible = layer.path("possible").asDouble();
            rows.add(
                    List.of(
                            layer.path("id").asText(),
                            count(layer.path("possible").asLong()),
                            count(layer.path("active").asLong()),
                            percent(1 - layer.path("target").asDouble() / possible),
                            percent(1 - layer.path("active").asDouble() / possible),
                            percent(layer.path("explored").asDouble() / possible),
                            count(layer.path("deadUnits").asLong()),
                            count(layer.path("unusedInputs").asLong())));
        }
        return new Table(
                List.of(
                        "weights",
                        "possible",
                        "active",
                        "sparsity aimed at, %",
                        "actual sparsity, %",
                        "ever active, %",
                        "units without connections",
                        "inputs without connections"),
                rows);
    }

    private static List<Figure> figures(RunFiles run, Table updates) {
        List<String> all = updates.column("weights").stream().distinct().toList();
        List<String> some = all.subList(0, Math.min(MOST, all.size()));
        LineChart sparsity = new LineChart("Sparsity of each layer", "iteration", "sparsity, %");
        LineChart dropped =
                new LineChart("Dropped by each update", "iteration", "connections").fromZero();
        LineChart grown =
                new LineChart("Grown by each update", "iteration", "connections").fromZero();
        LineChart explored =
                new LineChart("Connections that were ever active", "iteration", "of possible, %");
        for (String id : some) {
            Table own = updates.where("weights", id);
            double[] iterations = own.numbers("iteration");
            sparsity.line(id, iterations, percents(own, "sparsity"));
            explored.line(id, iterations, percents(own, "explorationRate"));
            if (own.has("target")) {
                sparsity.line(id + " aimed at", iterations, percents(own, "target"));
            }
            dropped.line(id, iterations, own.numbers("dropped"));
            grown.line(id, iterations, own.numbers("grown"));
        }
        String left =
                some.size() < all.size()
                        ? " The first %d of %d weight matrices.".formatted(some.size(), all.size())
                        : "";
        return List.of(
                sparsity.figure(
                        "sparsity",
                        "Share of possible connections that are not active, after each of the %d updates. What was aimed at is in the table above.%s"
                                .formatted(mutations(run), left)),
                dropped.figure("dropped", "How many connections each update dropped." + left),
                grown.figure("grown", "How many connections each update grew." + left),
                explored.figure(
                        "explored",
                        "Share of possible connections that have been active at some time."
                                + left));
    }

    private static int mutations(RunFiles run) {
        return CurvesSection.mutations(run).length;
    }

    private static double[] percents(Table table, String column) {
        return Arrays.stream(table.numbers(column)).map(x -> 100 * x).toArray();
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.2f", 100 * share);
    }

    static String count(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }
}
