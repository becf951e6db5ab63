package org.dl4jplasticity.growth;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.dl4jplasticity.relevance.LayerRelevance;
import org.nd4j.linalg.dataset.DataSet;

/** Chooses layers by the relevance of their units. */
record RelevanceChoice(DataSet examples, Mode mode, double kappa) implements LayerChoice {

    enum Mode {
        LARGEST,
        ALL_ABOVE_MEAN,
        UTILISATION
    }

    @Override
    public Decision choose(Situation situation) {
        ToDoubleFunction<LayerRelevance> measure =
                mode == Mode.UTILISATION ? LayerRelevance::utilisation : LayerRelevance::score;
        Map<String, Double> scores = new LinkedHashMap<>();
        for (LayerRelevance layer : LayerRelevance.of(situation.model(), examples)) {
            scores.put(layer.layerId(), measure.applyAsDouble(layer));
        }
        double mean = scores.values().stream().mapToDouble(it -> it).average().orElse(0);
        List<String> candidates = new ArrayList<>(situation.layers());
        candidates.retainAll(scores.keySet());
        List<String> above =
                candidates.stream().filter(layer -> scores.get(layer) > kappa * mean).toList();
        if (mode == Mode.ALL_ABOVE_MEAN || above.isEmpty()) {
            return new Decision(above, named(scores));
        }
        String best = above.get(0);
        for (String layer : above) {
            if (scores.get(layer) > scores.get(best)) {
                best = layer;
            }
        }
        return new Decision(List.of(best), named(scores));
    }

    private Map<String, Double> named(Map<String, Double> scores) {
        String measure = mode == Mode.UTILISATION ? "utilisation " : "relevance ";
        Map<String, Double> named = new LinkedHashMap<>();
        scores.forEach((layer, score) -> named.put(measure + layer, score));
        return named;
    }

    /** The mode and the number of times the mean; examples are data. */
    @Override
    public String toString() {
        return "relevance %s, kappa %s, %d examples".formatted(mode, kappa, examples.numExamples());
    }
}
