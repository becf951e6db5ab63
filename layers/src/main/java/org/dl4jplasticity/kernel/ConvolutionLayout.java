package org.dl4jplasticity.kernel;

import java.util.Arrays;

/**
 * Where the numbers of a convolution stand in heap arrays. The examples of one place are
 * neighbours, so are the places of a row: what a weight contributes to a whole row of outputs is
 * one multiplication of a contiguous stretch, whatever the width of the images.
 *
 * <p>Inputs stand by channel, phase of the rows, phase of the columns, row, column, example (see
 * {@link ConvolutionAxis}), outputs by channel, row, column, example, both amid zeros: inputs amid
 * those that padding sees, outputs amid those that let the gradient at the inputs be computed
 * without a look at the edges.
 *
 * @param channelsIn number of input channels
 * @param channelsOut number of output channels
 * @param vertical the dimension of the rows
 * @param horizontal the dimension of the columns
 * @param batch number of examples
 * @param lanes rows are extended to multiples of so many numbers
 */
public record ConvolutionLayout(
        int channelsIn,
        int channelsOut,
        ConvolutionAxis vertical,
        ConvolutionAxis horizontal,
        int batch,
        int lanes) {

    /**
     * Checks that arrays can hold the numbers.
     *
     * @param channelsIn at least 1
     * @param channelsOut at least 1
     * @param vertical the dimension of the rows
     * @param horizontal the dimension of the columns
     * @param batch at least 1
     * @param lanes at least 1
     * @throws IllegalArgumentException if the inputs or the outputs are more than one array holds
     */
    public ConvolutionLayout {
        long inputs =
                (long) channelsIn
                        * vertical.stride()
                        * horizontal.stride()
                        * vertical.places()
                        * pitch(horizontal.places(), batch, lanes);
        long outputs =
                (long) channelsOut
                        * (vertical.places() + vertical.reach())
                        * pitch(horizontal.places() + horizontal.reach(), batch, lanes);
        if (Math.max(inputs, outputs) > Integer.MAX_VALUE - 8) {
            throw new IllegalArgumentException(
                    "channels times places times batch must be at most %d, got %d; use a smaller batch"
                            .formatted(Integer.MAX_VALUE - 8, Math.max(inputs, outputs)));
        }
    }

    /** A row with room behind it for what a segment is longer than its places. */
    private static long pitch(int places, int batch, int lanes) {
        long exact = (long) places * batch;
        long rounded = (exact + lanes - 1) / lanes * lanes;
        return batch % lanes == 0 ? rounded : rounded + lanes;
    }

    /** {@return the length of a segment: some places of a row, extended to whole vectors} */
    int segment(int places) {
        return (places * batch + lanes - 1) / lanes * lanes;
    }

    int inputPitch() {
        return (int) pitch(horizontal.places(), batch, lanes);
    }

    int outputPitch() {
        return (int) pitch(horizontal.places() + horizontal.reach(), batch, lanes);
    }

    /** The numbers of one phase of one channel. */
    private int phasePlane() {
        return vertical.places() * inputPitch();
    }

    /** {@return the distance between two input channels; a multiple of lanes} */
    public int inputPlane() {
        return vertical.stride() * horizontal.stride() * phasePlane();
    }

    /** {@return the distance between two output channels; a multiple of lanes} */
    public int outputPlane() {
        return (vertical.places() + vertical.reach()) * outputPitch();
    }

    /** {@return the length of an array of inputs} */
    public int inputLength() {
        return channelsIn * inputPlane();
    }

    /** {@return the length of an array of outputs} */
    public int outputLength() {
        return channelsOut * outputPlane();
    }

    /** {@return the number of possible weights of one output channel} */
    public int taps() {
        return channelsIn * vertical.kernel() * horizontal.kernel();
    }

    private int phaseStart(int rowPhase, int columnPhase) {
        return (rowPhase * horizontal.stride() + columnPhase) * phasePlane();
    }

    /**
     * {@return where the first example's inputs of a place stand within a channel, by row: to be
     * added to that {@link #inputColumns by column}; -1 for a row that no output sees}
     */
    public int[] inputRows() {
        int[] rows = new int[vertical.input()];
        Arrays.setAll(
                rows,
                y ->
                        vertical.numberOf(y) < vertical.places()
                                ? phaseStart(vertical.phaseOf(y), 0)
                                        + vertical.numberOf(y) * inputPitch()
                                : -1);
        return rows;
    }

    /** {@return the same by column} */
    public int[] inputColumns() {
        int[] columns = new int[horizontal.input()];
        Arrays.setAll(
                columns,
                x ->
                        horizontal.numberOf(x) < horizontal.places()
                                ? phaseStart(0, horizontal.phaseOf(x))
                                        + horizontal.numberOf(x) * batch
                                : -1);
        return columns;
    }

    /** {@return where the first example's outputs of a place stand within a channel, by row} */
    public int[] outputRows() {
        int[] rows = new int[vertical.output()];
        Arrays.setAll(rows, y -> (vertical.reach() + y) * outputPitch());
        return rows;
    }

    /** {@return the same by column} */
    public int[] outputColumns() {
        int[] columns = new int[horizontal.output()];
        Arrays.setAll(columns, x -> (horizontal.reach() + x) * batch);
        return columns;
    }

    /** {@return where the outputs of a row start, within a channel} */
    int outputStart(int row) {
        return (vertical.reach() + row) * outputPitch() + horizontal.reach() * batch;
    }

    /** {@return where the inputs start that a row of outputs sees through the first tap} */
    int inputStart(int row) {
        return row * inputPitch();
    }

    /** {@return where places of a phase start, within a channel} */
    int phaseStart(int rowPhase, int columnPhase, int row, int column) {
        return phaseStart(rowPhase, columnPhase) + row * inputPitch() + column * batch;
    }

    /** {@return where the outputs start that the places of a phase see through a tap of step 0} */
    int seenStart(int row, int column) {
        return (vertical.reach() + row) * outputPitch() + (horizontal.reach() + column) * batch;
    }

    /**
     * {@return how far from the start of a row's inputs those are that a weight sees}
     *
     * @param column the weight's column in the topology: input channel, kernel row, kernel column
     */
    int offset(int column) {
        int kernelColumn = column % horizontal.kernel();
        int kernelRow = column / horizontal.kernel() % vertical.kernel();
        int channel = column / horizontal.kernel() / vertical.kernel();
        return channel * inputPlane()
                + phaseStart(
                        vertical.phase(kernelRow),
                        horizontal.phase(kernelColumn),
                        vertical.step(kernelRow),
                        horizontal.step(kernelColumn));
    }

    /** {@return how far from {@link #seenStart} the outputs are that see a place through a tap} */
    int backwardOffset(int channel, int kernelRow, int kernelColumn) {
        return channel * outputPlane()
                - vertical.step(kernelRow) * outputPitch()
                - horizontal.step(kernelColumn) * batch;
    }
}
