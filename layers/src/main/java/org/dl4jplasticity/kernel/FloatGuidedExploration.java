package org.dl4jplasticity.kernel;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.dl4jplasticity.topology.SparseTopology;

/**
 * Finds the largest entries of the dense weight gradient among a random sample of connections:
 * guided stochastic exploration (Heddes et al. 2024, arXiv:2401.06898). Connections are drawn with
 * replacement in proportion to the bound {@code sum_b |D(o,b)| sum_b |X(i,b)|} on their entry,
 * which the paper calls GraBo: an output unit and an input, independently. Repetitions and
 * connections of the topology are left out. Time and memory are linear in draws, k and units,
 * however many connections are possible.
 *
 * <p>What is drawn depends on the seed and the minibatch alone, not on the number of threads.
 */
@SuppressWarnings("cast") // needed here, redundant in the double twin
final class FloatGuidedExploration {
    /** A sample that holds too few connections is drawn anew, twice as large, so many times. */
    private static final int ATTEMPTS = 4;

    private final FloatKernels kernels;
    private final RowParallel threads;
    private final SparseTopology occupied;
    private final float[] delta;
    private final float[] x;
    private final int stride;
    private final WeightedDraw rows;
    private final WeightedDraw columns;

    FloatGuidedExploration(
            FloatKernels kernels,
            RowParallel threads,
            SparseTopology occupied,
            float[] delta,
            float[] x,
            int stride) {
        this.kernels = kernels;
        this.threads = threads;
        this.occupied = occupied;
        this.delta = delta;
        this.x = x;
        this.stride = stride;
        boolean[] used = FloatActivity.usedExamples(delta, occupied.nOut(), stride);
        rows =
                new WeightedDraw(
                        FloatActivity.magnitudes(threads, delta, occupied.nOut(), stride, used));
        columns =
                new WeightedDraw(
                        FloatActivity.magnitudes(threads, x, occupied.nIn(), stride, used));
    }

    /**
     * {@return the ids of the k largest entries of a sample, ascending} Where even a large sample
     * holds fewer than k connections, the rest is drawn from all others, equally likely.
     *
     * @param k how many, in [0, possible - active]
     * @param draws the size of the sample, repetitions counted, at least 1
     * @param seed of the draws
     */
    long[] ids(int k, long draws, long seed) {
        long[] found = new long[0];
        for (int attempt = 0; attempt < ATTEMPTS && found.length < k; attempt++) {
            found = sample(k, draws << attempt, seed + attempt);
        }
        return found.length == k ? found : withOthers(found, k, seed);
    }

    private long[] sample(int k, long draws, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int[] counts = new int[occupied.nOut()];
        for (long draw = 0; draw < draws; draw++) {
            counts[rows.next(random)]++;
        }
        LargestEntries found = LargestEntries.outside(occupied, k);
        long seedOfRows = random.nextLong();
        threads.run(
                starts(counts),
                stride,
                (from, to) -> {
                    for (int row = from; row < to; row++) {
                        if (counts[row] > 0) {
                            sampleRow(row, counts[row], seedOfRows + row, found);
                        }
                    }
                });
        return found.ids();
    }

    /**
     * The sums of draws before each row, for sharing the rows out; scaled down if there are many.
     */
    private static int[] starts(int[] counts) {
        long draws = IntStream.of(counts).asLongStream().sum();
        long scale = 1 + draws / (1 << 30);
        int[] starts = new int[counts.length + 1];
        long sum = 0;
        for (int row = 0; row < counts.length; row++) {
            sum += counts[row];
            starts[row + 1] = (int) (sum / scale);
        }
        return starts;
    }

    private void sampleRow(int row, int draws, long seed, LargestEntries found) {
        SplittableRandom random = new SplittableRandom(seed);
        int[] drawn = new int[draws];
        for (int i = 0; i < draws; i++) {
            drawn[i] = columns.next(random);
        }
        Arrays.sort(drawn);
        int count = withoutOccupied(row, drawn);
        float[] gradient = new float[count];
        kernels.sampledProduct(
                new int[] {0, count},
                drawn,
                FloatSparseOperations.rowOf(delta, row, stride),
                x,
                stride,
                gradient,
                0,
                1);
        synchronized (found) {
            for (int i = 0; i < count; i++) {
                found.offer((long) row * occupied.nIn() + drawn[i], Math.abs(gradient[i]));
            }
        }
    }

    /** Moves what is left of an ascending sample to its front; returns how many that are. */
    private int withoutOccupied(int row, int[] drawn) {
        int position = occupied.rowStarts()[row];
        int end = occupied.rowStarts()[row + 1];
        int count = 0;
        for (int i = 0; i < drawn.length; i++) {
            int column = drawn[i];
            while (position < end && occupied.columns()[position] < column) {
                position++;
            }
            boolean active = position < end && occupied.columns()[position] == column;
            boolean repeated = count > 0 && drawn[count - 1] == column;
            if (!active && !repeated) {
                drawn[count++] = column;
            }
        }
        return count;
    }

    private long[] withOthers(long[] found, int k, long seed) {
        SparseTopology taken = occupied.rewire(new int[0], found).topology();
        long[] others =
                taken.sampleInactive(k - found.length, new SplittableRandom(seed + ATTEMPTS));
        long[] all = Arrays.copyOf(found, k);
        System.arraycopy(others, 0, all, found.length, others.length);
        Arrays.sort(all);
        return all;
    }
}
