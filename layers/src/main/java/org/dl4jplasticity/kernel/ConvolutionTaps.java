package org.dl4jplasticity.kernel;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.dl4jplasticity.topology.SparseTopology;

/**
 * The active weights of a convolution as offsets in the arrays of a layout: by output channel for
 * the forward pass, and by input channel, for each phase of the inputs, for the gradient at the
 * inputs. Both are as large as the active weights and no larger.
 */
public final class ConvolutionTaps {
    private final SparseTopology topology;
    private final ConvolutionLayout layout;

    /** By position: how far from the start of a segment its inputs are. */
    private final int[] offsets;

    private final List<Phase> phases;

    /**
     * The weights that see one phase of the inputs.
     *
     * @param row the phase of the rows
     * @param column the phase of the columns
     * @param rowStarts length {@code channelsIn + 1}
     * @param offsets how far from the start of a segment the outputs are, by entry
     * @param positions the position every entry has in the topology
     */
    @SuppressWarnings("ArrayRecordComponent") // read by kernels, compared by nobody
    record Phase(int row, int column, int[] rowStarts, int[] offsets, int[] positions) {}

    /**
     * Computes the offsets, in time linear in the active weights.
     *
     * @param topology the active weights: rows are output channels, columns are input channels,
     *     kernel rows and kernel columns, the last fastest
     * @param layout where inputs and outputs stand
     * @throws IllegalArgumentException if the topology has another shape than the layout
     */
    public ConvolutionTaps(SparseTopology topology, ConvolutionLayout layout) {
        if (topology.nIn() != layout.taps() || topology.nOut() != layout.channelsOut()) {
            throw new IllegalArgumentException(
                    "the topology must be %d x %d, got %d x %d"
                            .formatted(
                                    layout.taps(),
                                    layout.channelsOut(),
                                    topology.nIn(),
                                    topology.nOut()));
        }
        this.topology = topology;
        this.layout = layout;
        this.offsets = offsets(topology.columns(), layout);
        this.phases = phases(topology, layout);
    }

    /** {@return the offsets of weights of the given columns} */
    static int[] offsets(int[] columns, ConvolutionLayout layout) {
        int[] byColumn = new int[layout.taps()];
        Arrays.setAll(byColumn, layout::offset);
        int[] offsets = new int[columns.length];
        Arrays.setAll(offsets, p -> byColumn[columns[p]]);
        return offsets;
    }

    private static List<Phase> phases(SparseTopology topology, ConvolutionLayout layout) {
        List<Phase> phases = new ArrayList<>();
        for (int row = 0; row < layout.vertical().stride(); row++) {
            for (int column = 0; column < layout.horizontal().stride(); column++) {
                phases.add(phase(topology.transpose(), layout, row, column));
            }
        }
        return phases;
    }

    private static Phase phase(
            SparseTopology.Transpose transpose, ConvolutionLayout layout, int row, int column) {
        int height = layout.vertical().kernel();
        int width = layout.horizontal().kernel();
        int[] rowStarts = new int[layout.channelsIn() + 1];
        int[] offsets = new int[transpose.columns().length];
        int[] positions = new int[transpose.columns().length];
        int size = 0;
        for (int channel = 0; channel < layout.channelsIn(); channel++) {
            for (int tap = 0; tap < height * width; tap++) {
                int y = tap / width;
                int x = tap % width;
                if (layout.vertical().phase(y) != row || layout.horizontal().phase(x) != column) {
                    continue;
                }
                int input = channel * height * width + tap;
                int end = transpose.rowStarts()[input + 1];
                for (int entry = transpose.rowStarts()[input]; entry < end; entry++) {
                    offsets[size] = layout.backwardOffset(transpose.columns()[entry], y, x);
                    positions[size++] = transpose.positions()[entry];
                }
            }
            rowStarts[channel + 1] = size;
        }
        return new Phase(
                row,
                column,
                rowStarts,
                Arrays.copyOf(offsets, size),
                Arrays.copyOf(positions, size));
    }

    /** {@return the active weights} */
    public SparseTopology topology() {
        return topology;
    }

    /** {@return where inputs and outputs stand} */
    public ConvolutionLayout layout() {
        return layout;
    }

    int[] offsets() {
        return offsets;
    }

    List<Phase> phases() {
        return phases;
    }
}
