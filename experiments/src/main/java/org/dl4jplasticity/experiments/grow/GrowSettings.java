package org.dl4jplasticity.experiments.grow;

import java.util.LinkedHashMap;
import java.util.Map;
import org.dl4jplasticity.experiments.run.Settings;
import org.dl4jplasticity.experiments.train.TrainSettings;

/**
 * Everything that one run of an experiment on growth depends on.
 *
 * @param experiment which one
 * @param change what makes the second task of two
 * @param tasks how many tasks of permuted pixels there are, at least 2
 * @param arm what the run is of
 * @param dropin when and by how much networks grow
 * @param recycling how units are recycled
 * @param training what is trained on what and how; epochs are those of each task
 */
record GrowSettings(
        GrowExperiment experiment,
        TaskSwitch change,
        int tasks,
        GrowArm arm,
        DropinSettings dropin,
        RecyclingSettings recycling,
        TrainSettings training) {

    GrowSettings {
        Settings.require("--tasks", tasks >= 2, "at least 2", tasks);
        Settings.require(
                "--validation",
                training.validation() > 0,
                "greater than 0, for growth is decided by validation examples",
                training.validation());
        if (!experiment.possibleArms().contains(arm)) {
            throw new IllegalArgumentException(
                    "--arms: experiment %s compares some of %s, got %s"
                            .formatted(experiment, experiment.possibleArms(), arm));
        }
        if (dropin.stopAfter() > 0 && !experiment.hasOneTask()) {
            throw new IllegalArgumentException(
                    ("--stop-after: a validation loss tells something about growth within one task"
                                    + " only; leave it at 0 for experiment %s")
                            .formatted(experiment));
        }
    }

    long seed() {
        return training.seed();
    }

    /** {@return the run in words} */
    String inWords() {
        return "%s, seed %d".formatted(arm, seed());
    }

    /** {@return what all runs of the experiment share, by name} */
    Map<String, Object> shared() {
        Map<String, Object> config = new LinkedHashMap<>();
        config.put("experiment", experiment.toString());
        if (experiment == GrowExperiment.NEW_DATA) {
            config.put("switch", change.toString());
        } else if (experiment == GrowExperiment.PERMUTED) {
            config.put("tasks", tasks);
        }
        config.putAll(training.denseConfig());
        return config;
    }

    /** {@return all that decides the run but the seed, by name} */
    Map<String, Object> config() {
        Map<String, Object> config = shared();
        config.put("arm", arm.toString());
        if (arm.grows() || arm.needsDropin()) {
            config.putAll(dropin.config());
        }
        if (arm.recycles()) {
            config.putAll(recycling.config(arm));
        }
        return config;
    }
}
