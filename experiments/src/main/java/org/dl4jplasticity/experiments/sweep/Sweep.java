package org.dl4jplasticity.experiments.sweep;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.dl4jplasticity.datasets.DatasetCatalog;
import org.dl4jplasticity.experiments.run.Console;
import org.dl4jplasticity.experiments.run.RunFolder;
import org.dl4jplasticity.experiments.train.EarlierReport;
import org.dl4jplasticity.experiments.train.ModelSpec;
import org.dl4jplasticity.experiments.train.TrainReport;
import org.dl4jplasticity.experiments.train.TrainSettings;
import org.dl4jplasticity.experiments.train.TrainingRun;

/**
 * Training runs one after the other, each in its own folder, and a table of them. A run whose
 * report is in its folder already is taken from there, so that a sweep which was stopped goes on
 * when it is started again; a run that fails leaves the others alone.
 */
final class Sweep {
    private final List<TrainSettings> combinations;
    private final RunFolder folder;
    private final Console console = new Console();

    /**
     * A sweep, not yet begun.
     *
     * @param combinations what to train, at least one, of one data set and one model, each with a
     *     folder of its own
     * @param folder where the table goes
     * @throws IllegalArgumentException if {@code folder} is a file
     */
    Sweep(List<TrainSettings> combinations, Path folder) {
        this.combinations = List.copyOf(combinations);
        this.folder = new RunFolder(folder);
    }

    /**
     * Trains what is not there yet, writes {@code table.md}, {@code table.csv} and {@code
     * table.json}, and returns the table.
     *
     * @throws IllegalArgumentException before anything is trained, if the model or the data set is
     *     unknown or a folder holds a report of other settings
     */
    SweepTable run() {
        List<Optional<TrainReport>> earlier = combinations.stream().map(EarlierReport::of).toList();
        if (earlier.stream().anyMatch(Optional::isEmpty)) {
            refuseWhatEveryRunWould(combinations.get(0));
        }
        List<SweepRun> runs = new ArrayList<>();
        for (int i = 0; i < combinations.size(); i++) {
            TrainSettings settings = combinations.get(i);
            console.say(
                    "run %d of %d: %s%s",
                    i + 1,
                    combinations.size(),
                    SweepRun.describe(settings),
                    earlier.get(i).isPresent() ? " is there already" : "");
            runs.add(
                    earlier.get(i)
                            .<SweepRun>map(report -> new SweepRun.Done(settings, report))
                            .orElseGet(() -> train(settings)));
        }
        SweepTable table = new SweepTable(runs);
        folder.write("table.md", table.toMarkdown());
        folder.write("table.csv", table.toCsv());
        folder.write("table.json", table.toJson());
        return table;
    }

    /** One sentence at the start rather than the same one for every combination at the end. */
    private static void refuseWhatEveryRunWould(TrainSettings settings) {
        ModelSpec.parse(settings.model());
        DatasetCatalog.load(settings.dataset(), settings.dataDir());
    }

    /** Whatever goes wrong with one combination is kept for the end; the others still run. */
    private static SweepRun train(TrainSettings settings) {
        try {
            return new SweepRun.Done(settings, new TrainingRun(settings).run());
        } catch (RuntimeException e) {
            return new SweepRun.Failed(settings, e);
        }
    }
}
