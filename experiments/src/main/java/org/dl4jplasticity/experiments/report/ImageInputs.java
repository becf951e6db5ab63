package org.dl4jplasticity.experiments.report;

import java.util.Optional;

/**
 * The image that inputs stand for.
 *
 * @param channels of the image, one after the other
 * @param height in pixels
 * @param width in pixels
 */
record ImageInputs(int channels, int height, int width) {
    private static final ImageInputs MNIST = new ImageInputs(1, 28, 28);
    private static final ImageInputs CIFAR = new ImageInputs(3, 32, 32);

    /** {@return the image of a data set's examples; empty if they are none, or unknown} */
    static Optional<ImageInputs> of(String dataset) {
        return switch (dataset) {
            case "mnist", "mnist-sample", "fashion-mnist" -> Optional.of(MNIST);
            case "cifar10" -> Optional.of(CIFAR);
            default -> Optional.empty();
        };
    }

    int pixels() {
        return height * width;
    }

    int size() {
        return channels * pixels();
    }

    /** {@return the sums over channels, pixel by pixel} */
    double[] sums(double[] values) {
        double[] sums = new double[pixels()];
        for (int i = 0; i < values.length; i++) {
            sums[i % sums.length] += values[i];
        }
        return sums;
    }
}
