package org.dl4jplasticity.experiments.lottery;

import java.util.List;
import java.util.Map;
import org.dl4jplasticity.experiments.run.Network;
import org.dl4jplasticity.experiments.run.ReportOfSettings;

/**
 * What one training of a lottery run came to.
 *
 * @param arm what was trained
 * @param level how often was pruned
 * @param seed of the run
 * @param activeWeights weights that were trained, biases left out
 * @param totalWeights weights of the dense network
 * @param weightsRemaining the share of them, in (0, 1]
 * @param earlyStopIteration the iteration of least validation loss
 * @param minValidationLoss that loss, the mean over examples
 * @param earlyStopValidationAccuracy share of the validation examples classified right there
 * @param earlyStopTestAccuracy share of the test examples classified right there
 * @param finalIteration the last iteration
 * @param finalValidationLoss the loss at the end
 * @param finalTestAccuracy share of the test examples classified right at the end
 * @param trainSeconds time spent in training steps
 * @param seconds time spent altogether, looks at validation and test examples and files included
 * @param layers weights by layer
 * @param curve what was seen on the way
 * @param config the run's settings
 */
record LotteryReport(
        String arm,
        int level,
        long seed,
        long activeWeights,
        long totalWeights,
        double weightsRemaining,
        int earlyStopIteration,
        double minValidationLoss,
        double earlyStopValidationAccuracy,
        double earlyStopTestAccuracy,
        int finalIteration,
        double finalValidationLoss,
        double finalTestAccuracy,
        double trainSeconds,
        double seconds,
        List<Network.LayerWeights> layers,
        List<Point> curve,
        Map<String, Object> config)
        implements ReportOfSettings {

    /** As the cell gives them. */
    @Override
    public Map<String, String> texts() {
        Map<String, String> texts = ReportOfSettings.super.texts();
        texts.put("arm", arm);
        texts.put("level", String.valueOf(level));
        return texts;
    }

    /**
     * One look at the validation examples.
     *
     * @param iteration iterations done, those before the rewind point included
     * @param validationLoss mean over examples
     * @param validationAccuracy share classified right
     * @param testAccuracy the same of the test examples; null where the validation loss was no new
     *     minimum
     * @param trainSeconds spent in training steps so far
     */
    record Point(
            int iteration,
            double validationLoss,
            double validationAccuracy,
            Double testAccuracy,
            double trainSeconds) {}

    /** {@return the curve as a table} */
    String curveAsCsv() {
        StringBuilder csv =
                new StringBuilder(
                        "iteration,validationLoss,validationAccuracy,testAccuracy,trainSeconds\n");
        for (Point point : curve) {
            csv.append(
                    "%d,%s,%s,%s,%s\n"
                            .formatted(
                                    point.iteration(),
                                    point.validationLoss(),
                                    point.validationAccuracy(),
                                    point.testAccuracy() == null ? "" : point.testAccuracy(),
                                    point.trainSeconds()));
        }
        return csv.toString();
    }
}
