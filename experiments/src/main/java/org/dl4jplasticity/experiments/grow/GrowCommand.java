package org.dl4jplasticity.experiments.grow;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.dl4jplasticity.experiments.report.RunReport;
import org.dl4jplasticity.experiments.run.Console;
import org.dl4jplasticity.experiments.run.Outcome;
import org.dl4jplasticity.experiments.run.Settings;
import org.dl4jplasticity.experiments.train.LearningOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code plasticity grow}. */
@Command(
        name = "grow",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        sortOptions = false,
        defaultValueProvider = GrowCommand.Defaults.class,
        description = {
            "Compares networks that grow while they train with networks that don't, over some seeds.",
            "start-small: one task. new-data: two tasks, the second is the signal to grow. permuted:"
                    + " many tasks, each the same pixels in another order.",
            "A run whose report is there already is not made again, so an experiment that was"
                    + " stopped goes on when called once more."
        })
public final class GrowCommand implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Option(
            names = "--experiment",
            paramLabel = "NAME",
            defaultValue = "start-small",
            description = "${COMPLETION-CANDIDATES}.")
    private GrowExperiment experiment;

    @Option(
            names = "--arms",
            paramLabel = "ARM",
            split = ",",
            description =
                    "What is compared, of ${COMPLETION-CANDIDATES}; by default static-small, dropin,"
                            + " random-layer, round-robin, random-init, static-final and"
                            + " equal-parameters, and with permuted plain, continual-backprop, redo"
                            + " and dropin; aid is for permuted too.")
    private List<GrowArm> arms;

    @Option(
            names = "--switch",
            paramLabel = "SWITCH",
            defaultValue = "permuted",
            description =
                    "${COMPLETION-CANDIDATES}. What comes second with new-data: the same images with"
                            + " their pixels in another order, or the second half of the classes"
                            + " beside the first.")
    private TaskSwitch change;

    @Option(
            names = "--tasks",
            paramLabel = "N",
            defaultValue = "10",
            description = "How many tasks there are with permuted.")
    private int tasks;

    @Mixin private LearningOptions learning;

    @Mixin private GrowthOptions growth;

    @Option(
            names = "--seeds",
            paramLabel = "N",
            defaultValue = "5",
            description = "How many seeds each arm is run with.")
    private int seeds;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "The first seed; the next ones follow it.")
    private long seed;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description =
                    "Folder for report.html, report.json, table.md, tasks.csv and a folder of each"
                            + " run; runs/grow_... by default.")
    private Path out;

    /** What other commands begin with otherwise. */
    static final class Defaults implements IDefaultValueProvider {
        private static final Map<String, String> VALUES =
                Map.of("--model", "mlp:32-32", "--batch", "128", "--weight-decay", "1e-4");

        @Override
        public String defaultValue(ArgSpec argument) {
            return argument instanceof OptionSpec option ? VALUES.get(option.longestName()) : null;
        }
    }

    @Override
    public Integer call() {
        Settings.require("--seeds", seeds >= 1, "at least 1", seeds);
        List<GrowSettings> runs = runs();
        GrowTable table = new Grow(runs, folder()).run();
        RunReport.write(folder(), runs.get(0).training().dataDir());
        Console console = new Console();
        console.markdown(table.toMarkdown());
        console.say("report.html, report.json, table.md and tasks.csv are in %s", folder());
        return Outcome.tell(table.failures(), spec.commandLine().getErr());
    }

    private List<GrowSettings> runs() {
        List<GrowArm> chosen = arms == null ? experiment.arms() : inOrder();
        List<GrowSettings> all = new ArrayList<>();
        for (long each = seed; each < seed + seeds; each++) {
            for (GrowArm arm : chosen) {
                all.add(
                        new GrowSettings(
                                experiment,
                                change,
                                tasks,
                                arm,
                                growth.dropin(experiment),
                                growth.recycling(),
                                learning.dense(each, folder().resolve(arm + "_seed" + each))));
            }
        }
        return all;
    }

    /** {@return the arms asked for, as the enumeration has them: dropin before its widths} */
    private List<GrowArm> inOrder() {
        if (new HashSet<>(arms).size() < arms.size()) {
            throw new IllegalArgumentException("--arms must all be different, got " + arms);
        }
        for (GrowArm arm : arms) {
            if (arm.needsDropin() && !arms.contains(GrowArm.DROPIN)) {
                throw new IllegalArgumentException(
                        "--arms: %s has the widths that dropin ends with and needs dropin, got %s"
                                .formatted(arm, arms));
            }
        }
        return arms.stream().sorted().toList();
    }

    private Path folder() {
        return out == null
                ? Path.of("runs").resolve("grow_" + experiment + "_" + learning.folderName())
                : out;
    }
}
