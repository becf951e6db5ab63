package org.dl4jplasticity.experiments.train;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.dl4jplasticity.experiments.report.RunReport;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code plasticity train}. */
@Command(
        name = "train",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        sortOptions = false,
        description = "Trains a network, sparse unless told otherwise, and writes a report of it.")
public final class TrainCommand implements Callable<Integer> {
    @Option(
            names = "--method",
            paramLabel = "METHOD",
            defaultValue = "rigl",
            description = "${COMPLETION-CANDIDATES}.")
    private Method method;

    @Option(
            names = "--sparsity",
            paramLabel = "S",
            defaultValue = "0.95",
            description = "Share of connections that are not active, in [0, 1).")
    private double sparsity;

    @Mixin private TrainOptions options;

    @Option(names = "--seed", paramLabel = "N", defaultValue = "1")
    private long seed;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            showDefaultValue = CommandLine.Help.Visibility.NEVER,
            description =
                    "Folder for report.html, report.json, curves.csv and model.zip; runs/... by"
                            + " default.")
    private Path out;

    @Override
    public Integer call() {
        TrainSettings settings = options.settings(method, sparsity, seed, out);
        settings.rewiring().requireHeeded(method);
        RunReport.write(run(settings), settings.dataDir());
        return CommandLine.ExitCode.OK;
    }

    /** Lets go of the network, so that the report doesn't have two of them in memory. */
    private static Path run(TrainSettings settings) {
        TrainingRun run = new TrainingRun(settings);
        run.run();
        return run.folder();
    }
}
