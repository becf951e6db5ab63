package org.dl4jplasticity.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.Comparator;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.dl4jplasticity.topology.SparseTopology;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LargestGradientsTest {
    private static final int N_IN = 23;
    private static final int N_OUT = 19;

    private final SparseTopology occupied =
            SparseTopology.random(N_IN, N_OUT, 137, new SplittableRandom(1));

    /** Sorts all inactive connections: larger magnitude first, then lower id; NaN counts as 0. */
    private static long[] bySorting(SparseTopology occupied, double[] gradient, int k) {
        long[] active = occupied.ids();
        return LongStream.range(0, gradient.length)
                .filter(id -> Arrays.binarySearch(active, id) < 0)
                .boxed()
                .sorted(
                        Comparator.comparingDouble((Long id) -> -magnitude(gradient[id.intValue()]))
                                .thenComparing(Comparator.naturalOrder()))
                .limit(k)
                .mapToLong(id -> id)
                .sorted()
                .toArray();
    }

    private static double magnitude(double gradient) {
        return Double.isNaN(gradient) ? 0 : Math.abs(gradient);
    }

    /** Integers: every sum is exact in either precision, and many magnitudes are equal. */
    private static double[][] integers(int units, int batch, int bound, SplittableRandom random) {
        double[][] values = new double[units][batch];
        for (double[] row : values) {
            Arrays.setAll(row, b -> random.nextInt(-bound, bound + 1));
        }
        return values;
    }

    private static double[] product(double[][] delta, double[][] x) {
        double[] gradient = new double[delta.length * x.length];
        for (int id = 0; id < gradient.length; id++) {
            for (int b = 0; b < x[0].length; b++) {
                gradient[id] += delta[id / x.length][b] * x[id % x.length][b];
            }
        }
        return gradient;
    }

    private long[] largest(Operations operations, double[][] delta, double[][] x, int k) {
        int stride = operations.stride(x[0].length);
        return operations.largestGradients(
                occupied,
                Problem.featureMajor(delta, stride, 0),
                Problem.featureMajor(x, stride, 1e30),
                stride,
                k);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("org.dl4jplasticity.kernel.Operations#all")
    void theyAreThoseThatSortingTheDenseGradientGives(Operations operations) {
        int outside = N_IN * N_OUT - 137;
        for (int batch : new int[] {1, 7, 16, 33, 128}) {
            SplittableRandom random = new SplittableRandom(batch);
            double[][] delta = integers(N_OUT, batch, 3, random);
            double[][] x = integers(N_IN, batch, 50, random);
            double[] gradient = product(delta, x);
            for (int k : new int[] {0, 1, 2, 50, 137, outside - 1, outside}) {
                assertThat(largest(operations, delta, x, k))
                        .as("batch %d, k %d", batch, k)
                        .isEqualTo(bySorting(occupied, gradient, k));
            }
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("org.dl4jplasticity.kernel.Operations#all")
    void ofManyEqualMagnitudesTheLowerIdsAreTaken(Operations operations) {
        SplittableRandom random = new SplittableRandom(2);
        double[][] delta = integers(N_OUT, 2, 1, random);
        double[][] x = integers(N_IN, 2, 1, random);
        double[] gradient = product(delta, x);
        for (int k : new int[] {1, 10, 40, 41, 42, 100, 200}) {
            assertThat(largest(operations, delta, x, k))
                    .as("k %d", k)
                    .isEqualTo(bySorting(occupied, gradient, k));
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("org.dl4jplasticity.kernel.Operations#all")
    void ofEqualGradientsTheLowestInactiveIdsAreTaken(Operations operations) {
        long[] active = occupied.ids();
        long[] lowest =
                LongStream.iterate(0, id -> id + 1)
                        .filter(id -> Arrays.binarySearch(active, id) < 0)
                        .limit(90)
                        .toArray();
        for (double value : new double[] {0, -2}) {
            double[][] delta = new double[N_OUT][9];
            double[][] x = new double[N_IN][9];
            Arrays.stream(delta).forEach(row -> Arrays.fill(row, value));
            Arrays.stream(x).forEach(row -> Arrays.fill(row, 1));
            assertThat(largest(operations, delta, x, 90)).isEqualTo(lowest);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("org.dl4jplasticity.kernel.Operations#all")
    void notANumberCountsAsZeroAndStillKAreFound(Operations operations) {
        SplittableRandom random = new SplittableRandom(3);
        double[][] delta = integers(N_OUT, 5, 3, random);
        double[][] x = integers(N_IN, 5, 50, random);
        delta[0][1] = Double.NaN;
        delta[7][4] = Double.NaN;
        x[4][0] = Double.NaN;
        x[22][3] = Double.NaN;
        double[] gradient = product(delta, x);
        for (int k : new int[] {1, 20, 250, N_IN * N_OUT - 137}) {
            assertThat(largest(operations, delta, x, k))
                    .as("k %d", k)
                    .hasSize(k)
                    .isEqualTo(bySorting(occupied, gradient, k));
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("org.dl4jplasticity.kernel.Operations#all")
    void infiniteGradientsComeFirst(Operations operations) {
        double[][] delta = new double[N_OUT][1];
        double[][] x = new double[N_IN][1];
        Arrays.stream(x).forEach(row -> Arrays.fill(row, 1));
        Arrays.stream(delta).forEach(row -> Arrays.fill(row, 5));
        delta[11][0] = Double.NEGATIVE_INFINITY;
        int inRow = N_IN - (occupied.rowStarts()[12] - occupied.rowStarts()[11]);
        long[] found = largest(operations, delta, x, inRow);
        assertThat(found).hasSize(inRow).doesNotHaveDuplicates();
        assertThat(LongStream.of(found).map(id -> id / N_IN).distinct().toArray())
                .containsExactly(11);
    }

    /** Norms of very different size, units without activation, and more than one tile. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("org.dl4jplasticity.kernel.Operations#all")
    void boundsByNormsLoseNone(Operations operations) {
        SparseTopology wide = SparseTopology.random(600, 31, 900, new SplittableRandom(5));
        for (int batch : new int[] {3, 16}) {
            SplittableRandom random = new SplittableRandom(batch);
            double[][] delta = integers(31, batch, 3, random);
            double[][] x = integers(600, batch, 9, random);
            for (double[] row : delta) {
                scale(row, random.nextInt(4) == 0 ? 0 : 1 << random.nextInt(8));
            }
            for (double[] row : x) {
                scale(row, random.nextInt(3) == 0 ? 0 : 1 << random.nextInt(8));
            }
            double[] gradient = product(delta, x);
            int nonzero = (int) Arrays.stream(gradient).filter(value -> value != 0).count();
            int stride = operations.stride(batch);
            for (int threads : new int[] {1, 2}) {
                for (int k : new int[] {1, 30, 1_000, 6_000, nonzero, 17_000}) {
                    assertThat(
                                    operations
                                            .onThreads(threads)
                                            .largestGradients(
                                                    wide,
                                                    Problem.featureMajor(delta, stride, 0),
                                                    Problem.featureMajor(x, stride, 1e30),
                                                    stride,
                                                    k))
                            .as("batch %d, threads %d, k %d", batch, threads, k)
                            .isEqualTo(bySorting(wide, gradient, k));
                }
            }
        }
    }

    private static void scale(double[] row, int factor) {
        for (int b = 0; b < row.length; b++) {
            row[b] *= factor;
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("org.dl4jplasticity.kernel.Operations#all")
    void moreThanAreOutsideAreRefused(Operations operations) {
        double[][] delta = new double[N_OUT][1];
        double[][] x = new double[N_IN][1];
        for (int k : new int[] {-1, 301}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> largest(operations, delta, x, k))
                    .withMessage(
                            "k must be in [0, 300], the connections outside the topology, got "
                                    + k);
        }
    }
}
