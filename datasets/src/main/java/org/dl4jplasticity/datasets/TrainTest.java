package org.dl4jplasticity.datasets;

/**
 * A data set in its two parts.
 *
 * @param train the examples to train on
 * @param test the examples kept for measuring; same shape and classes
 */
public record TrainTest(LabeledExamples train, LabeledExamples test) {

    /**
     * Checks that the parts belong together.
     *
     * @param train the examples to train on
     * @param test the examples kept for measuring
     * @throws IllegalArgumentException if the parts differ in shape or classes
     */
    public TrainTest {
        if (!train.shape().equals(test.shape()) || !train.classNames().equals(test.classNames())) {
            throw new IllegalArgumentException(
                    "Training and test examples must have the same shape and classes, got %s with classes %s and %s with classes %s"
                            .formatted(
                                    train.shape(),
                                    train.classNames(),
                                    test.shape(),
                                    test.classNames()));
        }
    }

    /**
     * Both parts, standardized by what was measured on the training part alone.
     *
     * @return the same examples seen through {@link Standardization}
     */
    public TrainTest standardized() {
        Standardization fitted = Standardization.of(train);
        return new TrainTest(train.standardized(fitted), test.standardized(fitted));
    }
}
