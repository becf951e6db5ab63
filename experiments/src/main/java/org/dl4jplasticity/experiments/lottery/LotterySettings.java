package org.dl4jplasticity.experiments.lottery;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.dl4jplasticity.experiments.run.Mode;
import org.dl4jplasticity.experiments.run.Settings;
import org.dl4jplasticity.experiments.train.Method;
import org.dl4jplasticity.experiments.train.Rewiring;
import org.dl4jplasticity.experiments.train.TrainSettings;
import org.dl4jplasticity.mask.WeightFilter;
import org.dl4jplasticity.pruning.IterativePruning;
import org.dl4jplasticity.schedule.SparsityDistribution;

/**
 * Everything that a lottery run depends on, but its arm, its level and its seed.
 *
 * @param dataset a name of the data set catalog
 * @param dataDir where data sets are looked for first, or null
 * @param model the model's name
 * @param mode masked or packed
 * @param batch examples per iteration, at least 1
 * @param learningRate of Adam
 * @param iterations of a training, at least 1
 * @param evaluateEvery iterations between looks at the validation examples, at least 1
 * @param checkpointEvery iterations between checkpoints, at least 1
 * @param validation share of the training examples held out, in (0, 1)
 * @param rate share of the connections left that a level prunes, in (0, 1)
 * @param outputRate the same of the output layer, in [0, 1); not looked at if global
 * @param convolutionRate the same of convolutions, in [0, 1); not looked at if global
 * @param global whether layers are pruned together
 * @param rewind the iteration that tickets are reset to, at least 0 and less than iterations
 * @param out the folder for everything
 */
record LotterySettings(
        String dataset,
        Path dataDir,
        String model,
        Mode mode,
        int batch,
        double learningRate,
        int iterations,
        int evaluateEvery,
        int checkpointEvery,
        double validation,
        double rate,
        double outputRate,
        double convolutionRate,
        boolean global,
        int rewind,
        Path out) {

    LotterySettings {
        Settings.require("--mode", mode != Mode.AUTO, "masked or packed", mode);
        Settings.require("--batch", batch >= 1, "at least 1", batch);
        Settings.require(
                "--learning-rate",
                learningRate > 0 && Double.isFinite(learningRate),
                "greater than 0",
                learningRate);
        Settings.require("--iterations", iterations >= 1, "at least 1", iterations);
        Settings.require("--evaluate-every", evaluateEvery >= 1, "at least 1", evaluateEvery);
        Settings.require("--checkpoint-every", checkpointEvery >= 1, "at least 1", checkpointEvery);
        Settings.require("--validation", validation > 0 && validation < 1, "in (0, 1)", validation);
        Settings.require("--rate", rate > 0 && rate < 1, "in (0, 1)", rate);
        Settings.require(
                "--output-rate", outputRate >= 0 && outputRate < 1, "in [0, 1)", outputRate);
        Settings.require(
                "--conv-rate",
                convolutionRate >= 0 && convolutionRate < 1,
                "in [0, 1)",
                convolutionRate);
        Settings.require(
                "--rewind",
                rewind >= 0 && rewind < iterations,
                "at least 0 and less than --iterations %d".formatted(iterations),
                rewind);
    }

    /** {@return how a level prunes} */
    IterativePruning pruning() {
        return global
                ? IterativePruning.globally(rate)
                : IterativePruning.eachLayer(rate)
                        .outputs(outputRate)
                        .rate(WeightFilter.ofType(ConvolutionLayer.class), convolutionRate);
    }

    /** {@return what the model is built from} */
    TrainSettings training(long seed) {
        return new TrainSettings(
                dataset,
                dataDir,
                model,
                Method.DENSE,
                Mode.AUTO,
                0,
                SparsityDistribution.uniform(),
                Rewiring.USUAL,
                1,
                batch,
                learningRate,
                0,
                0,
                validation,
                seed,
                out,
                0,
                false);
    }

    /** {@return what a report says of these settings: all that decides the figures} */
    Map<String, Object> config() {
        Map<String, Object> config = new LinkedHashMap<>();
        config.put("dataset", dataset);
        config.put("model", model);
        config.put("mode", mode.toString());
        config.put("batch", batch);
        config.put("learningRate", learningRate);
        config.put("iterations", iterations);
        config.put("evaluateEvery", evaluateEvery);
        config.put("validation", validation);
        config.put("rate", rate);
        if (!global) {
            config.put("outputRate", outputRate);
            config.put("convolutionRate", convolutionRate);
        }
        config.put("global", global);
        config.put("rewind", rewind);
        return config;
    }
}
