package org.dl4jplasticity.topology;

import java.util.random.RandomGenerator;

/**
 * Draws connections; see {@link SparseTopology#constantFanIn} and {@link
 * SparseTopology#sampleInactive}.
 */
final class TopologySampling {
    private TopologySampling() {}

    static SparseTopology constantFanIn(int nIn, int nOut, int fanIn, RandomGenerator random) {
        if (fanIn < 1 || fanIn > nIn) {
            throw new IllegalArgumentException(
                    "fan-in of a %d x %d topology must be in [1, %d], got %d"
                            .formatted(nIn, nOut, nIn, fanIn));
        }
        long active = (long) nOut * fanIn;
        SparseTopology.requireActive(nIn, nOut, active);
        int[] columns = new int[(int) active];
        int[] rowStarts = new int[nOut + 1];
        for (int row = 0; row < nOut; row++) {
            long[] inputs = RandomRanks.draw(fanIn, nIn, random);
            for (int i = 0; i < fanIn; i++) {
                columns[row * fanIn + i] = (int) inputs[i];
            }
            rowStarts[row + 1] = (row + 1) * fanIn;
        }
        return new SparseTopology(nIn, nOut, rowStarts, columns);
    }

    static long[] inactive(SparseTopology topology, int count, RandomGenerator random) {
        long inactive = topology.possibleCount() - topology.activeCount();
        if (count < 0 || count > inactive) {
            throw new IllegalArgumentException(
                    "can sample between 0 and %d inactive connections, got %d"
                            .formatted(inactive, count));
        }
        int[] rowStarts = topology.rowStarts();
        int[] columns = topology.columns();
        long[] ranks = RandomRanks.draw(count, inactive, random);
        // The inactive connection of rank r has id r + (active ids at or below it): one merge.
        int position = 0;
        int row = 0;
        for (int i = 0; i < count; i++) {
            while (position < columns.length) {
                while (position == rowStarts[row + 1]) {
                    row++;
                }
                if ((long) row * topology.nIn() + columns[position] > ranks[i] + position) {
                    break;
                }
                position++;
            }
            ranks[i] += position;
        }
        return ranks;
    }
}
