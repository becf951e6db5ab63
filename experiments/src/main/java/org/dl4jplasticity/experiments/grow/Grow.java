package org.dl4jplasticity.experiments.grow;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.dl4jplasticity.datasets.DatasetCatalog;
import org.dl4jplasticity.datasets.TrainTest;
import org.dl4jplasticity.experiments.run.Console;
import org.dl4jplasticity.experiments.run.Outcome;
import org.dl4jplasticity.experiments.run.RunFolder;
import org.dl4jplasticity.experiments.run.RunSeries;
import org.dl4jplasticity.experiments.run.Settings;
import org.dl4jplasticity.experiments.train.EarlierReport;
import org.dl4jplasticity.experiments.train.ModelSpec;
import org.dl4jplasticity.experiments.train.TrainSettings;

/**
 * An experiment on growth: runs of several arms and seeds one after the other, each in its own
 * folder, and a table of them. A run whose report is in its folder already is taken from there, so
 * that an experiment that was stopped goes on when it is started again; a run that fails leaves the
 * others alone.
 */
final class Grow {
    private final List<GrowSettings> runs;
    private final RunFolder folder;
    private final Console console = new Console();

    /** What dropin came to, by seed. */
    private final Map<Long, GrowReport> dropins = new HashMap<>();

    /**
     * An experiment, not yet begun.
     *
     * @param runs of one experiment, at least one, each with a folder of its own; dropin before the
     *     arms of its widths
     * @param folder where the table goes
     * @throws IllegalArgumentException if {@code folder} is a file
     */
    Grow(List<GrowSettings> runs, Path folder) {
        this.runs = List.copyOf(runs);
        this.folder = new RunFolder(folder);
    }

    /**
     * Runs what is not there yet, writes {@code report.json}, {@code table.md} and {@code
     * tasks.csv}, and returns the table.
     *
     * @throws IllegalArgumentException before anything is trained, if the model or the data set is
     *     unknown or a folder holds a report of other settings
     */
    GrowTable run() {
        List<Optional<GrowReport>> earlier = runs.stream().map(Grow::earlier).toList();
        TrainSettings training = runs.get(0).training();
        ModelSpec.parse(training.model());
        TrainTest data = DatasetCatalog.load(training.dataset(), training.dataDir());
        if (earlier.stream().anyMatch(Optional::isEmpty)) {
            new GrowRun(first(), data, null); // refused once, if every run would be
        }
        List<Outcome<GrowSettings, GrowReport>> outcomes =
                new RunSeries<>(
                                GrowSettings::inWords,
                                (GrowSettings settings) -> run(settings, data),
                                this::tell)
                        .run(runs, earlier);
        return write(new GrowTable(outcomes));
    }

    private static Optional<GrowReport> earlier(GrowSettings settings) {
        return EarlierReport.of(
                settings.training().out(),
                GrowReport.class,
                Settings.texts(settings.config(), settings.seed()));
    }

    /** {@return a run that depends on no other} */
    private GrowSettings first() {
        return runs.stream().filter(run -> !run.arm().needsDropin()).findFirst().orElseThrow();
    }

    private GrowReport run(GrowSettings settings, TrainTest data) {
        GrowReport dropin = dropins.get(settings.seed());
        if (settings.arm().needsDropin() && dropin == null) {
            throw new IllegalArgumentException("dropin of this seed failed, whose widths it has");
        }
        return new GrowRun(settings, data, dropin).run();
    }

    private void tell(GrowSettings settings, GrowReport report) {
        if (settings.arm() == GrowArm.DROPIN) {
            dropins.put(settings.seed(), report);
        }
        console.say(
                "    %.2f %% with %,d parameters, widths %s, %d growths, %.1f s",
                100 * report.testAccuracy(),
                report.parameters(),
                report.curve().get(report.curve().size() - 1).widths(),
                report.growths().size(),
                report.trainSeconds());
    }

    private GrowTable write(GrowTable table) {
        folder.write("table.md", table.toMarkdown());
        folder.write("tasks.csv", table.tasksAsCsv());
        folder.write("report.json", table.toJson());
        return table;
    }
}
