package org.dl4jplasticity.experiments.prune;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.dl4jplasticity.datasets.TrainTest;
import org.dl4jplasticity.experiments.bench.InferenceTimes;
import org.dl4jplasticity.experiments.run.Backend;
import org.dl4jplasticity.experiments.run.FixedWidths;
import org.dl4jplasticity.experiments.run.GivenModel;
import org.dl4jplasticity.experiments.run.Network;
import org.dl4jplasticity.experiments.run.RunFolder;
import org.dl4jplasticity.experiments.train.TrainReport;
import org.dl4jplasticity.journal.MutationJournal;
import org.dl4jplasticity.sparse.InferenceCost;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * One pruning of one trained model: prunes, retrains, measures, and only then writes {@code
 * model.zip}, {@code curves.csv} and, last, {@code report.json}; where units went also {@code
 * initial.zip}, the model as given, and {@code journal.jsonl}, which leads from there.
 */
final class PruneRun {
    private static final int MEASURED = 1_000;
    private static final double NANOSECONDS = 1e9;

    private final PruneSettings settings;
    private final TrainTest data;
    private final GivenModel file;
    private final RunFolder folder;
    private final List<PruneReport.Round> rounds = new ArrayList<>();
    private double pruneSeconds;
    private Network network;

    PruneRun(PruneSettings settings, TrainTest data) {
        this.settings = settings;
        this.data = data;
        file = new GivenModel(settings.model());
        folder = new RunFolder(settings.out());
    }

    /** Runs, and returns what was written to the report. */
    PruneReport run() {
        Backend.tune();
        Network given = file.load();
        file.requireFit(given, data.test(), settings.dataset());
        network = file.load().unpacked();
        network.resetCounters();
        INDArray example = data.test().iterator(1).next().getFeatures();
        double flopsBefore = InferenceCost.of(network.model(), example).flops();
        long totalWeights = network.totalWeights();
        double accuracyBefore = accuracy(given);
        PruneConsole.start(settings, given, accuracyBefore);
        Retraining retraining = new Retraining(network, settings, data.train());
        String journal = pruneAndRetrain(retraining);
        Network written = settings.form().of(network);
        double flopsAfter = InferenceCost.of(network.model(), example).flops();
        List<InferenceTimes> times = InferenceTimes.of(given, written, data.test());
        PruneReport.Size before =
                new PruneReport.Size(
                        given.parameters(), given.activeWeights(), flopsBefore, file.bytes());
        write(written, journal, retraining.curves());
        PruneReport report =
                new PruneReport(
                        accuracy(written),
                        accuracyBefore,
                        rounds.get(rounds.size() - 1).accuracyPruned(),
                        before,
                        new PruneReport.Size(
                                written.parameters(),
                                network.activeWeights(),
                                flopsAfter,
                                bytesWritten()),
                        times,
                        network.activeWeights(),
                        totalWeights,
                        network.weights(),
                        FixedWidths.of(network),
                        PruneForm.packedLayers(written),
                        List.copyOf(rounds),
                        pruneSeconds,
                        retraining.seconds(),
                        retraining.stepsPerSecond(),
                        settings.seed(),
                        settings.config());
        folder.write("report.json", TrainReport.json(report));
        return report;
    }

    /** {@return the journal of the units that went; empty if none can go} */
    private String pruneAndRetrain(Retraining retraining) {
        if (!settings.granularity().isOfUnits()) {
            prune(retraining, null);
            return "";
        }
        Path temporary = null;
        try {
            temporary = Files.createTempDirectory("plasticity-prune");
            Path lines = temporary.resolve("journal.jsonl");
            try (MutationJournal journal = MutationJournal.create(lines)) {
                prune(retraining, journal);
            }
            return Files.readString(lines);
        } catch (IOException e) {
            throw new UncheckedIOException("can't keep a journal: " + e, e);
        } finally {
            delete(temporary);
        }
    }

    private static void delete(Path temporary) {
        try {
            if (temporary != null) {
                Files.deleteIfExists(temporary.resolve("journal.jsonl"));
                Files.delete(temporary);
            }
        } catch (IOException e) {
            // A temporary folder that stays behind hurts nobody.
        }
    }

    private void prune(Retraining retraining, MutationJournal journal) {
        PruneMethod method =
                new PruneMethod(
                        settings,
                        new ScoringExamples(
                                data.train(),
                                settings.examples(),
                                settings.batch(),
                                settings.seed()));
        double gone = 0;
        for (int round = 1; round <= settings.rounds(); round++) {
            double share =
                    settings.target() == null
                            ? 0
                            : settings.schedule().gone(settings.target(), round, settings.rounds());
            long begin = System.nanoTime();
            network = method.apply(network, gone, share, journal);
            pruneSeconds += (System.nanoTime() - begin) / NANOSECONDS;
            gone = share;
            double pruned = accuracy(network);
            PruneConsole.pruned(settings, round, network, pruned);
            retraining.run(network, round);
            rounds.add(
                    new PruneReport.Round(
                            round,
                            settings.target() == null ? null : share,
                            network.activeWeights(),
                            pruned,
                            settings.epochs() == 0 ? pruned : accuracy(network)));
        }
    }

    private double accuracy(Network network) {
        return network.accuracy(data.test().iterator(MEASURED).reusingArrays());
    }

    private void write(Network written, String journal, String curves) {
        folder.clear("report.json", "model.zip", "initial.zip", "journal.jsonl", "curves.csv");
        folder.write(
                "model.zip", file.hasOptimizer() ? written::save : written::saveWithoutOptimizer);
        folder.write("curves.csv", curves);
        if (!journal.isEmpty()) {
            folder.write("initial.zip", file::copyTo);
            folder.write("journal.jsonl", journal);
        }
    }

    private long bytesWritten() {
        return new GivenModel(folder.folder().resolve("model.zip")).bytes();
    }
}
