package org.dl4jplasticity.kernel;

import java.util.Arrays;
import org.dl4jplasticity.topology.SparseTopology;

/**
 * Finds the largest entries of the dense weight gradient {@code G = D X^T} outside a topology,
 * exactly, without looking at entries that can't be among them. By Cauchy and Schwarz {@code
 * |G(o,i)| <= |D(o)| |X(i)|}: entries are computed in the order of this bound, in bands that hold
 * twice as many each time, until the bound falls below the least of the k largest found. Units
 * without any activation or gradient, of which rectifiers leave many, cost nothing.
 *
 * <p>The result is the one that computing every entry gives, ties, zeros and NaN included. Memory
 * is O(k + nIn + nOut); time depends on how much the norms differ, in the worst case it is {@code
 * nIn * nOut} products.
 */
@SuppressWarnings("cast") // needed here, redundant in the double twin
final class FloatGradientSearch {
    /** Units a tile is wide: their activations stay in a core's cache for all its rows. */
    private static final int TILE = 256;

    /** Shares of the tiles that are handed out; more than cores, for tiles differ. */
    private static final int SHARES = 64;

    private final FloatKernels kernels;
    private final RowParallel threads;
    private final SparseTopology occupied;
    private final float[] delta;
    private final float[] x;
    private final int stride;
    private final LargestEntries found;

    /** Rows and columns by falling bound. */
    private final UnitNorms rows;

    private final UnitNorms columns;

    /** For every row in that order the end of its columns that are done, and of the band's. */
    private int[] done;

    private int[] ends;

    /** Nothing below it can get in any more. */
    private volatile double least = -1;

    FloatGradientSearch(
            FloatKernels kernels,
            RowParallel threads,
            SparseTopology occupied,
            float[] delta,
            float[] x,
            int stride,
            int k) {
        this.kernels = kernels;
        this.threads = threads;
        this.occupied = occupied;
        this.delta = delta;
        this.x = x;
        this.stride = stride;
        found = LargestEntries.outside(occupied, k);
        boolean[] used = FloatActivity.usedExamples(delta, occupied.nOut(), stride);
        rows = UnitNorms.of(FloatActivity.norms(threads, delta, occupied.nOut(), stride, used));
        columns = UnitNorms.of(FloatActivity.norms(threads, x, occupied.nIn(), stride, used));
        done = new int[rows.count()];
        ends = new int[rows.count()];
    }

    /** {@return the ids of the k largest entries, ascending} */
    long[] ids(int k) {
        long possible = (long) rows.count() * columns.count();
        long wanted = Math.min(possible, 2L * k + occupied.activeCount());
        long computed = 0;
        double bound = Double.POSITIVE_INFINITY;
        while (k > 0 && computed < possible && bound > Math.max(least, Double.MIN_VALUE)) {
            bound = Math.max(rows.boundOf(columns, wanted), least);
            computed = rows.ends(columns, bound, ends);
            wanted = Math.min(possible, 2 * computed);
            search();
            int[] reused = done;
            done = ends;
            ends = reused;
            least = found.least();
        }
        return withZeros(found.ids(), k);
    }

    /** Computes the entries between {@code done} and {@code ends}. */
    private void search() {
        int tiles = (columns.count() + TILE - 1) / TILE;
        long work = 0;
        for (int r = 0; r < ends.length; r++) {
            work += ends[r] - done[r];
        }
        threads.run(
                SHARES,
                work * stride / SHARES,
                (from, to) -> {
                    Part part = new Part();
                    for (int share = from; share < to; share++) {
                        for (int tile = share; tile < tiles; tile += SHARES) {
                            searchTile(tile * TILE, part);
                        }
                    }
                    part.flush();
                });
    }

    private void searchTile(int first, Part part) {
        int width = Math.min(TILE, columns.count() - first);
        int[] units = Arrays.copyOfRange(columns.units(), first, first + width);
        float[] gradient = new float[width];
        int[] range = new int[2];
        // Ends fall from row to row: a stretch of rows meets the tile.
        for (int r = firstBelow(done, first + width); r < ends.length && ends[r] > first; r++) {
            range[0] = Math.max(0, done[r] - first);
            range[1] = Math.min(width, ends[r] - first);
            int row = rows.units()[r];
            float[] rowDelta = FloatSparseOperations.rowOf(delta, row, stride);
            kernels.sampledProduct(range, units, rowDelta, x, stride, gradient, 0, 1);
            for (int i = range[0]; i < range[1]; i++) {
                part.offer(row, units[i], Math.abs(gradient[i]));
            }
        }
    }

    /** {@return the first index of a falling sequence with a value below a bound} */
    private static int firstBelow(int[] falling, int bound) {
        int low = 0;
        int high = falling.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (falling[middle] < bound) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }

    /** What one thread has found and not handed over yet. */
    private final class Part {
        private final long[] ids = new long[1 << 12];
        private final double[] magnitudes = new double[1 << 12];
        private int size;

        void offer(int row, int column, double magnitude) {
            if (!(magnitude > 0) || magnitude < least) {
                return;
            }
            long id = (long) row * occupied.nIn() + column;
            if (!occupied.contains(id)) {
                ids[size] = id;
                magnitudes[size++] = magnitude;
                if (size == ids.length) {
                    flush();
                }
            }
        }

        void flush() {
            synchronized (found) {
                for (int i = 0; i < size; i++) {
                    found.offer(ids[i], magnitudes[i]);
                }
                least = found.leastKnown();
            }
            size = 0;
        }
    }

    /** Where there are fewer than k entries other than 0, the lowest ids of entries that are 0. */
    private long[] withZeros(long[] nonzero, int k) {
        if (nonzero.length == k) {
            return nonzero;
        }
        long[] all = Arrays.copyOf(nonzero, k);
        int size = nonzero.length;
        int next = 0;
        int[] starts = occupied.rowStarts();
        for (int row = 0; size < k; row++) {
            int position = starts[row];
            for (int column = 0; column < occupied.nIn() && size < k; column++) {
                long id = (long) row * occupied.nIn() + column;
                if (position < starts[row + 1] && occupied.columns()[position] == column) {
                    position++;
                } else if (next < nonzero.length && nonzero[next] == id) {
                    next++;
                } else {
                    all[size++] = id;
                }
            }
        }
        Arrays.sort(all);
        return all;
    }
}
