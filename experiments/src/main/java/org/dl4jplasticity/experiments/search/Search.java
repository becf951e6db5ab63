package org.dl4jplasticity.experiments.search;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.dl4jplasticity.datasets.DatasetCatalog;
import org.dl4jplasticity.datasets.LabeledExamples;
import org.dl4jplasticity.datasets.TrainTest;
import org.dl4jplasticity.experiments.run.Backend;
import org.dl4jplasticity.experiments.run.Network;
import org.dl4jplasticity.experiments.run.RunFolder;
import org.dl4jplasticity.experiments.run.Settings;
import org.dl4jplasticity.experiments.train.TrainReport;

/**
 * A search: the default settings and then candidates of a space are trained, each in its own
 * folder, and chosen by their accuracy on validation examples. What an earlier search of the same
 * settings tried is taken from its journal, so that a search that was stopped goes on. Test
 * examples are looked at once, at the end, by the best and the default settings.
 */
final class Search {
    private static final int CONTROL = 0;

    private final SearchSettings settings;
    private final PrintWriter faults;

    /**
     * A search, not yet begun.
     *
     * @param settings of the search
     * @param faults where faults of ours are told with their trace
     */
    Search(SearchSettings settings, PrintWriter faults) {
        this.settings = settings;
        this.faults = faults;
    }

    /**
     * Searches, and returns what was written to the report.
     *
     * @throws IllegalArgumentException before anything is trained, if the space is none or the
     *     folder has a search of other settings; after it, if every candidate failed
     */
    SearchReport run() {
        SearchSpace space = SpaceFile.read(settings.spaceFile());
        CandidateSettings.check(space, settings);
        double share = (double) space.fixed().get(Parameter.VALIDATION);
        Settings.require(
                "--space %s, settings: validation".formatted(settings.spaceFile()),
                share > 0,
                "greater than 0, for candidates are chosen by it",
                share);
        RunFolder folder = new RunFolder(settings.out());
        CandidateJournal journal =
                new CandidateJournal(
                        folder, Settings.texts(settings.config(space), settings.seed()));
        Backend.tune();
        TrainTest data = DatasetCatalog.load(settings.dataset(), settings.dataDir());
        LabeledExamples.Split examples = data.train().split(share, settings.seed());
        SearchConsole console = new SearchConsole(settings, space, faults);
        console.goingOn(journal.candidates());
        Explorer explorer = new ArbiterExplorer();
        Trials trials = new Trials(settings, examples, journal, console);
        trials.of(explorer.control(space));
        explorer.explore(space, settings, trials);
        return report(space, journal.candidates(), folder, data.test());
    }

    private SearchReport report(
            SearchSpace space, List<Candidate> all, RunFolder folder, LabeledExamples test) {
        List<Candidate> candidates =
                all.stream().filter(each -> each.index() <= settings.candidates()).toList();
        Ranking ranking = new Ranking(candidates);
        Candidate best =
                ranking.best()
                        .orElseThrow(
                                () ->
                                        new IllegalArgumentException(
                                                "--space %s: every candidate failed, the first because %s"
                                                        .formatted(
                                                                settings.spaceFile(),
                                                                candidates.get(0).failure())));
        SearchReport report =
                new SearchReport(
                        best.values(),
                        best.scores(),
                        verdict(ranking, best, test).orElse(null),
                        ranking.front().stream().map(Candidate::index).toList(),
                        candidates,
                        candidates.stream().filter(each -> !each.isDone()).count(),
                        space.dimensions().keySet().stream().map(Parameter::toString).toList(),
                        ranking.bestFirst().stream()
                                .mapToDouble(each -> each.scores().trainSeconds())
                                .sum(),
                        settings.seed(),
                        settings.config(space));
        folder.write("candidates.csv", report.toCsv());
        folder.write("model.zip", file -> writeBytes(file, readBytes(model(best.index()))));
        folder.write("report.json", TrainReport.json(report));
        return report;
    }

    /**
     * Of equals the default settings are taken, whatever their size: nothing speaks for another.
     */
    private Optional<Verdict> verdict(Ranking ranking, Candidate best, LabeledExamples test) {
        Optional<Candidate> control =
                ranking.bestFirst().stream().filter(Candidate::isControl).findFirst();
        if (control.isEmpty()) {
            return Optional.empty();
        }
        boolean isBetter =
                best.scores().validationAccuracy() > control.get().scores().validationAccuracy();
        int winner = isBetter ? best.index() : CONTROL;
        return Optional.of(Verdict.of(winner, load(winner), load(CONTROL), test));
    }

    private Path model(int candidate) {
        return settings.out().resolve(Candidate.folderName(candidate)).resolve("model.zip");
    }

    private Network load(int candidate) {
        try {
            return Network.load(model(candidate));
        } catch (IOException e) {
            throw new UncheckedIOException("can't read %s: %s".formatted(model(candidate), e), e);
        }
    }

    private static byte[] readBytes(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException("can't read %s: %s".formatted(file, e), e);
        }
    }

    private static void writeBytes(Path file, byte[] bytes) {
        try {
            Files.write(file, bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
