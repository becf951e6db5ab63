package org.dl4jplasticity.experiments.lottery;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import org.dl4jplasticity.experiments.run.Sample;
import org.dl4jplasticity.experiments.train.TrainReport;

/**
 * Figures of a lottery run.
 *
 * @param settings of all trainings
 * @param reports of the trainings that are done, at least one
 */
record LotteryTable(LotterySettings settings, List<LotteryReport> reports) {

    LotteryTable {
        reports = List.copyOf(reports);
    }

    /**
     * The trainings of one arm and level, over seeds.
     *
     * @param arm what was trained
     * @param level how often was pruned
     * @param weightsRemaining the share of the weights that was trained
     * @param earlyStopIteration the iteration of least validation loss
     * @param earlyStopTestAccuracy test accuracy there
     * @param finalTestAccuracy test accuracy at the end
     * @param trainSeconds spent in training steps
     */
    record Row(
            String arm,
            int level,
            double weightsRemaining,
            Sample earlyStopIteration,
            Sample earlyStopTestAccuracy,
            Sample finalTestAccuracy,
            Sample trainSeconds) {

        static Row of(List<LotteryReport> reports) {
            return new Row(
                    reports.get(0).arm(),
                    reports.get(0).level(),
                    reports.get(0).weightsRemaining(),
                    sample(reports, LotteryReport::earlyStopIteration),
                    sample(reports, LotteryReport::earlyStopTestAccuracy),
                    sample(reports, LotteryReport::finalTestAccuracy),
                    sample(reports, LotteryReport::trainSeconds));
        }

        private static Sample sample(
                List<LotteryReport> reports, ToDoubleFunction<LotteryReport> figure) {
            return Sample.of(reports.stream().map(figure::applyAsDouble).toList());
        }
    }

    /**
     * A sentence on what the figures say.
     *
     * @param arm what is compared, at a level
     * @param with the other, at the same level or "dense"
     * @param level how often was pruned
     * @param earlierShare how much earlier the arm stops, as a share of the other's iterations
     * @param earlyStopAccuracyGain test accuracy at the early stop, less that of the other
     * @param finalAccuracyGain test accuracy at the end, less that of the other
     * @param sentence the same in words
     */
    record Comparison(
            String arm,
            String with,
            int level,
            double earlierShare,
            double earlyStopAccuracyGain,
            double finalAccuracyGain,
            String sentence) {

        static Comparison of(Row row, Row other) {
            String with = other.level() == 0 ? "dense" : other.arm();
            double earlier =
                    1 - row.earlyStopIteration().mean() / other.earlyStopIteration().mean();
            double gain = row.earlyStopTestAccuracy().mean() - other.earlyStopTestAccuracy().mean();
            double atEnd = row.finalTestAccuracy().mean() - other.finalTestAccuracy().mean();
            return new Comparison(
                    row.arm(),
                    with,
                    row.level(),
                    earlier,
                    gain,
                    atEnd,
                    String.format(
                            Locale.ROOT,
                            "%s at %.1f %% of the weights stops %.0f %% %s than %s, %+.2f points"
                                    + " of test accuracy there and %+.2f at the end",
                            row.arm(),
                            100 * row.weightsRemaining(),
                            100 * Math.abs(earlier),
                            earlier >= 0 ? "earlier" : "later",
                            with,
                            100 * gain,
                            100 * atEnd));
        }
    }

    /** {@return the rows by arm, each arm's by level} */
    List<Row> rows() {
        Map<String, List<LotteryReport>> groups = new LinkedHashMap<>();
        for (LotteryReport report : reports) {
            groups.computeIfAbsent(report.arm() + " " + report.level(), name -> new ArrayList<>())
                    .add(report);
        }
        return groups.values().stream().map(Row::of).toList();
    }

    /** {@return the rows of an arm by level, the dense network's first} */
    List<Row> rows(String arm) {
        return rows().stream().filter(row -> row.level() == 0 || row.arm().equals(arm)).toList();
    }

    /** {@return the arms that there are figures of, the ticket first} */
    List<String> arms() {
        return reports.stream().map(LotteryReport::arm).distinct().toList();
    }

    /** {@return every level against the dense network, and tickets against the other arms} */
    List<Comparison> comparisons() {
        List<Row> rows = rows();
        List<Comparison> all = new ArrayList<>();
        for (Row row : rows) {
            if (row.level() > 0) {
                find(rows, LotteryArm.TICKET.toString(), 0)
                        .ifPresent(dense -> all.add(Comparison.of(row, dense)));
            }
        }
        for (Row row : rows) {
            if (row.level() > 0 && !row.arm().equals(LotteryArm.TICKET.toString())) {
                find(rows, LotteryArm.TICKET.toString(), row.level())
                        .ifPresent(ticket -> all.add(Comparison.of(ticket, row)));
            }
        }
        return all;
    }

    private static Optional<Row> find(List<Row> rows, String arm, int level) {
        return rows.stream()
                .filter(row -> row.arm().equals(arm) && row.level() == level)
                .findFirst();
    }

    /** {@return seconds spent on everything} */
    double seconds() {
        return reports.stream().mapToDouble(LotteryReport::seconds).sum();
    }

    /** {@return a line for each training} */
    String toCsv() {
        StringBuilder csv =
                new StringBuilder(
                        "arm,level,seed,activeWeights,totalWeights,weightsRemaining,"
                                + "earlyStopIteration,minValidationLoss,earlyStopTestAccuracy,"
                                + "finalIteration,finalTestAccuracy,trainSeconds,seconds\n");
        for (LotteryReport each : reports) {
            csv.append(
                    "%s,%d,%d,%d,%d,%s,%d,%s,%s,%d,%s,%s,%s\n"
                            .formatted(
                                    each.arm(),
                                    each.level(),
                                    each.seed(),
                                    each.activeWeights(),
                                    each.totalWeights(),
                                    each.weightsRemaining(),
                                    each.earlyStopIteration(),
                                    each.minValidationLoss(),
                                    each.earlyStopTestAccuracy(),
                                    each.finalIteration(),
                                    each.finalTestAccuracy(),
                                    each.trainSeconds(),
                                    each.seconds()));
        }
        return csv.toString();
    }

    /** {@return the seeds that there are figures of} */
    List<Long> seeds() {
        return reports.stream().map(LotteryReport::seed).distinct().toList();
    }

    /** {@return everything but the curves, which are in the folders of the trainings} */
    String toJson() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("config", settings.config());
        json.put("seeds", seeds());
        json.put("seconds", seconds());
        json.put("levels", rows());
        json.put("comparisons", comparisons());
        json.put("runs", reports.stream().map(LotteryTable::withoutCurve).toList());
        return TrainReport.json(json);
    }

    private static Map<String, Object> withoutCurve(LotteryReport report) {
        Map<String, Object> run = new LinkedHashMap<>();
        run.put("arm", report.arm());
        run.put("level", report.level());
        run.put("seed", report.seed());
        run.put("activeWeights", report.activeWeights());
        run.put("totalWeights", report.totalWeights());
        run.put("weightsRemaining", report.weightsRemaining());
        run.put("earlyStopIteration", report.earlyStopIteration());
        run.put("minValidationLoss", report.minValidationLoss());
        run.put("earlyStopTestAccuracy", report.earlyStopTestAccuracy());
        run.put("finalTestAccuracy", report.finalTestAccuracy());
        run.put("trainSeconds", report.trainSeconds());
        run.put("seconds", report.seconds());
        return run;
    }
}
