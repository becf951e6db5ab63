package org.dl4jplasticity.experiments.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.dl4jplasticity.experiments.report.HeatGrid.Scale;
import org.dl4jplasticity.experiments.run.Network;
import org.dl4jplasticity.surgery.NetworkNode;
import org.dl4jplasticity.surgery.PlasticNetwork;
import org.dl4jplasticity.topology.SparseTopology;

/** Which connections there are: how many each input has, and the matrices. */
final class TopologySection implements Section {
    /** Fields of a matrix's picture along a side. */
    private static final int FIELDS = 100;

    /** Matrices that are shown. */
    private static final int MOST = 6;

    @Override
    public void addTo(Page page, RunFiles run) {
        Map<String, SparseTopology> now = run.network().map(Network::topologies).orElse(Map.of());
        if (now.isEmpty()) {
            return;
        }
        Map<String, SparseTopology> first = run.first().map(Network::topologies).orElse(Map.of());
        page.heading("Where its connections are");
        List<Figure> figures = new ArrayList<>();
        for (String id : ofInputs(run.network().orElseThrow())) {
            if (now.containsKey(id)) {
                figures.addAll(inputs(run, first.get(id), now.get(id)));
            }
        }
        figures.add(matrices(now));
        page.figures(figures);
    }

    /** {@return ids of the weights that the network's inputs come to first} */
    private static List<String> ofInputs(Network network) {
        PlasticNetwork plastic = PlasticNetwork.of(network.model());
        List<String> ids = new ArrayList<>();
        NetworkNode.of(plastic)
                .forEach(
                        (id, node) -> {
                            if (node.inputs().stream().anyMatch(plastic.inputs()::contains)) {
                                ids.add(id + "/W");
                            }
                        });
        return ids;
    }

    private static List<Figure> inputs(RunFiles run, SparseTopology first, SparseTopology now) {
        Map<String, double[]> counts = new LinkedHashMap<>();
        if (first != null && first.nIn() == now.nIn()) {
            counts.put("before training", ConnectionCounts.ofInputs(first));
        }
        counts.put("after training", ConnectionCounts.ofInputs(now));
        Optional<ImageInputs> image =
                ImageInputs.of(run.setting("dataset")).filter(it -> it.size() == now.nIn());
        return List.of(image.map(it -> images(it, counts)).orElseGet(() -> lines(counts)));
    }

    private static Figure images(ImageInputs image, Map<String, double[]> counts) {
        Map<String, double[]> relative = new LinkedHashMap<>();
        counts.forEach((when, values) -> relative.put(when, overMean(image.sums(values))));
        Map<String, double[]> smooth = new LinkedHashMap<>();
        relative.forEach(
                (when, values) ->
                        smooth.put(
                                when,
                                ConnectionCounts.smooth(values, image.height(), image.width())));
        Scale scale = Scale.between(smooth.values());
        HeatGrid grid =
                new HeatGrid("Connections of each pixel, over the mean", counts.size()).bar(scale);
        StringBuilder text =
                new StringBuilder(
                        "How many connections each pixel of the input image has, over the mean of all pixels: dark for"
                                + " few, bright for many. Below, each is the mean of a pixel and its neighbours.");
        relative.forEach(
                (when, values) -> {
                    grid.picture(when, image.height(), image.width(), values, scale);
                    text.append(
                            String.format(
                                    Locale.ROOT,
                                    " %s, a pixel of the middle (half of the height and of the width) has"
                                            + " %.2f times as many as one outside of it.",
                                    when.substring(0, 1).toUpperCase(Locale.ROOT)
                                            + when.substring(1),
                                    ConnectionCounts.middleOverRest(
                                            values, image.height(), image.width())));
                });
        smooth.forEach(
                (when, values) ->
                        grid.picture(
                                when + ", smoothed", image.height(), image.width(), values, scale));
        return grid.figure("input-connections", text.toString());
    }

    private static double[] overMean(double[] counts) {
        double mean = Arrays.stream(counts).average().orElse(1);
        return Arrays.stream(counts).map(count -> count / mean).toArray();
    }

    private static Figure lines(Map<String, double[]> counts) {
        LineChart chart =
                new LineChart("Connections of each input", "input", "connections").fromZero();
        counts.forEach((when, values) -> chart.steps(when, places(values.length), values));
        return chart.figure("input-connections", "How many connections lead away from each input.");
    }

    private static double[] places(int count) {
        double[] places = new double[count];
        for (int i = 0; i < count; i++) {
            places[i] = i + 1;
        }
        return places;
    }

    private static Figure matrices(Map<String, SparseTopology> topologies) {
        int shown = Math.min(MOST, topologies.size());
        HeatGrid grid = new HeatGrid("Connectivity matrices", Math.min(3, shown));
        StringBuilder text =
                new StringBuilder(
                        "Rows are units, columns their inputs; the brighter, the more of the possible connections of a field"
                                + " are active. Brightest field:");
        topologies.entrySet().stream()
                .limit(MOST)
                .forEach(
                        entry -> {
                            SparseTopology topology = entry.getValue();
                            int height = Math.min(FIELDS, topology.nOut());
                            int width = Math.min(FIELDS, topology.nIn());
                            double[] fields = ConnectionCounts.matrix(topology, height, width);
                            Scale scale = Scale.upTo(fields);
                            grid.picture(entry.getKey(), height, width, fields, scale);
                            text.append(
                                    String.format(
                                            Locale.ROOT,
                                            " %s %s %%,",
                                            entry.getKey(),
                                            HeatGrid.number(100 * scale.max())));
                        });
        text.setCharAt(text.length() - 1, '.');
        if (shown < topologies.size()) {
            text.append(" The first %d of %d.".formatted(shown, topologies.size()));
        }
        return grid.figure("connectivity", text.toString());
    }
}
