package org.dl4jplasticity.experiments.dropout;

import org.deeplearning4j.nn.api.Model;
import org.dl4jplasticity.datasets.ExampleIterator;
import org.dl4jplasticity.datasets.LabeledExamples;
import org.dl4jplasticity.dropout.DoubledBatch;
import org.dl4jplasticity.dropout.DropoutTraining;
import org.dl4jplasticity.experiments.run.Backend;
import org.dl4jplasticity.experiments.run.EpochBar;
import org.dl4jplasticity.experiments.run.HeldOut;
import org.dl4jplasticity.experiments.run.LossGuard;
import org.dl4jplasticity.experiments.run.Network;
import org.dl4jplasticity.experiments.run.RunFolder;
import org.dl4jplasticity.experiments.run.Settings;
import org.dl4jplasticity.experiments.run.TrainingDiverged;
import org.dl4jplasticity.experiments.train.TrainReport;
import org.dl4jplasticity.experiments.train.TrainSettings;
import org.dl4jplasticity.relevance.ExcitationSaliency;

/**
 * One run of a comparison: a perceptron of one technique and one seed. Writes {@code config.json},
 * {@code curves.csv}, {@code model.zip} (without the optimizer) and, last, {@code report.json}.
 */
final class DropoutRun {
    private static final int MEASURED = 500;
    private static final double NANOSECONDS = 1e9;

    private final DropoutSettings settings;
    private final DropoutExamples examples;
    private final RunFolder folder;
    private final LossGuard loss = new LossGuard();
    private final StringBuilder curves =
            new StringBuilder("epoch,iteration,loss,validationAccuracy,trainSeconds\n");
    private double seconds;

    /**
     * A run, not yet begun.
     *
     * @param settings of the run, with its folder
     * @param examples of its seed
     */
    DropoutRun(DropoutSettings settings, DropoutExamples examples) {
        this.settings = settings;
        this.examples = examples;
        folder = new RunFolder(settings.training().out());
    }

    /** Runs, and returns what was written to the report. */
    DropoutReport run() {
        Backend.tune();
        TrainSettings training = settings.training();
        int steps = (examples.train().size() + training.batch() - 1) / training.batch();
        Network network =
                settings.technique()
                        .network(
                                settings,
                                examples.train(),
                                Math.multiplyExact(steps, training.epochs()));
        folder.clear("report.json");
        folder.write(
                "config.json",
                TrainReport.json(Settings.texts(settings.config(), settings.seed())));
        HeldOut validation = examples.validation().map(HeldOut::new).orElse(null);
        network.addListener(loss);
        network.addListener(new EpochBar((long) steps * training.epochs(), 0));
        attend(network, validation);
        train(network, validation);
        DropoutReport report = report(network);
        folder.write("curves.csv", curves.toString());
        folder.write("model.zip", network::saveWithoutOptimizer);
        folder.write("report.json", TrainReport.json(report));
        return report;
    }

    /** Adds what techniques need besides their place in a layer. */
    private void attend(Network network, HeldOut validation) {
        Model model = network.model();
        network.addListener(
                settings.technique().needsValidation()
                        ? DropoutTraining.of(model, same -> validation.of(network).loss())
                        : DropoutTraining.of(model));
        if (settings.technique().needsSaliency()) {
            network.addListener(ExcitationSaliency.of(model));
        }
    }

    private void train(Network network, HeldOut validation) {
        TrainSettings training = settings.training();
        ExampleIterator batches =
                examples.train().iterator(training.batch(), training.seed()).reusingArrays();
        if (settings.technique().doublesBatches()) {
            batches.setPreProcessor(new DoubledBatch());
        }
        for (int epoch = 0; epoch < training.epochs(); epoch++) {
            batches.moveTo(epoch, 0);
            long begin = System.nanoTime();
            try {
                network.fit(batches);
            } catch (TrainingDiverged e) {
                throw e.at(network.iteration(), epoch + 1);
            }
            seconds += (System.nanoTime() - begin) / NANOSECONDS;
            curves.append(
                    "%d,%d,%s,%s,%s\n"
                            .formatted(
                                    epoch + 1,
                                    network.iteration(),
                                    loss.meanLoss(),
                                    validation == null ? "" : validation.of(network).accuracy(),
                                    seconds));
        }
    }

    private DropoutReport report(Network network) {
        double test = accuracy(network, examples.test());
        double train = accuracy(network, examples.train());
        return new DropoutReport(
                test,
                train,
                train - test,
                CalibrationError.of(network, examples.test()),
                network.parameters(),
                seconds,
                network.iteration() / seconds,
                settings.seed(),
                settings.config());
    }

    private static double accuracy(Network network, LabeledExamples examples) {
        return network.accuracy(examples.iterator(MEASURED).reusingArrays());
    }
}
