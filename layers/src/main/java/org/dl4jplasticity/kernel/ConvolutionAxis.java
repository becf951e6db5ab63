package org.dl4jplasticity.kernel;

/**
 * One spatial dimension of a convolution: output place {@code o} sees through the kernel's tap
 * {@code k} the input place {@code o stride + k dilation - padding}, where there is one.
 *
 * <p>Input places are counted with the padding before them and dealt out to {@code stride}
 * <em>phases</em> in turn: place {@code i} is number {@code (i + padding) / stride} of phase {@code
 * (i + padding) % stride}. A tap then stays within its phase and sees, of consecutive outputs,
 * consecutive places: every convolution becomes one of stride 1.
 *
 * @param input number of input places, at least 1
 * @param output number of output places, at least 1
 * @param kernel number of taps, at least 1
 * @param stride at least 1
 * @param dilation distance between two taps, at least 1
 * @param padding zeros before the first input place, at least 0; behind the last one there are as
 *     many as the outputs see
 */
public record ConvolutionAxis(
        int input, int output, int kernel, int stride, int dilation, int padding) {

    /**
     * Checks the ranges.
     *
     * @param input at least 1
     * @param output at least 1
     * @param kernel at least 1
     * @param stride at least 1
     * @param dilation at least 1
     * @param padding at least 0
     * @throws IllegalArgumentException if a number is out of its range
     */
    public ConvolutionAxis {
        requireAtLeast(1, "input", input);
        requireAtLeast(1, "output", output);
        requireAtLeast(1, "kernel", kernel);
        requireAtLeast(1, "stride", stride);
        requireAtLeast(1, "dilation", dilation);
        requireAtLeast(0, "padding", padding);
    }

    private static void requireAtLeast(int least, String name, int value) {
        if (value < least) {
            throw new IllegalArgumentException(
                    "%s of a convolution must be at least %d, got %d"
                            .formatted(name, least, value));
        }
    }

    /** {@return the phase that a tap sees} */
    int phase(int tap) {
        return tap * dilation % stride;
    }

    /** {@return the place within its phase that a tap sees of output place 0} */
    int step(int tap) {
        return tap * dilation / stride;
    }

    /** {@return the largest step of any tap} */
    int reach() {
        return (kernel - 1) * dilation / stride;
    }

    /** {@return the number of places of a phase that are seen at all} */
    int places() {
        return output + reach();
    }

    /** {@return the phase of an input place} */
    int phaseOf(int place) {
        return (place + padding) % stride;
    }

    /** {@return the number of an input place within its phase; from {@link #places} on unseen} */
    int numberOf(int place) {
        return (place + padding) / stride;
    }

    /** {@return the number of a phase's first place that is no padding; at most {@link #places}} */
    int first(int phase) {
        int number = Math.max(0, (padding - phase + stride - 1) / stride);
        return Math.min(number, places());
    }

    /**
     * {@return the number after that of a phase's last place that is no padding and is seen; at
     * least {@link #first}}
     */
    int end(int phase) {
        int number = (input + padding - phase + stride - 1) / stride;
        return Math.max(first(phase), Math.min(number, places()));
    }
}
