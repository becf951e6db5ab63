package org.dl4jplasticity.topology;

import java.io.Serializable;
import java.nio.LongBuffer;
import java.util.Arrays;
import java.util.function.LongConsumer;
import java.util.random.RandomGenerator;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonValue;

/**
 * The active connections of a layer with {@code nIn} inputs and {@code nOut} output units, in
 * compressed sparse rows by output unit. Immutable.
 *
 * <p>Two numbers name a connection. Its <em>id</em> is {@code output * nIn + input}, a long. Its
 * <em>position</em> is its rank among the active connections in ascending id: the index of its
 * weight in the layer's parameter vector. The inputs of unit {@code o} are the columns at positions
 * {@code [rowStart(o), rowStart(o + 1))}, ascending and without repetition. A topology is never
 * empty; a single row may be.
 */
public final class SparseTopology implements Serializable {
    private static final long serialVersionUID = 1;

    private final int nIn;
    private final int nOut;

    /** Length {@code nOut + 1}, ascending from 0 to the number of active connections. */
    private final int[] rowStarts;

    /** The input of every position; strictly ascending within a row. */
    private final int[] columns;

    private transient volatile Transpose transpose;

    /** Neither copies nor checks. */
    SparseTopology(int nIn, int nOut, int[] rowStarts, int[] columns) {
        this.nIn = nIn;
        this.nOut = nOut;
        this.rowStarts = rowStarts;
        this.columns = columns;
    }

    /**
     * The same connections by input: what the gradient with respect to the inputs walks over.
     *
     * @param rowStarts length {@code nIn + 1}; the outputs of input {@code i} stand at {@code
     *     [rowStarts[i], rowStarts[i + 1])}
     * @param columns the output unit of every entry, ascending within a row
     * @param positions the position every entry has in the topology
     */
    @SuppressWarnings("ArrayRecordComponent") // read by kernels, compared by nobody
    public record Transpose(int[] rowStarts, int[] columns, int[] positions) {}

    /**
     * {@return the topology of the given connections}
     *
     * @param nIn number of inputs, at least 1
     * @param nOut number of output units, at least 1
     * @param ids connection ids, strictly ascending, each in [0, nIn * nOut)
     * @throws IllegalArgumentException if there is none, one is out of range, or the order is not
     *     strictly ascending
     */
    public static SparseTopology of(int nIn, int nOut, long... ids) {
        long possible = requireShape(nIn, nOut);
        if (ids.length == 0) {
            throw new IllegalArgumentException(
                    "a topology needs at least 1 active connection, got none");
        }
        long previous = -1;
        for (long id : ids) {
            if (id <= previous || id >= possible) {
                throw new IllegalArgumentException(
                        ("connection ids of a %d x %d topology must be strictly ascending in"
                                        + " [0, %d), got %d after %d")
                                .formatted(nIn, nOut, possible, id, previous));
            }
            previous = id;
        }
        return ofTrusted(nIn, nOut, ids);
    }

    /** {@return the topology of ids that are known to be in range and ascending} */
    static SparseTopology ofTrusted(int nIn, int nOut, long[] ids) {
        int[] rowStarts = new int[nOut + 1];
        int[] columns = new int[ids.length];
        for (int position = 0; position < ids.length; position++) {
            rowStarts[(int) (ids[position] / nIn) + 1]++;
            columns[position] = (int) (ids[position] % nIn);
        }
        for (int row = 0; row < nOut; row++) {
            rowStarts[row + 1] += rowStarts[row];
        }
        return new SparseTopology(nIn, nOut, rowStarts, columns);
    }

    /**
     * {@return a topology of exactly {@code active} connections, every set of that size equally
     * likely}
     *
     * @param nIn number of inputs, at least 1
     * @param nOut number of output units, at least 1
     * @param active number of active connections in [1, nIn * nOut]
     * @param random the source of randomness
     * @throws IllegalArgumentException if a number is out of its range
     */
    public static SparseTopology random(int nIn, int nOut, long active, RandomGenerator random) {
        long possible = requireShape(nIn, nOut);
        requireActive(nIn, nOut, active);
        return ofTrusted(nIn, nOut, RandomRanks.draw((int) active, possible, random));
    }

    /**
     * {@return a topology in which every output unit has exactly {@code fanIn} inputs, every set of
     * that size equally likely and drawn for each unit on its own} The initial structure of SRigL
     * (Lasby et al. 2024, arXiv:2305.02299).
     *
     * @param nIn number of inputs, at least 1
     * @param nOut number of output units, at least 1
     * @param fanIn number of inputs of every unit, in [1, nIn]; nOut * fanIn at most 2^31 - 1
     * @param random the source of randomness
     * @throws IllegalArgumentException if a number is out of its range
     */
    public static SparseTopology constantFanIn(
            int nIn, int nOut, int fanIn, RandomGenerator random) {
        requireShape(nIn, nOut);
        return TopologySampling.constantFanIn(nIn, nOut, fanIn, random);
    }

    /**
     * {@return the topology in which every connection is active}
     *
     * @param nIn number of inputs, at least 1
     * @param nOut number of output units, at least 1
     * @throws IllegalArgumentException if there are more than 2^31 - 1 connections
     */
    public static SparseTopology dense(int nIn, int nOut) {
        long possible = requireShape(nIn, nOut);
        requireActive(nIn, nOut, possible);
        long[] ids = new long[(int) possible];
        Arrays.setAll(ids, i -> i);
        return ofTrusted(nIn, nOut, ids);
    }

    private static long requireShape(int nIn, int nOut) {
        if (nIn < 1 || nOut < 1) {
            throw new IllegalArgumentException(
                    "a topology needs at least 1 input and 1 output, got %d x %d"
                            .formatted(nIn, nOut));
        }
        return (long) nIn * nOut;
    }

    static void requireActive(int nIn, int nOut, long active) {
        long most = Math.min((long) nIn * nOut, Integer.MAX_VALUE);
        if (active < 1 || active > most) {
            throw new IllegalArgumentException(
                    "active connections of a %d x %d topology must be in [1, %d], got %d"
                            .formatted(nIn, nOut, most, active));
        }
    }

    /** {@return the number of inputs} */
    public int nIn() {
        return nIn;
    }

    /** {@return the number of output units} */
    public int nOut() {
        return nOut;
    }

    /** {@return the number of active connections} */
    public int activeCount() {
        return columns.length;
    }

    /** {@return the number of possible connections, {@code nIn * nOut}} */
    public long possibleCount() {
        return (long) nIn * nOut;
    }

    /** {@return active over possible connections, in (0, 1]} */
    public double density() {
        return activeCount() / (double) possibleCount();
    }

    /**
     * {@return the start of every row, length {@code nOut + 1}; the array itself, not a copy: do
     * not write to it}
     */
    public int[] rowStarts() {
        return rowStarts;
    }

    /** {@return the input of every position; the array itself, not a copy: do not write to it} */
    public int[] columns() {
        return columns;
    }

    /** {@return the ids of the active connections, ascending; length {@link #activeCount()}} */
    public long[] ids() {
        LongBuffer ids = LongBuffer.allocate(columns.length);
        forEachId(ids::put);
        return ids.array();
    }

    /** Hands the ids of the active connections over one by one, ascending, without an array. */
    void forEachId(LongConsumer consumer) {
        for (int row = 0; row < nOut; row++) {
            for (int position = rowStarts[row]; position < rowStarts[row + 1]; position++) {
                consumer.accept((long) row * nIn + columns[position]);
            }
        }
    }

    /** {@return the ids at some positions, which ascend and exist} */
    long[] idsAt(int[] positions) {
        long[] ids = new long[positions.length];
        int row = 0;
        for (int i = 0; i < positions.length; i++) {
            while (positions[i] >= rowStarts[row + 1]) {
                row++;
            }
            ids[i] = (long) row * nIn + columns[positions[i]];
        }
        return ids;
    }

    /**
     * {@return the number of active inputs of an output unit, its fan-in} It may be 0.
     *
     * @param row the output unit, in [0, nOut)
     * @throws IllegalArgumentException if there is no such unit
     */
    public int rowActive(int row) {
        if (row < 0 || row >= nOut) {
            throw new IllegalArgumentException(
                    "row of a %d x %d topology must be in [0, %d), got %d"
                            .formatted(nIn, nOut, nOut, row));
        }
        return rowStarts[row + 1] - rowStarts[row];
    }

    /**
     * {@return the position of a connection, or -1 if it is not active} Searches its row by halves.
     *
     * @param id the connection, in [0, nIn * nOut)
     * @throws IllegalArgumentException if there is no such connection
     */
    public int positionOf(long id) {
        if (id < 0 || id >= possibleCount()) {
            throw new IllegalArgumentException(
                    "connection id of a %d x %d topology must be in [0, %d), got %d"
                            .formatted(nIn, nOut, possibleCount(), id));
        }
        int row = (int) (id / nIn);
        int column = (int) (id % nIn);
        int found = Arrays.binarySearch(columns, rowStarts[row], rowStarts[row + 1], column);
        return Math.max(found, -1);
    }

    /**
     * {@return whether a connection is active}
     *
     * @param id the connection, in [0, nIn * nOut)
     * @throws IllegalArgumentException if there is no such connection
     */
    public boolean contains(long id) {
        return positionOf(id) >= 0;
    }

    /** {@return the same connections by input; computed once} */
    public Transpose transpose() {
        Transpose known = transpose;
        if (known == null) {
            known = TopologyTransposition.of(this);
            transpose = known;
        }
        return known;
    }

    /**
     * {@return {@code count} connections that are not active, every set of that size equally
     * likely, as ascending ids}
     *
     * @param count how many, in [0, possible - active]
     * @param random the source of randomness
     * @throws IllegalArgumentException if fewer are inactive
     */
    public long[] sampleInactive(int count, RandomGenerator random) {
        return TopologySampling.inactive(this, count, random);
    }

    /**
     * {@return this topology without the connections at some positions and with some others grown}
     * A connection that is dropped and grown in the same change counts as grown.
     *
     * @param dropped positions to drop, strictly ascending
     * @param grown ids to grow, strictly ascending, none of them a survivor
     * @throws IllegalArgumentException if an argument is out of range, out of order or active
     *     already, or if nothing would be left; the topology is unchanged
     */
    public TopologyChange rewire(int[] dropped, long[] grown) {
        return TopologyRewiring.rewire(this, dropped, grown);
    }

    /**
     * {@return this topology without the connections at some positions and with some others grown,
     * where connections that are both dropped and grown simply stay}
     *
     * @param dropped positions to drop, strictly ascending
     * @param grown ids to grow, strictly ascending, none of them a survivor
     * @throws IllegalArgumentException as {@link #rewire}
     */
    public TopologyChange rewireKeepingRegrown(int[] dropped, long[] grown) {
        return TopologyRewiring.rewireKeepingRegrown(this, dropped, grown);
    }

    /**
     * {@return the topology without the connections at the given positions}
     *
     * @param dropped positions to drop, strictly ascending, fewer than all
     * @throws IllegalArgumentException if a position is out of range or order, or none would be
     *     left
     */
    public SparseTopology without(int[] dropped) {
        return rewire(dropped, new long[0]).topology();
    }

    /**
     * {@return this topology after inputs and outputs came and went: connections between those that
     * stay are kept, new inputs and outputs have none yet}
     *
     * @param inputSources for every input afterwards the one it was, or -1 if it is new; ascending
     *     but for -1
     * @param outputSources the same for outputs
     * @throws IllegalArgumentException if sources are out of range or order, or no connection would
     *     be left
     */
    public TopologyChange resize(int[] inputSources, int[] outputSources) {
        return TopologyResizing.resize(this, inputSources, outputSources);
    }

    /**
     * {@return the topology of the connections that are active in this one, in another one, or in
     * both} Time and memory linear in both. Many are united in less memory by {@link
     * ExploredConnections}.
     *
     * @param other a topology of the same shape
     * @throws IllegalArgumentException if the shapes differ or there would be more than 2^31 - 1
     *     active connections
     */
    public SparseTopology union(SparseTopology other) {
        return TopologyUnion.of(this, other);
    }

    /**
     * {@return a fingerprint of shape and connections, 16 lower-case hexadecimal digits} Topologies
     * that are equal have equal ones, on every machine and in every release: journals hold them.
     *
     * <p>The digits are the first 8 bytes of the SHA-256 of {@code nIn} and {@code nOut}, 4 bytes
     * each, followed by every active id in ascending order, 8 bytes each; all of them big-endian
     * two's complement, with nothing before, between or after.
     */
    public String digest() {
        return TopologyDigest.of(this);
    }

    /**
     * {@return the compact text form {@code 1:nIn:nOut:active:DATA}} DATA is that of {@link
     * ConnectionIds}, the deflated gaps between consecutive ids; about one to one and a half
     * characters per connection. {@link #parse} reads it back.
     */
    @JsonValue
    public String toText() {
        return TopologyText.write(nIn, nOut, activeCount(), this::forEachId);
    }

    /**
     * {@return the topology that {@link #toText} wrote}
     *
     * @param text the compact text form
     * @throws IllegalArgumentException if the text is not one, with what is wrong
     */
    @JsonCreator
    public static SparseTopology parse(String text) {
        return TopologyText.read(text);
    }

    @Override
    public boolean equals(Object other) {
        if (this == other) {
            return true;
        }
        return other instanceof SparseTopology that
                && nIn == that.nIn
                && nOut == that.nOut
                && Arrays.equals(rowStarts, that.rowStarts)
                && Arrays.equals(columns, that.columns);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * nIn + nOut) + Arrays.hashCode(columns);
    }

    /** A short description: shape, active connections and density. */
    @Override
    public String toString() {
        return "SparseTopology[%d x %d, %d active, density %.4f]"
                .formatted(nIn, nOut, activeCount(), density());
    }
}
