package org.dl4jplasticity.experiments.grow;

import java.util.List;
import java.util.Map;
import org.dl4jplasticity.experiments.run.ReportOfSettings;
import org.dl4jplasticity.growth.Growth;

/**
 * What {@code report.json} says of one run of an experiment on growth. Accuracies and shares are in
 * [0, 1].
 *
 * @param testAccuracy the mean over the tasks of the test accuracy at the end of each
 * @param widths units at the end of the layers that can grow, by id
 * @param parameters of the network at the end, biases and all
 * @param trainSeconds spent in training, growth included, validation left out
 * @param tasks what came of each task
 * @param curve a point for each epoch
 * @param growths what was added, oldest first
 * @param seed the run's seed
 * @param config the run's settings by option
 */
record GrowReport(
        double testAccuracy,
        Map<String, Integer> widths,
        long parameters,
        double trainSeconds,
        List<TaskResult> tasks,
        List<Point> curve,
        List<Growth> growths,
        long seed,
        Map<String, Object> config)
        implements ReportOfSettings {

    /**
     * What came of a task.
     *
     * @param name what it is called
     * @param testAccuracy on its test examples, at its end
     * @param finalTestAccuracy on its test examples, at the end of the run
     * @param onlineAccuracy on each batch just before it was trained on; null where there is one
     *     task
     * @param deadShare of hidden units at its end, by test examples
     * @param dormantShare of hidden units, of a score of at most 0.025
     * @param effectiveRanks of what each hidden layer puts out
     * @param effectiveRank their mean
     * @param meanAbsoluteWeight of all weights
     * @param parameters at its end
     */
    record TaskResult(
            String name,
            double testAccuracy,
            double finalTestAccuracy,
            Double onlineAccuracy,
            double deadShare,
            double dormantShare,
            List<Double> effectiveRanks,
            double effectiveRank,
            double meanAbsoluteWeight,
            long parameters) {

        TaskResult withFinalTestAccuracy(double accuracy) {
            return new TaskResult(
                    name,
                    testAccuracy,
                    accuracy,
                    onlineAccuracy,
                    deadShare,
                    dormantShare,
                    effectiveRanks,
                    effectiveRank,
                    meanAbsoluteWeight,
                    parameters);
        }
    }

    /**
     * The end of an epoch.
     *
     * @param epoch counted from 1 over all tasks
     * @param iteration iterations done
     * @param task counted from 1
     * @param loss the epoch's mean training loss
     * @param validationAccuracy on the task's validation examples
     * @param widths of the layers that can grow, joined by '-'
     * @param parameters of the network
     * @param trainSeconds so far
     */
    record Point(
            int epoch,
            long iteration,
            int task,
            double loss,
            double validationAccuracy,
            String widths,
            long parameters,
            double trainSeconds) {}

    /** {@return the last task's result} */
    TaskResult lastTask() {
        return tasks.get(tasks.size() - 1);
    }

    /** {@return the curve as CSV} */
    String curveAsCsv() {
        StringBuilder csv =
                new StringBuilder(
                        "epoch,iteration,task,loss,validationAccuracy,widths,parameters,"
                                + "trainSeconds\n");
        for (Point point : curve) {
            csv.append(
                    "%d,%d,%d,%s,%s,%s,%d,%s\n"
                            .formatted(
                                    point.epoch(),
                                    point.iteration(),
                                    point.task(),
                                    point.loss(),
                                    point.validationAccuracy(),
                                    point.widths(),
                                    point.parameters(),
                                    point.trainSeconds()));
        }
        return csv.toString();
    }

    /** {@return the growths as CSV} */
    String growthsAsCsv() {
        StringBuilder csv = new StringBuilder("iteration,epoch,layer,width,added,cause\n");
        for (Growth growth : growths) {
            csv.append(
                    "%d,%d,%s,%d,%d,%s\n"
                            .formatted(
                                    growth.iteration(),
                                    growth.epoch(),
                                    growth.layerId(),
                                    growth.width(),
                                    growth.added(),
                                    growth.cause()));
        }
        return csv.toString();
    }
}
