package org.dl4jplasticity.experiments.search;

import java.util.Locale;
import org.dl4jplasticity.datasets.LabeledExamples;
import org.dl4jplasticity.experiments.run.Network;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;

/**
 * The best candidate beside the default settings, on test examples that nothing was chosen by.
 *
 * @param best the number of the best candidate by validation accuracy; 0 if none beats the default
 *     settings there
 * @param testAccuracy of the best
 * @param defaultTestAccuracy of the default settings
 * @param difference of the two
 * @param standardError of the difference, from the examples that only one of the two gets right
 * @param beatsDefault whether the best is better on validation and on test examples
 */
record Verdict(
        int best,
        double testAccuracy,
        double defaultTestAccuracy,
        double difference,
        double standardError,
        boolean beatsDefault) {
    private static final int BATCH = 500;
    private static final double PERCENT = 100;

    /** As many standard errors as a difference by chance has once in twenty times. */
    private static final double NOTABLE = 2;

    /**
     * {@return the verdict on two networks}
     *
     * @param best the number of the best candidate
     * @param ofBest its network
     * @param ofDefault that of the default settings
     * @param test the examples
     */
    static Verdict of(int best, Network ofBest, Network ofDefault, LabeledExamples test) {
        long bestOnly = 0;
        long defaultOnly = 0;
        long both = 0;
        DataSetIterator batches = test.iterator(BATCH);
        while (batches.hasNext()) {
            DataSet batch = batches.next();
            int[] own = batch.getLabels().argMax(1).toIntVector();
            int[] first = ofBest.output(batch.getFeatures()).argMax(1).toIntVector();
            int[] second = ofDefault.output(batch.getFeatures()).argMax(1).toIntVector();
            for (int i = 0; i < own.length; i++) {
                boolean bestIsRight = first[i] == own[i];
                boolean defaultIsRight = second[i] == own[i];
                both += bestIsRight && defaultIsRight ? 1 : 0;
                bestOnly += bestIsRight && !defaultIsRight ? 1 : 0;
                defaultOnly += defaultIsRight && !bestIsRight ? 1 : 0;
            }
        }
        return of(best, both, bestOnly, defaultOnly, test.size());
    }

    /**
     * {@return the verdict on counts of examples} The standard error of the difference of two
     * accuracies on the same n examples, of which b and c only one gets right, is {@code sqrt(b + c
     * - (b - c)^2 / n) / n}.
     */
    static Verdict of(int best, long both, long bestOnly, long defaultOnly, long examples) {
        double n = examples;
        double difference = (bestOnly - defaultOnly) / n;
        double variance = (bestOnly + defaultOnly - n * difference * difference) / (n * n);
        return new Verdict(
                best,
                (both + bestOnly) / n,
                (both + defaultOnly) / n,
                difference,
                Math.sqrt(variance),
                best > 0 && bestOnly > defaultOnly);
    }

    /** {@return the verdict in words} */
    String sentence() {
        if (best == 0) {
            return "No candidate beat the default settings on validation examples; their test"
                    + " accuracy is %s.".formatted(percent(testAccuracy));
        }
        String figures =
                "test accuracy %s against %s, a difference of %s points with a standard error of %s"
                        .formatted(
                                percent(testAccuracy),
                                percent(defaultTestAccuracy),
                                points(difference),
                                points(standardError));
        if (!beatsDefault) {
            return "Candidate %d was the best on validation examples, but does not beat the default settings: %s."
                    .formatted(best, figures);
        }
        return "Candidate %d beats the default settings: %s%s."
                .formatted(
                        best,
                        figures,
                        difference < NOTABLE * standardError ? ", which chance may explain" : "");
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.2f %%", PERCENT * share);
    }

    private static String points(double share) {
        return String.format(Locale.ROOT, "%.2f", PERCENT * share);
    }
}
