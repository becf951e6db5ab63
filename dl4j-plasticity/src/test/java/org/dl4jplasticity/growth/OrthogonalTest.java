package org.dl4jplasticity.growth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.api.NeuralNetwork;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.dl4jplasticity.surgery.NetworkSurgery;
import org.dl4jplasticity.surgery.UnitVectors;
import org.dl4jplasticity.testing.NetworkClass;
import org.dl4jplasticity.testing.ResizableNetwork;
import org.dl4jplasticity.testing.TinyNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.Sgd;

class OrthogonalTest {

    /** Layers of three units that grow. */
    enum Place {
        DENSE,
        DENSE_WITHOUT_BIAS,
        CONVOLUTION_BEFORE_POOLING;

        Model build(NetworkClass type, DataType dataType) {
            return switch (this) {
                case DENSE ->
                        GrowingNetworks.chain(
                                type,
                                dataType,
                                InputType.feedForward(10),
                                GrowingNetworks.dense(3, Activation.RELU),
                                new BatchNormalization.Builder().build(),
                                GrowingNetworks.classes(3));
                case DENSE_WITHOUT_BIAS ->
                        GrowingNetworks.chain(
                                type,
                                dataType,
                                InputType.feedForward(10),
                                new DenseLayer.Builder()
                                        .nOut(3)
                                        .hasBias(false)
                                        .activation(Activation.TANH)
                                        .build(),
                                GrowingNetworks.classes(3));
                case CONVOLUTION_BEFORE_POOLING ->
                        GrowingNetworks.chain(
                                type,
                                dataType,
                                InputType.convolutional(6, 6, 2),
                                GrowingNetworks.convolution(3, 3, Activation.RELU)
                                        .padding(1, 1)
                                        .build(),
                                new SubsamplingLayer.Builder()
                                        .kernelSize(2, 2)
                                        .stride(2, 2)
                                        .build(),
                                GrowingNetworks.classes(3));
            };
        }

        DataSet batch() {
            return this == CONVOLUTION_BEFORE_POOLING
                    ? GrowingNetworks.classified(3, 4, 2, 6, 6)
                    : GrowingNetworks.classified(3, 15, 10);
        }
    }

    static Stream<Arguments> places() {
        return Stream.of(Place.values())
                .flatMap(
                        place ->
                                Stream.of(NetworkClass.SEQUENTIAL, NetworkClass.GRAPH)
                                        .map(type -> Arguments.of(place, type)));
    }

    @ParameterizedTest
    @MethodSource("places")
    void newPreActivationsAreOrthogonalToAllOthers(Place place, NetworkClass type) {
        Model network = place.build(type, DataType.DOUBLE);
        DataSet batch = place.batch();
        UnitVectors before = NetworkSurgery.of(network).units("0").incoming().get(0);
        double mean =
                IntStream.range(0, 3)
                        .mapToDouble(unit -> Matrices.norm(before.get(unit)))
                        .average()
                        .orElseThrow();

        NetworkSurgery.of(network).widen("0", 3, NewUnits.orthogonal(batch), 3);

        double[][] sums =
                byUnit(Recording.of(network, "0", batch.toMultiDataSet()).preActivation());
        UnitVectors after = NetworkSurgery.of(network).units("0").incoming().get(0);
        for (int unit = 3; unit < 6; unit++) {
            assertThat(Matrices.norm(after.get(unit))).isEqualTo(mean, within(1e-12));
            assertThat(Matrices.norm(sums[unit])).isGreaterThan(0.1);
            for (int other = 0; other < unit; other++) {
                double cosine =
                        Matrices.product(sums[unit], sums[other])
                                / Matrices.norm(sums[unit])
                                / Matrices.norm(sums[other]);
                assertThat(cosine).as("%d and %d", unit, other).isEqualTo(0, within(1e-10));
            }
        }
    }

    private static double[][] byUnit(INDArray sums) {
        return IntStream.range(0, (int) sums.size(1))
                .mapToObj(unit -> sums.swapAxes(0, 1).slice(unit).dup('c').data().asDouble())
                .toArray(double[][]::new);
    }

    @ParameterizedTest
    @MethodSource("places")
    void leavesTheOutputsAsTheyWere(Place place, NetworkClass type) {
        for (DataType dataType : new DataType[] {DataType.DOUBLE, DataType.FLOAT}) {
            Model network = place.build(type, dataType);
            DataSet batch = place.batch();
            INDArray features = batch.getFeatures().castTo(dataType);
            INDArray before = new TinyNetwork((NeuralNetwork) network).output(features);
            NetworkSurgery.of(network).widen("0", 3, NewUnits.orthogonal(batch), 3);
            INDArray after = new TinyNetwork((NeuralNetwork) network).output(features);
            assertThat(after.sub(before).amaxNumber().doubleValue())
                    .isLessThan(dataType == DataType.DOUBLE ? 1e-12 : 1e-6);
        }
    }

    /** Ten inputs and a bias: eleven directions, of which three are taken. */
    @Test
    void refusesMoreUnitsThanThereIsRoomFor() {
        Model network = Place.DENSE.build(NetworkClass.SEQUENTIAL, DataType.DOUBLE);
        DataSet batch = Place.DENSE.batch();
        NetworkSurgery surgery = NetworkSurgery.of(network);
        INDArray before = network.params().dup();
        assertThatThrownBy(() -> surgery.widen("0", 9, NewUnits.orthogonal(batch), 3))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "Layer 0: the batch has room for 11 orthogonal pre-activations and the layer's units take 3 of them, so that 9 more can't be had");
        assertThat(network.params()).isEqualTo(before);
        surgery.widen("0", 8, NewUnits.orthogonal(batch), 3);
        assertThat(surgery.width("0")).isEqualTo(11);
    }

    @Test
    void refusesSparseAndRecurrentLayers() {
        requireRefusal(
                ResizableNetwork.SPARSE,
                "Layer 0: orthogonal initialization expects that all connections are active, got a sparse layer");
        requireRefusal(
                ResizableNetwork.MASKED,
                "Layer 0: orthogonal initialization expects that all connections are active, got a sparse layer");
        requireRefusal(
                ResizableNetwork.SIMPLE_RNN,
                "Layer 0: orthogonal initialization expects units with one group of incoming weights, got [0/W, 0/RW]");
    }

    private static void requireRefusal(ResizableNetwork kind, String message) {
        Model network = kind.build(false, DataType.DOUBLE, new Sgd(0.1)).model();
        DataSet batch = kind.batch(1, DataType.DOUBLE);
        NetworkSurgery surgery = NetworkSurgery.of(network);
        assertThatThrownBy(() -> surgery.widen(kind.layer(false), 1, NewUnits.orthogonal(batch), 3))
                .hasMessage(message);
    }
}
