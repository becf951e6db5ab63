package org.dl4jplasticity.experiments.prune;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.dl4jplasticity.experiments.run.Settings;

/**
 * Everything a pruning depends on.
 *
 * @param model the file of the model to prune
 * @param dataset a name of the data set catalog
 * @param dataDir where data sets are looked for first, or null
 * @param criterion what connections or units are chosen by
 * @param granularity what stays or goes as a whole
 * @param target share that goes, in [0, 1); null where pattern or criterion leave none to choose
 * @param global whether all layers are compared with each other, or each within itself
 * @param schedule how the share that is gone grows
 * @param rounds of pruning and retraining, at least 1, 1 if at once
 * @param only names or ids of the layers to prune, with * and ?; all if empty
 * @param onCollapse what is done when a layer would be emptied
 * @param examples how many training examples criteria look at, at least 1
 * @param epochs of retraining after each round, at least 0
 * @param batch examples per iteration, at least 1
 * @param learningRate at the start of each retraining, from where it falls as 1 - t^2; null for a
 *     tenth of what the model began with
 * @param form how the network is written
 * @param seed of random criteria, of the examples that are looked at and of their order
 * @param out the folder for everything that is written
 */
record PruneSettings(
        Path model,
        String dataset,
        Path dataDir,
        PruneCriterion criterion,
        PruneGranularity granularity,
        Double target,
        boolean global,
        PruneSchedule schedule,
        int rounds,
        List<String> only,
        CollapseChoice onCollapse,
        int examples,
        int epochs,
        int batch,
        Double learningRate,
        PruneForm form,
        long seed,
        Path out) {

    /** What is done when a layer would be emptied. */
    enum CollapseChoice {
        PREVENT,
        REPORT;

        @Override
        public String toString() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    PruneSettings {
        only = List.copyOf(only);
        if (target != null) {
            Settings.require("--target", target >= 0 && target < 1, "in [0, 1)", target);
        }
        Settings.require("--rounds", rounds >= 1, "at least 1", rounds);
        Settings.require("--examples", examples >= 1, "at least 1", examples);
        Settings.require("--epochs", epochs >= 0, "at least 0", epochs);
        Settings.require("--batch", batch >= 1, "at least 1", batch);
        if (learningRate != null) {
            Settings.require(
                    "--learning-rate",
                    learningRate > 0 && Double.isFinite(learningRate),
                    "greater than 0",
                    learningRate);
        }
        if (schedule == PruneSchedule.ONE_SHOT) {
            Settings.require("--rounds", rounds == 1, "1 with --schedule one-shot", rounds);
        }
        if (granularity.isOfPattern() && schedule != PruneSchedule.ONE_SHOT) {
            throw new IllegalArgumentException(
                    "--schedule %s: the pattern %s is chosen at once"
                            .formatted(schedule, granularity));
        }
        if (isParent(out, model)) {
            throw new IllegalArgumentException(
                    "--out: %s is the folder of the model, expected another one".formatted(out));
        }
    }

    private static boolean isParent(Path folder, Path file) {
        return folder.toAbsolutePath()
                .normalize()
                .equals(file.toAbsolutePath().normalize().getParent());
    }

    /** {@return what a report says of these settings: all that decides the run but the seed} */
    Map<String, Object> config() {
        Map<String, Object> config = new LinkedHashMap<>();
        config.put("model", model.toString());
        config.put("dataset", dataset);
        config.put("criterion", criterion.toString());
        config.put("granularity", granularity.toString());
        config.put("target", target);
        config.put("global", global);
        config.put("schedule", schedule.toString());
        config.put("rounds", rounds);
        config.put("only", only);
        config.put("onCollapse", onCollapse.toString());
        config.put("examples", examples);
        config.put("epochs", epochs);
        config.put("batch", batch);
        config.put("learningRate", learningRate);
        config.put("form", form.toString());
        return config;
    }
}
