package org.dl4jplasticity.experiments.dropout;

import org.dl4jplasticity.datasets.ExampleIterator;
import org.dl4jplasticity.datasets.LabeledExamples;
import org.dl4jplasticity.experiments.run.Network;
import org.nd4j.linalg.dataset.DataSet;

/**
 * The expected calibration error (Guo, Pleiss, Sun, Weinberger 2017, <em>On Calibration of Modern
 * Neural Networks</em>, eq. 3): predictions are put into bins of equal width by their confidence,
 * the probability of the class predicted, and
 *
 * <pre>
 * ECE = sum over bins of |bin| / n |accuracy(bin) - confidence(bin)|
 * </pre>
 *
 * <p>Bin m of M holds confidences in ((m - 1) / M, m / M].
 */
final class CalibrationError {
    /** Bins as the paper has them. */
    static final int BINS = 15;

    private static final int BATCH = 500;

    private final long[] counts;
    private final long[] correct;
    private final double[] confidences;
    private long predictions;

    /**
     * An error of no prediction yet.
     *
     * @param bins at least 1
     */
    CalibrationError(int bins) {
        counts = new long[bins];
        correct = new long[bins];
        confidences = new double[bins];
    }

    /** {@return the error of a network at inference, in [0, 1]} */
    static double of(Network network, LabeledExamples examples) {
        CalibrationError error = new CalibrationError(BINS);
        ExampleIterator batches = examples.iterator(BATCH).reusingArrays();
        while (batches.hasNext()) {
            DataSet batch = batches.next();
            double[][] probabilities = network.output(batch.getFeatures()).toDoubleMatrix();
            int[] own = batch.getLabels().argMax(1).toIntVector();
            for (int i = 0; i < own.length; i++) {
                error.add(probabilities[i], own[i]);
            }
        }
        return error.value();
    }

    /** Adds a prediction: of equal probabilities the first class counts as the one predicted. */
    void add(double[] probabilities, int own) {
        int predicted = 0;
        for (int i = 1; i < probabilities.length; i++) {
            predicted = probabilities[i] > probabilities[predicted] ? i : predicted;
        }
        add(probabilities[predicted], predicted == own);
    }

    /**
     * Adds a prediction.
     *
     * @param confidence in [0, 1], or beyond by rounding
     * @param isCorrect whether the class predicted is the example's
     */
    void add(double confidence, boolean isCorrect) {
        int bin = (int) Math.ceil(confidence * counts.length) - 1;
        int inRange = Math.min(Math.max(bin, 0), counts.length - 1);
        counts[inRange]++;
        confidences[inRange] += confidence;
        correct[inRange] += isCorrect ? 1 : 0;
        predictions++;
    }

    /** {@return the error of the predictions so far, in [0, 1]; NaN if there is none} */
    double value() {
        double sum = 0;
        for (int bin = 0; bin < counts.length; bin++) {
            // |bin| |accuracy - confidence|, both being means over the bin
            sum += Math.abs(correct[bin] - confidences[bin]);
        }
        return sum / predictions;
    }
}
