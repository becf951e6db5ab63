package org.dl4jplasticity.experiments.dropout;

import java.util.Optional;
import org.dl4jplasticity.datasets.LabeledExamples;
import org.dl4jplasticity.datasets.TrainTest;
import org.dl4jplasticity.experiments.train.TrainSettings;

/**
 * The examples of a run. Runs of one seed have the same ones, whatever the technique.
 *
 * @param train those trained on
 * @param validation those held out, if any are
 * @param test those measured by
 */
record DropoutExamples(
        LabeledExamples train, Optional<LabeledExamples> validation, LabeledExamples test) {

    /**
     * {@return the examples of a run: first those held out are drawn, then those trained on}
     *
     * @throws IllegalArgumentException if there are fewer than are to be trained on
     */
    static DropoutExamples of(DropoutSettings settings, TrainTest data) {
        TrainSettings training = settings.training();
        LabeledExamples rest = data.train();
        Optional<LabeledExamples> validation = Optional.empty();
        if (training.validation() > 0) {
            LabeledExamples.Split split = rest.split(training.validation(), settings.seed());
            rest = split.rest();
            validation = Optional.of(split.part());
        }
        int wanted = settings.trainExamples();
        if (wanted > rest.size()) {
            throw new IllegalArgumentException(
                    "--train-examples must be at most %d, those of %s that are not held out, got %d"
                            .formatted(rest.size(), training.dataset(), wanted));
        }
        if (wanted > 0 && wanted < rest.size()) {
            rest = rest.split((double) wanted / rest.size(), settings.seed()).part();
        }
        return new DropoutExamples(rest, validation, data.test());
    }
}
