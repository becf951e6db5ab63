package org.dl4jplasticity.experiments.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.dl4jplasticity.experiments.run.Network;
import org.dl4jplasticity.mask.MaskableWeights;
import org.dl4jplasticity.surgery.NetworkParameter;
import org.dl4jplasticity.surgery.PlasticNetwork;
import org.nd4j.linalg.api.ndarray.INDArray;

/** How large the active weights are, before and after. */
final class WeightsSection implements Section {
    private static final int BINS = 50;

    /** Weight matrices that are shown. */
    private static final int MOST = 6;

    /** Weights of a matrix that are looked at; of more, evenly spread ones. */
    private static final int LOOKED_AT = 200_000;

    @Override
    public void addTo(Page page, RunFiles run) {
        Map<String, double[]> now = run.network().map(WeightsSection::weights).orElse(Map.of());
        if (now.isEmpty()) {
            return;
        }
        Map<String, double[]> first = run.first().map(WeightsSection::weights).orElse(Map.of());
        page.heading("How large its weights are");
        List<Figure> figures = new ArrayList<>();
        now.forEach((id, values) -> figures.add(figure(id, first.get(id), values)));
        page.figures(figures);
    }

    /** {@return active weights by id, of the first matrices} */
    private static Map<String, double[]> weights(Network network) {
        Set<String> sparse = network.topologies().keySet();
        Set<String> maskable =
                MaskableWeights.of(network.model()).stream()
                        .map(MaskableWeights::id)
                        .collect(Collectors.toSet());
        Map<String, double[]> weights = new LinkedHashMap<>();
        for (NetworkParameter parameter : PlasticNetwork.of(network.model()).table()) {
            String id = parameter.id();
            boolean isWeight = sparse.contains(id) || maskable.contains(id);
            if (isWeight && weights.size() < MOST) {
                weights.put(id, active(parameter.values(), sparse.contains(id)));
            }
        }
        return weights;
    }

    private static double[] active(INDArray values, boolean isSparse) {
        long step = Math.max(1, values.length() / LOOKED_AT);
        double[] some = new double[(int) (values.length() / step)];
        for (int i = 0; i < some.length; i++) {
            some[i] = values.getDouble(i * step);
        }
        return isSparse ? Arrays.stream(some).filter(value -> value != 0).toArray() : some;
    }

    private static Figure figure(String id, double[] first, double[] now) {
        double most = Math.max(most(now), first == null ? 0 : most(first));
        LineChart chart =
                new LineChart("Active weights of " + id, "weight", "share of the weights, %")
                        .fromZero();
        if (first != null) {
            chart.steps("before training", edges(most), shares(first, most));
        }
        chart.steps("after training", edges(most), shares(now, most));
        return chart.figure(
                "weights-" + id.replaceAll("[^A-Za-z0-9]+", "-"),
                "How many of the active weights of %s are of which size, in %d steps from %.3g to %.3g."
                        .formatted(id, BINS, -most, most));
    }

    private static double most(double[] values) {
        return Math.max(1e-12, Arrays.stream(values).map(Math::abs).max().orElse(0));
    }

    /** {@return the lower ends of the bins, and the upper end of the last} */
    private static double[] edges(double most) {
        double[] edges = new double[BINS + 1];
        Arrays.setAll(edges, i -> most * (2.0 * i / BINS - 1));
        return edges;
    }

    /** {@return percent of the values in each bin, that of the last one twice} */
    static double[] shares(double[] values, double most) {
        double[] shares = new double[BINS + 1];
        for (double value : values) {
            int bin = (int) Math.floor((value / most + 1) / 2 * BINS);
            shares[Math.min(BINS - 1, Math.max(0, bin))] += 100.0 / values.length;
        }
        shares[BINS] = shares[BINS - 1];
        return shares;
    }
}
