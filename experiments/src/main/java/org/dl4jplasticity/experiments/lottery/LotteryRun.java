package org.dl4jplasticity.experiments.lottery;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.dl4jplasticity.checkpoint.Checkpoint;
import org.dl4jplasticity.checkpoint.DataOrder;
import org.dl4jplasticity.checkpoint.Moment;
import org.dl4jplasticity.datasets.ExampleIterator;
import org.dl4jplasticity.experiments.run.Backend;
import org.dl4jplasticity.experiments.run.Console;
import org.dl4jplasticity.experiments.run.HeldOut;
import org.dl4jplasticity.experiments.run.Interruption;
import org.dl4jplasticity.experiments.run.LossGuard;
import org.dl4jplasticity.experiments.run.Network;
import org.dl4jplasticity.experiments.run.RunFolder;
import org.dl4jplasticity.experiments.run.TrainingDiverged;
import org.dl4jplasticity.experiments.train.TrainReport;
import org.dl4jplasticity.pruning.LotteryTicket;
import org.dl4jplasticity.sparse.DynamicSparseTraining;

/**
 * One training of a lottery run. Writes {@code initial.zip} and {@code rewind.zip} of a dense
 * network, {@code mask.json}, {@code curves.csv}, {@code model.zip} and, last, {@code report.json};
 * {@code checkpoint.zip} while it is under way, from which it goes on bit for bit.
 */
final class LotteryRun {
    private static final String INTERRUPTED = "interrupted; the same command goes on from here";

    private final LotteryCell cell;
    private final LotterySettings settings;
    private final LotteryData data;
    private final RunFolder folder;
    private final Console console = new Console();
    private final Path checkpoint;

    private Network network;
    private LotteryProgress progress = new LotteryProgress();

    /** Iterations done, those before the rewind point included. */
    private int done;

    LotteryRun(LotteryCell cell, LotteryData data) {
        this.cell = cell;
        this.data = data;
        settings = cell.settings();
        folder = new RunFolder(cell.folder());
        checkpoint = cell.folder().resolve("checkpoint.zip");
    }

    /** Runs, and returns what was written to the report. */
    LotteryReport run() {
        Backend.tune();
        try {
            if (Files.exists(checkpoint)) {
                resume();
            } else {
                begin();
            }
            network.addListener(new LossGuard());
            network.addListener(DynamicSparseTraining.fixed().build());
            try (Interruption interruption = Interruption.watch(INTERRUPTED)) {
                train(interruption);
            }
            return finish();
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "can't use the folder %s: %s".formatted(cell.folder(), e), e);
        }
    }

    private void begin() {
        if (cell.isDense()) {
            network = LotteryModel.create(settings, cell.seed(), data.train());
            folder.write("initial.zip", network::save);
        } else {
            network = LotteryStart.of(cell);
        }
        done = cell.firstIteration();
        folder.write("mask.json", masks());
        network = LotteryStart.inMode(network, settings.mode());
    }

    private String masks() {
        Map<String, String> texts = new LinkedHashMap<>();
        network.topologies().forEach((id, topology) -> texts.put(id, topology.toText()));
        return TrainReport.json(texts);
    }

    private void resume() throws IOException {
        Checkpoint saved = Checkpoint.read(checkpoint);
        progress = LotteryProgress.restore(cell, saved.extras());
        saved.warnings().forEach(warning -> console.say("note: %s", warning));
        network = new Network(saved.network());
        done = (int) saved.dataOrder().orElseThrow().batches();
        saved.restoreRandomState();
        console.say("    goes on after %d iterations", done);
    }

    private void train(Interruption interruption) throws IOException {
        ExampleIterator batches =
                data.train().iterator(settings.batch(), cell.seed()).reusingArrays();
        int steps = (data.train().size() + settings.batch() - 1) / settings.batch();
        batches.moveTo(done / steps, done % steps);
        while (done < settings.iterations()) {
            if (!batches.hasNext()) {
                batches.reset();
            }
            step(batches);
            done++;
            if (done % settings.evaluateEvery() == 0 || done == settings.iterations()) {
                look();
            }
            if (cell.isDense() && done == settings.rewind()) {
                folder.write("rewind.zip", network.unpacked()::save);
            }
            boolean isAsked = interruption.isAsked();
            boolean isDue = done % settings.checkpointEvery() == 0;
            if ((isAsked || isDue) && done < settings.iterations()) {
                Checkpoint.of(network.model(), Moment.AT_REST)
                        .at(new DataOrder(0, done))
                        .extras(progress.save(cell))
                        .write(checkpoint);
                if (isAsked) {
                    interruption.saved();
                }
            }
        }
    }

    private void step(ExampleIterator batches) {
        long begin = System.nanoTime();
        try {
            network.fit(batches.next());
        } catch (TrainingDiverged e) {
            throw new TrainingDiverged(
                    "training stopped at iteration %d: %s; try a smaller --learning-rate"
                            .formatted(done, e.getMessage()));
        }
        progress.trained(System.nanoTime() - begin);
    }

    /** The test examples are looked at where training might be stopped, and at the end. */
    private void look() {
        HeldOut.Figures validation = data.validation().of(network);
        boolean isBest =
                progress.curve().isEmpty() || validation.loss() < progress.best().validationLoss();
        progress.curve()
                .add(
                        new LotteryReport.Point(
                                done,
                                validation.loss(),
                                validation.accuracy(),
                                isBest || done == settings.iterations()
                                        ? data.test().of(network).accuracy()
                                        : null,
                                progress.trainSeconds()));
    }

    private LotteryReport finish() throws IOException {
        LotteryTicket ticket = LotteryTicket.of(network.unpacked().model());
        LotteryReport.Point best = progress.best();
        LotteryReport.Point last = progress.curve().get(progress.curve().size() - 1);
        folder.write("model.zip", network::saveWithoutOptimizer);
        LotteryReport report =
                new LotteryReport(
                        cell.arm().toString(),
                        cell.level(),
                        cell.seed(),
                        ticket.activeWeights(),
                        ticket.possibleWeights(),
                        ticket.weightsRemaining(),
                        best.iteration(),
                        best.validationLoss(),
                        best.validationAccuracy(),
                        best.testAccuracy(),
                        last.iteration(),
                        last.validationLoss(),
                        last.testAccuracy(),
                        progress.trainSeconds(),
                        progress.seconds(),
                        network.weights(),
                        progress.curve(),
                        settings.config());
        folder.write("curves.csv", report.curveAsCsv());
        folder.write("report.json", TrainReport.json(report));
        Files.deleteIfExists(checkpoint);
        return report;
    }
}
