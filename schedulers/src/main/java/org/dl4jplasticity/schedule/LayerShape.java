package org.dl4jplasticity.schedule;

import java.util.List;
import java.util.stream.IntStream;

/**
 * What a {@link SparsityDistribution} needs to know of a layer: its name, its width on both sides
 * and, for a convolution, its kernel.
 *
 * @param name the layer's name, for messages; not blank
 * @param inputs the number n_in of input units or channels, at least 1
 * @param outputs the number n_out of output units or channels, at least 1
 * @param kernel the kernel's size along each dimension, each at least 1; empty for a dense layer
 */
public record LayerShape(String name, long inputs, long outputs, List<Integer> kernel) {

    /**
     * Checks the ranges and copies the kernel.
     *
     * @param name not blank
     * @param inputs at least 1
     * @param outputs at least 1
     * @param kernel sizes of at least 1 each; copied
     * @throws IllegalArgumentException if the name is blank, a size is less than 1, or the layer
     *     has 2^63 connections or more
     * @throws NullPointerException if the name, the kernel or one of its sizes is null
     */
    public LayerShape {
        kernel = List.copyOf(kernel);
        if (name.isBlank()) {
            throw new IllegalArgumentException("name of a layer must not be blank");
        }
        Arguments.atLeast(1, "Layer " + name + ": inputs", inputs);
        Arguments.atLeast(1, "Layer " + name + ": outputs", outputs);
        for (int size : kernel) {
            Arguments.atLeast(1, "Layer " + name + ": kernel size", size);
        }
        try {
            product(inputs, outputs, kernel);
        } catch (ArithmeticException overflow) {
            throw new IllegalArgumentException(
                    "Layer "
                            + name
                            + ": connections must be fewer than 2^63, got "
                            + inputs
                            + " inputs, "
                            + outputs
                            + " outputs and kernel "
                            + kernel,
                    overflow);
        }
    }

    /**
     * The shape of a fully connected layer.
     *
     * @param name the layer's name, not blank
     * @param inputs the number of input units, at least 1
     * @param outputs the number of output units, at least 1
     * @return the shape, without a kernel
     * @throws IllegalArgumentException if an argument is out of its range
     */
    public static LayerShape dense(String name, long inputs, long outputs) {
        return new LayerShape(name, inputs, outputs, List.of());
    }

    /**
     * The shape of a convolution of any dimension.
     *
     * @param name the layer's name, not blank
     * @param inputChannels the number of input channels, at least 1
     * @param outputChannels the number of output channels (filters), at least 1
     * @param kernel the kernel's size along each dimension, in input positions, at least one size,
     *     each at least 1
     * @return the shape
     * @throws IllegalArgumentException if an argument is out of its range
     */
    public static LayerShape convolution(
            String name, long inputChannels, long outputChannels, int... kernel) {
        if (kernel.length == 0) {
            throw new IllegalArgumentException(
                    "Layer " + name + ": a convolution must have at least 1 kernel size, got none");
        }
        return new LayerShape(
                name, inputChannels, outputChannels, IntStream.of(kernel).boxed().toList());
    }

    /**
     * The number N of possible connections, which is the number of weights of the dense layer.
     *
     * @return inputs times outputs times every kernel size, in [1, 2^63)
     */
    public long connections() {
        return product(inputs, outputs, kernel);
    }

    private static long product(long inputs, long outputs, List<Integer> kernel) {
        long product = Math.multiplyExact(inputs, outputs);
        for (int size : kernel) {
            product = Math.multiplyExact(product, (long) size);
        }
        return product;
    }
}
