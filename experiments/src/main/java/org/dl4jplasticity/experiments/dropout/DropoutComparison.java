package org.dl4jplasticity.experiments.dropout;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.dl4jplasticity.datasets.DatasetCatalog;
import org.dl4jplasticity.datasets.TrainTest;
import org.dl4jplasticity.experiments.run.Console;
import org.dl4jplasticity.experiments.run.Outcome;
import org.dl4jplasticity.experiments.run.RunFolder;
import org.dl4jplasticity.experiments.run.RunSeries;
import org.dl4jplasticity.experiments.run.Settings;
import org.dl4jplasticity.experiments.train.EarlierReport;
import org.dl4jplasticity.experiments.train.TrainSettings;

/**
 * Runs of several techniques and seeds one after the other, each in its own folder, and a table of
 * them. A run whose report is in its folder already is taken from there, so that a comparison that
 * was stopped goes on when it is started again; a run that fails leaves the others alone.
 */
final class DropoutComparison {
    private final List<DropoutSettings> runs;
    private final RunFolder folder;
    private final Console console = new Console();

    /**
     * A comparison, not yet begun.
     *
     * @param runs at least one, each with a folder of its own; they differ in technique and seed
     *     only
     * @param folder where the table goes
     * @throws IllegalArgumentException if {@code folder} is a file
     */
    DropoutComparison(List<DropoutSettings> runs, Path folder) {
        this.runs = List.copyOf(runs);
        this.folder = new RunFolder(folder);
    }

    /**
     * Runs what is not there yet, writes {@code table.md}, {@code table.csv} and {@code
     * table.json}, and returns the table.
     *
     * @throws IllegalArgumentException before anything is trained, if the data set is unknown or
     *     too small, or a folder holds a report of other settings
     */
    DropoutTable run() {
        List<Optional<DropoutReport>> earlier =
                runs.stream().map(DropoutComparison::earlier).toList();
        TrainTest data = data(earlier);
        List<Outcome<DropoutSettings, DropoutReport>> outcomes =
                new RunSeries<>(
                                DropoutSettings::inWords,
                                (DropoutSettings settings) ->
                                        new DropoutRun(settings, DropoutExamples.of(settings, data))
                                                .run(),
                                this::tell)
                        .run(runs, earlier);
        DropoutTable table = new DropoutTable(outcomes);
        folder.write("table.md", table.toMarkdown());
        folder.write("table.csv", table.toCsv());
        folder.write("table.json", table.toJson());
        return table;
    }

    /** {@return the data set, or null if nothing has to be trained} */
    private TrainTest data(List<Optional<DropoutReport>> earlier) {
        if (earlier.stream().allMatch(Optional::isPresent)) {
            return null;
        }
        TrainSettings training = runs.get(0).training();
        TrainTest data = DatasetCatalog.load(training.dataset(), training.dataDir());
        DropoutExamples.of(runs.get(0), data); // refused once, if every run would be
        return data;
    }

    private static Optional<DropoutReport> earlier(DropoutSettings settings) {
        return EarlierReport.of(
                settings.training().out(),
                DropoutReport.class,
                Settings.texts(settings.config(), settings.seed()));
    }

    private void tell(DropoutSettings settings, DropoutReport report) {
        console.say(
                "    test %.2f %%, train %.2f %%, calibration error %.2f %%, %.1f s",
                100 * report.testAccuracy(),
                100 * report.trainAccuracy(),
                100 * report.calibrationError(),
                report.trainSeconds());
    }
}
