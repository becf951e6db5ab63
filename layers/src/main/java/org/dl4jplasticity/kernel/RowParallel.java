package org.dl4jplasticity.kernel;

import java.util.function.IntBinaryOperator;

/**
 * Divides the rows of a sparse matrix among the cores. Parts hold about the same number of entries,
 * and there are more parts than cores so that an interrupted core holds up little. Which thread
 * takes a part never shows in a result.
 */
public final class RowParallel {
    /**
     * The system property for the number of threads that share the work of a kernel; by default as
     * many as there are processors.
     */
    public static final String THREADS_PROPERTY = "dl4j.plasticity.threads";

    /** Multiplications below which handing work to another core costs more than it saves. */
    private static final long SEQUENTIAL = 1 << 17;

    private static final int PARTS_PER_CORE = 3;

    private static final class Shared {
        static final RowParallel INSTANCE =
                new RowParallel(
                        Integer.getInteger(
                                THREADS_PROPERTY, Runtime.getRuntime().availableProcessors()));
    }

    private final KernelThreads threads;

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

    /**
     * Starts threads of its own; {@link #shared} is what is wanted outside of tests.
     *
     * @param threads how many share the work, the caller's included
     */
    RowParallel(int threads) {
        if (threads < 1) {
            throw new IllegalArgumentException(
                    "system property %s must be at least 1, got %d"
                            .formatted(THREADS_PROPERTY, threads));
        }
        this.threads = new KernelThreads(threads);
    }

    /**
     * {@return the threads that all layers share}
     *
     * @throws IllegalArgumentException if {@value #THREADS_PROPERTY} asks for fewer than one
     */
    public static RowParallel shared() {
        return Shared.INSTANCE;
    }

    /**
     * Runs the body over all rows of a sparse matrix.
     *
     * @param rowStarts the start of every row
     * @param stride multiplications per entry
     * @param body the work; ranges are disjoint and may run at the same time
     */
    public void run(int[] rowStarts, int stride, Body body) {
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
    public void run(int rows, long workPerRow, Body body) {
        run(rows, rows * workPerRow, body, (part, parts) -> (int) ((long) rows * part / parts));
    }

    private void run(int rows, long work, Body body, IntBinaryOperator boundary) {
        if (threads.count() == 1 || work < SEQUENTIAL) {
            body.rows(0, rows);
            return;
        }
        int parts = Math.min(rows, threads.count() * PARTS_PER_CORE);
        threads.run(
                parts,
                part ->
                        body.rows(
                                boundary.applyAsInt(part, parts),
                                boundary.applyAsInt(part + 1, parts)));
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
