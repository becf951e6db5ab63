package org.dl4jplasticity.experiments;

import java.nio.file.Path;
import java.util.Optional;
import org.dl4jplasticity.datasets.DatasetCatalog;
import org.dl4jplasticity.datasets.ExampleIterator;
import org.dl4jplasticity.datasets.LabeledExamples;
import org.dl4jplasticity.datasets.TrainTest;
import org.dl4jplasticity.sparse.DynamicSparseTraining;

/**
 * One training run: builds the network, trains it epoch by epoch, tells how it goes, and writes
 * {@code report.json}, {@code curves.csv} and {@code model.zip}.
 */
final class TrainingRun {
    private final TrainSettings settings;

    TrainingRun(TrainSettings settings) {
        this.settings = settings;
    }

    /** Runs, and returns what was written to the report. */
    TrainReport run() {
        Backend.tune();
        ModelSpec model = ModelSpec.parse(settings.model());
        RunFolder folder =
                new RunFolder(
                        settings.out() == null
                                ? Path.of("runs").resolve(settings.folderName())
                                : settings.out());
        TrainTest data = DatasetCatalog.load(settings.dataset(), settings.dataDir());
        LabeledExamples train = data.train();
        Optional<LabeledExamples> validation = Optional.empty();
        if (settings.validation() > 0) {
            LabeledExamples.Split split = train.split(settings.validation(), settings.seed());
            train = split.rest();
            validation = Optional.of(split.part());
        }
        int steps = (train.size() + settings.batch() - 1) / settings.batch();
        long iterations = (long) steps * settings.epochs();
        Network network =
                new Sparsification(settings)
                        .apply(model.create(settings, train, iterations), train);
        TrainConsole console = new TrainConsole(settings, network, train, steps);
        return train(network, train, validation, data.test(), folder, console, iterations);
    }

    private TrainReport train(
            Network network,
            LabeledExamples train,
            Optional<LabeledExamples> validation,
            LabeledExamples test,
            RunFolder folder,
            TrainConsole console,
            long iterations) {
        LossGuard loss = new LossGuard();
        network.addListener(loss);
        network.addListener(console.progress());
        DynamicSparseTraining rewiring = settings.method().listener(settings, iterations);
        if (settings.method().isSparse()) {
            network.addListener(rewiring);
        }

        ExampleIterator batches = train.iterator(settings.batch(), settings.seed()).reusingArrays();
        StringBuilder curves =
                new StringBuilder(
                        "epoch,iteration,loss,validationAccuracy,activeWeights,trainSeconds\n");
        console.start();
        double seconds = 0;
        for (int epoch = 1; epoch <= settings.epochs(); epoch++) {
            long begin = System.nanoTime();
            try {
                network.fit(batches);
            } catch (TrainingDiverged e) {
                throw diverged(e, epoch, network, folder);
            }
            seconds += (System.nanoTime() - begin) / 1e9;
            double accuracy =
                    validation
                            .map(part -> network.accuracy(part.iterator(settings.batch())))
                            .orElse(Double.NaN);
            console.epoch(epoch, loss.meanLoss(), accuracy, network.activeWeights(), seconds);
            curves.append(
                    "%d,%d,%s,%s,%d,%s%n"
                            .formatted(
                                    epoch,
                                    network.iteration(),
                                    loss.meanLoss(),
                                    Double.isNaN(accuracy) ? "" : accuracy,
                                    network.activeWeights(),
                                    seconds));
            folder.write("curves.csv", curves.toString());
            folder.write("model.zip", network::save);
        }
        TrainReport report =
                new TrainReport(
                        network.accuracy(test.iterator(settings.batch())),
                        network.activeWeights(),
                        network.totalWeights(),
                        network.weights(),
                        seconds,
                        network.iteration() / seconds,
                        rewiring.updates(),
                        settings.seed(),
                        settings.config());
        folder.write("report.json", report.toJson());
        console.finish(report, folder.folder());
        return report;
    }

    private static TrainingDiverged diverged(
            TrainingDiverged cause, int epoch, Network network, RunFolder folder) {
        String kept =
                epoch > 1
                        ? "the model after epoch %d is kept in %s"
                                .formatted(epoch - 1, folder.folder().resolve("model.zip"))
                        : "no epoch was completed, so there is no model to keep";
        return new TrainingDiverged(
                "training stopped at iteration %d (epoch %d): %s; %s; try a smaller --learning-rate"
                        .formatted(network.iteration(), epoch, cause.getMessage(), kept));
    }
}
