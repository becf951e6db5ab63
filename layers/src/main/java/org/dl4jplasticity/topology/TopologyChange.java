package org.dl4jplasticity.topology;

import java.util.stream.IntStream;

/**
 * The outcome of dropping and growing connections.
 *
 * @param topology the new topology
 * @param sources for every position of the new topology the position its connection had in the old
 *     one, or -1 if the connection was grown; length {@code topology.activeCount()}. The array is
 *     not copied: do not write to it.
 */
@SuppressWarnings("ArrayRecordComponent") // handed on, compared by nobody
public record TopologyChange(SparseTopology topology, int[] sources) {

    /**
     * {@return the change from one topology to another of the same shape}
     *
     * @param before the connections there were
     * @param after the connections there are to be
     * @throws IllegalArgumentException if the shapes differ
     */
    public static TopologyChange between(SparseTopology before, SparseTopology after) {
        if (before.nIn() != after.nIn() || before.nOut() != after.nOut()) {
            throw new IllegalArgumentException(
                    "a change keeps the shape %d x %d, got %d x %d"
                            .formatted(before.nIn(), before.nOut(), after.nIn(), after.nOut()));
        }
        long[] old = before.ids();
        long[] ids = after.ids();
        int[] sources = new int[ids.length];
        int position = 0;
        for (int i = 0; i < ids.length; i++) {
            while (position < old.length && old[position] < ids[i]) {
                position++;
            }
            sources[i] = position < old.length && old[position] == ids[i] ? position : -1;
        }
        return new TopologyChange(after, sources);
    }

    /** {@return the ids of the grown connections, ascending} */
    public long[] grownIds() {
        int[] grown =
                IntStream.range(0, sources.length)
                        .filter(position -> sources[position] < 0)
                        .toArray();
        return topology.idsAt(grown);
    }

    /**
     * {@return the ids of the dropped connections, ascending; those that were dropped and grown at
     * once among them}
     *
     * @param before the topology before the change
     */
    public long[] droppedIds(SparseTopology before) {
        boolean[] kept = new boolean[before.activeCount()];
        for (int source : sources) {
            if (source >= 0) {
                kept[source] = true;
            }
        }
        int[] dropped =
                IntStream.range(0, kept.length).filter(position -> !kept[position]).toArray();
        return before.idsAt(dropped);
    }

    /** {@return the number of grown connections} */
    public int grownCount() {
        int grown = 0;
        for (int source : sources) {
            if (source < 0) {
                grown++;
            }
        }
        return grown;
    }

    /**
     * {@return the values of the new positions: survivors keep theirs, grown connections get the
     * given ones}
     *
     * @param old one value per position of the old topology
     * @param grown one value per grown connection, in ascending id
     */
    public double[] carry(double[] old, double[] grown) {
        double[] carried = new double[sources.length];
        int nextGrown = 0;
        for (int position = 0; position < sources.length; position++) {
            int source = sources[position];
            carried[position] = source >= 0 ? old[source] : grown[nextGrown++];
        }
        return carried;
    }
}
