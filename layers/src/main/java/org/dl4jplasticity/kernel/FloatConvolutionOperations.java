package org.dl4jplasticity.kernel;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.dl4jplasticity.topology.SparseTopology;

/**
 * The products of a sparse convolution on all cores: the checked front of {@link
 * FloatConvolutionKernels}. Arrays stand as a {@link ConvolutionLayout} says, weights by position;
 * an array may be longer than needed. The same arguments give the same bits whatever the number of
 * threads.
 */
public final class FloatConvolutionOperations {
    /**
     * Segments are cut into pieces of so many numbers: what the channels see of a piece stays in
     * the second-level cache while all of them go over it.
     */
    private static final int PIECE = 256;

    private final FloatKernels elementwise;
    private final FloatConvolutionKernels kernels;
    private final RowParallel threads;

    /**
     * Creates operations on given kernels.
     *
     * @param elementwise what goes through activation functions
     * @param kernels what computes a segment
     * @param threads what shares the segments out
     */
    FloatConvolutionOperations(
            FloatKernels elementwise, FloatConvolutionKernels kernels, RowParallel threads) {
        this.elementwise = elementwise;
        this.kernels = kernels;
        this.threads = threads;
    }

    /**
     * {@return operations on the kernels of a choice}
     *
     * @param choice {@link KernelChoice#SCALAR} or {@link KernelChoice#VECTOR}
     * @throws IllegalArgumentException for another choice
     * @throws IllegalStateException if the vector kernels can't be loaded
     */
    public static FloatConvolutionOperations of(KernelChoice choice) {
        return of(choice, RowParallel.shared());
    }

    static FloatConvolutionOperations of(KernelChoice choice, RowParallel threads) {
        FloatKernels elementwise = FloatSparseOperations.of(choice).kernels();
        return new FloatConvolutionOperations(
                elementwise,
                choice == KernelChoice.SCALAR
                        ? new ScalarFloatConvolutionKernels()
                        : loadVectorKernels(),
                threads);
    }

    /** By name, so that nothing here needs the incubating module to be present. */
    private static FloatConvolutionKernels loadVectorKernels() {
        try {
            return Class.forName("org.dl4jplasticity.kernel.vector.VectorFloatConvolutionKernels")
                    .asSubclass(FloatConvolutionKernels.class)
                    .getConstructor()
                    .newInstance();
        } catch (ReflectiveOperationException | LinkageError e) {
            throw new IllegalStateException(
                    "the vector kernels can't be loaded: start Java with --add-modules"
                            + " jdk.incubator.vector",
                    e);
        }
    }

    /** {@return the number of values handled at a time: layouts are made for it} */
    public int lanes() {
        return kernels.lanes();
    }

    /** What is done with one piece of one row of a region. */
    private interface Piece {
        /**
         * Does it.
         *
         * @param row the row
         * @param start where the piece starts, counted from the start of the row's segment
         * @param length its length
         */
        void compute(int row, int start, int length);
    }

    /** The pieces of rows of equal segments, numbered row by row. */
    private record Pieces(int rows, int segment) {
        int perRow() {
            return (segment + PIECE - 1) / PIECE;
        }

        int count() {
            return rows * perRow();
        }

        void each(int from, int to, Piece piece) {
            for (int i = from; i < to; i++) {
                int start = i % perRow() * PIECE;
                piece.compute(i / perRow(), start, Math.min(PIECE, segment - start));
            }
        }
    }

    /**
     * Forward pass.
     *
     * @param taps the active weights
     * @param weights one value per position
     * @param bias one value per output channel, or null for none
     * @param activation f
     * @param x inputs, padding 0
     * @param y outputs; overwritten, amid zeros or any other numbers
     * @throws IllegalArgumentException if an array is too short
     */
    public void forward(
            ConvolutionTaps taps,
            float[] weights,
            float[] bias,
            FusedActivation activation,
            float[] x,
            float[] y) {
        ConvolutionLayout layout = taps.layout();
        SparseTopology topology = taps.topology();
        FloatSparseOperations.require("weights", weights, topology.activeCount());
        FloatSparseOperations.require("x", x, layout.inputLength());
        FloatSparseOperations.require("y", y, layout.outputLength());
        if (bias != null) {
            FloatSparseOperations.require("bias", bias, layout.channelsOut());
        }
        Pieces pieces = outputPieces(layout);
        threads.run(
                pieces.count(),
                workPerPiece(topology.activeCount(), layout.channelsOut()),
                (from, to) ->
                        pieces.each(
                                from,
                                to,
                                (row, start, length) ->
                                        kernels.convolve(
                                                topology.rowStarts(),
                                                taps.offsets(),
                                                weights,
                                                bias,
                                                activation,
                                                x,
                                                layout.inputStart(row) + start,
                                                y,
                                                layout.outputStart(row) + start,
                                                layout.outputPlane(),
                                                length,
                                                0,
                                                layout.channelsOut())));
    }

    private static Pieces outputPieces(ConvolutionLayout layout) {
        return new Pieces(layout.vertical().output(), layout.segment(layout.horizontal().output()));
    }

    private static long workPerPiece(int entries, int rows) {
        return (long) PIECE * (entries + rows);
    }

    /**
     * Gradient with respect to the inputs that are no padding and that an output sees; what else is
     * in the array stays.
     *
     * @param taps the active weights
     * @param weights one value per position
     * @param delta gradient with respect to the pre-activations, amid zeros
     * @param scratch room for one value per position; overwritten
     * @param dx gradient with respect to the inputs
     * @throws IllegalArgumentException if an array is too short
     */
    public void inputGradient(
            ConvolutionTaps taps, float[] weights, float[] delta, float[] scratch, float[] dx) {
        ConvolutionLayout layout = taps.layout();
        FloatSparseOperations.require("weights", weights, taps.topology().activeCount());
        FloatSparseOperations.require("scratch", scratch, taps.topology().activeCount());
        FloatSparseOperations.require("delta", delta, layout.outputLength());
        FloatSparseOperations.require("dx", dx, layout.inputLength());
        for (ConvolutionTaps.Phase phase : taps.phases()) {
            for (int p = 0; p < phase.positions().length; p++) {
                scratch[p] = weights[phase.positions()[p]];
            }
            inputGradient(layout, phase, scratch, delta, dx);
        }
    }

    private void inputGradient(
            ConvolutionLayout layout,
            ConvolutionTaps.Phase phase,
            float[] values,
            float[] delta,
            float[] dx) {
        int firstRow = layout.vertical().first(phase.row());
        int firstColumn = layout.horizontal().first(phase.column());
        int columns = layout.horizontal().end(phase.column()) - firstColumn;
        Pieces pieces =
                new Pieces(layout.vertical().end(phase.row()) - firstRow, layout.segment(columns));
        if (pieces.count() == 0) {
            return;
        }
        threads.run(
                pieces.count(),
                workPerPiece(phase.positions().length, layout.channelsIn()),
                (from, to) ->
                        pieces.each(
                                from,
                                to,
                                (row, start, length) ->
                                        kernels.convolve(
                                                phase.rowStarts(),
                                                phase.offsets(),
                                                values,
                                                null,
                                                FusedActivation.IDENTITY,
                                                delta,
                                                layout.seenStart(firstRow + row, firstColumn)
                                                        + start,
                                                dx,
                                                layout.phaseStart(
                                                                phase.row(),
                                                                phase.column(),
                                                                firstRow + row,
                                                                firstColumn)
                                                        + start,
                                                layout.inputPlane(),
                                                length,
                                                0,
                                                layout.channelsIn())));
    }

    /**
     * Gradients with respect to the parameters. First through the activation function, backwards:
     * the gradient at the outputs becomes the one at the pre-activations. Then the bias gradient
     * and, at the active positions alone, the weight gradient.
     *
     * @param taps the active weights
     * @param activation f
     * @param y outputs
     * @param delta gradient at the outputs, amid zeros; on return at the pre-activations
     * @param x inputs, padding 0
     * @param sums room for {@link #lanes} values per position; overwritten
     * @param weightGradient one value per position; overwritten
     * @param biasGradient one value per output channel; overwritten
     * @throws IllegalArgumentException if an array is too short
     */
    public void parameterGradients(
            ConvolutionTaps taps,
            FusedActivation activation,
            float[] y,
            float[] delta,
            float[] x,
            float[] sums,
            float[] weightGradient,
            float[] biasGradient) {
        ConvolutionLayout layout = taps.layout();
        int active = taps.topology().activeCount();
        FloatSparseOperations.require("y", y, layout.outputLength());
        FloatSparseOperations.require("delta", delta, layout.outputLength());
        FloatSparseOperations.require("x", x, layout.inputLength());
        FloatSparseOperations.require("sums", sums, (long) active * lanes());
        FloatSparseOperations.require("weightGradient", weightGradient, active);
        FloatSparseOperations.require("biasGradient", biasGradient, layout.channelsOut());
        int[] starts = taps.topology().rowStarts();
        threads.run(
                starts,
                layout.outputPlane(),
                (from, to) -> {
                    elementwise.activationGradient(
                            activation, y, delta, 0, layout.outputPlane(), biasGradient, from, to);
                    correlate(layout, starts, taps.offsets(), delta, 0, x, sums, from, to);
                    total(sums, weightGradient, starts[from], starts[to]);
                });
    }

    /** All segments' sums of the entries of some rows. */
    private void correlate(
            ConvolutionLayout layout,
            int[] starts,
            int[] offsets,
            float[] delta,
            int deltaStart,
            float[] x,
            float[] sums,
            int from,
            int to) {
        Arrays.fill(sums, starts[from] * lanes(), starts[to] * lanes(), 0);
        Pieces pieces = outputPieces(layout);
        pieces.each(
                0,
                pieces.count(),
                (row, start, length) ->
                        kernels.correlate(
                                starts,
                                offsets,
                                delta,
                                deltaStart + layout.outputStart(row) + start,
                                layout.outputPlane(),
                                x,
                                layout.inputStart(row) + start,
                                length,
                                sums,
                                from,
                                to));
    }

    /** Adds the partial sums of every entry, in one order for ever. */
    private void total(float[] sums, float[] totals, int from, int to) {
        int lanes = lanes();
        for (int p = from; p < to; p++) {
            float total = 0;
            for (int lane = p * lanes; lane < (p + 1) * lanes; lane++) {
                total += sums[lane];
            }
            totals[p] = total;
        }
    }

    /**
     * {@return one row of the dense weight gradient, one value per possible weight of an output
     * channel}
     *
     * @param layout where inputs and outputs stand
     * @param delta gradient with respect to the pre-activations, amid zeros
     * @param x inputs, padding 0
     * @param row the output channel
     * @throws IllegalArgumentException if an array is too short
     */
    public float[] gradientRow(ConvolutionLayout layout, float[] delta, float[] x, int row) {
        FloatSparseOperations.require("delta", delta, layout.outputLength());
        FloatSparseOperations.require("x", x, layout.inputLength());
        float[] gradient = new float[layout.taps()];
        new DenseRow(layout).compute(delta, x, row, gradient);
        return gradient;
    }

    /** Computes one row of the dense gradient after the other. */
    private final class DenseRow {
        private final ConvolutionLayout layout;
        private final int[] offsets;
        private final float[] sums;

        DenseRow(ConvolutionLayout layout) {
            this.layout = layout;
            this.offsets =
                    ConvolutionTaps.offsets(IntStream.range(0, layout.taps()).toArray(), layout);
            this.sums = new float[Math.multiplyExact(layout.taps(), lanes())];
        }

        void compute(float[] delta, float[] x, int row, float[] gradient) {
            int[] oneRow = {0, offsets.length};
            int start = row * layout.outputPlane();
            correlate(layout, oneRow, offsets, delta, start, x, sums, 0, 1);
            total(sums, gradient, 0, offsets.length);
        }
    }

    /**
     * {@return the ids of the k connections outside a topology whose entries of the dense weight
     * gradient are largest in magnitude, ascending} Of equal magnitudes the lower id is taken; NaN
     * counts as 0. The dense gradient never exists: each core holds one of its rows at a time.
     *
     * @param occupied the connections that are not to be found
     * @param layout where inputs and outputs stand
     * @param delta gradient with respect to the pre-activations, amid zeros
     * @param x inputs, padding 0
     * @param k how many, in [0, possible - active of {@code occupied}]
     * @throws IllegalArgumentException if an array is too short or k out of range
     */
    public long[] largestGradients(
            SparseTopology occupied, ConvolutionLayout layout, float[] delta, float[] x, int k) {
        FloatSparseOperations.require("delta", delta, layout.outputLength());
        FloatSparseOperations.require("x", x, layout.inputLength());
        LargestEntries all = LargestEntries.outside(occupied, k);
        threads.run(
                layout.channelsOut(),
                (long) layout.taps() * layout.outputPlane(),
                (from, to) -> {
                    LargestEntries part = LargestEntries.outside(occupied, k);
                    DenseRow dense = new DenseRow(layout);
                    float[] gradient = new float[layout.taps()];
                    for (int row = from; row < to; row++) {
                        dense.compute(delta, x, row, gradient);
                        part.offerInactive(row, column -> gradient[column]);
                    }
                    synchronized (all) {
                        all.addAll(part);
                    }
                });
        return all.ids();
    }

    /** {@return the name of the kernels} */
    @Override
    public String toString() {
        return "FloatConvolutionOperations[" + elementwise.name() + "]";
    }
}
