package org.dl4jplasticity.experiments.dropout;

import java.util.Map;
import org.dl4jplasticity.experiments.run.ReportOfSettings;

/**
 * What {@code report.json} says of a run. All shares are taken at inference.
 *
 * @param testAccuracy share of test examples classified right, in [0, 1]
 * @param trainAccuracy share of the examples trained on classified right, in [0, 1]
 * @param trainTestGap the second less the first
 * @param calibrationError expected calibration error on the test examples, in [0, 1]
 * @param parameters numbers that are trained, biases and all
 * @param trainSeconds time spent in training steps, and in what the technique does between them
 * @param stepsPerSecond iterations over that time
 * @param seed the run's seed
 * @param config the run's settings by option
 */
record DropoutReport(
        double testAccuracy,
        double trainAccuracy,
        double trainTestGap,
        double calibrationError,
        long parameters,
        double trainSeconds,
        double stepsPerSecond,
        long seed,
        Map<String, Object> config)
        implements ReportOfSettings {}
