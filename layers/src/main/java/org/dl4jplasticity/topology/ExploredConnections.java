package org.dl4jplasticity.topology;

import java.util.Arrays;
import java.util.function.LongConsumer;

/**
 * The connections of a weight matrix that have been active at some time. United over all updates
 * they are what a training has explored, whose share of the possible ones is ITOP's exploration
 * rate R_s (Liu et al. 2021, arXiv:2102.02887).
 *
 * <p>They outnumber the active ones as training goes on and are only ever added to, so they are
 * kept small rather than quick to search: each output unit's inputs as the gaps between them, seven
 * bits a byte as in {@link ConnectionIds}, one to three bytes a connection. To add a topology takes
 * time linear in both and memory for one row.
 */
public final class ExploredConnections {

    /** What 31 bits take at seven a byte. */
    private static final int LONGEST_GAP = 5;

    private static final byte[] NONE = {};

    private final int nIn;
    private final byte[][] rows;
    private long count;

    /** Where a row is written before its length is known. */
    private byte[] scratch = NONE;

    /**
     * Starts with the connections of a topology.
     *
     * @param first the topology
     */
    public ExploredConnections(SparseTopology first) {
        nIn = first.nIn();
        rows = new byte[first.nOut()][];
        Arrays.fill(rows, NONE);
        add(first);
    }

    /** {@return the number of connections} */
    public long count() {
        return count;
    }

    /**
     * {@return whether a topology has the same numbers of inputs and outputs}
     *
     * @param topology any topology
     */
    public boolean isOfShape(SparseTopology topology) {
        return nIn == topology.nIn() && rows.length == topology.nOut();
    }

    /**
     * Adds the connections of a topology.
     *
     * @param topology one of the same shape
     * @throws IllegalArgumentException if the shapes differ
     */
    public void add(SparseTopology topology) {
        if (!isOfShape(topology)) {
            throw new IllegalArgumentException(
                    "explored connections of a %d x %d topology can't take in those of a %d x %d"
                            .formatted(nIn, rows.length, topology.nIn(), topology.nOut()));
        }
        for (int row = 0; row < rows.length; row++) {
            addRow(row, topology);
        }
        scratch = NONE;
    }

    private void addRow(int row, SparseTopology topology) {
        int next = topology.rowStarts()[row];
        int end = topology.rowStarts()[row + 1];
        Gaps old = new Gaps(rows[row]);
        // A gap between two others is no longer than the one it was cut from.
        int most = rows[row].length + LONGEST_GAP * (end - next);
        if (scratch.length < most) {
            scratch = new byte[2 * most];
        }
        int written = 0;
        int previous = -1;
        int added = 0;
        while (old.isIn() || next < end) {
            boolean isNew = !old.isIn() || (next < end && topology.columns()[next] < old.input());
            int input = isNew ? topology.columns()[next] : old.input();
            if (next < end && topology.columns()[next] == input) {
                next++;
            }
            if (isNew) {
                added++;
            } else {
                old.advance();
            }
            written = ConnectionIds.putVarint(scratch, written, input - previous - 1);
            previous = input;
        }
        if (added > 0) {
            rows[row] = Arrays.copyOf(scratch, written);
            count += added;
        }
    }

    /** Reads a row's inputs one after another. */
    private static final class Gaps {
        private final byte[] bytes;
        private int next;
        private int input = -1;
        private boolean isIn;

        Gaps(byte[] bytes) {
            this.bytes = bytes;
            advance();
        }

        boolean isIn() {
            return isIn;
        }

        int input() {
            return input;
        }

        void advance() {
            isIn = next < bytes.length;
            if (!isIn) {
                return;
            }
            int gap = 0;
            int shift = 0;
            byte part;
            do {
                part = bytes[next++];
                gap |= (part & 0x7f) << shift;
                shift += 7;
            } while (part < 0);
            input += gap + 1;
        }
    }

    private void forEachId(LongConsumer consumer) {
        for (int row = 0; row < rows.length; row++) {
            for (Gaps gaps = new Gaps(rows[row]); gaps.isIn(); gaps.advance()) {
                consumer.accept((long) row * nIn + gaps.input());
            }
        }
    }

    /**
     * {@return the topology of these connections} It takes four bytes a connection, and four an
     * output unit.
     *
     * @throws IllegalArgumentException if there are more than 2^31 - 1
     */
    public SparseTopology topology() {
        SparseTopology.requireActive(nIn, rows.length, count);
        int[] rowStarts = new int[rows.length + 1];
        int[] columns = new int[(int) count];
        int position = 0;
        for (int row = 0; row < rows.length; row++) {
            for (Gaps gaps = new Gaps(rows[row]); gaps.isIn(); gaps.advance()) {
                columns[position++] = gaps.input();
            }
            rowStarts[row + 1] = position;
        }
        return new SparseTopology(nIn, rows.length, rowStarts, columns);
    }

    /** {@return {@link #topology} as the text that {@link SparseTopology#parse} reads} */
    public String toText() {
        return TopologyText.write(nIn, rows.length, count, this::forEachId);
    }
}
