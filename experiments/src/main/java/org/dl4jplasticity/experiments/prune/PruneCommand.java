package org.dl4jplasticity.experiments.prune;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import org.dl4jplasticity.datasets.DatasetCatalog;
import org.dl4jplasticity.experiments.report.RunReport;
import org.dl4jplasticity.experiments.run.Console;
import org.dl4jplasticity.experiments.run.DataOptions;
import org.dl4jplasticity.experiments.run.Failure;
import org.dl4jplasticity.experiments.run.GivenModel;
import org.dl4jplasticity.experiments.run.RunFolder;
import org.dl4jplasticity.experiments.run.Settings;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code plasticity prune}. */
@Command(
        name = "prune",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        sortOptions = false,
        description = {
            "Prunes a trained DL4J model, retrains it, and reports accuracy, size, operations and"
                    + " inference time before and after.",
            "With several criteria or seeds each has a folder of its own, and table.md compares"
                    + " them. Nothing is written of a model that can't be pruned as asked for."
        })
public final class PruneCommand implements Callable<Integer> {
    private static final double USUAL_SHARE_OF_CONNECTIONS = 0.9;
    private static final double USUAL_SHARE_OF_UNITS = 0.5;
    private static final int USUAL_ROUNDS = 5;

    @Spec private CommandSpec spec;

    @Parameters(
            paramLabel = "MODEL",
            description = "The trained model, a .zip in DL4J's format. It stays as it is.")
    private Path model;

    @Option(
            names = "--criterion",
            paramLabel = "NAME",
            split = ",",
            description = {
                "What is chosen by, of ${COMPLETION-CANDIDATES}; all for every one that fits and"
                        + " takes a share. magnitude by default, norm for units, cka for layers.",
                "dead and duplicates take the units they find and no --target."
            },
            completionCandidates = PruneCriterion.Names.class)
    private List<String> criteria;

    @Option(
            names = "--granularity",
            paramLabel = "WHAT",
            defaultValue = "weights",
            description =
                    "weights, kernels (whole ones between two channels), blocks:RxC (R inputs, C"
                            + " outputs), N:M (N of M consecutive inputs stay, as 2:4), units"
                            + " (neurons and channels: the network gets narrower) or layers (and"
                            + " residual branches: it gets shallower).")
    private String granularity;

    @Option(
            names = "--target",
            paramLabel = "SHARE",
            description = "Share that goes, in [0, 1); by default 0.9, of units and layers 0.5.")
    private Double target;

    @ArgGroup private Scope scope;

    /** What is compared with what. */
    static final class Scope {
        @Option(
                names = "--global",
                description = "Compares all layers with each other; as usual for connections.")
        private boolean global;

        @Option(
                names = "--each-layer",
                description = "Takes the same share of each layer; as usual for units.")
        private boolean eachLayer;

        boolean isGlobal() {
            return global && !eachLayer;
        }
    }

    @Option(
            names = "--schedule",
            paramLabel = "NAME",
            description =
                    "one-shot, iterative (the same share of what is left in each round) or cubic"
                            + " (fast at first). one-shot by default, with --rounds iterative.")
    private PruneSchedule schedule;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            description =
                    "Rounds of pruning and retraining; 1 of one-shot, by default 5 of the others.")
    private Integer rounds;

    @Option(
            names = "--only",
            paramLabel = "LAYER",
            split = ",",
            description = "Names or indexes of the layers to prune, with * and ?; all by default.")
    private List<String> only = new ArrayList<>();

    @Option(
            names = "--on-collapse",
            paramLabel = "WHAT",
            defaultValue = "prevent",
            description =
                    "prevent: of each layer the best connection stays; report: a network that would"
                            + " fall apart is refused with a sentence.")
    private PruneSettings.CollapseChoice onCollapse;

    @Mixin private DataOptions data;

    @Option(
            names = "--examples",
            paramLabel = "N",
            defaultValue = "1000",
            description = "How many training examples a criterion looks at, if it does.")
    private int examples;

    @Option(
            names = "--epochs",
            paramLabel = "N",
            defaultValue = "5",
            description = "Of retraining, after each round; 0 for none.")
    private int epochs;

    @Option(names = "--batch", paramLabel = "N", defaultValue = "64")
    private int batch;

    @Option(
            names = "--learning-rate",
            paramLabel = "R",
            description =
                    "At the start of each retraining, from where it falls as 1 - t^2; by default a"
                            + " tenth of what the model's own updater begins with.")
    private Double learningRate;

    @Option(
            names = "--form",
            paramLabel = "FORM",
            defaultValue = "packed",
            description =
                    "packed: fully connected layers and convolutions hold only what is active,"
                            + " smaller and faster; masked: all weights are there, to train on; plain: DL4J's own, zeros"
                            + " without masks, loads without this library.")
    private PruneForm form;

    @Option(
            names = "--seeds",
            paramLabel = "N",
            defaultValue = "1",
            description = "How many seeds each criterion is run with.")
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
                    "Folder for report.html, model.zip, report.json and curves.csv, and, where units go,"
                            + " initial.zip and journal.jsonl; runs/prune_... by default.")
    private Path out;

    @Override
    public Integer call() {
        Settings.require("--seeds", seeds >= 1, "at least 1", seeds);
        PruneGranularity what = PruneGranularity.parse(granularity);
        List<PruneCriterion> chosen =
                PruneCriterion.parse(
                        criteria == null ? List.of(usualCriterion(what)) : criteria, what);
        requireNoneWithoutTarget(what, chosen);
        List<PruneSettings> runs = runs(what, chosen);
        if (runs.size() == 1) {
            PruneSettings run = runs.get(0);
            new GivenModel(run.model()); // missing files are told before data is fetched
            PruneReport report =
                    new PruneRun(run, DatasetCatalog.load(run.dataset(), run.dataDir())).run();
            RunReport.write(run.out(), run.dataDir());
            PruneConsole.finish(report, run.out());
            return CommandLine.ExitCode.OK;
        }
        return compare(runs);
    }

    private void requireNoneWithoutTarget(PruneGranularity what, List<PruneCriterion> chosen) {
        if (target != null && what.isOfPattern()) {
            throw new IllegalArgumentException(
                    "--target: the pattern %s says how much goes, leave it out".formatted(what));
        }
        chosen.stream()
                .filter(Predicate.not(PruneCriterion::takesShare))
                .findFirst()
                .filter(each -> target != null && chosen.size() == 1)
                .ifPresent(
                        each -> {
                            throw new IllegalArgumentException(
                                    "--target: %s takes the units that it finds, leave it out"
                                            .formatted(each));
                        });
        if (scope != null && what.isOfPattern()) {
            throw new IllegalArgumentException(
                    "--global and --each-layer: the pattern %s chooses within each unit"
                            .formatted(what));
        }
        if (scope != null && what.isOfLayers()) {
            throw new IllegalArgumentException(
                    "--global and --each-layer: layers go as a whole, leave them out");
        }
    }

    private static String usualCriterion(PruneGranularity what) {
        return what.isOfLayers() ? "cka" : what.isOfUnits() ? "norm" : "magnitude";
    }

    private List<PruneSettings> runs(PruneGranularity what, List<PruneCriterion> chosen) {
        boolean isOne = chosen.size() == 1 && seeds == 1;
        List<PruneSettings> runs = new ArrayList<>();
        for (PruneCriterion criterion : chosen) {
            for (long each = seed; each < seed + seeds; each++) {
                Path folder = folder();
                runs.add(
                        settings(
                                what,
                                criterion,
                                each,
                                isOne ? folder : folder.resolve(criterion + "_seed" + each)));
            }
        }
        return runs;
    }

    private PruneSettings settings(
            PruneGranularity what, PruneCriterion criterion, long seed, Path folder) {
        PruneSchedule by =
                schedule != null
                        ? schedule
                        : rounds == null || rounds == 1
                                ? PruneSchedule.ONE_SHOT
                                : PruneSchedule.ITERATIVE;
        int usual = by == PruneSchedule.ONE_SHOT ? 1 : USUAL_ROUNDS;
        return new PruneSettings(
                model,
                data.dataset(),
                data.dataDir(),
                criterion,
                what,
                what.isOfPattern() || !criterion.takesShare() ? null : share(what),
                scope == null ? !what.isOfUnits() : scope.isGlobal(),
                by,
                rounds == null ? usual : rounds,
                only,
                onCollapse,
                examples,
                epochs,
                batch,
                learningRate,
                form,
                seed,
                folder);
    }

    private double share(PruneGranularity what) {
        if (target != null) {
            return target;
        }
        return what.isOfUnits() || what.isOfLayers()
                ? USUAL_SHARE_OF_UNITS
                : USUAL_SHARE_OF_CONNECTIONS;
    }

    private Path folder() {
        String name = "prune_" + model.getFileName() + "_" + granularity;
        return out == null ? Path.of("runs").resolve(name.replaceAll("[^A-Za-z0-9._-]", "-")) : out;
    }

    private int compare(List<PruneSettings> runs) {
        PruneTable table = new PruneComparison(runs, new RunFolder(folder())).run();
        Console console = new Console();
        console.markdown(table.toMarkdown());
        List<RuntimeException> causes = PruneConsole.failures(table, spec.commandLine().getErr());
        if (table.rows().stream().anyMatch(row -> !row.reports().isEmpty())) {
            RunReport.write(folder(), runs.get(0).dataDir());
            console.say(
                    "report.html, table.md, report.json and a folder of each are in %s", folder());
        }
        if (causes.isEmpty()) {
            return CommandLine.ExitCode.OK;
        }
        return causes.stream().allMatch(Failure::isBadInput)
                ? CommandLine.ExitCode.USAGE
                : CommandLine.ExitCode.SOFTWARE;
    }
}
