package org.dl4jplasticity.experiments.train;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.dl4jplasticity.checkpoint.Checkpoint;
import org.dl4jplasticity.checkpoint.CheckpointWriter;
import org.dl4jplasticity.checkpoint.DataOrder;
import org.dl4jplasticity.checkpoint.Moment;
import org.dl4jplasticity.checkpoint.RemainingBatches;
import org.dl4jplasticity.datasets.DatasetCatalog;
import org.dl4jplasticity.datasets.ExampleIterator;
import org.dl4jplasticity.datasets.LabeledExamples;
import org.dl4jplasticity.datasets.TrainTest;
import org.dl4jplasticity.experiments.run.Backend;
import org.dl4jplasticity.experiments.run.Console;
import org.dl4jplasticity.experiments.run.EpochBar;
import org.dl4jplasticity.experiments.run.Interruption;
import org.dl4jplasticity.experiments.run.Network;
import org.dl4jplasticity.experiments.run.ResidentMemory;
import org.dl4jplasticity.experiments.run.RunFolder;
import org.dl4jplasticity.experiments.run.TrainingDiverged;
import org.dl4jplasticity.journal.MutationJournal;
import org.dl4jplasticity.sparse.SparseTraining;
import org.dl4jplasticity.sparse.SparsityReport;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;

/**
 * One training run: builds the network or takes it up from a checkpoint, trains it epoch by epoch,
 * tells how it goes, and writes a report, curves, a journal, models and checkpoints.
 */
public final class TrainingRun {
    private static final String INTERRUPTED =
            "interrupted; the same command with --resume goes on from here";

    private final TrainSettings settings;
    private final RunFolder folder;
    private final Path checkpoint;
    private final Path journalFile;

    private LabeledExamples train;
    private Optional<LabeledExamples> validation = Optional.empty();

    private Network network;
    private SparseTraining training;
    private MutationJournal journal;
    private RunProgress progress;
    private DataOrder place = new DataOrder(0, 0);

    public TrainingRun(TrainSettings settings) {
        this.settings = settings;
        folder =
                new RunFolder(
                        settings.out() == null
                                ? Path.of("runs").resolve(settings.folderName())
                                : settings.out());
        checkpoint = folder.folder().resolve("checkpoint.zip");
        journalFile = folder.folder().resolve("journal.jsonl");
    }

    /** {@return the folder that the run writes into} */
    Path folder() {
        return folder.folder();
    }

    /** Runs, and returns what was written to the report. */
    public TrainReport run() {
        Backend.tune();
        ModelSpec model = ModelSpec.parse(settings.model());
        Sparsification sparsification = new Sparsification(settings);
        TrainTest data = DatasetCatalog.load(settings.dataset(), settings.dataDir());
        train = data.train();
        if (settings.validation() > 0) {
            LabeledExamples.Split split = train.split(settings.validation(), settings.seed());
            train = split.rest();
            validation = Optional.of(split.part());
        }
        int steps = (train.size() + settings.batch() - 1) / settings.batch();
        long iterations = (long) steps * settings.epochs();
        training = settings.method().listener(settings, iterations);
        try {
            if (settings.resume() && Files.exists(checkpoint)) {
                resume();
            } else {
                begin(create(model, sparsification, iterations));
            }
            TrainConsole console = new TrainConsole(settings, network, train, steps);
            TrainReport report = train(data.test(), console, steps);
            network.close();
            return report;
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "can't use the folder %s: %s".formatted(folder.folder(), e), e);
        } finally {
            close();
        }
    }

    private Network create(ModelSpec model, Sparsification sparsification, long iterations) {
        Network created = model.create(settings, train, iterations);
        settings.method().requireAffordable(created);
        return sparsification.apply(created, train);
    }

    private void begin(Network created) throws IOException {
        network = created;
        progress = new RunProgress();
        if (settings.method().isSparse()) {
            training.prepare(network.model());
        }
        System.gc(); // networks made on the way to this one hold memory outside the heap
        folder.clear("report.json", "checkpoint.zip", "journal.jsonl", "updates.csv");
        folder.write("initial.zip", network::save);
        journal = MutationJournal.create(journalFile);
    }

    private void resume() throws IOException {
        Checkpoint saved = Checkpoint.read(checkpoint);
        progress = RunProgress.restore(settings, saved.extras());
        if (settings.method().isSparse()) {
            saved.resume(training);
        } else {
            saved.resume();
        }
        saved.warnings().forEach(warning -> new Console().say("note: %s", warning));
        network = new Network(saved.network());
        journal = MutationJournal.resume(journalFile, saved.journalPosition().orElseThrow());
        place = saved.dataOrder().orElseThrow();
        saved.restoreRandomState();
    }

    private void close() {
        if (journal != null) {
            try {
                journal.close();
            } catch (IOException e) {
                throw new UncheckedIOException("can't close " + journalFile, e);
            }
        }
    }

    private TrainReport train(LabeledExamples test, TrainConsole console, int steps) {
        network.addListener(progress.loss());
        network.addListener(new EpochBar((long) steps * settings.epochs(), network.iteration()));
        if (settings.method().isSparse()) {
            training.recordTo(journal);
            network.addListener(training);
        }
        try (Interruption interruption = Interruption.watch(INTERRUPTED)) {
            network.addListener(checkpoints(interruption));
            network.addListener(interruption);
            train(console);
        }
        return report(test, console);
    }

    private CheckpointWriter checkpoints(Interruption interruption) {
        CheckpointWriter writer =
                CheckpointWriter.to(checkpoint)
                        .journal(journal)
                        .extras(() -> progress.save(settings, true))
                        .startingAt(place)
                        .whenever(interruption::isAsked);
        return settings.checkpointEvery() > 0 ? writer.every(settings.checkpointEvery()) : writer;
    }

    private void train(TrainConsole console) {
        ExampleIterator batches = train.iterator(settings.batch(), settings.seed()).reusingArrays();
        console.start(progress.epochs());
        while (progress.epochs() < settings.epochs()) {
            fitEpoch(batches);
            tellEpoch(console);
            saveEpoch();
        }
    }

    private void fitEpoch(ExampleIterator batches) {
        DataSetIterator epoch = batches;
        if (place.epoch() == progress.epochs() && place.batches() > 0) {
            batches.moveTo(place.epoch(), (int) place.batches());
            epoch = RemainingBatches.of(batches);
        } else {
            batches.moveTo(progress.epochs(), 0);
        }
        progress.beginEpoch();
        try {
            network.fit(epoch);
        } catch (TrainingDiverged e) {
            throw diverged(e);
        }
        progress.endEpoch();
    }

    private void tellEpoch(TrainConsole console) {
        double accuracy =
                validation
                        .map(part -> network.accuracy(part.iterator(settings.batch())))
                        .orElse(Double.NaN);
        double loss = progress.loss().meanLoss();
        console.epoch(
                progress.epochs(), loss, accuracy, network.activeWeights(), progress.seconds());
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("loss", loss);
        figures.put("validationAccuracy", Double.isNaN(accuracy) ? "" : accuracy);
        figures.put("activeWeights", network.activeWeights());
        SparsityReport sparse = sparsityReport();
        figures.put("sparsity", sparse == null ? "" : sparse.sparsity());
        figures.put("explorationRate", sparse == null ? "" : sparse.explorationRate());
        figures.put("trainSeconds", progress.seconds());
        progress.addCurve(network, figures);
    }

    private SparsityReport sparsityReport() {
        return settings.method().isSparse() ? training.report() : null;
    }

    /** The checkpoint comes last: where it is, everything else of the epoch is. */
    private void saveEpoch() {
        folder.write("curves.csv", progress.curves());
        folder.write("model.zip", network::save);
        try {
            var draft =
                    Checkpoint.of(network.model(), Moment.AT_REST)
                            .at(new DataOrder(progress.epochs(), 0))
                            .journal(journal)
                            .extras(progress.save(settings, false));
            if (settings.method().isSparse()) {
                draft.training(training);
            }
            draft.write(checkpoint);
        } catch (IOException e) {
            throw new UncheckedIOException("can't write %s: %s".formatted(checkpoint, e), e);
        }
    }

    private TrainReport report(LabeledExamples test, TrainConsole console) {
        double accuracy = network.accuracy(test.iterator(settings.batch()));
        folder.write("updates.csv", UpdatesTable.of(network.topologies(), journalFile));
        long active = network.activeWeights();
        OptionalLong peak = ResidentMemory.peakBytes();
        TrainReport report =
                new TrainReport(
                        accuracy,
                        active,
                        network.totalWeights(),
                        network.weights(),
                        progress.seconds(),
                        network.iteration() / progress.seconds(),
                        training.updates(),
                        sparsityReport(),
                        peak.isPresent() ? peak.getAsLong() : null,
                        peak.isPresent() ? peak.getAsLong() / (double) active : null,
                        settings.seed(),
                        settings.config());
        folder.write("report.json", report.toJson());
        console.finish(report, folder.folder());
        return report;
    }

    private TrainingDiverged diverged(TrainingDiverged cause) {
        String kept =
                progress.epochs() > 0
                        ? "the model after epoch %d is kept in %s"
                                .formatted(progress.epochs(), folder.folder().resolve("model.zip"))
                        : "no epoch was completed, so there is no model to keep";
        return new TrainingDiverged(cause.getMessage() + "; " + kept)
                .at(network.iteration(), progress.epochs() + 1);
    }
}
