package org.dl4jplasticity.topology;

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
