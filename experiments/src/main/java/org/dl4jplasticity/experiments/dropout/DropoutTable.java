package org.dl4jplasticity.experiments.dropout;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import org.dl4jplasticity.experiments.run.Outcome;
import org.dl4jplasticity.experiments.run.Sample;
import org.dl4jplasticity.experiments.train.TrainReport;

/** What a comparison found: a row for each technique, means and deviations over the seeds. */
final class DropoutTable {
    private static final double PERCENT = 100;

    private final List<Outcome<DropoutSettings, DropoutReport>> outcomes;

    /**
     * A table.
     *
     * @param outcomes of at least one run; they differ in technique and seed only
     */
    DropoutTable(List<Outcome<DropoutSettings, DropoutReport>> outcomes) {
        this.outcomes = List.copyOf(outcomes);
    }

    /**
     * The runs of one technique.
     *
     * @param technique its name
     * @param citation who described it
     * @param note what a reader must know
     * @param seeds runs that went through
     * @param failed runs that did not
     * @param testAccuracy in [0, 1]
     * @param calibrationError in [0, 1]
     * @param trainTestGap accuracy on training less that on test examples, in [-1, 1]
     * @param trainSeconds of a run
     * @param parameters of a network
     */
    record Row(
            String technique,
            String citation,
            String note,
            int seeds,
            int failed,
            Sample testAccuracy,
            Sample calibrationError,
            Sample trainTestGap,
            Sample trainSeconds,
            Sample parameters) {

        static Row of(
                DropoutTechnique technique,
                List<Outcome<DropoutSettings, DropoutReport>> outcomes) {
            List<DropoutReport> reports = Outcome.reports(outcomes);
            return new Row(
                    technique.toString(),
                    technique.citation(),
                    technique.note(),
                    reports.size(),
                    outcomes.size() - reports.size(),
                    sample(reports, DropoutReport::testAccuracy),
                    sample(reports, DropoutReport::calibrationError),
                    sample(reports, DropoutReport::trainTestGap),
                    sample(reports, DropoutReport::trainSeconds),
                    sample(reports, DropoutReport::parameters));
        }

        private static Sample sample(
                List<DropoutReport> reports, ToDoubleFunction<DropoutReport> figure) {
            return Sample.of(reports.stream().map(figure::applyAsDouble).toList());
        }
    }

    /** {@return a row for each technique, in the order of the runs} */
    List<Row> rows() {
        return outcomes.stream()
                .map(outcome -> outcome.settings().technique())
                .distinct()
                .map(
                        technique ->
                                Row.of(
                                        technique,
                                        chosen(run -> run.settings().technique() == technique)))
                .toList();
    }

    /** {@return the runs that did not go through} */
    List<Outcome.Failed<DropoutSettings, DropoutReport>> failures() {
        return Outcome.failures(outcomes);
    }

    /** {@return the table for people, and below it notes and the settings that all runs share} */
    String toMarkdown() {
        StringBuilder text =
                new StringBuilder(
                        "| technique | source | test accuracy, % | against none, points"
                                + " | calibration error, % | train/test gap, points | seconds"
                                + " | parameters | seeds |\n");
        text.append("|---".repeat(9)).append("|\n");
        rows().forEach(row -> text.append(line(row)));
        text.append(
                "\nMeans%s over the seeds %s. Calibration error: expected, over %d bins, on test examples. Gap: accuracy on training examples less that on test examples, both at inference. Seconds: in training.\n"
                        .formatted(
                                seeds().size() > 1 ? " ± sample standard deviation" : "",
                                joined(seeds()),
                                CalibrationError.BINS));
        rows().stream()
                .filter(row -> !row.note().isEmpty())
                .forEach(
                        row ->
                                text.append(
                                        "Technique %s: %s.\n"
                                                .formatted(row.technique(), row.note())));
        return text.append("Settings: %s.\n".formatted(sharedInWords())).toString();
    }

    private String line(Row row) {
        return "| %s | %s | %s | %s | %s | %s | %s | %s | %s |\n"
                .formatted(
                        row.technique(),
                        row.citation(),
                        row.testAccuracy().inPercent(),
                        againstNone(row),
                        row.calibrationError().inPercent(),
                        row.trainTestGap().inPercent(),
                        row.trainSeconds().told(1, "%.1f"),
                        row.seeds() == 0
                                ? "failed"
                                : String.format(Locale.ROOT, "%,.0f", row.parameters().mean()),
                        row.failed() == 0
                                ? String.valueOf(row.seeds())
                                : "%d of %d".formatted(row.seeds(), row.seeds() + row.failed()));
    }

    /** {@return how much more accurate a technique is than none, in points; empty if unknown} */
    private String againstNone(Row row) {
        Double none =
                Row.of(
                                DropoutTechnique.NONE,
                                chosen(run -> run.settings().technique() == DropoutTechnique.NONE))
                        .testAccuracy()
                        .mean();
        boolean isTold = none != null && row.seeds() > 0 && !row.technique().equals("none");
        return isTold
                ? String.format(Locale.ROOT, "%+.2f", PERCENT * (row.testAccuracy().mean() - none))
                : "";
    }

    /** {@return a line for each run; one that failed has its sentence instead of figures} */
    String toCsv() {
        StringBuilder text =
                new StringBuilder(
                        "technique,seed,testAccuracy,trainAccuracy,trainTestGap,calibrationError,"
                                + "parameters,trainSeconds,failure\n");
        for (Outcome<DropoutSettings, DropoutReport> outcome : outcomes) {
            DropoutSettings settings = outcome.settings();
            text.append(
                    "%s,%d,%s\n"
                            .formatted(settings.technique(), settings.seed(), figures(outcome)));
        }
        return text.toString();
    }

    private static String figures(Outcome<DropoutSettings, DropoutReport> outcome) {
        if (outcome instanceof Outcome.Failed<DropoutSettings, DropoutReport> failed) {
            return ",,,,,,\"%s\"".formatted(failed.sentence().replace("\"", "\"\""));
        }
        DropoutReport report = ((Outcome.Done<DropoutSettings, DropoutReport>) outcome).report();
        return "%s,%s,%s,%s,%d,%s,"
                .formatted(
                        report.testAccuracy(),
                        report.trainAccuracy(),
                        report.trainTestGap(),
                        report.calibrationError(),
                        report.parameters(),
                        report.trainSeconds());
    }

    /** {@return the settings that all runs share, the rows, the runs and the failures} */
    String toJson() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("config", outcomes.get(0).settings().shared());
        json.put("seeds", seeds());
        json.put("techniques", rows());
        json.put("runs", Outcome.reports(outcomes));
        json.put("failures", failures().stream().map(Outcome.Failed::sentence).toList());
        return TrainReport.json(json);
    }

    private List<Outcome<DropoutSettings, DropoutReport>> chosen(
            Predicate<Outcome<DropoutSettings, DropoutReport>> which) {
        return outcomes.stream().filter(which).toList();
    }

    private List<Long> seeds() {
        return outcomes.stream().map(outcome -> outcome.settings().seed()).distinct().toList();
    }

    private String sharedInWords() {
        return outcomes.get(0).settings().shared().entrySet().stream()
                .map(setting -> setting.getKey() + " " + setting.getValue())
                .collect(Collectors.joining(", "));
    }

    private static String joined(List<?> values) {
        return values.stream().map(String::valueOf).collect(Collectors.joining(", "));
    }
}
