package org.dl4jplasticity.growth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.api.NeuralNetwork;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.dl4jplasticity.layers.SparseOutputLayer;
import org.dl4jplasticity.pruning.DoubleCopy;
import org.dl4jplasticity.surgery.NetworkSurgery;
import org.dl4jplasticity.surgery.UnitInitialization.Site;
import org.dl4jplasticity.surgery.UnitVectors;
import org.dl4jplasticity.surgery.Units;
import org.dl4jplasticity.testing.NetworkClass;
import org.dl4jplasticity.testing.ResizableNetwork;
import org.dl4jplasticity.testing.TinyNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.Sgd;

class GradMaxTest {
    private static final InputType VECTORS = InputType.feedForward(9);
    private static final InputType IMAGES = InputType.convolutional(6, 6, 2);

    /** What a chain of layers is whose first one grows. */
    @SuppressWarnings("ImmutableEnumChecker") // nobody changes what they hold
    enum Chain {
        TANH(VECTORS, dense(5, Activation.TANH), dense(7, Activation.TANH)),
        LEAKY(VECTORS, dense(5, Activation.LEAKYRELU), dense(7, Activation.TANH)),
        RELU(VECTORS, dense(5, Activation.RELU), dense(7, Activation.TANH)),
        LOGISTIC(VECTORS, dense(5, Activation.SIGMOID), dense(7, Activation.RELU)),
        BETWEEN(
                VECTORS,
                dense(5, Activation.IDENTITY),
                new ActivationLayer(Activation.RELU),
                new DropoutLayer(0.5),
                dense(7, Activation.TANH)),
        SPARSE(
                VECTORS,
                NetworkClass.sparse(9, 6, 0.4).activation(Activation.RELU).build(),
                new SparseOutputLayer.Builder().nIn(6).nOut(3).sparsity(0.4).build()),
        CONVOLUTION(
                IMAGES,
                GrowingNetworks.convolution(3, 3, Activation.RELU).padding(1, 1).build(),
                GrowingNetworks.convolution(4, 2, Activation.TANH).stride(2, 2).build()),
        PADDED(
                IMAGES,
                GrowingNetworks.convolution(3, 3, Activation.TANH).padding(1, 1).build(),
                GrowingNetworks.convolution(4, 2, Activation.TANH).padding(1, 1).build()),
        FLATTENED(
                IMAGES,
                GrowingNetworks.convolution(3, 3, Activation.RELU).stride(2, 2).build(),
                dense(4, Activation.TANH));

        private final InputType input;
        private final Layer[] layers;

        Chain(InputType input, Layer... layers) {
            this.input = input;
            this.layers =
                    layers[layers.length - 1] instanceof SparseOutputLayer
                            ? layers
                            : Stream.concat(
                                            Arrays.stream(layers),
                                            Stream.of(GrowingNetworks.classes(3)))
                                    .toArray(Layer[]::new);
        }

        private static DenseLayer dense(int units, Activation activation) {
            return GrowingNetworks.dense(units, activation);
        }

        Model build(NetworkClass type, DataType dataType) {
            return GrowingNetworks.chain(type, dataType, input, layers);
        }

        DataSet batch(DataType type) {
            long[] shape = input.getShape(true);
            shape[0] = 40;
            DataSet batch = GrowingNetworks.classified(3, shape);
            return new DataSet(batch.getFeatures().castTo(type), batch.getLabels().castTo(type));
        }
    }

    static Stream<Arguments> networks() {
        return networks(Stream.of(Chain.values()));
    }

    /** Sparse layers don't take the whole of a direction. */
    static Stream<Arguments> networksWithoutSparseLayers() {
        return networks(Stream.of(Chain.values()).filter(chain -> chain != Chain.SPARSE));
    }

    static Stream<Arguments> networksWithFunctionsThroughZero() {
        return networks(Stream.of(Chain.values()).filter(chain -> chain != Chain.LOGISTIC));
    }

    private static Stream<Arguments> networks(Stream<Chain> chains) {
        return chains.flatMap(
                chain ->
                        Stream.of(NetworkClass.SEQUENTIAL, NetworkClass.GRAPH)
                                .map(type -> Arguments.of(chain, type)));
    }

    @ParameterizedTest
    @MethodSource("networks")
    void leavesTheOutputsAsTheyWere(Chain chain, NetworkClass type) {
        for (DataType dataType : new DataType[] {DataType.DOUBLE, DataType.FLOAT}) {
            Model network = chain.build(type, dataType);
            DataSet batch = chain.batch(dataType);
            INDArray before = output(network, batch);
            NetworkSurgery.of(network).widen("0", 2, NewUnits.gradMax(batch), 3);
            assertThat(output(network, batch).sub(before).amaxNumber().doubleValue())
                    .isLessThan(dataType == DataType.DOUBLE ? 1e-12 : 1e-6);
        }
    }

    /**
     * The norm is what the singular values say, by DL4J's own gradient of the grown network: a mean
     * of 40 examples.
     */
    @ParameterizedTest
    @MethodSource("networksWithoutSparseLayers")
    void newIncomingWeightsHaveTheGradientThatTheSingularValuesPredict(
            Chain chain, NetworkClass type) {
        Model network = chain.build(type, DataType.DOUBLE);
        DataSet batch = chain.batch(DataType.DOUBLE);
        Units before = NetworkSurgery.of(network).units("0");
        GrowthStatistics statistics =
                GrowthStatistics.of(new Site(network, "0", before), batch.toMultiDataSet());
        double[] squares =
                Eigenvalues.squaredSingularValues(
                        statistics.gradient(), statistics.outgoingLength());
        double length = 0.5 * meanNorm(before.outgoing().get(0), before.count());
        double slope = chain == Chain.LOGISTIC ? 0.25 : 1;
        int first = before.count();

        NetworkSurgery.of(network).widen("0", 2, NewUnits.gradMax(batch), 3);

        double[] incoming = gradient(network, batch, "0", first, 2);
        assertThat(Matrices.norm(incoming))
                .isEqualTo(slope * length * Math.sqrt(squares[0] + squares[1]), within(1e-9));
        UnitVectors outgoing = NetworkSurgery.of(network).units("0").outgoing().get(0);
        for (int unit = first; unit < first + 2; unit++) {
            assertThat(Matrices.norm(outgoing.get(unit))).isEqualTo(length, within(1e-12));
        }
    }

    /**
     * One unit against random ones, and two against random orthogonal ones of the same length:
     * without orthogonality two copies of the best direction would be best, and be one unit.
     */
    @ParameterizedTest
    @MethodSource("networks")
    void noneOfAThousandRandomDirectionsHasALargerGradient(Chain chain, NetworkClass type) {
        Model network = chain.build(type, DataType.DOUBLE);
        DataSet batch = chain.batch(DataType.DOUBLE);
        Site site = new Site(network, "0", NetworkSurgery.of(network).units("0"));
        GrowthStatistics statistics = GrowthStatistics.of(site, batch.toMultiDataSet());
        double[] matrix = statistics.gradient();
        int columns = statistics.outgoingLength();
        SingularVectors best = GradMax.gradient(statistics).first(2);
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 1000; i++) {
            double[] one = direction(columns, random);
            double[] other = direction(columns, random);
            Matrices.add(other, -Matrices.product(one, other), one);
            double[] orthogonal = Matrices.scaled(other, 1 / Matrices.norm(other));
            double alone = squaredGradient(statistics, matrix, one);
            double both = alone + squaredGradient(statistics, matrix, orthogonal);
            assertThat(Math.sqrt(alone)).isLessThanOrEqualTo(best.values()[0]);
            assertThat(both).isLessThanOrEqualTo(best.energy());
        }
    }

    private static double squaredGradient(
            GrowthStatistics statistics, double[] matrix, double[] direction) {
        double[] gradient =
                Products.product(
                        matrix,
                        statistics.incomingLength(),
                        statistics.outgoingLength(),
                        direction,
                        1);
        return Matrices.product(gradient, gradient);
    }

    private static double[] direction(int length, SplittableRandom random) {
        double[] drawn =
                IntStream.range(0, length).mapToDouble(it -> random.nextGaussian()).toArray();
        return Matrices.scaled(drawn, 1 / Matrices.norm(drawn));
    }

    @Test
    void zeroIncomingWeightsGiveNoGradientToOutgoingOnes() {
        Model network = Chain.TANH.build(NetworkClass.SEQUENTIAL, DataType.DOUBLE);
        DataSet batch = Chain.TANH.batch(DataType.DOUBLE);
        NetworkSurgery.of(network).widen("0", 2, NewUnits.gradMax(batch), 3);
        Networks.computeGradient(network, batch.toMultiDataSet());
        INDArray outgoing = network.gradient().getGradientFor("1_W");
        assertThat(outgoing.getRow(5).dup().data().asDouble()).containsOnly(0);
        assertThat(outgoing.getRow(6).dup().data().asDouble()).containsOnly(0);
    }

    /** Three classes give the output layer's errors two directions. */
    @Test
    void moreUnitsThanDirectionsGetMixturesThatDiffer() {
        Model network =
                GrowingNetworks.chain(
                        NetworkClass.SEQUENTIAL,
                        DataType.DOUBLE,
                        VECTORS,
                        GrowingNetworks.dense(5, Activation.RELU),
                        GrowingNetworks.classes(3));
        DataSet batch = Chain.TANH.batch(DataType.DOUBLE);
        INDArray before = output(network, batch);
        NetworkSurgery.of(network).widen("0", 5, NewUnits.gradMax(batch), 3);
        UnitVectors outgoing = NetworkSurgery.of(network).units("0").outgoing().get(0);
        double length = Matrices.norm(outgoing.get(5));
        for (int unit = 6; unit < 10; unit++) {
            assertThat(Matrices.norm(outgoing.get(unit))).isEqualTo(length, within(1e-12));
            for (int other = 5; other < unit; other++) {
                double cosine =
                        Matrices.product(outgoing.get(unit), outgoing.get(other))
                                / (length * length);
                assertThat(Math.abs(cosine)).isLessThan(1 - 1e-6);
            }
            assertThat(Matrices.norm(gradient(network, batch, "0", unit, 1))).isGreaterThan(1e-4);
        }
        assertThat(output(network, batch).sub(before).amaxNumber().doubleValue()).isLessThan(1e-12);
    }

    @ParameterizedTest
    @EnumSource(names = {"SEQUENTIAL", "GRAPH"})
    void whatItCantServeIsRefusedAndUntouched(NetworkClass type) {
        requireRefusal(
                "Layer 0: GradMax expects nothing but activation functions and dropout before the next layer, got a BatchNormalization",
                type,
                VECTORS,
                GrowingNetworks.dense(5, Activation.TANH),
                new BatchNormalization.Builder().build());
        requireRefusal(
                "Layer 0: GradMax expects nothing but activation functions and dropout before the next layer, got a SubsamplingLayer",
                type,
                IMAGES,
                GrowingNetworks.convolution(3, 3, Activation.TANH).build(),
                new SubsamplingLayer.Builder().kernelSize(2, 2).stride(2, 2).build());
        requireRefusal(
                "Layer 0: GradMax expects a layer with biases where the activation function has no slope at 0, got one without",
                type,
                VECTORS,
                new DenseLayer.Builder()
                        .nOut(5)
                        .hasBias(false)
                        .activation(Activation.RELU)
                        .build());
        requireRefusal(
                "Layer 0: GradMax expects an activation function with a slope at 0 or 0.1, got none at either",
                type,
                VECTORS,
                GrowingNetworks.dense(5, Activation.THRESHOLDEDRELU));
        requireRefusal(
                "Layer 0: GradMax expects that the output 0.1 of new units whose weights are 0 can be taken out of the next biases, got an obstacle: a padded convolution has borders",
                type,
                IMAGES,
                GrowingNetworks.convolution(3, 3, Activation.RELU).build(),
                GrowingNetworks.convolution(3, 3, Activation.RELU).padding(1, 1).build());
        requireRefusal(
                "Layer 0: GradMax expects a dense, sparse, output or convolution layer next, got layer 1, a DenseLayer with layer normalization",
                type,
                VECTORS,
                GrowingNetworks.dense(5, Activation.TANH),
                new DenseLayer.Builder().nOut(5).hasLayerNorm(true).build());
    }

    private static void requireRefusal(
            String message, NetworkClass type, InputType input, Layer... layers) {
        Layer[] all =
                Stream.concat(Arrays.stream(layers), Stream.of(GrowingNetworks.classes(3)))
                        .toArray(Layer[]::new);
        Model network = GrowingNetworks.chain(type, DataType.DOUBLE, input, all);
        long[] shape = input.getShape(true);
        shape[0] = 4;
        DataSet batch = GrowingNetworks.classified(3, shape);
        requireRefusal(message, network, "0", batch);
    }

    private static void requireRefusal(String message, Model network, String layer, DataSet batch) {
        INDArray before = network.params().dup();
        NetworkSurgery surgery = NetworkSurgery.of(network);
        assertThatThrownBy(() -> surgery.widen(layer, 2, NewUnits.gradMax(batch), 3))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
        assertThat(network.params()).isEqualTo(before);
    }

    @Test
    void unitsOfSeveralOrOtherLayersAreRefused() {
        requireRefusal(
                ResizableNetwork.RESIDUAL,
                true,
                "Layer b: GradMax expects units with one group of incoming weights, got [a/W, b/W]");
        requireRefusal(
                ResizableNetwork.LSTM_BEFORE_LSTM,
                false,
                "Layer 0: GradMax expects units with one group of incoming weights, got [0/W, 0/RW]");
        requireRefusal(
                ResizableNetwork.TRANSPOSED_CONVOLUTION,
                false,
                "Layer 0: GradMax expects a dense, sparse or convolution layer, got layer 0, a Deconvolution2D");
        requireRefusal(
                ResizableNetwork.MERGED_CONVOLUTIONS,
                true,
                "Layer a: GradMax expects units with one group of incoming weights, got [a/W, c/W]");
    }

    private static void requireRefusal(ResizableNetwork kind, boolean asGraph, String message) {
        TinyNetwork network = kind.build(asGraph, DataType.DOUBLE, new Sgd(0.1));
        requireRefusal(
                message, network.model(), kind.layer(asGraph), kind.batch(1, DataType.DOUBLE));
    }

    /** A batch whose labels are what the network says has no gradient. */
    @Test
    void aBatchWithoutGradientIsRefused() {
        Model network =
                GrowingNetworks.chain(
                        NetworkClass.SEQUENTIAL,
                        DataType.DOUBLE,
                        VECTORS,
                        GrowingNetworks.dense(5, Activation.TANH),
                        GrowingNetworks.numbers(3));
        INDArray features = GrowingNetworks.gaussian(4, 6, 9);
        DataSet batch = new DataSet(features, output(network, new DataSet(features, null)));
        requireRefusal(
                "Layer 0: GradMax expects a batch on which new units have a gradient, got none but 0",
                network,
                "0",
                batch);
    }

    private static INDArray output(Model network, DataSet batch) {
        return new TinyNetwork((NeuralNetwork) network).output(batch.getFeatures());
    }

    private static double meanNorm(UnitVectors vectors, int count) {
        return IntStream.range(0, count)
                .mapToDouble(unit -> Matrices.norm(vectors.get(unit)))
                .average()
                .orElseThrow();
    }

    /** DL4J's own gradient by the incoming weights of some units, the mean over examples. */
    private static double[] gradient(
            Model network, DataSet batch, String layer, int first, int count) {
        Model quiet = DoubleCopy.withoutNoise(network);
        Networks.computeGradient(quiet, batch.toMultiDataSet());
        INDArray gradient = quiet.gradient().getGradientFor(layer + "_W");
        INDArray byUnit = gradient.rank() == 4 ? gradient : gradient.transpose();
        double[] all = byUnit.dup('c').data().asDouble();
        int length = (int) (byUnit.length() / byUnit.size(0));
        return Arrays.stream(all, first * length, (first + count) * length)
                .map(it -> it / batch.numExamples())
                .toArray();
    }
}
