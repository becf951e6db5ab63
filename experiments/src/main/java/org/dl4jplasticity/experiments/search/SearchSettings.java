package org.dl4jplasticity.experiments.search;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.dl4jplasticity.experiments.run.Settings;

/**
 * Everything that a search depends on, beside the space in its file.
 *
 * @param dataset a name of the data set catalog
 * @param dataDir where data sets are looked for first, or null
 * @param spaceFile where the space is
 * @param generator how candidates are proposed
 * @param gridValues how many values of a range a grid tries, at least 2
 * @param candidates how many are tried beside the default settings, at least 1
 * @param minutes after which no candidate begins, greater than 0; infinite for no limit
 * @param seed of the proposals and of every training
 * @param out the folder
 */
record SearchSettings(
        String dataset,
        Path dataDir,
        Path spaceFile,
        Generator generator,
        int gridValues,
        int candidates,
        double minutes,
        long seed,
        Path out) {

    SearchSettings {
        Settings.require("--grid-values", gridValues >= 2, "at least 2", gridValues);
        Settings.require("--candidates", candidates >= 1, "at least 1", candidates);
        Settings.require("--time", minutes > 0, "greater than 0", minutes);
    }

    /**
     * {@return what decides which candidates come in which order and what becomes of them: neither
     * how many nor how long}
     */
    Map<String, Object> config(SearchSpace space) {
        Map<String, Object> config = new LinkedHashMap<>();
        config.put("dataset", dataset);
        config.put("generator", generator.toString());
        if (generator == Generator.GRID) {
            config.put("gridValues", gridValues);
        }
        config.put("space", space.inWords());
        return config;
    }
}
