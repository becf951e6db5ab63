package org.dl4jplasticity.experiments.run;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Figures of runs that differ in their seed. What can't be told, because there is no figure or a
 * single one, is null.
 *
 * @param size how many figures there are
 * @param mean of them, or null
 * @param standardDeviation of the sample, n - 1 under the root, or null
 * @param min the least, or null
 * @param max the largest, or null
 */
public record Sample(int size, Double mean, Double standardDeviation, Double min, Double max) {

    /** {@return the sample of some figures} */
    public static Sample of(List<Double> figures) {
        double[] sorted = figures.stream().mapToDouble(it -> it).sorted().toArray();
        int n = sorted.length;
        return new Sample(
                n,
                n == 0 ? null : mean(sorted),
                n < 2 ? null : standardDeviation(sorted),
                n == 0 ? null : sorted[0],
                n == 0 ? null : sorted[n - 1]);
    }

    private static double mean(double[] values) {
        return Arrays.stream(values).sum() / values.length;
    }

    private static double standardDeviation(double[] values) {
        double mean = mean(values);
        double squares = Arrays.stream(values).map(x -> (x - mean) * (x - mean)).sum();
        return Math.sqrt(squares / (values.length - 1));
    }

    /** {@return the standard error of the mean, or null} */
    public Double standardError() {
        return standardDeviation == null ? null : standardDeviation / Math.sqrt(size);
    }

    /** {@return shares as percent ± percent; "failed" if there are none} */
    public String inPercent() {
        return told(100, "%.2f");
    }

    /** {@return mean ± deviation in a format for each; "failed" if there are none} */
    public String told(double factor, String format) {
        if (size == 0) {
            return "failed";
        }
        return number(factor * mean, format)
                + (standardDeviation == null
                        ? ""
                        : " ± " + number(factor * standardDeviation, format));
    }

    private static String number(double value, String format) {
        return String.format(Locale.ROOT, format, value);
    }
}
