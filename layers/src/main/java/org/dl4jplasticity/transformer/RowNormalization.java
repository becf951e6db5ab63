package org.dl4jplasticity.transformer;

/**
 * Layer normalization (Ba, Kiros, Hinton 2016, arXiv:1607.06450) of the rows of a matrix in 'c'
 * order: each row gets mean 0 and variance 1, then a gain and an offset per column.
 */
final class RowNormalization {
    private static final double EPSILON = 1e-5;

    private final int columns;
    private final double[] standard;
    private final double[] inverseDeviations;

    /** Normalizes rows, without gain and offset yet. */
    RowNormalization(double[] rows, int columns) {
        this.columns = columns;
        this.standard = new double[rows.length];
        this.inverseDeviations = new double[rows.length / columns];
        for (int row = 0; row < inverseDeviations.length; row++) {
            int from = row * columns;
            double mean = 0;
            for (int i = 0; i < columns; i++) {
                mean += rows[from + i] / columns;
            }
            double variance = 0;
            for (int i = 0; i < columns; i++) {
                double difference = rows[from + i] - mean;
                variance += difference * difference / columns;
            }
            inverseDeviations[row] = 1 / Math.sqrt(variance + EPSILON);
            for (int i = 0; i < columns; i++) {
                standard[from + i] = (rows[from + i] - mean) * inverseDeviations[row];
            }
        }
    }

    /** {@return the rows with gain and offset} */
    double[] scaled(double[] gain, double[] offset) {
        double[] result = new double[standard.length];
        for (int i = 0; i < result.length; i++) {
            result[i] = standard[i] * gain[i % columns] + offset[i % columns];
        }
        return result;
    }

    /**
     * {@return the gradient at the rows given}
     *
     * @param gradient at what {@link #scaled} returned
     * @param gain as it was there
     * @param ofGain to which the gradient of the gain is added
     * @param ofOffset to which the gradient of the offset is added
     */
    double[] backward(double[] gradient, double[] gain, double[] ofGain, double[] ofOffset) {
        double[] result = new double[gradient.length];
        for (int row = 0; row < inverseDeviations.length; row++) {
            int from = row * columns;
            double mean = 0;
            double along = 0; // the part that would change the deviation
            for (int i = 0; i < columns; i++) {
                double inner = gradient[from + i] * gain[i];
                ofGain[i] += gradient[from + i] * standard[from + i];
                ofOffset[i] += gradient[from + i];
                mean += inner / columns;
                along += inner * standard[from + i] / columns;
            }
            for (int i = 0; i < columns; i++) {
                double inner = gradient[from + i] * gain[i];
                result[from + i] =
                        (inner - mean - standard[from + i] * along) * inverseDeviations[row];
            }
        }
        return result;
    }
}
