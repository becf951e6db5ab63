package org.dl4jplasticity.experiments.prune;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.dl4jplasticity.datasets.DatasetCatalog;
import org.dl4jplasticity.datasets.TrainTest;
import org.dl4jplasticity.experiments.run.GivenModel;
import org.dl4jplasticity.experiments.run.RunFolder;
import org.dl4jplasticity.experiments.run.Settings;
import org.dl4jplasticity.experiments.train.EarlierReport;
import org.dl4jplasticity.experiments.train.TrainReport;

/**
 * Prunes a model by some criteria and seeds, each in a folder of its own, and makes a table. A run
 * whose report is in its folder already is taken from there, so that a comparison which was stopped
 * goes on when it is started again.
 */
final class PruneComparison {
    private final Map<PruneCriterion, List<PruneSettings>> runs = new LinkedHashMap<>();
    private final PruneSettings first;
    private final RunFolder folder;

    /**
     * A comparison, not yet begun.
     *
     * @param runs their settings, at least one, of one model and one data set
     * @param folder where the table goes
     */
    PruneComparison(List<PruneSettings> runs, RunFolder folder) {
        for (PruneSettings run : runs) {
            this.runs.computeIfAbsent(run.criterion(), name -> new ArrayList<>()).add(run);
        }
        first = runs.get(0);
        this.folder = folder;
    }

    /**
     * Runs what is not there yet, writes {@code table.md} and {@code report.json}, and returns the
     * table.
     *
     * @throws IllegalArgumentException before anything is pruned, if model and data set don't fit
     *     or a folder holds a report of other settings
     */
    PruneTable run() {
        TrainTest data = DatasetCatalog.load(first.dataset(), first.dataDir());
        GivenModel model = new GivenModel(first.model());
        model.requireFit(model.load(), data.test(), first.dataset());
        List<PruneTable.Row> rows = new ArrayList<>();
        runs.values().forEach(some -> some.forEach(PruneComparison::earlier));
        runs.forEach((criterion, settings) -> rows.add(row(criterion, settings, data)));
        PruneTable table = new PruneTable(rows);
        if (rows.stream().anyMatch(row -> !row.reports().isEmpty())) {
            folder.write("table.md", table.toMarkdown());
            folder.write("report.json", TrainReport.json(Map.of("rows", rows(table))));
        }
        return table;
    }

    /** Whatever goes wrong with one run is kept for the end; the others still run. */
    private static PruneTable.Row row(
            PruneCriterion criterion, List<PruneSettings> runs, TrainTest data) {
        List<PruneReport> reports = new ArrayList<>();
        List<PruneTable.Failed> failures = new ArrayList<>();
        for (PruneSettings settings : runs) {
            try {
                Optional<PruneReport> earlier = earlier(settings);
                earlier.ifPresent(report -> PruneConsole.isThere(settings));
                reports.add(earlier.orElseGet(() -> new PruneRun(settings, data).run()));
            } catch (RuntimeException e) {
                failures.add(new PruneTable.Failed(settings.seed(), e));
            }
        }
        return new PruneTable.Row(criterion, reports, failures);
    }

    private static Optional<PruneReport> earlier(PruneSettings settings) {
        return EarlierReport.of(
                settings.out(),
                PruneReport.class,
                Settings.texts(settings.config(), settings.seed()));
    }

    private static List<Map<String, Object>> rows(PruneTable table) {
        List<Map<String, Object>> rows = new ArrayList<>();
        for (PruneTable.Row row : table.rows()) {
            Map<String, Object> figures = new LinkedHashMap<>();
            figures.put("criterion", row.criterion());
            figures.put("accuracyPruned", row.sample(PruneReport::accuracyPruned));
            figures.put("testAccuracy", row.sample(PruneReport::testAccuracy));
            figures.put("runs", row.reports());
            figures.put(
                    "failures",
                    row.failures().stream().map(each -> each.cause().getMessage()).toList());
            rows.add(figures);
        }
        return rows;
    }
}
