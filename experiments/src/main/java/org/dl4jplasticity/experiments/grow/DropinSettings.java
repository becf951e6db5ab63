package org.dl4jplasticity.experiments.grow;

import java.util.LinkedHashMap;
import java.util.Map;
import org.dl4jplasticity.experiments.run.FixedWidths;
import org.dl4jplasticity.experiments.run.Network;
import org.dl4jplasticity.experiments.run.Settings;
import org.dl4jplasticity.growth.DropIn;
import org.dl4jplasticity.growth.DropInBuilder;
import org.dl4jplasticity.growth.Plateau;
import org.dl4jplasticity.growth.UnitCount;

/**
 * When and by how much networks grow in an experiment.
 *
 * @param signal what has them grow
 * @param threshold the share of the training loss below which a change is a stall, greater than 0
 * @param patience how many looks in a row must find a stall, at least 1
 * @param looks how often in an epoch the loss is looked at, at least 1
 * @param units the share of its units that a layer gets, greater than 0
 * @param perLayer the most units of a layer; 0 for 4 times those of the widest at the beginning
 * @param parameters the most parameters of the network; 0 for no limit
 * @param stopAfter growths in a row without a better validation loss that end growing; 0 for none
 * @param kappa how many times the mean relevance the chosen layer must have, at least 0
 */
public record DropinSettings(
        GrowthSignal signal,
        double threshold,
        int patience,
        int looks,
        double units,
        int perLayer,
        long parameters,
        int stopAfter,
        double kappa) {

    /** How many times its first width the widest layer may have unless told otherwise. */
    private static final int MOST_TIMES = 4;

    public DropinSettings {
        requireFinite("--threshold", threshold > 0, "greater than 0", threshold);
        Settings.require("--patience", patience >= 1, "at least 1", patience);
        Settings.require("--looks", looks >= 1, "at least 1", looks);
        requireFinite("--units", units > 0, "greater than 0", units);
        Settings.require("--per-layer", perLayer >= 0, "at least 0", perLayer);
        Settings.require("--parameters", parameters >= 0, "at least 0", parameters);
        Settings.require("--stop-after", stopAfter >= 0, "at least 0", stopAfter);
        requireFinite("--kappa", kappa >= 0, "at least 0", kappa);
    }

    private static void requireFinite(String option, boolean holds, String range, double got) {
        Settings.require(option, holds && Double.isFinite(got), range, got);
    }

    /**
     * {@return how many units a layer gets}
     *
     * @param widest the units of the widest layer at the beginning
     */
    private UnitCount count(int widest) {
        UnitCount count =
                UnitCount.fraction(units)
                        .perLayerAtMost(perLayer == 0 ? MOST_TIMES * widest : perLayer);
        return parameters == 0 ? count : count.parametersAtMost(parameters);
    }

    /**
     * {@return dropin for a network, to be completed}
     *
     * @param network as it is before it grows
     * @param stepsPerEpoch iterations in an epoch
     */
    public DropInBuilder dropin(Network network, int stepsPerEpoch) {
        int widest =
                FixedWidths.of(network).values().stream().mapToInt(it -> it).max().orElseThrow();
        DropInBuilder builder =
                DropIn.when().units(count(widest)).lookingEvery(Math.max(1, stepsPerEpoch / looks));
        if (signal.heedsPlateaus()) {
            builder.or(
                    Plateau.ofTrainingLoss()
                            .belowShare(threshold)
                            .patience(patience)
                            .countingRises());
        }
        return builder;
    }

    /** {@return the settings by name} */
    Map<String, Object> config() {
        Map<String, Object> config = new LinkedHashMap<>();
        config.put("trigger", signal.toString());
        config.put("threshold", threshold);
        config.put("patience", patience);
        config.put("looks", looks);
        config.put("units", units);
        config.put("perLayer", perLayer);
        config.put("parameters", parameters);
        config.put("stopAfter", stopAfter);
        config.put("kappa", kappa);
        return config;
    }
}
