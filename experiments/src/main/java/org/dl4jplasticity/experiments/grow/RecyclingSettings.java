package org.dl4jplasticity.experiments.grow;

import java.util.LinkedHashMap;
import java.util.Map;
import org.dl4jplasticity.experiments.run.Settings;

/**
 * How units are recycled in an experiment.
 *
 * @param rate the share of mature units that continual backprop replaces in each step, in (0, 1]
 * @param maturity the steps that a unit is left alone, at least 0
 * @param every how many iterations lie between two looks for dormant units, at least 1
 * @param dormancy the highest score of a dormant unit, at least 0
 */
record RecyclingSettings(double rate, int maturity, int every, double dormancy) {

    RecyclingSettings {
        Settings.require("--replacement-rate", rate > 0 && rate <= 1, "in (0, 1]", rate);
        Settings.require("--maturity", maturity >= 0, "at least 0", maturity);
        Settings.require("--recycle-every", every >= 1, "at least 1", every);
        Settings.require(
                "--dormancy", dormancy >= 0 && Double.isFinite(dormancy), "at least 0", dormancy);
    }

    /** {@return the settings by name that concern a way of recycling} */
    Map<String, Object> config(GrowArm arm) {
        Map<String, Object> config = new LinkedHashMap<>();
        if (arm == GrowArm.REDO) {
            config.put("recycleEvery", every);
            config.put("dormancy", dormancy);
        } else {
            config.put("replacementRate", rate);
            config.put("maturity", maturity);
        }
        return config;
    }
}
