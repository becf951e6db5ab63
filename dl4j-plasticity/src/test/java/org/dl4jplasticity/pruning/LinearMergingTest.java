package org.dl4jplasticity.pruning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.dl4jplasticity.pruning.DeepNetworks.id;
import static org.dl4jplasticity.pruning.DeepNetworks.ids;
import static org.dl4jplasticity.pruning.DeepNetworks.parameter;
import static org.dl4jplasticity.pruning.Networks.dense;

import java.util.List;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.api.NeuralNetwork;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.dl4jplasticity.layers.Sparsity;
import org.dl4jplasticity.surgery.NetworkParameter;
import org.dl4jplasticity.surgery.PlasticNetwork;
import org.dl4jplasticity.testing.Examples;
import org.dl4jplasticity.testing.NetworkClass;
import org.dl4jplasticity.testing.TinyNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Two layers with no activation function between them become one. */
class LinearMergingTest {

    private static TinyNetwork merged(TinyNetwork network, String... ids) {
        return new TinyNetwork((NeuralNetwork) LinearMerging.merge(network.model(), ids));
    }

    /** (1 2; 3 4)(5; 6) = (17; 39) and (7 8)(5; 6) + 9 = 92. */
    @ParameterizedTest
    @EnumSource(names = {"SEQUENTIAL", "GRAPH"})
    void isTheProductByHand(NetworkClass type) {
        TinyNetwork network =
                type.of(
                        Networks.settings(DataType.DOUBLE),
                        dense(2, 2, Activation.IDENTITY).build(),
                        Networks.squaredError(2, 1));
        String first = id(type, 0);
        String last = id(type, 1);
        parameter(network, first, "W")
                .assign(Nd4j.createFromArray(new double[][] {{1, 2}, {3, 4}}));
        parameter(network, first, "b")
                .assign(
                        Nd4j.createFromArray(7.0, 8.0)
                                .reshape(parameter(network, first, "b").shape()));
        parameter(network, last, "W").assign(Nd4j.createFromArray(new double[][] {{5}, {6}}));
        parameter(network, last, "b").assign(9);

        TinyNetwork merged = merged(network, first);

        assertThat(merged.layers()).hasSize(1);
        String left = type == NetworkClass.GRAPH ? last : "0";
        assertThat(parameter(merged, left, "W").toDoubleMatrix())
                .isDeepEqualTo(new double[][] {{17}, {39}});
        assertThat(parameter(merged, left, "b").getDouble(0)).isEqualTo(92);
    }

    private static TinyNetwork linear(NetworkClass type) {
        return type.of(
                Networks.settings(DataType.DOUBLE),
                dense(6, 9, Activation.RELU).build(),
                dense(9, 7, Activation.IDENTITY).build(),
                dense(7, 8, Activation.IDENTITY).build(),
                dense(8, 5, Activation.RELU).build(),
                Networks.softmax(5, 3));
    }

    @ParameterizedTest
    @EnumSource(names = {"SEQUENTIAL", "GRAPH"})
    void outputsStayAsTheyAre(NetworkClass type) {
        TinyNetwork network = linear(type);
        network.fit(Examples.batches(3), 1);
        var before = network.snapshot();
        INDArray features = Examples.batches(5).get(4).getFeatures();

        assertThat(LinearMerging.candidates(network.model())).containsExactly(ids(type, 1, 2));
        for (String[] some :
                List.of(ids(type, 1), ids(type, 2), ids(type, 1, 2), ids(type, 2, 1))) {
            TinyNetwork merged = merged(network, some);
            assertThat(merged.layers()).hasSize(5 - some.length);
            assertThat(
                            merged.output(features)
                                    .sub(network.output(features))
                                    .amaxNumber()
                                    .doubleValue())
                    .isLessThan(1e-12);
        }
        assertThat(network.snapshot()).isEqualTo(before);
    }

    @ParameterizedTest
    @EnumSource(names = {"SEQUENTIAL", "GRAPH"})
    void everythingElseIsCarriedAndTheMergedLayerStartsWithEmptySlots(NetworkClass type) {
        TinyNetwork network = linear(type);
        network.fit(Examples.batches(3), 1);

        TinyNetwork merged = merged(network, ids(type, 1, 2));

        assertThat(merged.iteration()).isEqualTo(3);
        List<NetworkParameter> now = PlasticNetwork.of(merged.model()).table();
        List<NetworkParameter> then = PlasticNetwork.of(network.model()).table();
        assertThat(now).hasSize(6);
        for (int i : new int[] {0, 1, 4, 5}) { // the first and the output layer
            int before = i < 2 ? i : i + 4;
            assertThat(now.get(i).values()).isEqualTo(then.get(before).values());
            assertThat(now.get(i).slots()).isEqualTo(then.get(before).slots());
        }
        assertThat(now.get(2).slots()).allMatch(slot -> slot.amaxNumber().doubleValue() == 0);
        merged.fit(Examples.batches(4).get(3));
        assertThat(now.get(2).slots()).isNotEmpty();
    }

    @ParameterizedTest
    @CsvSource({"true, false", "false, true", "false, false"})
    void eitherMayLackBiases(boolean first, boolean second) {
        TinyNetwork network =
                NetworkClass.SEQUENTIAL.of(
                        Networks.settings(DataType.DOUBLE),
                        dense(6, 4, Activation.IDENTITY).hasBias(first).biasInit(0.5).build(),
                        dense(4, 5, Activation.TANH).hasBias(second).biasInit(-0.5).build(),
                        Networks.softmax(5, 3));
        INDArray features = Examples.batches(1).get(0).getFeatures();

        TinyNetwork merged = merged(network, "0");

        DenseLayer layer = (DenseLayer) merged.layers().get(0).conf().getLayer();
        assertThat(layer.hasBias()).isEqualTo(first || second);
        assertThat(layer.getNIn()).isEqualTo(6);
        assertThat(merged.output(features).getDouble(0, 0))
                .isCloseTo(network.output(features).getDouble(0, 0), within(1e-12));
        merged.fit(Examples.batches(1).get(0));
    }

    @Test
    void refusesWhatIsNotLinearOrOfOneLayerAlone() {
        Model network = linear(NetworkClass.SEQUENTIAL).model();
        assertThatThrownBy(() -> LinearMerging.merge(network, "0"))
                .hasMessage(
                        "Layer 0 (layer0) (DenseLayer) can't be merged into the next: expected no"
                                + " activation function between the two");
        assertThatThrownBy(() -> LinearMerging.merge(network, "4"))
                .hasMessageEndingWith("expected a DenseLayer");
        assertThatThrownBy(() -> LinearMerging.merge(network, "x")).hasMessageEndingWith("got 'x'");
        Sparsity.of(0.5).seed(1).applyTo(network);
        assertThat(LinearMerging.candidates(network)).isEmpty();
        assertThatThrownBy(() -> LinearMerging.merge(network, "1"))
                .hasMessageContaining("masks among them");
        Model dropout =
                NetworkClass.SEQUENTIAL
                        .of(
                                Networks.settings(DataType.DOUBLE),
                                dense(6, 4, Activation.IDENTITY).build(),
                                dense(4, 5, Activation.TANH).dropOut(0.5).build(),
                                Networks.softmax(5, 3))
                        .model();
        assertThatThrownBy(() -> LinearMerging.merge(dropout, "0"))
                .hasMessageContaining("has dropout or a preprocessor before it");
    }
}
