package org.dl4jplasticity.layers.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.dl4jplasticity.kernel.DoubleConvolutionOperations;
import org.dl4jplasticity.kernel.FloatConvolutionOperations;
import org.dl4jplasticity.kernel.FusedActivation;
import org.dl4jplasticity.kernel.FusedActivation.Kind;
import org.dl4jplasticity.kernel.KernelChoice;
import org.dl4jplasticity.kernel.Numbers;
import org.dl4jplasticity.layers.SparseConvolutionLayer;
import org.dl4jplasticity.topology.SparseTopology;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Convolutions on heap arrays, by either kernels, and in ND4J operations agree in every shape. */
class ConvolutionComputationTest {

    private static final List<Kind> KINDS = List.of(Kind.values());

    /** A convolution and the images it is for. */
    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    private record Design(
            SparseConvolutionLayer layer, FusedActivation activation, int batch, int[] size) {

        static Design draw(ConvolutionMode mode, SplittableRandom random) {
            int[] kernel = {random.nextInt(1, 6), random.nextInt(1, 6)};
            int[] dilation = {random.nextInt(1, 3), random.nextInt(1, 3)};
            int[] stride = new int[2];
            int[] padding = new int[2];
            int[] size = new int[2];
            for (int i = 0; i < 2; i++) {
                int seen = (kernel[i] - 1) * dilation[i] + 1;
                // DL4J refuses strides over more than the kernel in Same mode for some sizes.
                stride[i] =
                        random.nextInt(
                                1, (mode == ConvolutionMode.Same ? Math.min(3, seen) : 3) + 1);
                padding[i] = mode == ConvolutionMode.Same ? 0 : random.nextInt(0, 3);
                size[i] = (mode == ConvolutionMode.Same ? 1 : seen) + random.nextInt(0, 8);
                if (mode == ConvolutionMode.Strict) {
                    size[i] += stride[i] - (size[i] + 2 * padding[i] - seen) % stride[i];
                }
            }
            int nIn = random.nextInt(1, 7);
            int nOut = random.nextInt(1, 9);
            long possible = (long) nIn * nOut * kernel[0] * kernel[1];
            SparseConvolutionLayer layer =
                    new SparseConvolutionLayer.Builder(kernel)
                            .stride(stride)
                            .padding(padding)
                            .dilation(dilation)
                            .convolutionMode(mode)
                            .nIn(nIn)
                            .nOut(nOut)
                            .topology(
                                    SparseTopology.random(
                                            nIn * kernel[0] * kernel[1],
                                            nOut,
                                            random.nextLong(1, possible + 1),
                                            random))
                            .build();
            Kind kind = KINDS.get(random.nextInt(KINDS.size()));
            return new Design(
                    layer,
                    new FusedActivation(kind, kind == Kind.LEAKY_RELU ? 0.1 : 0),
                    random.nextInt(1, 3) == 1 ? 1 : random.nextInt(2, 19),
                    size);
        }

        INDArray images() {
            return numbers(1, batch, layer.getNIn(), size[0], size[1]);
        }

        @Override
        public String toString() {
            return "%s of %d images %s".formatted(layer, batch, Arrays.toString(size));
        }
    }

    private static INDArray numbers(long seed, long... shape) {
        SplittableRandom random = new SplittableRandom(seed);
        double[] values = new double[(int) Arrays.stream(shape).reduce(1, (a, b) -> a * b)];
        Arrays.setAll(values, i -> random.nextDouble(-1, 1));
        return Nd4j.createFromArray(values).reshape(shape);
    }

    private static double[] elements(INDArray array) {
        return array.castTo(DataType.DOUBLE).dup('c').reshape(array.length()).toDoubleVector();
    }

    /** An array to be overwritten. */
    private static INDArray room(DataType type, long... shape) {
        return Nd4j.valueArrayOf(shape, 7.0, type);
    }

    /** Everything a computation gives for one minibatch. */
    private static List<double[]> results(
            LayerComputation computation, Design design, DataType type) {
        SparseConvolutionLayer layer = design.layer;
        SparseTopology topology = layer.getTopology();
        INDArray images = design.images().castTo(type);
        computation.forward(
                topology,
                images,
                numbers(2, topology.activeCount()).castTo(type),
                numbers(3, layer.getNOut()).castTo(type),
                design.activation);
        INDArray output = room(type, ImageShapes.of(layer).output(images, ""));
        computation.readOutput(output);
        computation.setOutputGradient(numbers(4, output.shape()).castTo(type));
        INDArray weightGradient = room(type, topology.activeCount());
        INDArray biasGradient = room(type, layer.getNOut());
        INDArray inputGradient = room(type, images.shape());
        computation.backward(weightGradient, biasGradient, inputGradient);
        List<double[]> results = new ArrayList<>();
        for (INDArray each : List.of(output, weightGradient, biasGradient, inputGradient)) {
            results.add(elements(each));
        }
        for (int unit = 0; unit < layer.getNOut(); unit++) {
            results.add(computation.gradientRow(unit));
        }
        return results;
    }

    private static void assertSame(
            Design design, List<double[]> actual, List<double[]> expected, double tolerance) {
        assertThat(actual).hasSameSizeAs(expected);
        for (int i = 0; i < expected.size(); i++) {
            Numbers.assertClose(
                    "result %d of %s".formatted(i, design),
                    actual.get(i),
                    expected.get(i),
                    tolerance);
        }
    }

    private static KernelChoice[] kernels() {
        return KernelChoice.selected() == KernelChoice.VECTOR
                ? new KernelChoice[] {KernelChoice.SCALAR, KernelChoice.VECTOR}
                : new KernelChoice[] {KernelChoice.SCALAR};
    }

    @ParameterizedTest
    @EnumSource(
            value = ConvolutionMode.class,
            names = {"Same", "Strict", "Truncate"})
    void kernelsAndNd4jOperationsAgreeInEveryShape(ConvolutionMode mode) {
        SplittableRandom random = new SplittableRandom(mode.name().hashCode());
        for (int i = 0; i < 25; i++) {
            Design design = Design.draw(mode, random);
            List<double[]> reference =
                    results(new Nd4jConvolutionComputation(design.layer), design, DataType.DOUBLE);
            for (KernelChoice choice : kernels()) {
                List<double[]> ofFloats =
                        results(
                                new FloatConvolutionComputation(
                                        design.layer, FloatConvolutionOperations.of(choice)),
                                design,
                                DataType.FLOAT);
                List<double[]> ofDoubles =
                        results(
                                new DoubleConvolutionComputation(
                                        design.layer, DoubleConvolutionOperations.of(choice)),
                                design,
                                DataType.DOUBLE);
                assertSame(design, ofFloats, reference, 1e-4);
                assertSame(design, ofDoubles, reference, 1e-11);
            }
        }
    }

    @Test
    void oneComputationGoesThroughMinibatchesOfEverySize() {
        SplittableRandom random = new SplittableRandom(8);
        Design first = Design.draw(ConvolutionMode.Same, random);
        FloatConvolutionComputation computation =
                new FloatConvolutionComputation(
                        first.layer, FloatConvolutionOperations.of(kernels()[0]));
        for (int batch : new int[] {1, 13, 1, 8, 32, 1}) {
            Design design = new Design(first.layer, first.activation, batch, first.size);
            assertSame(
                    design,
                    results(computation, design, DataType.FLOAT),
                    results(new Nd4jConvolutionComputation(design.layer), design, DataType.DOUBLE),
                    1e-4);
        }
    }
}
