package org.dl4jplasticity.experiments.dropout;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.dl4jplasticity.experiments.report.RunReport;
import org.dl4jplasticity.experiments.run.Console;
import org.dl4jplasticity.experiments.run.Outcome;
import org.dl4jplasticity.experiments.train.LearningOptions;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code plasticity dropout}. */
@Command(
        name = "dropout",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        sortOptions = false,
        defaultValueProvider = DropoutCommand.Defaults.class,
        description = {
            "Trains a perceptron with each of some techniques of dropout and with some seeds, and"
                    + " writes a table: accuracy, calibration error, train/test gap, seconds,"
                    + " parameters.",
            "A run whose report is there already is not made again, so a comparison that was"
                    + " stopped goes on when called once more."
        })
public final class DropoutCommand implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Option(
            names = "--techniques",
            paramLabel = "NAME",
            split = ",",
            defaultValue = "all",
            completionCandidates = Names.class,
            description = "all, or some of ${COMPLETION-CANDIDATES}.")
    private List<String> techniques;

    @Option(
            names = "--keep",
            paramLabel = "P",
            defaultValue = "0.5",
            description =
                    "The probability to keep a hidden unit, or of weights those behind one, to begin"
                            + " with where it changes.")
    private double keep;

    @Option(
            names = "--input-keep",
            paramLabel = "P",
            defaultValue = "1",
            description = "The same for inputs.")
    private double inputKeep;

    @Option(
            names = "--train-examples",
            paramLabel = "N",
            defaultValue = "0",
            description =
                    "How many examples are trained on, drawn by the seed; 0 for all that are not"
                            + " held out.")
    private int trainExamples;

    @Mixin private LearningOptions learning;

    @Option(names = "--seeds", paramLabel = "N", split = ",", defaultValue = "1,2,3")
    private List<Long> seeds;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            showDefaultValue = CommandLine.Help.Visibility.NEVER,
            description =
                    "Folder for report.html, table.md, table.csv, table.json, figures and a folder of"
                            + " each run; runs/dropout_... by default.")
    private Path out;

    /** What other commands begin with otherwise. */
    static final class Defaults implements IDefaultValueProvider {
        private static final Map<String, String> VALUES =
                Map.of(
                        "--model", "mlp:1000-1000",
                        "--epochs", "20",
                        "--batch", "128",
                        "--learning-rate", "0.05",
                        "--weight-decay", "1e-4");

        @Override
        public String defaultValue(ArgSpec argument) {
            return argument instanceof OptionSpec option ? VALUES.get(option.longestName()) : null;
        }
    }

    /** The techniques' names, for the help. */
    static final class Names implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return Stream.of(DropoutTechnique.values()).map(DropoutTechnique::toString).iterator();
        }
    }

    @Override
    public Integer call() {
        List<DropoutSettings> runs = runs();
        DropoutTable table = new DropoutComparison(runs, folder()).run();
        RunReport.write(folder(), runs.get(0).training().dataDir());
        Console console = new Console();
        console.markdown(table.toMarkdown());
        console.say("report.html, table.md, table.csv and table.json are in %s", folder());
        return Outcome.tell(table.failures(), spec.commandLine().getErr());
    }

    /** {@return seed by seed, so that what the first runs of a process cost is no one's own} */
    private List<DropoutSettings> runs() {
        List<DropoutTechnique> chosen = DropoutTechnique.parse(techniques);
        if (new HashSet<>(seeds).size() < seeds.size()) {
            throw new IllegalArgumentException("--seeds must all be different, got " + seeds);
        }
        List<DropoutSettings> all = new ArrayList<>();
        for (long seed : seeds) {
            for (DropoutTechnique technique : chosen) {
                all.add(
                        new DropoutSettings(
                                technique,
                                keep,
                                inputKeep,
                                trainExamples,
                                learning.dense(
                                        seed, folder().resolve(technique + "_seed" + seed))));
            }
        }
        return all;
    }

    private Path folder() {
        return out == null ? Path.of("runs").resolve("dropout_" + learning.folderName()) : out;
    }
}
