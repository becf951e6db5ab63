package org.dl4jplasticity.datasets;

import java.io.Serializable;

/**
 * Shifts and scales each feature to mean 0 and standard deviation 1, as measured on the examples it
 * was fitted to: {@code (x - mean) / deviation}. Fit it to the training part and use it for every
 * other part too. A feature that never varies in the examples fitted to is only shifted.
 *
 * <pre>{@code
 * Standardization fitted = Standardization.of(train);
 * train = train.standardized(fitted);
 * test = test.standardized(fitted);
 * }</pre>
 */
public final class Standardization implements Serializable {

    private static final long serialVersionUID = 1L;

    private final float[] means;
    private final float[] deviations;

    private Standardization(float[] means, float[] deviations) {
        this.means = means;
        this.deviations = deviations;
    }

    /**
     * Measures each feature's mean and population standard deviation (division by the number of
     * examples), by Welford's updating formulas in double precision.
     *
     * @param examples the training examples
     * @return the standardization fitted to them
     */
    public static Standardization of(LabeledExamples examples) {
        int features = examples.features();
        double[] mean = new double[features];
        double[] squares = new double[features];
        float[] row = new float[features];
        for (int i = 0; i < examples.size(); i++) {
            examples.copyValues(i, row, 0);
            for (int f = 0; f < features; f++) {
                double before = row[f] - mean[f];
                mean[f] += before / (i + 1);
                squares[f] += before * (row[f] - mean[f]);
            }
        }
        float[] means = new float[features];
        float[] deviations = new float[features];
        for (int f = 0; f < features; f++) {
            means[f] = (float) mean[f];
            float deviation = (float) Math.sqrt(squares[f] / examples.size());
            deviations[f] = deviation > 0 ? deviation : 1;
        }
        return new Standardization(means, deviations);
    }

    /**
     * How many features it was fitted to.
     *
     * @return features of an example, at least 1
     */
    public int features() {
        return means.length;
    }

    /**
     * The mean that is taken from a feature.
     *
     * @param feature index of the feature, in [0, features)
     * @return its mean in the examples fitted to
     */
    public float mean(int feature) {
        return means[feature];
    }

    /**
     * The standard deviation a feature is divided by.
     *
     * @param feature index of the feature, in [0, features)
     * @return its standard deviation in the examples fitted to, or 1 where that was 0
     */
    public float deviation(int feature) {
        return deviations[feature];
    }

    /** Standardizes {@code values[offset .. offset + features)} in place. */
    void apply(float[] values, int offset) {
        for (int f = 0; f < means.length; f++) {
            values[offset + f] = (values[offset + f] - means[f]) / deviations[f];
        }
    }
}
