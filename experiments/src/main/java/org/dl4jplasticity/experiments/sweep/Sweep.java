package org.dl4jplasticity.experiments.sweep;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.dl4jplasticity.datasets.DatasetCatalog;
import org.dl4jplasticity.experiments.run.RunFolder;
import org.dl4jplasticity.experiments.run.RunSeries;
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
        SweepTable table =
                new SweepTable(
                        new RunSeries<TrainSettings, TrainReport>(
                                        Sweep::inWords,
                                        settings -> new TrainingRun(settings).run(),
                                        (settings, report) -> {})
                                .run(combinations, earlier));
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

    /** {@return a combination in words} */
    static String inWords(TrainSettings settings) {
        return "%s, sparsity %s, seed %d"
                .formatted(settings.method(), settings.sparsity(), settings.seed());
    }
}
