package org.dl4jplasticity.topology;

import java.util.Arrays;
import java.util.stream.IntStream;

/** Drops and grows connections in one merge; see {@link SparseTopology#rewire}. */
final class TopologyRewiring {
    private TopologyRewiring() {}

    static TopologyChange rewire(SparseTopology topology, int[] dropped, long[] grown) {
        requirePositions(topology, dropped);
        requireIds(topology, grown);
        long left = (long) topology.activeCount() - dropped.length + grown.length;
        if (left < 1 || left > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(
                    "dropping %d of %d connections and growing %d would leave %d, expected at least 1"
                            .formatted(dropped.length, topology.activeCount(), grown.length, left));
        }
        int[] starts = topology.rowStarts();
        int[] columns = topology.columns();
        int[] newStarts = new int[starts.length];
        int[] newColumns = new int[(int) left];
        int[] sources = new int[(int) left];
        int next = 0;
        int drop = 0;
        int grow = 0;
        for (int row = 0; row < topology.nOut(); row++) {
            long first = (long) row * topology.nIn();
            int end = starts[row + 1];
            for (int position = starts[row]; position <= end; position++) {
                int column = position < end ? columns[position] : topology.nIn();
                while (grow < grown.length && grown[grow] < first + column) {
                    newColumns[next] = (int) (grown[grow++] - first);
                    sources[next++] = -1;
                }
                if (position == end) {
                    break;
                }
                if (drop < dropped.length && dropped[drop] == position) {
                    drop++;
                    continue;
                }
                if (grow < grown.length && grown[grow] == first + column) {
                    throw new IllegalArgumentException(
                            "connection %d can't be grown: it is active".formatted(grown[grow]));
                }
                newColumns[next] = column;
                sources[next++] = position;
            }
            newStarts[row + 1] = next;
        }
        return new TopologyChange(
                new SparseTopology(topology.nIn(), topology.nOut(), newStarts, newColumns),
                sources);
    }

    static TopologyChange rewireKeepingRegrown(
            SparseTopology topology, int[] dropped, long[] grown) {
        requirePositions(topology, dropped);
        requireIds(topology, grown);
        long[] droppedIds = topology.idsAt(dropped);
        int[] gone =
                IntStream.range(0, dropped.length)
                        .filter(i -> Arrays.binarySearch(grown, droppedIds[i]) < 0)
                        .map(i -> dropped[i])
                        .toArray();
        long[] added =
                Arrays.stream(grown)
                        .filter(id -> Arrays.binarySearch(droppedIds, id) < 0)
                        .toArray();
        return rewire(topology, gone, added);
    }

    private static void requirePositions(SparseTopology topology, int[] positions) {
        int previous = -1;
        for (int position : positions) {
            if (position <= previous || position >= topology.activeCount()) {
                throw new IllegalArgumentException(
                        "positions to drop must be strictly ascending in [0, %d), got %d after %d"
                                .formatted(topology.activeCount(), position, previous));
            }
            previous = position;
        }
    }

    private static void requireIds(SparseTopology topology, long[] ids) {
        long previous = -1;
        for (long id : ids) {
            if (id <= previous || id >= topology.possibleCount()) {
                throw new IllegalArgumentException(
                        "connection ids to grow must be strictly ascending in [0, %d), got %d after %d"
                                .formatted(topology.possibleCount(), id, previous));
            }
            previous = id;
        }
    }
}
