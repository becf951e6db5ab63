package org.dl4jplasticity.experiments.grow;

import java.util.List;
import java.util.function.ToDoubleFunction;
import org.dl4jplasticity.experiments.run.Sample;

/**
 * A figure of runs that an experiment on growth tells.
 *
 * @param key its name in files
 * @param heading its name in tables
 * @param factor it is told in multiples of
 * @param format of the number told
 * @param of a run
 */
record GrowFigure(
        String key, String heading, double factor, String format, ToDoubleFunction<GrowReport> of) {

    private static final GrowFigure PARAMETERS =
            new GrowFigure("parameters", "parameters", 1, "%.0f", GrowReport::parameters);
    private static final GrowFigure GROWTHS =
            new GrowFigure("growths", "growths", 1, "%.1f", report -> report.growths().size());
    private static final GrowFigure SECONDS =
            new GrowFigure("trainSeconds", "seconds", 1, "%.0f", GrowReport::trainSeconds);

    /** The figure that arms are compared by. */
    static final GrowFigure ACCURACY =
            percent("testAccuracy", "test accuracy, %", GrowReport::testAccuracy);

    private static GrowFigure percent(String key, String heading, ToDoubleFunction<GrowReport> of) {
        return new GrowFigure(key, heading, 100, "%.2f", of);
    }

    /** {@return the figures of an experiment, in the order of its table} */
    static List<GrowFigure> of(GrowExperiment experiment) {
        return switch (experiment) {
            case START_SMALL -> List.of(ACCURACY, PARAMETERS, GROWTHS, SECONDS);
            case NEW_DATA ->
                    List.of(
                            percent(
                                    "oldTaskBefore",
                                    "old task before the switch, %",
                                    report -> report.tasks().get(0).testAccuracy()),
                            percent(
                                    "oldTask",
                                    "old task at the end, %",
                                    report -> report.tasks().get(0).finalTestAccuracy()),
                            percent(
                                    "newTask",
                                    "new task, %",
                                    report -> report.lastTask().finalTestAccuracy()),
                            PARAMETERS,
                            GROWTHS,
                            SECONDS);
            case PERMUTED ->
                    List.of(
                            percent(
                                    "testAccuracy",
                                    "accuracy, mean of tasks, %",
                                    GrowReport::testAccuracy),
                            percent(
                                    "firstTask",
                                    "first task, %",
                                    report -> report.tasks().get(0).testAccuracy()),
                            percent(
                                    "lastTask",
                                    "last task, %",
                                    report -> report.lastTask().testAccuracy()),
                            percent(
                                    "onlineAccuracy",
                                    "online, mean of tasks, %",
                                    GrowFigure::meanOnlineAccuracy),
                            new GrowFigure(
                                    "deadShare",
                                    "dead units at the end, %",
                                    100,
                                    "%.1f",
                                    report -> report.lastTask().deadShare()),
                            new GrowFigure(
                                    "effectiveRank",
                                    "effective rank at the end",
                                    1,
                                    "%.1f",
                                    report -> report.lastTask().effectiveRank()),
                            new GrowFigure(
                                    "meanAbsoluteWeight",
                                    "mean weight size at the end",
                                    1,
                                    "%.4f",
                                    report -> report.lastTask().meanAbsoluteWeight()),
                            PARAMETERS,
                            SECONDS);
        };
    }

    private static double meanOnlineAccuracy(GrowReport report) {
        return report.tasks().stream()
                .mapToDouble(GrowReport.TaskResult::onlineAccuracy)
                .average()
                .orElse(Double.NaN);
    }

    /** {@return the figure of some runs} */
    Sample sample(List<GrowReport> reports) {
        return Sample.of(reports.stream().map(of::applyAsDouble).toList());
    }

    /** {@return the figure of some runs, as a table has it} */
    String told(List<GrowReport> reports) {
        return sample(reports).told(factor, format);
    }
}
