package org.dl4jplasticity.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RowParallelTest {

    /** Rows of 0 to 10 entries, and a few heavy ones. */
    private static int[] randomRowStarts(int rows, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int[] starts = new int[rows + 1];
        for (int row = 0; row < rows; row++) {
            int entries = random.nextInt(20) == 0 ? random.nextInt(1_000) : random.nextInt(11);
            starts[row + 1] = starts[row] + entries;
        }
        return starts;
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void partsFollowEachOtherFromTheFirstRowToTheLast(long seed) {
        int[] starts = randomRowStarts(173, seed);
        for (int parts : new int[] {1, 2, 3, 7, 21, 173, 400}) {
            assertThat(RowParallel.boundary(starts, 0, parts)).isZero();
            assertThat(RowParallel.boundary(starts, parts, parts)).isEqualTo(173);
            for (int part = 0; part < parts; part++) {
                assertThat(RowParallel.boundary(starts, part + 1, parts))
                        .isGreaterThanOrEqualTo(RowParallel.boundary(starts, part, parts));
            }
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void aPartCostsAtMostItsShareAndOneRowMore(long seed) {
        int rows = 173;
        int[] starts = randomRowStarts(rows, seed);
        int heaviest = 0;
        for (int row = 0; row < rows; row++) {
            heaviest = Math.max(heaviest, starts[row + 1] - starts[row] + 1);
        }
        for (int parts : new int[] {1, 2, 3, 7, 21}) {
            double share = (starts[rows] + rows) / (double) parts;
            for (int part = 0; part < parts; part++) {
                int from = RowParallel.boundary(starts, part, parts);
                int to = RowParallel.boundary(starts, part + 1, parts);
                int cost = starts[to] - starts[from] + to - from;
                assertThat((double) cost).isBetween(share - heaviest - 1, share + heaviest + 1);
            }
        }
    }

    @Test
    void boundariesOfAHandMadeMatrix() {
        // Rows cost 1, 5, 1 and 1 with one for the row itself; half of the 8 lies within the
        // second.
        int[] starts = {0, 0, 4, 4, 4};
        assertThat(RowParallel.boundary(starts, 1, 2)).isEqualTo(2);
        assertThat(RowParallel.boundary(starts, 1, 8)).isEqualTo(1);
        assertThat(RowParallel.boundary(starts, 7, 8)).isEqualTo(3);
    }

    @ParameterizedTest(name = "{0} threads")
    @ValueSource(ints = {1, 2, 3, 7})
    void everyRowIsDoneExactlyOnce(int threads) {
        int rows = 211;
        int[] starts = randomRowStarts(rows, threads);
        RowParallel parallel = new RowParallel(threads);
        for (int stride : new int[] {1, 10_000}) {
            AtomicIntegerArray sparse = new AtomicIntegerArray(rows);
            parallel.run(starts, stride, (from, to) -> count(sparse, from, to));
            assertAllOnce(sparse);
            AtomicIntegerArray even = new AtomicIntegerArray(rows);
            parallel.run(rows, (long) stride, (from, to) -> count(even, from, to));
            assertAllOnce(even);
        }
    }

    @Test
    void manyCallersAtOnceEachGetTheirWorkDone() {
        RowParallel parallel = new RowParallel(3);
        AtomicIntegerArray done = new AtomicIntegerArray(64);
        IntStream.range(0, 64)
                .parallel()
                .forEach(
                        caller -> {
                            for (int round = 0; round < 200; round++) {
                                AtomicInteger rows = new AtomicInteger();
                                parallel.run(50, 1L << 20, (from, to) -> rows.addAndGet(to - from));
                                done.addAndGet(caller, rows.get());
                            }
                        });
        for (int caller = 0; caller < 64; caller++) {
            assertThat(done.get(caller)).isEqualTo(200 * 50);
        }
    }

    @Test
    void helpersThatFellAsleepWakeUpAgain() throws InterruptedException {
        RowParallel parallel = new RowParallel(2);
        for (int round = 0; round < 20; round++) {
            Thread.sleep(2);
            AtomicIntegerArray done = new AtomicIntegerArray(10);
            parallel.run(10, 1L << 20, (from, to) -> count(done, from, to));
            assertAllOnce(done);
        }
    }

    @Test
    void fewerThanOneThreadIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RowParallel(0))
                .withMessage("system property dl4j.plasticity.threads must be at least 1, got 0");
    }

    private static void count(AtomicIntegerArray done, int from, int to) {
        for (int row = from; row < to; row++) {
            done.incrementAndGet(row);
        }
    }

    private static void assertAllOnce(AtomicIntegerArray done) {
        for (int row = 0; row < done.length(); row++) {
            assertThat(done.get(row)).as("row %d", row).isEqualTo(1);
        }
    }

    @Test
    void aFailureOfTheWorkReachesTheCaller() {
        assertThatIllegalStateException()
                .isThrownBy(
                        () ->
                                new RowParallel(2)
                                        .run(
                                                100,
                                                1L << 20,
                                                (from, to) -> {
                                                    throw new IllegalStateException("out of luck");
                                                }))
                .withMessageContaining("out of luck");
    }
}
