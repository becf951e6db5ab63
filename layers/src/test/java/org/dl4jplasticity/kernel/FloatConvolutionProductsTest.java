package org.dl4jplasticity.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntToDoubleFunction;
import java.util.stream.Stream;
import org.dl4jplasticity.kernel.FusedActivation.Kind;
import org.dl4jplasticity.topology.SparseTopology;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Sparse convolutions are those of their definition, on any number of threads. */
@SuppressWarnings("cast") // needed here, redundant in the double twin
class FloatConvolutionProductsTest {
    private static final double TOLERANCE = 1e-4;
    private static final FusedActivation TANH = new FusedActivation(Kind.TANH, 0);

    static Stream<KernelChoice> choices() {
        return Stream.of(KernelChoice.SCALAR, KernelChoice.choose("auto")).distinct();
    }

    private static FloatConvolutionOperations operations(KernelChoice choice, int threads) {
        return FloatConvolutionOperations.of(choice, new RowParallel(threads));
    }

    /** A convolution with a minibatch, drawn at random. */
    private static final class Images {
        final ConvolutionLayout layout;
        final SparseTopology topology;
        final float[] weights;
        final float[] bias;
        final float[] x;
        final float[] delta;

        Images(ConvolutionLayout layout, double density, long seed) {
            SplittableRandom random = new SplittableRandom(seed);
            this.layout = layout;
            long possible = (long) layout.taps() * layout.channelsOut();
            topology =
                    SparseTopology.random(
                            layout.taps(),
                            layout.channelsOut(),
                            Math.max(1, Math.round(density * possible)),
                            random);
            weights = draw(topology.activeCount(), random);
            bias = draw(layout.channelsOut(), random);
            x = new float[layout.inputLength()];
            delta = new float[layout.outputLength()];
            for (int b = 0; b < layout.batch(); b++) {
                for (int c = 0; c < layout.channelsIn(); c++) {
                    for (int i : inputs()) {
                        x[c * layout.inputPlane() + i + b] = (float) random.nextDouble(-1, 1);
                    }
                }
                for (int c = 0; c < layout.channelsOut(); c++) {
                    for (int i : outputs()) {
                        delta[c * layout.outputPlane() + i + b] = (float) random.nextDouble(-1, 1);
                    }
                }
            }
        }

        private static float[] draw(int length, SplittableRandom random) {
            float[] drawn = new float[length];
            for (int i = 0; i < length; i++) {
                drawn[i] = (float) random.nextDouble(-1, 1);
            }
            return drawn;
        }

        int[] inputs() {
            return places(layout.inputRows(), layout.inputColumns());
        }

        int[] outputs() {
            return places(layout.outputRows(), layout.outputColumns());
        }

        private static int[] places(int[] rows, int[] columns) {
            return Arrays.stream(rows)
                    .filter(row -> row >= 0)
                    .flatMap(
                            row ->
                                    Arrays.stream(columns)
                                            .filter(column -> column >= 0)
                                            .map(column -> row + column))
                    .toArray();
        }

        /** What is computed from one weight, one place of the output and one example. */
        interface Term {
            void visit(int column, int o, int position, int in, int out);
        }

        /** Visits every weight at every output whose input isn't padding, by the definition. */
        void each(boolean all, Term term) {
            ConvolutionAxis v = layout.vertical();
            ConvolutionAxis h = layout.horizontal();
            for (int o = 0; o < layout.channelsOut(); o++) {
                for (int column = 0; column < layout.taps(); column++) {
                    int position = topology.positionOf((long) o * layout.taps() + column);
                    if (position < 0 && !all) {
                        continue;
                    }
                    int kx = column % h.kernel();
                    int ky = column / h.kernel() % v.kernel();
                    int c = column / h.kernel() / v.kernel();
                    for (int oy = 0; oy < v.output(); oy++) {
                        int iy = oy * v.stride() + ky * v.dilation() - v.padding();
                        for (int ox = 0; ox < h.output(); ox++) {
                            int ix = ox * h.stride() + kx * h.dilation() - h.padding();
                            if (iy >= 0 && iy < v.input() && ix >= 0 && ix < h.input()) {
                                int in =
                                        c * layout.inputPlane()
                                                + layout.inputRows()[iy]
                                                + layout.inputColumns()[ix];
                                int out =
                                        o * layout.outputPlane()
                                                + layout.outputRows()[oy]
                                                + layout.outputColumns()[ox];
                                for (int b = 0; b < layout.batch(); b++) {
                                    term.visit(column, o, position, in + b, out + b);
                                }
                            }
                        }
                    }
                }
            }
        }

        double[] expectedOutput() {
            double[] y = new double[layout.outputLength()];
            for (int o = 0; o < layout.channelsOut(); o++) {
                for (int place : outputs()) {
                    for (int b = 0; b < layout.batch(); b++) {
                        y[o * layout.outputPlane() + place + b] = bias[o];
                    }
                }
            }
            each(false, (column, o, p, in, out) -> y[out] += (double) weights[p] * x[in]);
            return y;
        }

        double[] expectedInputGradient() {
            double[] dx = new double[layout.inputLength()];
            each(false, (column, o, p, in, out) -> dx[in] += (double) weights[p] * delta[out]);
            return dx;
        }

        /** By connection id. */
        double[] expectedDenseGradient() {
            double[] gradient = new double[layout.taps() * layout.channelsOut()];
            each(
                    true,
                    (column, o, p, in, out) ->
                            gradient[o * layout.taps() + column] += (double) delta[out] * x[in]);
            return gradient;
        }
    }

    private static List<Images> problems(FloatConvolutionOperations operations) {
        List<Images> problems = new ArrayList<>();
        SplittableRandom random = new SplittableRandom(20);
        for (int i = 0; i < 40; i++) {
            problems.add(
                    new Images(
                            new ConvolutionLayout(
                                    random.nextInt(1, 4),
                                    random.nextInt(1, 5),
                                    axis(random),
                                    axis(random),
                                    random.nextInt(1, 20),
                                    operations.lanes()),
                            random.nextDouble(0.05, 1),
                            i));
        }
        return problems;
    }

    /** As in Truncate mode, or with less padding behind than before, as in Same mode. */
    private static ConvolutionAxis axis(SplittableRandom random) {
        int kernel = random.nextInt(1, 5);
        int stride = random.nextInt(1, 4);
        int dilation = random.nextInt(1, 3);
        int padding = random.nextInt(0, 3);
        int seen = (kernel - 1) * dilation + 1;
        int input = Math.max(1, seen - 2 * padding) + random.nextInt(0, 6);
        int output = (input + 2 * padding - seen) / stride + 1;
        return new ConvolutionAxis(input, output, kernel, stride, dilation, padding);
    }

    /** {@return the numbers at the places of images, whatever stands between them} */
    private static double[] at(
            IntToDoubleFunction array, int channels, int plane, int[] places, int batch) {
        double[] values = new double[channels * places.length * batch];
        int next = 0;
        for (int c = 0; c < channels; c++) {
            for (int place : places) {
                for (int b = 0; b < batch; b++) {
                    values[next++] = array.applyAsDouble(c * plane + place + b);
                }
            }
        }
        return values;
    }

    @ParameterizedTest
    @MethodSource("choices")
    void theForwardPassIsTheDefinition(KernelChoice choice) {
        FloatConvolutionOperations operations = operations(choice, 1);
        for (Images images : problems(operations)) {
            ConvolutionLayout layout = images.layout;
            float[] y = new float[layout.outputLength()];
            operations.forward(
                    new ConvolutionTaps(images.topology, layout),
                    images.weights,
                    images.bias,
                    FusedActivation.IDENTITY,
                    images.x,
                    y);
            int plane = layout.outputPlane();
            int channels = layout.channelsOut();
            double[] expected = images.expectedOutput();
            Numbers.assertClose(
                    layout.toString(),
                    at(i -> y[i], channels, plane, images.outputs(), layout.batch()),
                    at(i -> expected[i], channels, plane, images.outputs(), layout.batch()),
                    TOLERANCE);
        }
    }

    @ParameterizedTest
    @MethodSource("choices")
    void theInputGradientIsTheDefinition(KernelChoice choice) {
        FloatConvolutionOperations operations = operations(choice, 1);
        for (Images images : problems(operations)) {
            ConvolutionLayout layout = images.layout;
            float[] dx = new float[layout.inputLength()];
            operations.inputGradient(
                    new ConvolutionTaps(images.topology, layout),
                    images.weights,
                    images.delta,
                    new float[images.topology.activeCount()],
                    dx);
            int plane = layout.inputPlane();
            int channels = layout.channelsIn();
            double[] expected = images.expectedInputGradient();
            Numbers.assertClose(
                    layout.toString(),
                    at(i -> dx[i], channels, plane, images.inputs(), layout.batch()),
                    at(i -> expected[i], channels, plane, images.inputs(), layout.batch()),
                    TOLERANCE);
        }
    }

    @ParameterizedTest
    @MethodSource("choices")
    void theWeightGradientIsTheDefinitionAtActivePositions(KernelChoice choice) {
        FloatConvolutionOperations operations = operations(choice, 1);
        for (Images images : problems(operations)) {
            ConvolutionLayout layout = images.layout;
            int active = images.topology.activeCount();
            float[] gradient = new float[active];
            float[] biasGradient = new float[layout.channelsOut()];
            operations.parameterGradients(
                    new ConvolutionTaps(images.topology, layout),
                    FusedActivation.IDENTITY,
                    new float[layout.outputLength()],
                    images.delta,
                    images.x,
                    new float[active * operations.lanes()],
                    gradient,
                    biasGradient);
            double[] dense = images.expectedDenseGradient();
            long[] ids = images.topology.ids();
            for (int p = 0; p < active; p++) {
                assertThat((double) gradient[p])
                        .as("position %d of %s", p, layout)
                        .isCloseTo(
                                dense[(int) ids[p]],
                                org.assertj.core.api.Assertions.within(TOLERANCE));
            }
            for (int o = 0; o < layout.channelsOut(); o++) {
                float[] row = operations.gradientRow(layout, images.delta, images.x, o);
                for (int column = 0; column < row.length; column++) {
                    assertThat((double) row[column])
                            .isCloseTo(
                                    dense[o * layout.taps() + column],
                                    org.assertj.core.api.Assertions.within(TOLERANCE));
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("choices")
    void theLargestGradientsAreThoseOfTheSortedDenseGradient(KernelChoice choice) {
        FloatConvolutionOperations operations = operations(choice, 2);
        for (Images images : problems(operations)) {
            double[] dense = images.expectedDenseGradient();
            for (long id : images.topology.ids()) {
                dense[(int) id] = 0;
            }
            int k = (dense.length - images.topology.activeCount()) / 3;
            double[] magnitudes = Arrays.stream(dense).map(Math::abs).sorted().toArray();
            long[] found =
                    operations.largestGradients(
                            images.topology, images.layout, images.delta, images.x, k);
            assertThat(found).hasSize(k).doesNotHaveDuplicates();
            for (long id : found) {
                assertThat(images.topology.contains(id)).isFalse();
                assertThat(Math.abs(dense[(int) id]))
                        .isGreaterThanOrEqualTo(magnitudes[dense.length - k] - TOLERANCE);
            }
        }
    }

    /** Large enough that threads share the work, which they don't do for a little of it. */
    private static ConvolutionLayout largeLayout(int lanes, SplittableRandom random) {
        ConvolutionAxis vertical = axis(random);
        return new ConvolutionLayout(
                random.nextInt(12, 20),
                random.nextInt(20, 30),
                vertical,
                new ConvolutionAxis(9, 5, 3, 2, 1, 1),
                random.nextInt(25, 40),
                lanes);
    }

    private static List<float[]> everything(
            FloatConvolutionOperations operations, Images images, FusedActivation activation) {
        ConvolutionLayout layout = images.layout;
        ConvolutionTaps taps = new ConvolutionTaps(images.topology, layout);
        int active = images.topology.activeCount();
        float[] delta = images.delta.clone();
        float[] y = new float[layout.outputLength()];
        float[] dx = new float[layout.inputLength()];
        float[] gradient = new float[active];
        float[] biasGradient = new float[layout.channelsOut()];
        float[] sums = new float[active * operations.lanes()];
        operations.forward(taps, images.weights, images.bias, activation, images.x, y);
        operations.parameterGradients(
                taps, activation, y, delta, images.x, sums, gradient, biasGradient);
        operations.inputGradient(taps, images.weights, delta, new float[active], dx);
        return List.of(y, delta, gradient, biasGradient, dx);
    }

    @ParameterizedTest
    @MethodSource("choices")
    void anyNumberOfThreadsGivesTheSameBitsInEveryShape(KernelChoice choice) {
        FloatConvolutionOperations alone = operations(choice, 1);
        List<FloatConvolutionOperations> shared = new ArrayList<>();
        for (int threads : new int[] {2, 3, 7}) {
            shared.add(operations(choice, threads));
        }
        SplittableRandom random = new SplittableRandom(21);
        for (int i = 0; i < 5; i++) {
            Images images =
                    new Images(largeLayout(alone.lanes(), random), random.nextDouble(0.3, 1), i);
            List<float[]> expected = everything(alone, images, TANH);
            for (FloatConvolutionOperations operations : shared) {
                List<float[]> results = everything(operations, images, TANH);
                for (int r = 0; r < expected.size(); r++) {
                    assertThat(results.get(r))
                            .as("result %d of %s", r, images.layout)
                            .isEqualTo(expected.get(r));
                }
            }
        }
    }

    @Test
    void shortArraysAndForeignTopologiesAreRefused() {
        ConvolutionAxis axis = new ConvolutionAxis(4, 4, 3, 1, 1, 1);
        ConvolutionLayout layout = new ConvolutionLayout(2, 3, axis, axis, 5, 1);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ConvolutionTaps(SparseTopology.dense(18, 4), layout))
                .withMessage("the topology must be 18 x 3, got 18 x 4");
        ConvolutionTaps taps = new ConvolutionTaps(SparseTopology.dense(18, 3), layout);
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () ->
                                operations(KernelChoice.SCALAR, 1)
                                        .forward(
                                                taps,
                                                new float[54],
                                                null,
                                                FusedActivation.IDENTITY,
                                                new float[7],
                                                new float[layout.outputLength()]))
                .withMessage("x must hold at least %d values, got 7", layout.inputLength());
    }

    @Test
    void imagesLargerThanAnArrayAreRefused() {
        ConvolutionAxis axis = new ConvolutionAxis(1_000, 1_000, 3, 1, 1, 1);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ConvolutionLayout(64, 64, axis, axis, 64, 8))
                .withMessageContaining("use a smaller batch");
    }
}
