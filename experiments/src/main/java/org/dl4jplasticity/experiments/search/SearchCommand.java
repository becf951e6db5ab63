package org.dl4jplasticity.experiments.search;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.dl4jplasticity.experiments.report.RunReport;
import org.dl4jplasticity.experiments.run.Console;
import org.dl4jplasticity.experiments.run.DataOptions;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code plasticity search}. */
@Command(
        name = "search",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        sortOptions = false,
        description = {
            "Trains candidates whose settings are drawn from a space, and says which was best and"
                    + " whether it beats the default settings.",
            "A candidate that was trained already is not trained again, so a search that was"
                    + " stopped goes on when called once more, and goes further with more"
                    + " --candidates. Candidates are chosen by validation examples; test examples"
                    + " are looked at once, at the end."
        })
public final class SearchCommand implements Callable<Integer> {
    private static final int[] WIDTHS = {-18, 10, 14, 8, -1};

    @Spec private CommandSpec spec;

    @Option(
            names = "--space",
            paramLabel = "FILE",
            required = true,
            description = "The space in YAML or JSON, as docs/search/sparsity.yaml.")
    private Path space;

    @Option(
            names = "--candidates",
            paramLabel = "N",
            defaultValue = "20",
            description = "How many are trained beside the default settings.")
    private int candidates;

    @Option(
            names = "--time",
            paramLabel = "MIN",
            description = "Minutes after which no further candidate begins; no limit by default.")
    private Double minutes;

    @Option(
            names = "--generator",
            paramLabel = "NAME",
            defaultValue = "random",
            description = "How candidates are proposed: ${COMPLETION-CANDIDATES}.")
    private Generator generator;

    @Option(
            names = "--grid-values",
            paramLabel = "N",
            defaultValue = "3",
            description = "How many values of a range a grid tries.")
    private int gridValues;

    @Mixin private DataOptions data;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "Of the candidates, and of every training.")
    private long seed;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            showDefaultValue = CommandLine.Help.Visibility.NEVER,
            description =
                    "Folder for report.json, candidates.csv, candidates.jsonl, report.html, model.zip"
                            + " of the best and a folder of each candidate; runs/search_... by"
                            + " default.")
    private Path out;

    @Override
    public Integer call() {
        SearchSettings settings =
                new SearchSettings(
                        data.dataset(),
                        data.dataDir(),
                        space,
                        generator,
                        gridValues,
                        candidates,
                        minutes == null ? Double.POSITIVE_INFINITY : minutes,
                        seed,
                        out == null ? Path.of("runs").resolve(folderName()) : out);
        SearchReport report = new Search(settings, spec.commandLine().getErr()).run();
        RunReport.write(settings.out(), settings.dataDir());
        tell(report, settings);
        return CommandLine.ExitCode.OK;
    }

    private String folderName() {
        String name = space.getFileName().toString().replaceFirst("\\.[A-Za-z]+$", "");
        return ("search_" + data.dataset() + "_" + name + "_" + generator)
                .replaceAll("[^A-Za-z0-9._-]", "-");
    }

    private static void tell(SearchReport report, SearchSettings settings) {
        Console console = new Console();
        console.columns(
                List.of("candidate", "validation", "active weights", "seconds", "settings"),
                WIDTHS);
        new Ranking(report.candidates())
                .bestFirst().stream()
                        .filter(each -> each.isControl() || report.front().contains(each.index()))
                        .forEach(each -> console.row(row(each, report, console), WIDTHS));
        if (report.failed() > 0) {
            console.say(
                    "%d of %d failed, see candidates.csv",
                    report.failed(), report.candidates().size());
        }
        console.say(
                "%s",
                report.verdict() == null
                        ? "The default settings failed, so there is nothing to hold the best against."
                        : report.verdict().sentence());
        console.say(
                "report.json, candidates.csv, report.html and model.zip are in %s", settings.out());
    }

    private static List<String> row(Candidate candidate, SearchReport report, Console console) {
        CandidateScores scores = candidate.scores();
        String values =
                report.searched().stream()
                        .filter(candidate.values()::containsKey)
                        .map(name -> name + " " + candidate.values().get(name))
                        .collect(Collectors.joining("  "));
        return List.of(
                candidate.name(),
                console.share(scores.validationAccuracy()),
                console.count(scores.activeWeights()),
                console.number(scores.trainSeconds(), 1),
                values);
    }
}
