package org.dl4jplasticity.pruning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.BackpropType;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayerWithBackprop;
import org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional;
import org.deeplearning4j.nn.conf.layers.recurrent.SimpleRnn;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jplasticity.mask.MaskableWeights;
import org.dl4jplasticity.testing.NetworkClass;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/** Layers that need care: frozen ones, this project's sparse ones, peepholes, two directions. */
class LayerKindsTest {
    private static final DataSet EXAMPLES =
            new DataSet(Networks.gaussian(4, 12, 6), Networks.classes(12));

    private static Model chain(NetworkClass type, Layer middle) {
        return type.of(
                        Networks.settings(DataType.FLOAT),
                        Networks.dense(6, 10, Activation.RELU).build(),
                        middle,
                        Networks.softmax(8, 3))
                .model();
    }

    @ParameterizedTest
    @EnumSource(names = {"SEQUENTIAL", "GRAPH"})
    void frozenLayersCarryTheFlowAndKeepTheirWeights(NetworkClass type) {
        Layer middle = Networks.dense(10, 8, Activation.RELU).build();
        Model plain = chain(type, middle.clone());
        double[][] expected = Networks.scores(ConnectionScore.synflow(), plain);
        for (Layer frozen :
                List.of(
                        new FrozenLayer.Builder().layer(middle.clone()).build(),
                        new FrozenLayerWithBackprop(middle.clone()))) {
            Model network = chain(type, frozen);
            network.params().assign(plain.params());
            assertThat(MaskableWeights.of(network)).hasSize(2);
            Networks.assertClose(
                    Networks.scores(ConnectionScore.synflow(), network),
                    new double[][] {expected[0], expected[2]},
                    1e-12);
            Pruning.synflow().applyTo(network, 0.5);
            assertThat(Networks.activeCount(network)).isEqualTo(42);
            String middleWeights = type == NetworkClass.GRAPH ? "layer1_W" : "1_W";
            assertThat(network.paramTable().get(middleWeights))
                    .isEqualTo(plain.paramTable().get(middleWeights));
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"SEQUENTIAL", "GRAPH"})
    void sparseLayersTakePartWithTheConnectionsTheyHave(NetworkClass type) {
        Model network = chain(type, NetworkClass.sparse(10, 8, 0.5).build());
        for (Pruning pruning :
                List.of(Pruning.snip(EXAMPLES), Pruning.grasp(EXAMPLES), Pruning.synflow())) {
            Model fresh = chain(type, NetworkClass.sparse(10, 8, 0.5).build());
            pruning.applyTo(fresh, 0.75);
            assertThat(Networks.activeCount(fresh)).isEqualTo(21);
        }
        double[][] flows = Networks.scores(ConnectionScore.synflow(), network);
        double sum = Arrays.stream(flows[0]).sum();
        assertThat(Arrays.stream(flows[1]).sum()).isCloseTo(sum, within(1e-12 * sum));
    }

    private static MultiLayerNetwork recurrent(NeuralNetConfiguration.ListBuilder list, int units) {
        MultiLayerNetwork network =
                new MultiLayerNetwork(
                        list.layer(
                                        new RnnOutputLayer.Builder()
                                                .dataFormat(RNNFormat.NCW)
                                                .nIn(units)
                                                .nOut(3)
                                                .activation(Activation.SOFTMAX)
                                                .build())
                                .build());
        network.init();
        return network;
    }

    private static DataSet sequences() {
        INDArray labels = Nd4j.zeros(DataType.FLOAT, 2, 3, 6);
        for (int time = 0; time < 6; time++) {
            labels.putScalar(0, time % 3, time, 1);
            labels.putScalar(1, (time + 1) % 3, time, 1);
        }
        return new DataSet(Networks.gaussian(6, 2, 4, 6), labels);
    }

    @Test
    @SuppressWarnings("deprecation") // Graves' LSTMs are in use still
    void peepholesAreNotPruned() {
        MultiLayerNetwork network =
                recurrent(
                        Networks.settings(DataType.FLOAT)
                                .list()
                                .layer(
                                        new org.deeplearning4j.nn.conf.layers.GravesLSTM.Builder()
                                                .nIn(4)
                                                .nOut(5)
                                                .build()),
                        5);
        double[] before = Networks.values(MaskableWeights.of(network).get(1));
        Pruning.snip(sequences()).applyTo(network, 0.5);
        double[] after = Networks.values(MaskableWeights.of(network).get(1));
        assertThat(before).hasSize(5 * 23);
        assertThat(Arrays.copyOfRange(after, 100, 115))
                .containsExactly(Arrays.copyOfRange(before, 100, 115));
        assertThat(Networks.activeCount(network)).isEqualTo(Math.round(0.5 * (80 + 100 + 15)));
    }

    @Test
    void bothDirectionsArePruned() {
        MultiLayerNetwork network =
                recurrent(
                        Networks.settings(DataType.FLOAT)
                                .list()
                                .layer(
                                        new Bidirectional(
                                                Bidirectional.Mode.CONCAT,
                                                new SimpleRnn.Builder().nIn(4).nOut(5).build())),
                        10);
        Pruning.snip(sequences()).applyTo(network, 0.5);
        assertThat(Networks.active(network)).hasSize(5).noneMatch(List::isEmpty);
        assertThat(Networks.activeCount(network)).isEqualTo((2 * 20 + 2 * 25 + 30) / 2);
        Pruning.synflow(InputType.recurrent(4, 6)).applyTo(network, 0.75);
        assertThat(Networks.active(network)).hasSize(5).noneMatch(List::isEmpty);
        assertThat(Networks.activeCount(network)).isEqualTo((2 * 20 + 2 * 25 + 30) / 4);
    }

    @Test
    void theGradientIsThatOfWholeSequencesWhateverTheTrainingTruncates() {
        NeuralNetConfiguration.ListBuilder whole = memory();
        NeuralNetConfiguration.ListBuilder truncated = memory();
        truncated.backpropType(BackpropType.TruncatedBPTT).tBPTTLength(2);
        ConnectionScore score = ConnectionScore.snip(sequences());
        MultiLayerNetwork network = recurrent(truncated, 5);
        assertThat(Networks.scores(score, network))
                .isDeepEqualTo(Networks.scores(score, recurrent(whole, 5)));
        assertThat(network.getLayerWiseConfigurations().getBackpropType())
                .isEqualTo(BackpropType.TruncatedBPTT);
    }

    private static NeuralNetConfiguration.ListBuilder memory() {
        return Networks.settings(DataType.FLOAT)
                .list()
                .layer(new LSTM.Builder().nIn(4).nOut(5).build());
    }

    @Test
    void refusesANetworkWithoutAnOutputLayer() {
        Model network =
                NetworkClass.SEQUENTIAL
                        .of(
                                Networks.settings(DataType.FLOAT),
                                Networks.dense(6, 5, Activation.RELU).build(),
                                Networks.dense(5, 3, Activation.RELU).name("last").build())
                        .model();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Pruning.synflow().applyTo(network, 0.5))
                .withMessage(
                        "Layer last: expected an output or loss layer at the network's end, got"
                                + " DenseLayer");
        for (Pruning pruning : List.of(Pruning.snip(EXAMPLES), Pruning.grasp(EXAMPLES))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> pruning.applyTo(network, 0.5))
                    .withMessageContaining("Layer last: expected an output or loss layer");
        }
    }
}
