package org.dl4jplasticity.experiments.prune;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.dl4jplasticity.experiments.bench.InferenceTimes;
import org.dl4jplasticity.experiments.run.Failure;
import org.dl4jplasticity.experiments.run.Network;
import org.dl4jplasticity.pruning.Shortened;

/** What a pruning tells its user. */
final class PruneConsole {
    private PruneConsole() {}

    /** How the model does before anything is done to it. */
    static void start(PruneSettings settings, Network given, double accuracy) {
        print(
                "%s as given: test accuracy %.2f%%, %,d parameters",
                settings.model(), 100 * accuracy, given.parameters());
    }

    /** How it does once pruned, before it is retrained. */
    static void pruned(PruneSettings settings, int round, Network network, double accuracy) {
        print(
                "%s, round %d of %d: %,d of %,d weights left, test accuracy %.2f%%",
                settings.criterion(),
                round,
                settings.rounds(),
                network.activeWeights(),
                network.totalWeights(),
                100 * accuracy);
    }

    /** What layers went. */
    static void removed(List<Shortened.Removed> removed) {
        for (Shortened.Removed each : removed) {
            print(
                    "removed %s, similarity %.4f",
                    String.join(", ", each.part().parts()), each.similarity());
        }
    }

    /** How retraining goes. */
    static void epoch(int epoch, double loss, double seconds) {
        if (epoch == 1) {
            print("%5s  %8s  %8s", "epoch", "loss", "seconds");
        }
        print("%5d  %8.4f  %8.1f", epoch, loss, seconds);
    }

    /** What came of it. */
    static void finish(PruneReport report, Path folder) {
        print("%-24s  %14s  %14s", "", "before", "after");
        print(
                "%-24s  %13.2f%%  %13.2f%%  (%.2f%% before retraining)",
                "test accuracy",
                100 * report.accuracyBefore(),
                100 * report.testAccuracy(),
                100 * report.accuracyPruned());
        PruneReport.Size before = report.before();
        PruneReport.Size after = report.after();
        print("%-24s  %,14d  %,14d", "parameters", before.parameters(), after.parameters());
        print(
                "%-24s  %,14d  %,14d",
                "active weights", before.activeWeights(), after.activeWeights());
        print("%-24s  %,14.0f  %,14.0f", "FLOPs per example", before.flops(), after.flops());
        print("%-24s  %,14d  %,14d", "file, bytes", before.fileBytes(), after.fileBytes());
        for (InferenceTimes times : report.inference()) {
            print(
                    "%-24s  %14.3f  %14.3f  median; minimum %.3f and %.3f; %.2f times as fast",
                    "inference of %d, ms".formatted(times.batch()),
                    times.medianMsBefore(),
                    times.medianMsAfter(),
                    times.minMsBefore(),
                    times.minMsAfter(),
                    times.timesAsFast());
        }
        if (!report.packedLayers().isEmpty()) {
            print("packed: layers %s", String.join(", ", report.packedLayers()));
        }
        print("report.html, report.json, curves.csv and model.zip are in %s", folder);
    }

    /** Tells what went wrong, and returns it. */
    static List<RuntimeException> failures(PruneTable table, PrintWriter err) {
        List<RuntimeException> causes = new ArrayList<>();
        for (PruneTable.Row row : table.rows()) {
            for (PruneTable.Failed failed : row.failures()) {
                causes.add(failed.cause());
                err.printf(
                        "plasticity: %s with seed %d: %s%n",
                        row.criterion(), failed.seed(), failed.cause().getMessage());
                if (!Failure.isToldInOneSentence(failed.cause())) {
                    failed.cause().printStackTrace(err);
                }
            }
        }
        return causes;
    }

    private static void print(String format, Object... arguments) {
        System.out.println(String.format(Locale.ROOT, format, arguments));
    }
}
