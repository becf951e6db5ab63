package org.dl4jplasticity.layers.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.dl4jplasticity.kernel.DoubleSparseOperations;
import org.dl4jplasticity.kernel.FloatSparseOperations;
import org.dl4jplasticity.kernel.FusedActivation;
import org.dl4jplasticity.kernel.FusedActivation.Kind;
import org.dl4jplasticity.kernel.KernelChoice;
import org.dl4jplasticity.kernel.Numbers;
import org.dl4jplasticity.topology.SparseTopology;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The computation on heap arrays and the one in ND4J operations agree. */
class LayerComputationTest {
    private static final int N_IN = 21;
    private static final int N_OUT = 15;

    private final SparseTopology topology =
            SparseTopology.random(N_IN, N_OUT, 90, new SplittableRandom(1));

    static Stream<Arguments> typesAndActivations() {
        return Stream.of(DataType.FLOAT, DataType.DOUBLE)
                .flatMap(
                        type ->
                                Arrays.stream(Kind.values())
                                        .map(
                                                kind ->
                                                        new FusedActivation(
                                                                kind,
                                                                kind == Kind.LEAKY_RELU ? 0.1 : 0))
                                        .map(activation -> Arguments.of(type, activation)));
    }

    private static MatrixComputation onHeap(DataType type) {
        KernelChoice choice =
                KernelChoice.selected() == KernelChoice.VECTOR
                        ? KernelChoice.VECTOR
                        : KernelChoice.SCALAR;
        return type == DataType.FLOAT
                ? new FloatLayerComputation(FloatSparseOperations.of(choice))
                : new DoubleLayerComputation(DoubleSparseOperations.of(choice));
    }

    private static INDArray numbers(DataType type, long seed, int... shape) {
        SplittableRandom random = new SplittableRandom(seed);
        double[] values = new double[Arrays.stream(shape).reduce(1, (a, b) -> a * b)];
        Arrays.setAll(values, i -> random.nextDouble(-1, 1));
        return Nd4j.createFromArray(values).castTo(type).reshape(shape);
    }

    private static double tolerance(DataType type) {
        return type == DataType.FLOAT ? 1e-5 : 1e-13;
    }

    private static void assertClose(
            String what, INDArray actual, INDArray expected, double tolerance) {
        Numbers.assertClose(what, elements(actual), elements(expected), tolerance);
    }

    private static double[] elements(INDArray array) {
        return array.castTo(DataType.DOUBLE).dup('c').reshape(array.length()).toDoubleVector();
    }

    /** What a computation writes for one minibatch. */
    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    private record Results(
            INDArray output, INDArray weights, INDArray bias, INDArray input, long[] largest) {

        static Results room(DataType type, SparseTopology topology, int batch, long[] largest) {
            return new Results(
                    Nd4j.valueArrayOf(new long[] {batch, N_OUT}, 7.0, type).dup('f'),
                    Nd4j.valueArrayOf(new long[] {topology.activeCount()}, 7.0, type),
                    Nd4j.valueArrayOf(new long[] {N_OUT}, 7.0, type),
                    Nd4j.valueArrayOf(new long[] {batch, N_IN}, 7.0, type).dup('f'),
                    largest);
        }

        /** The weights' magnitude multiplies what rounding does to sums. */
        void assertSame(Results expected, double magnitude) {
            double tolerance = magnitude * tolerance(output.dataType());
            assertClose("output", output, expected.output, tolerance);
            assertClose("weight gradient", weights, expected.weights, tolerance);
            assertClose("bias gradient", bias, expected.bias, tolerance);
            assertClose("input gradient", input, expected.input, tolerance);
            assertThat(largest).containsExactly(expected.largest);
        }
    }

    private Results run(
            MatrixComputation computation,
            DataType type,
            FusedActivation activation,
            int batch,
            boolean bias) {
        computation.forward(
                topology,
                numbers(type, batch, batch, N_IN),
                numbers(type, 2, topology.activeCount()),
                bias ? numbers(type, 3, N_OUT) : null,
                activation);
        Results results = Results.room(type, topology, batch, null);
        computation.readOutput(results.output);
        computation.setOutputGradient(numbers(type, 4, batch, N_OUT));
        computation.backward(results.weights, bias ? results.bias : null, results.input);
        return new Results(
                results.output,
                results.weights,
                results.bias,
                results.input,
                computation.largestGradients(topology, 40));
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("typesAndActivations")
    void outputsAndGradientsAgree(DataType type, FusedActivation activation) {
        MatrixComputation heap = onHeap(type);
        MatrixComputation nd4j = new Nd4jLayerComputation();
        for (int batch : new int[] {16, 5, 1, 33}) {
            for (boolean bias : new boolean[] {true, false}) {
                run(heap, type, activation, batch, bias)
                        .assertSame(run(nd4j, type, activation, batch, bias), 1);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = DataType.class,
            names = {"FLOAT", "DOUBLE"})
    void lossAndGradientOfSoftmaxAndCrossEntropyAgree(DataType type) {
        for (int batch : new int[] {16, 1, 9}) {
            INDArray labels = numbers(type, 5, batch, N_OUT).addi(1);
            labels.diviColumnVector(labels.sum(1));
            MatrixComputation heap = onHeap(type);
            MatrixComputation nd4j = new Nd4jLayerComputation();
            Results ofHeap = Results.room(type, topology, batch, new long[0]);
            Results ofNd4j = Results.room(type, topology, batch, new long[0]);
            double heapLoss = softmax(heap, labels, type, batch, ofHeap);
            double nd4jLoss = softmax(nd4j, labels, type, batch, ofNd4j);
            assertThat(heapLoss)
                    .isPositive()
                    .isCloseTo(nd4jLoss, within(batch * 10 * tolerance(type)));
            ofHeap.assertSame(ofNd4j, 20);
        }
    }

    private double softmax(
            MatrixComputation computation,
            INDArray labels,
            DataType type,
            int batch,
            Results results) {
        // Large weights: some probabilities are clipped.
        computation.forward(
                topology,
                numbers(type, batch, batch, N_IN),
                numbers(type, 2, topology.activeCount()).muli(20),
                numbers(type, 3, N_OUT),
                FusedActivation.IDENTITY);
        computation.readOutput(results.output);
        double loss = computation.softmaxCrossEntropy(labels, 1e-6);
        computation.backward(results.weights, results.bias, results.input);
        return loss;
    }

    @ParameterizedTest
    @EnumSource(
            value = DataType.class,
            names = {"FLOAT", "DOUBLE"})
    void aSingleConnectionIsComputed(DataType type) {
        SparseTopology single = SparseTopology.of(2, 2, 3);
        for (MatrixComputation computation :
                new MatrixComputation[] {onHeap(type), new Nd4jLayerComputation()}) {
            computation.forward(
                    single,
                    Nd4j.createFromArray(new double[][] {{5, 3}}).castTo(type),
                    Nd4j.createFromArray(4.0).castTo(type),
                    Nd4j.createFromArray(10.0, 20.0).castTo(type),
                    FusedActivation.IDENTITY);
            INDArray output = Nd4j.create(type, 1, 2).dup('f');
            computation.readOutput(output);
            assertThat(elements(output)).containsExactly(10, 32);
            computation.setOutputGradient(
                    Nd4j.createFromArray(new double[][] {{7, -2}}).castTo(type));
            INDArray weightGradient = Nd4j.create(type, 1);
            INDArray biasGradient = Nd4j.create(type, 2);
            INDArray inputGradient = Nd4j.create(type, 1, 2).dup('f');
            computation.backward(weightGradient, biasGradient, inputGradient);
            assertThat(elements(weightGradient)).containsExactly(-6);
            assertThat(elements(biasGradient)).containsExactly(7, -2);
            assertThat(elements(inputGradient)).containsExactly(0, -8);
            // Gradients of the other three: 35, 21 and -10.
            assertThat(computation.largestGradients(single, 2)).containsExactly(0, 1);
        }
    }

    static Stream<MatrixComputation> computations() {
        return Stream.of(
                onHeap(DataType.FLOAT), onHeap(DataType.DOUBLE), new Nd4jLayerComputation());
    }

    @ParameterizedTest
    @MethodSource("computations")
    void aBackwardPassBeforeItsGradientIsRefused(MatrixComputation computation) {
        computation.forward(
                topology,
                numbers(DataType.FLOAT, 1, 3, N_IN),
                numbers(DataType.FLOAT, 2, topology.activeCount()),
                null,
                FusedActivation.IDENTITY);
        Results room = Results.room(DataType.FLOAT, topology, 3, null);
        assertThatIllegalStateException()
                .isThrownBy(() -> computation.backward(room.weights, null, room.input))
                .withMessage("backward before the gradient at the output is set");
        assertThatIllegalStateException()
                .isThrownBy(() -> computation.largestGradients(topology, 3))
                .withMessage(
                        "the dense gradient is known only between a backward pass and the next"
                                + " forward pass");
    }

    @ParameterizedTest
    @EnumSource(
            value = DataType.class,
            names = {"FLOAT", "DOUBLE", "HALF", "BFLOAT16"})
    void theComputationFitsTypeAndChoice(DataType type) {
        MatrixComputation computation = MatrixComputation.create(type);
        if (KernelChoice.selected() == KernelChoice.ND4J) {
            assertThat(computation).isInstanceOf(Nd4jLayerComputation.class);
            return;
        }
        assertThat(computation)
                .isInstanceOf(
                        switch (type) {
                            case FLOAT -> FloatLayerComputation.class;
                            case DOUBLE -> DoubleLayerComputation.class;
                            default -> Nd4jLayerComputation.class;
                        });
    }
}
