package org.dl4jplasticity.pruning;

import java.util.Arrays;
import java.util.Locale;
import org.dl4jplasticity.mask.MaskableWeights;

/** What stays or goes as a whole when connections are pruned. */
public final class Granularity {
    private final int rows;
    private final int columns;
    private final boolean wholeKernels;

    private Granularity(int rows, int columns, boolean wholeKernels) {
        this.rows = rows;
        this.columns = columns;
        this.wholeKernels = wholeKernels;
    }

    /** {@return every weight by itself} */
    public static Granularity weights() {
        return new Granularity(1, 1, false);
    }

    /**
     * {@return every weight of a matrix by itself, every kernel between two channels as a whole}
     */
    public static Granularity kernels() {
        return blocks(1, 1);
    }

    /**
     * {@return blocks of a weight matrix, from its first input and output on; those at its end may
     * be smaller} The weights between two channels of a convolution, its kernel, count as one entry
     * of a matrix.
     *
     * @param rows inputs of a block, at least 1
     * @param columns outputs of a block, at least 1
     * @throws IllegalArgumentException if one is less
     */
    public static Granularity blocks(int rows, int columns) {
        if (rows < 1 || columns < 1) {
            throw new IllegalArgumentException(
                    "a block must have at least 1 row and 1 column, got %d x %d"
                            .formatted(rows, columns));
        }
        return new Granularity(rows, columns, true);
    }

    boolean isOfWeights() {
        return !wholeKernels;
    }

    /**
     * {@return for each connection, by id, the number of the block it is in; blocks count from 0,
     * along the inputs first}
     *
     * @throws IllegalArgumentException if the weights are no matrix from inputs to outputs
     */
    int[] of(MaskableWeights weights) {
        int[] blocks = new int[Math.multiplyExact(weights.rowLength(), weights.rows())];
        if (!wholeKernels) {
            Arrays.setAll(blocks, id -> id);
            return blocks;
        }
        int positions = positions(weights, toString());
        int perColumn = -Math.floorDiv(-(weights.rowLength() / positions), rows);
        Arrays.setAll(
                blocks,
                id -> {
                    int input = id % weights.rowLength() / positions;
                    int output = id / weights.rowLength();
                    return output / columns * perColumn + input / rows;
                });
        return blocks;
    }

    /**
     * {@return how many weights lead from one input to one unit: 1 in a matrix; in a kernel they
     * are neighbours}
     */
    static int positions(MaskableWeights weights, String wanted) {
        long inputs = weights.shape().inputs();
        if (!weights.rowsAreUnits() || weights.rowLength() % inputs != 0) {
            throw new IllegalArgumentException(
                    ("Layer %s, parameter %s: %s need rows that hold the inputs of one unit, and"
                                    + " those of a %s don't; leave it out by only(...)")
                            .formatted(
                                    weights.layerName(),
                                    weights.parameter(),
                                    wanted,
                                    weights.configuration().getClass().getSimpleName()));
        }
        return Math.toIntExact(weights.rowLength() / inputs);
    }

    @Override
    public String toString() {
        return wholeKernels
                ? String.format(Locale.ROOT, "blocks of %d x %d", rows, columns)
                : "weights";
    }
}
