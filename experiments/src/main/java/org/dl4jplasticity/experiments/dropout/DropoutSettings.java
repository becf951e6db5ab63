package org.dl4jplasticity.experiments.dropout;

import java.util.Map;
import org.dl4jplasticity.experiments.run.Settings;
import org.dl4jplasticity.experiments.train.ModelSpec;
import org.dl4jplasticity.experiments.train.TrainSettings;

/**
 * Everything that one run of a comparison of dropouts depends on.
 *
 * @param technique what disturbs the training
 * @param keep the probability to keep a hidden unit, in (0, 1]
 * @param inputKeep the probability to keep an input, in (0, 1]
 * @param trainExamples how many examples are trained on; 0 for all that are not held out
 * @param training what is trained on what and how; the model is a perceptron
 */
record DropoutSettings(
        DropoutTechnique technique,
        double keep,
        double inputKeep,
        int trainExamples,
        TrainSettings training) {

    DropoutSettings {
        Settings.require("--keep", keep > 0 && keep <= 1, "in (0, 1]", keep);
        Settings.require("--input-keep", inputKeep > 0 && inputKeep <= 1, "in (0, 1]", inputKeep);
        Settings.require("--train-examples", trainExamples >= 0, "at least 0", trainExamples);
        widths(training);
        if (technique.needsValidation() && training.validation() == 0) {
            throw new IllegalArgumentException(
                    "--techniques: %s hears of the validation loss and needs a --validation above 0, got 0"
                            .formatted(technique));
        }
    }

    /** {@return how wide the hidden layers are} */
    int[] widths() {
        return widths(training);
    }

    private static int[] widths(TrainSettings training) {
        if (ModelSpec.parse(training.model()) instanceof ModelSpec.Mlp perceptron) {
            return perceptron.widths();
        }
        throw new IllegalArgumentException(
                "--model: dropouts are compared in perceptrons, mlp:WIDTHS or lenet-300-100, got '%s'"
                        .formatted(training.model()));
    }

    long seed() {
        return training.seed();
    }

    /** {@return the run in words} */
    String inWords() {
        return "%s, seed %d".formatted(technique, seed());
    }

    /** {@return what all runs of the comparison share, by name} */
    Map<String, Object> shared() {
        Map<String, Object> config = training.denseConfig();
        config.put("keep", keep);
        config.put("inputKeep", inputKeep);
        config.put("trainExamples", trainExamples);
        return config;
    }

    /** {@return all that decides the run but the seed, by name} */
    Map<String, Object> config() {
        Map<String, Object> config = shared();
        config.put("technique", technique.toString());
        return config;
    }
}
