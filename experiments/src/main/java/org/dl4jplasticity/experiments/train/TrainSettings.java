package org.dl4jplasticity.experiments.train;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.dl4jplasticity.experiments.run.Mode;
import org.dl4jplasticity.experiments.run.Settings;
import org.dl4jplasticity.schedule.SparsityDistribution;

/**
 * Everything a training run depends on.
 *
 * @param dataset a name of the data set catalog
 * @param dataDir where data sets are looked for first, or null
 * @param model what to train: a model's name or a file
 * @param method how its connections change
 * @param mode how its sparse weights are kept
 * @param sparsity share of connections that are not active, in [0, 1)
 * @param distribution how the active connections are shared out over the layers
 * @param rewiring how often connections change and how many, for methods that have it
 * @param epochs passes over the training examples, at least 1
 * @param batch examples per iteration, at least 1
 * @param learningRate at the start; falls as 1 - t^2, t from 0 to 1 over the run
 * @param momentum of Nesterov's method, in [0, 1)
 * @param weightDecay coefficient of the L2 penalty on weights, at least 0
 * @param validation share of the training examples held out for validation, in [0, 1)
 * @param seed of initialization, topologies, order of examples and rewiring
 * @param out the folder for everything the run writes
 * @param checkpointEvery iterations between checkpoints within an epoch; 0 for none
 * @param resume whether to go on from the folder's checkpoint if there is one
 */
public record TrainSettings(
        String dataset,
        Path dataDir,
        String model,
        Method method,
        Mode mode,
        double sparsity,
        SparsityDistribution distribution,
        Rewiring rewiring,
        int epochs,
        int batch,
        double learningRate,
        double momentum,
        double weightDecay,
        double validation,
        long seed,
        Path out,
        int checkpointEvery,
        boolean resume) {

    private static final Set<String> OF_SPARSE_LAYERS =
            Set.of("method", "mode", "sparsity", "distribution", "updateEvery", "dropFraction");

    public TrainSettings {
        Settings.require("--sparsity", sparsity >= 0 && sparsity < 1, "in [0, 1)", sparsity);
        Settings.require("--epochs", epochs >= 1, "at least 1", epochs);
        Settings.require("--batch", batch >= 1, "at least 1", batch);
        Settings.require(
                "--learning-rate",
                learningRate > 0 && Double.isFinite(learningRate),
                "greater than 0",
                learningRate);
        Settings.require("--momentum", momentum >= 0 && momentum < 1, "in [0, 1)", momentum);
        Settings.require(
                "--weight-decay",
                weightDecay >= 0 && Double.isFinite(weightDecay),
                "at least 0",
                weightDecay);
        Settings.require("--checkpoint-every", checkpointEvery >= 0, "at least 0", checkpointEvery);
        Settings.require(
                "--validation", validation >= 0 && validation < 1, "in [0, 1)", validation);
    }

    /** {@return a folder name that tells the run's main settings} */
    String folderName() {
        String sparse = method.isSparse() ? "_" + sparsity : "";
        String name = dataset + "_" + model + "_" + method + sparse + "_seed" + seed;
        return name.replaceAll("[^A-Za-z0-9._-]", "-");
    }

    /** {@return what a report says of these settings: all that decides the run but the seed} */
    public Map<String, Object> config() {
        Map<String, Object> config = new LinkedHashMap<>();
        config.put("dataset", dataset);
        config.put("model", model);
        config.put("method", method.toString());
        config.put("mode", mode.toString());
        config.put("sparsity", sparsity);
        config.put("distribution", distribution.name());
        config.put("updateEvery", usualOr(rewiring.updateEvery()));
        config.put("dropFraction", usualOr(rewiring.dropFraction()));
        config.put("epochs", epochs);
        config.put("batch", batch);
        config.put("learningRate", learningRate);
        config.put("momentum", momentum);
        config.put("weightDecay", weightDecay);
        config.put("validation", validation);
        return config;
    }

    /** {@return the same of a network without sparse layers} */
    public Map<String, Object> denseConfig() {
        Map<String, Object> config = config();
        config.keySet().removeAll(OF_SPARSE_LAYERS);
        return config;
    }

    private static Object usualOr(Object chosen) {
        return chosen == null ? "usual" : chosen;
    }

    /** {@return everything that decides the run as text, by name} */
    Map<String, String> texts() {
        return Settings.texts(config(), seed);
    }

    /**
     * Refuses what comes from a run of other settings.
     *
     * @param what it is, for the message
     * @param there its settings by name, as {@link #texts} gives them
     * @throws IllegalArgumentException if a setting differs
     */
    void requireSame(String what, UnaryOperator<String> there) {
        Settings.requireSame(what, texts(), there);
    }
}
