package org.dl4jplasticity.experiments.prune;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import org.dl4jplasticity.experiments.run.Sample;

/**
 * What some criteria came to on the same model.
 *
 * @param rows one for each criterion, in the order asked for
 */
record PruneTable(List<Row> rows) {

    PruneTable {
        rows = List.copyOf(rows);
    }

    /**
     * A run that came to nothing.
     *
     * @param seed of the run
     * @param cause why
     */
    record Failed(long seed, RuntimeException cause) {}

    /**
     * The runs of one criterion.
     *
     * @param criterion what was chosen by
     * @param reports of the runs that went through, by seed
     * @param failures those that didn't
     */
    record Row(PruneCriterion criterion, List<PruneReport> reports, List<Failed> failures) {

        Row {
            reports = List.copyOf(reports);
            failures = List.copyOf(failures);
        }

        Sample sample(ToDoubleFunction<PruneReport> figure) {
            return Sample.of(reports.stream().map(figure::applyAsDouble).toList());
        }
    }

    /** {@return the table as Markdown, the model as given in the first row} */
    String toMarkdown() {
        StringBuilder text = new StringBuilder();
        List<String> batches =
                rows.stream()
                        .flatMap(row -> row.reports().stream())
                        .findFirst()
                        .map(PruneTable::batches)
                        .orElse(List.of());
        List<String> heading =
                new ArrayList<>(
                        List.of(
                                "criterion",
                                "accuracy pruned, %",
                                "retrained, %",
                                "parameters",
                                "active weights",
                                "kFLOPs per example",
                                "file, kB"));
        batches.forEach(
                batch -> heading.add("times as fast, batch %s: median, minimum".formatted(batch)));
        heading.addAll(List.of("seconds pruning", "retraining"));
        text.append(line(heading)).append("|---".repeat(heading.size())).append("|\n");
        rows.stream()
                .flatMap(row -> row.reports().stream())
                .findFirst()
                .ifPresent(any -> text.append(asGiven(any, batches.size())));
        rows.forEach(row -> text.append(line(cells(row, batches.size()))));
        return text.toString();
    }

    private static List<String> batches(PruneReport report) {
        return report.inference().stream().map(each -> String.valueOf(each.batch())).toList();
    }

    private static String asGiven(PruneReport any, int batches) {
        List<String> cells =
                new ArrayList<>(
                        List.of(
                                "as given",
                                "",
                                number("%.2f", 100 * any.accuracyBefore()),
                                number("%.0f", (double) any.before().parameters()),
                                number("%.0f", (double) any.before().activeWeights()),
                                number("%.1f", any.before().flops() / 1e3),
                                number("%.0f", any.before().fileBytes() / 1e3)));
        for (int i = 0; i < batches; i++) {
            cells.add("1");
        }
        cells.addAll(List.of("", ""));
        return line(cells);
    }

    private static List<String> cells(Row row, int batches) {
        List<String> cells =
                new ArrayList<>(
                        List.of(
                                row.criterion().toString(),
                                row.sample(PruneReport::accuracyPruned).inPercent(),
                                row.sample(PruneReport::testAccuracy).inPercent(),
                                mean(row, "%.0f", report -> report.after().parameters()),
                                mean(row, "%.0f", PruneReport::activeWeights),
                                mean(row, "%.1f", report -> report.after().flops() / 1e3),
                                mean(row, "%.0f", report -> report.after().fileBytes() / 1e3)));
        for (int i = 0; i < batches; i++) {
            int place = i;
            cells.add(
                    mean(row, "%.2f", report -> report.inference().get(place).timesAsFast())
                            + ", "
                            + mean(
                                    row,
                                    "%.2f",
                                    report -> report.inference().get(place).timesAsFastAtBest()));
        }
        cells.add(mean(row, "%.1f", PruneReport::pruneSeconds));
        cells.add(mean(row, "%.0f", PruneReport::trainSeconds));
        return cells;
    }

    private static String mean(Row row, String format, ToDoubleFunction<PruneReport> figure) {
        Double mean = row.sample(figure).mean();
        return mean == null ? "failed" : number(format, mean);
    }

    private static String number(String format, double value) {
        return String.format(Locale.ROOT, format, value);
    }

    private static String line(List<String> cells) {
        return "| " + String.join(" | ", cells) + " |\n";
    }
}
