package org.dl4jplasticity.experiments.prune;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.dl4jplasticity.experiments.bench.InferenceTimes;
import org.dl4jplasticity.experiments.run.Console;
import org.dl4jplasticity.experiments.run.Failure;
import org.dl4jplasticity.experiments.run.Network;
import org.dl4jplasticity.pruning.Shortened;

/** What a pruning tells its user. */
final class PruneConsole {
    private static final Console CONSOLE = new Console();
    private static final int[] EPOCH = {5, 8, 8};
    private static final int[] FIGURES = {-26, 14, 14};

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

    /** That a run was made before. */
    static void isThere(PruneSettings settings) {
        print("%s, seed %d, is there already", settings.criterion(), settings.seed());
    }

    /** How retraining goes. */
    static void epoch(int epoch, double loss, double seconds) {
        if (epoch == 1) {
            CONSOLE.columns(List.of("epoch", "loss", "seconds"), EPOCH);
        }
        CONSOLE.row(
                List.of(String.valueOf(epoch), CONSOLE.number(loss, 4), CONSOLE.number(seconds, 1)),
                EPOCH);
    }

    /** What came of it. */
    static void finish(PruneReport report, Path folder) {
        CONSOLE.columns(List.of("", "before", "after"), FIGURES);
        row(
                "test accuracy",
                CONSOLE.share(report.accuracyBefore()),
                CONSOLE.share(report.testAccuracy()));
        row("before retraining", "", CONSOLE.share(report.accuracyPruned()));
        PruneReport.Size before = report.before();
        PruneReport.Size after = report.after();
        counts("parameters", before.parameters(), after.parameters());
        counts("active weights", before.activeWeights(), after.activeWeights());
        counts("FLOPs per example", Math.round(before.flops()), Math.round(after.flops()));
        counts("file, bytes", before.fileBytes(), after.fileBytes());
        for (InferenceTimes times : report.inference()) {
            row(
                    "inference of %d, median ms".formatted(times.batch()),
                    CONSOLE.number(times.medianMsBefore(), 3),
                    CONSOLE.number(times.medianMsAfter(), 3));
            row(
                    "inference of %d, least ms".formatted(times.batch()),
                    CONSOLE.number(times.minMsBefore(), 3),
                    CONSOLE.number(times.minMsAfter(), 3));
        }
        if (!report.packedLayers().isEmpty()) {
            print("packed: layers %s", String.join(", ", report.packedLayers()));
        }
        print("report.html, report.json, curves.csv and model.zip are in %s", folder);
    }

    private static void counts(String name, long before, long after) {
        row(name, CONSOLE.count(before), CONSOLE.count(after));
    }

    private static void row(String name, String before, String after) {
        CONSOLE.row(List.of(name, before, after), FIGURES);
    }

    /** Tells what went wrong, and returns it. */
    static List<RuntimeException> failures(PruneTable table, PrintWriter err) {
        List<RuntimeException> causes = new ArrayList<>();
        for (PruneTable.Row row : table.rows()) {
            for (PruneTable.Failed failed : row.failures()) {
                causes.add(failed.cause());
                Failure.tell(
                        err,
                        "%s with seed %d: %s"
                                .formatted(
                                        row.criterion(),
                                        failed.seed(),
                                        failed.cause().getMessage()),
                        failed.cause());
            }
        }
        return causes;
    }

    private static void print(String format, Object... arguments) {
        CONSOLE.say(format, arguments);
    }
}
