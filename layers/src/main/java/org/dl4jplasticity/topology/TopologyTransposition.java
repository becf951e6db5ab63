package org.dl4jplasticity.topology;

import java.util.Arrays;

/** Sorts the connections of a topology by input; see {@link SparseTopology#transpose}. */
final class TopologyTransposition {
    private TopologyTransposition() {}

    static SparseTopology.Transpose of(SparseTopology topology) {
        int nIn = topology.nIn();
        int[] rowStarts = topology.rowStarts();
        int[] columns = topology.columns();
        int[] starts = new int[nIn + 1];
        for (int column : columns) {
            starts[column + 1]++;
        }
        for (int column = 0; column < nIn; column++) {
            starts[column + 1] += starts[column];
        }
        int[] next = Arrays.copyOf(starts, nIn);
        int[] outputs = new int[columns.length];
        int[] positions = new int[columns.length];
        for (int row = 0; row < topology.nOut(); row++) {
            for (int position = rowStarts[row]; position < rowStarts[row + 1]; position++) {
                int entry = next[columns[position]]++;
                outputs[entry] = row;
                positions[entry] = position;
            }
        }
        return new SparseTopology.Transpose(starts, outputs, positions);
    }
}
