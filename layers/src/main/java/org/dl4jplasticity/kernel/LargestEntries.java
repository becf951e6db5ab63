package org.dl4jplasticity.kernel;

import java.util.Arrays;
import java.util.function.IntToDoubleFunction;
import org.dl4jplasticity.topology.SparseTopology;

/**
 * Keeps the k entries of largest magnitude of a matrix that lie outside a topology, in O(k) memory.
 * Equal magnitudes: the lower id is the larger entry, so the outcome depends neither on the order
 * of entries nor on who offers them. NaN counts as 0, or fewer than k entries might be found.
 */
public final class LargestEntries {
    private final SparseTopology occupied;
    private final int k;
    private final double[] magnitudes;
    private final long[] ids;
    private int size;

    /** Nothing at or below it can still get in; negative as long as everything can. */
    private double threshold = -1;

    private LargestEntries(SparseTopology occupied, int k) {
        this.occupied = occupied;
        this.k = k;
        int capacity = (int) Math.min((long) k + k / 2 + 64, Integer.MAX_VALUE - 8);
        magnitudes = new double[capacity];
        ids = new long[capacity];
    }

    /**
     * {@return an empty selection}
     *
     * @param occupied the connections that are not to be found
     * @param k how many to keep, in [0, possible - active of {@code occupied}]
     * @throws IllegalArgumentException if k is out of range
     */
    public static LargestEntries outside(SparseTopology occupied, int k) {
        requireOutside(occupied, k);
        return new LargestEntries(occupied, k);
    }

    static void requireOutside(SparseTopology occupied, int k) {
        long outside = occupied.possibleCount() - occupied.activeCount();
        if (k < 0 || k > outside) {
            throw new IllegalArgumentException(
                    "k must be in [0, %d], the connections outside the topology, got %d"
                            .formatted(outside, k));
        }
    }

    /**
     * Takes in the entries of one row that lie outside the topology, each row once.
     *
     * @param row the row
     * @param entry the row's entry by column
     */
    public void offerInactive(int row, IntToDoubleFunction entry) {
        int[] starts = occupied.rowStarts();
        int column = 0;
        for (int p = starts[row]; p < starts[row + 1]; p++) {
            offer(row, column, occupied.columns()[p], entry);
            column = occupied.columns()[p] + 1;
        }
        offer(row, column, occupied.nIn(), entry);
    }

    private void offer(int row, int from, int to, IntToDoubleFunction entry) {
        long firstId = (long) row * occupied.nIn();
        for (int column = from; column < to; column++) {
            double magnitude = Math.abs(entry.applyAsDouble(column));
            if (!(magnitude < threshold)) {
                offer(firstId + column, magnitude);
            }
        }
    }

    /**
     * Takes in an entry.
     *
     * @param id of a connection outside the topology that was not offered before
     * @param magnitude at least 0, or NaN
     */
    void offer(long id, double magnitude) {
        if (size == ids.length) {
            keepLargest();
        }
        double value = Double.isNaN(magnitude) ? 0 : magnitude;
        if (value >= threshold && k > 0) {
            magnitudes[size] = value;
            ids[size++] = id;
        }
    }

    /** Takes in the entries of another part, whose ids may lie anywhere. */
    void addAll(LargestEntries other) {
        other.keepLargest();
        for (int i = 0; i < other.size; i++) {
            offer(other.ids[i], other.magnitudes[i]);
        }
    }

    /**
     * {@return the least of the k largest magnitudes so far: an entry below it can't get in any
     * more; negative as long as fewer than k have been offered}
     */
    double least() {
        keepLargest();
        return size < k ? -1 : threshold;
    }

    /** {@return what {@link #least} was when entries were last sorted out, in no time} */
    double leastKnown() {
        return threshold;
    }

    /** {@return the ids of the largest entries, ascending; k of them if that many were offered} */
    public long[] ids() {
        keepLargest();
        long[] kept = Arrays.copyOf(ids, size);
        Arrays.sort(kept);
        return kept;
    }

    /** Moves the k largest to the front and forgets the rest. */
    private void keepLargest() {
        if (size < k || k == 0 || (size == k && threshold >= 0)) {
            return;
        }
        int low = 0;
        int high = size - 1;
        while (low < high) {
            int pivot = partition(low, high);
            if (pivot == k - 1) {
                break;
            } else if (pivot < k - 1) {
                low = pivot + 1;
            } else {
                high = pivot - 1;
            }
        }
        size = k;
        double least = Double.POSITIVE_INFINITY;
        for (int i = 0; i < size; i++) {
            least = Math.min(least, magnitudes[i]);
        }
        threshold = least;
    }

    private int partition(int low, int high) {
        swap((low + high) >>> 1, high);
        int next = low;
        for (int i = low; i < high; i++) {
            if (larger(i, high)) {
                swap(i, next++);
            }
        }
        swap(next, high);
        return next;
    }

    private boolean larger(int a, int b) {
        return magnitudes[a] > magnitudes[b] || (magnitudes[a] == magnitudes[b] && ids[a] < ids[b]);
    }

    private void swap(int a, int b) {
        double magnitude = magnitudes[a];
        magnitudes[a] = magnitudes[b];
        magnitudes[b] = magnitude;
        long id = ids[a];
        ids[a] = ids[b];
        ids[b] = id;
    }
}
