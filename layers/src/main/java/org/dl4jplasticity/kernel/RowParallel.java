package org.dl4jplasticity.kernel;

import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.function.IntBinaryOperator;
import java.util.stream.IntStream;

/**
 * Divides the rows of a sparse matrix among the cores: the common pool's, or those of the pool the
 * caller runs in. Parts hold about the same number of entries, and there are more parts than cores
 * so that an interrupted core holds up little. Which thread takes a part never shows in a result.
 */
public final class RowParallel {
    /** Multiplications below which handing work to another core costs more than it saves. */
    private static final long SEQUENTIAL = 1 << 17;

    private static final int PARTS_PER_CORE = 3;

    /** Work on a range of rows. */
    public interface Body {
        /**
         * Does the work of some rows.
         *
         * @param from first row
         * @param to row after the last
         */
        void rows(int from, int to);
    }

    private RowParallel() {}

    /**
     * Runs the body over all rows of a sparse matrix.
     *
     * @param rowStarts the start of every row
     * @param stride multiplications per entry
     * @param body the work; ranges are disjoint and may run at the same time
     */
    public static void run(int[] rowStarts, int stride, Body body) {
        int rows = rowStarts.length - 1;
        long work = ((long) rowStarts[rows] + rows) * stride;
        run(rows, work, body, (part, parts) -> boundary(rowStarts, part, parts));
    }

    /**
     * Runs the body over rows that all cost the same.
     *
     * @param rows number of rows
     * @param workPerRow multiplications per row
     * @param body the work; ranges are disjoint and may run at the same time
     */
    public static void run(int rows, long workPerRow, Body body) {
        run(rows, rows * workPerRow, body, (part, parts) -> (int) ((long) rows * part / parts));
    }

    private static void run(int rows, long work, Body body, IntBinaryOperator boundary) {
        int cores = parallelism();
        if (cores == 1 || work < SEQUENTIAL) {
            body.rows(0, rows);
            return;
        }
        int parts = Math.min(rows, cores * PARTS_PER_CORE);
        IntStream.range(0, parts)
                .parallel()
                .forEach(
                        part ->
                                body.rows(
                                        boundary.applyAsInt(part, parts),
                                        boundary.applyAsInt(part + 1, parts)));
    }

    private static int parallelism() {
        if (Thread.currentThread() instanceof ForkJoinWorkerThread worker) {
            return worker.getPool().getParallelism();
        }
        // The caller works too, beside the common pool's threads.
        return ForkJoinPool.getCommonPoolParallelism() + 1;
    }

    /** The row before which about part/parts of the work lies; a row costs its entries plus one. */
    static int boundary(int[] rowStarts, int part, int parts) {
        int rows = rowStarts.length - 1;
        long target = ((long) rowStarts[rows] + rows) * part / parts;
        int low = 0;
        int high = rows;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if ((long) rowStarts[middle] + middle < target) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
