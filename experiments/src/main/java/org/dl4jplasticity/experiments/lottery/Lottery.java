package org.dl4jplasticity.experiments.lottery;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.dl4jplasticity.datasets.DatasetCatalog;
import org.dl4jplasticity.datasets.TrainTest;
import org.dl4jplasticity.experiments.run.Console;
import org.dl4jplasticity.experiments.run.HeldOut;
import org.dl4jplasticity.experiments.run.RunFolder;
import org.dl4jplasticity.experiments.train.EarlierReport;

/**
 * A lottery run: trainings of all levels, arms and seeds, each in its own folder, and figures of
 * them, which are written anew after each. A training whose report is in its folder already is
 * taken from there, and one that was under way goes on from its checkpoint.
 */
final class Lottery {
    private final LotterySettings settings;
    private final int levels;
    private final List<LotteryArm> arms;
    private final List<Long> seeds;
    private final RunFolder folder;
    private final Console console = new Console();

    /**
     * A lottery run, not yet begun.
     *
     * @param settings of all its trainings
     * @param levels how often is pruned, at least 0
     * @param arms what is trained, the ticket first
     * @param seeds at least one
     * @throws IllegalArgumentException if the folder is a file
     */
    Lottery(LotterySettings settings, int levels, List<LotteryArm> arms, List<Long> seeds) {
        this.settings = settings;
        this.levels = levels;
        this.arms = List.copyOf(arms);
        this.seeds = List.copyOf(seeds);
        folder = new RunFolder(settings.out());
    }

    /** {@return the trainings in an order in which each comes after those it needs} */
    List<LotteryCell> cells() {
        Set<LotteryCell> cells = new LinkedHashSet<>();
        for (LotteryArm arm : arms) { // first of all the tickets of all seeds
            for (long seed : seeds) {
                LotteryCell dense = new LotteryCell(settings, LotteryArm.TICKET, 0, seed);
                for (int level = 0; level <= levels; level++) {
                    cells.add(dense.of(arm, level));
                }
            }
        }
        return List.copyOf(cells);
    }

    /**
     * Trains what is not there yet.
     *
     * @return the figures of all trainings, which are in the folder as well
     * @throws IllegalArgumentException before anything is trained, if the model or the data set is
     *     unknown or a folder holds a report of other settings
     */
    LotteryTable run() {
        List<LotteryCell> cells = cells();
        cells.forEach(Lottery::earlier);
        TrainTest loaded = DatasetCatalog.load(settings.dataset(), settings.dataDir());
        HeldOut test = new HeldOut(loaded.test());
        List<LotteryReport> reports = new ArrayList<>();
        LotteryData data = null;
        long seedOfData = 0;
        for (int i = 0; i < cells.size(); i++) {
            LotteryCell cell = cells.get(i);
            Optional<LotteryReport> earlier = earlier(cell);
            console.say(
                    "%d of %d: %s%s",
                    i + 1,
                    cells.size(),
                    cell.name(),
                    earlier.isPresent() ? " is there already" : "");
            if (earlier.isEmpty() && (data == null || seedOfData != cell.seed())) {
                data = LotteryData.of(loaded, test, settings.validation(), cell.seed());
                seedOfData = cell.seed();
            }
            LotteryData ofSeed = data;
            LotteryReport report = earlier.orElseGet(() -> new LotteryRun(cell, ofSeed).run());
            tell(report);
            reports.add(report);
            if (earlier.isEmpty()) {
                write(new LotteryTable(settings, reports));
            }
        }
        LotteryTable table = new LotteryTable(settings, reports);
        write(table);
        return table;
    }

    private void write(LotteryTable table) {
        folder.write("levels.csv", table.toCsv());
        folder.write("report.json", table.toJson());
    }

    private static Optional<LotteryReport> earlier(LotteryCell cell) {
        return EarlierReport.of(cell.folder(), LotteryReport.class, cell.texts());
    }

    private void tell(LotteryReport report) {
        console.say(
                "    %.1f %% of weights, early stop at %d with %.2f %%, end %.2f %%, %.1f s"
                        + " in steps, %.1f s in all",
                100 * report.weightsRemaining(),
                report.earlyStopIteration(),
                100 * report.earlyStopTestAccuracy(),
                100 * report.finalTestAccuracy(),
                report.trainSeconds(),
                report.seconds());
    }
}
