package org.dl4jplasticity.pruning;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.deeplearning4j.nn.api.Model;
import org.dl4jplasticity.mask.MaskableWeights;

/**
 * See {@link ConnectionScore#magnitudeTimesFiring(UnitScore)}.
 *
 * @param shares how often each unit is active
 */
record ActiveUnits(UnitScore shares) implements ConnectionScore {

    @Override
    public Rating on(Model network, List<MaskableWeights> weights) {
        List<UnitGroup> groups = UnitGroup.of(network);
        double[][] firing = shares.of(network, groups);
        Map<String, double[]> byLayer = new HashMap<>();
        for (int i = 0; i < firing.length; i++) {
            for (String layer : groups.get(i).layers()) {
                byLayer.put(layer, firing[i]);
            }
        }
        double[][] scores = WeightScores.values(weights);
        for (int i = 0; i < scores.length; i++) {
            double[] some = scores[i];
            MaskableWeights each = weights.get(i);
            Optional<double[]> shares = Optional.ofNullable(byLayer.get(each.layerId()));
            shares.ifPresent(share -> requireUnits(each, share.length));
            Arrays.setAll(
                    some,
                    id -> {
                        int row = id / each.rowLength();
                        double share = shares.map(units -> units[row % units.length]).orElse(1.0);
                        return Math.abs(some[id]) * share;
                    });
        }
        return active -> Connections.masked(scores, active);
    }

    /** Rows of a recurrent layer are its units once for each gate. */
    private static void requireUnits(MaskableWeights weights, int units) {
        if (!weights.rowsAreUnits() || weights.rows() % units != 0) {
            throw new IllegalArgumentException(
                    ("Layer %s, parameter %s: expected rows that hold the inputs of one of %d"
                                    + " units, got %d rows of a %s")
                            .formatted(
                                    weights.layerName(),
                                    weights.parameter(),
                                    units,
                                    weights.rows(),
                                    weights.configuration().getClass().getSimpleName()));
        }
    }
}
