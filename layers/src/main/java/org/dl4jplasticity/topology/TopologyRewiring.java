package org.dl4jplasticity.topology;

import java.util.Arrays;

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
        long[] old = topology.ids();
        long[] ids = new long[(int) left];
        int[] sources = new int[(int) left];
        int next = 0;
        int drop = 0;
        int grow = 0;
        for (int position = 0; position < old.length; position++) {
            if (drop < dropped.length && dropped[drop] == position) {
                drop++;
                continue;
            }
            while (grow < grown.length && grown[grow] < old[position]) {
                ids[next] = grown[grow++];
                sources[next++] = -1;
            }
            if (grow < grown.length && grown[grow] == old[position]) {
                throw new IllegalArgumentException(
                        "connection %d can't be grown: it is active".formatted(old[position]));
            }
            ids[next] = old[position];
            sources[next++] = position;
        }
        while (grow < grown.length) {
            ids[next] = grown[grow++];
            sources[next++] = -1;
        }
        return new TopologyChange(
                SparseTopology.ofTrusted(topology.nIn(), topology.nOut(), ids), sources);
    }

    static TopologyChange rewireKeepingRegrown(
            SparseTopology topology, int[] dropped, long[] grown) {
        requirePositions(topology, dropped);
        requireIds(topology, grown);
        long[] ids = topology.ids();
        int[] gone =
                Arrays.stream(dropped)
                        .filter(position -> Arrays.binarySearch(grown, ids[position]) < 0)
                        .toArray();
        long[] added = Arrays.stream(grown).filter(id -> !isDropped(ids, dropped, id)).toArray();
        return rewire(topology, gone, added);
    }

    private static boolean isDropped(long[] ids, int[] dropped, long id) {
        int position = Arrays.binarySearch(ids, id);
        return position >= 0 && Arrays.binarySearch(dropped, position) >= 0;
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
