package org.dl4jplasticity.experiments.sweep;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.dl4jplasticity.experiments.report.RunReport;
import org.dl4jplasticity.experiments.run.Console;
import org.dl4jplasticity.experiments.run.Outcome;
import org.dl4jplasticity.experiments.train.Method;
import org.dl4jplasticity.experiments.train.TrainOptions;
import org.dl4jplasticity.experiments.train.TrainSettings;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code plasticity sweep}. */
@Command(
        name = "sweep",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        sortOptions = false,
        description = {
            "Trains every combination of methods, sparsities and seeds, and writes a table of them.",
            "A combination whose report is there already is not trained again, so a sweep that was"
                    + " stopped goes on when called once more. Method dense has no sparsity and is"
                    + " trained once for each seed."
        })
public final class SweepCommand implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Option(
            names = "--methods",
            paramLabel = "METHOD",
            split = ",",
            defaultValue = "rigl,set",
            description = "${COMPLETION-CANDIDATES}.")
    private List<Method> methods;

    @Option(
            names = "--sparsities",
            paramLabel = "S",
            split = ",",
            defaultValue = "0.9,0.95,0.98,0.99",
            description = "Shares of connections that are not active, each in [0, 1).")
    private List<Double> sparsities;

    @Option(names = "--seeds", paramLabel = "N", split = ",", defaultValue = "1,2,3")
    private List<Long> seeds;

    @Mixin private TrainOptions options;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            showDefaultValue = CommandLine.Help.Visibility.NEVER,
            description =
                    "Folder for report.html, table.md, table.csv, table.json and a folder of each run;"
                            + " runs/sweep_... by default.")
    private Path out;

    @Override
    public Integer call() {
        requireDifferent("--methods", methods);
        requireDifferent("--sparsities", sparsities);
        requireDifferent("--seeds", seeds);
        List<TrainSettings> combinations = combinations();
        SweepTable table = new Sweep(combinations, folder()).run();
        RunReport.write(folder(), combinations.get(0).dataDir());
        new Console().markdown(table.toMarkdown());
        return Outcome.tell(table.failures(), spec.commandLine().getErr());
    }

    private List<TrainSettings> combinations() {
        List<TrainSettings> all = new ArrayList<>();
        for (Method method : methods) {
            for (double sparsity : method.isSparse() ? sparsities : List.of(0.0)) {
                for (long seed : seeds) {
                    String name = method + "_" + sparsity + "_seed" + seed;
                    all.add(options.settings(method, sparsity, seed, folder().resolve(name)));
                }
            }
        }
        if (sparsities.size() > 1 && !all.get(0).distribution().usesSparsity()) {
            throw new IllegalArgumentException(
                    ("--distribution %s sets the sparsity itself: --sparsities must be a single one,"
                                    + " got %s")
                            .formatted(all.get(0).distribution(), sparsities));
        }
        return all;
    }

    private Path folder() {
        return out == null ? Path.of("runs").resolve("sweep_" + options.folderName()) : out;
    }

    private static void requireDifferent(String option, List<?> values) {
        Set<Object> seen = new HashSet<>();
        for (Object value : values) {
            if (!seen.add(value)) {
                throw new IllegalArgumentException(
                        "%s must all be different, got %s twice".formatted(option, value));
            }
        }
    }
}
