package org.dl4jplasticity.datasets;

import java.io.Serializable;

/**
 * The shape of one example. Its values are stored channel by channel, each channel row by row, as
 * DL4J's NCHW convolutions want them.
 *
 * @param channels channels, at least 1: 1 for grey images and plain rows, 3 (red, green, blue) for
 *     colour
 * @param height rows, at least 1; 1 for plain rows
 * @param width columns, at least 1; the number of features for plain rows
 */
public record ExampleShape(int channels, int height, int width) implements Serializable {

    /**
     * Checks the sizes.
     *
     * @param channels channels
     * @param height rows
     * @param width columns
     * @throws IllegalArgumentException if a size is below 1 or their product is no {@code int}
     */
    public ExampleShape {
        if (channels < 1
                || height < 1
                || width < 1
                || (long) channels * height > Integer.MAX_VALUE / width) {
            throw new IllegalArgumentException(
                    "Example shape: channels, height and width must be at least 1 and their product below 2^31, got "
                            + "%d x %d x %d".formatted(channels, height, width));
        }
    }

    /**
     * The shape of a plain row of values: one channel, one line.
     *
     * @param features number of values, at least 1
     * @return 1 x 1 x features
     */
    public static ExampleShape row(int features) {
        return new ExampleShape(1, 1, features);
    }

    /**
     * How many values one example has.
     *
     * @return channels x height x width
     */
    public int size() {
        return channels * height * width;
    }

    @Override
    public String toString() {
        return channels + "x" + height + "x" + width;
    }
}
