package org.dl4jplasticity.growth;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.nd4j.linalg.dataset.DataSet;

/**
 * Chooses the layer whose growth is worth most per new unit, to first order. Layers that the gain
 * isn't defined for are passed over, unless there is no other.
 */
record GainChoice(String name, GrowthGain gain, DataSet batch) implements LayerChoice {

    @Override
    public Decision choose(Situation situation) {
        Map<String, Double> scores = new LinkedHashMap<>();
        String best = null;
        double most = Double.NEGATIVE_INFINITY;
        IllegalArgumentException refusal = null;
        for (String layer : situation.layers()) {
            int units = situation.units().get(layer);
            double perUnit;
            try {
                perUnit = gain.of(situation.model(), layer, batch.toMultiDataSet(), units) / units;
            } catch (IllegalArgumentException e) {
                refusal = e;
                continue;
            }
            scores.put(name + " " + layer, perUnit);
            if (perUnit > most) {
                most = perUnit;
                best = layer;
            }
        }
        if (best == null && refusal != null) {
            throw refusal;
        }
        return new Decision(best == null ? List.of() : List.of(best), scores);
    }

    /** The measure; examples are data. */
    @Override
    public String toString() {
        return "gain by %s, %d examples".formatted(name, batch.numExamples());
    }
}
