package org.dl4jplasticity.pruning;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.dl4jplasticity.growth.NewUnits;
import org.dl4jplasticity.layers.ActivationPruningLayer;
import org.dl4jplasticity.surgery.NetworkSurgery;
import org.dl4jplasticity.testing.Examples;
import org.dl4jplasticity.testing.NetworkClass;
import org.dl4jplasticity.testing.TinyNetwork;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.Adam;

/** Changes of width behind which activations are pruned at run time. */
class PrunedActivationsTest {

    private static TinyNetwork network(boolean asGraph, ActivationPruningLayer layer) {
        OutputLayer output = Networks.softmax(5, 3);
        TinyNetwork network =
                (asGraph ? NetworkClass.GRAPH : NetworkClass.SEQUENTIAL)
                        .of(
                                NetworkClass.settings(DataType.DOUBLE, new Adam(0.01), 3),
                                Networks.dense(6, 5, Activation.TANH).build(),
                                layer,
                                output);
        network.fit(Examples.batches(1).get(0));
        return network;
    }

    private static ActivationPruningLayer threshold() {
        return new ActivationPruningLayer.Builder().threshold(0.4).build();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void widthsChangeThroughTheLayer(boolean asGraph) {
        TinyNetwork network = network(asGraph, threshold());
        TinyNetwork before = network.copy();
        DataSet examples = Examples.batches(2).get(1);
        INDArray outputs = network.output(examples.getFeatures());
        String layer = CutNetworks.hidden(asGraph);

        NetworkSurgery.of(network.model()).widen(layer, 4, NewUnits.net2Wider(), 9);

        assertThat(CutNetworks.largestDifference(network.output(examples.getFeatures()), outputs))
                .isLessThan(1e-12);
        Narrowing.similar(examples).fraction(4.0 / 9).applyTo(network.model());
        assertThat(CutNetworks.largestDifference(network.parameters(), before.parameters()))
                .isLessThan(1e-15);
        network.fit(examples);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void samplingGoesOnWithAnotherWidth(boolean asGraph) {
        TinyNetwork network =
                network(asGraph, new ActivationPruningLayer.Builder().sampling(1, 7).build());

        NetworkSurgery.of(network.model())
                .widen(CutNetworks.hidden(asGraph), 4, NewUnits.net2Wider(), 9);
        network.fit(Examples.batches(2), 2);

        assertThat(network.parameters().isNaN().any()).isFalse();
        assertThat(CutNetworks.width(network, CutNetworks.hidden(asGraph))).isEqualTo(9);
    }

    /** A score looks at what is expected, which is what there is without the layer. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void scoresSeeNoDraws(boolean asGraph) {
        DataSet examples = Examples.batches(2).get(1);
        List<double[][]> scores = new ArrayList<>();
        for (double share : new double[] {0.3, 1e6}) { // so many that all are drawn
            TinyNetwork network =
                    network(
                            asGraph,
                            new ActivationPruningLayer.Builder().sampling(share, 7).build());
            network.become(network(asGraph, threshold()));
            scores.add(Networks.scores(ConnectionScore.taylor(examples), network.model()));
        }

        assertThat(scores.get(0)).isDeepEqualTo(scores.get(1));
    }

    /** tanh(0.3) is below 0.4 and counts as 0; tanh(0.5) goes to the next biases. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void constantsBelowTheThresholdAreZeroForTheNextBiases(boolean asGraph) {
        for (double bias : new double[] {0.3, 0.5}) {
            TinyNetwork network = network(asGraph, threshold());
            String layer = CutNetworks.hidden(asGraph);
            CutNetworks.fill(CutNetworks.units(network, layer).incoming(), 0, 2);
            CutNetworks.fill(CutNetworks.units(network, layer).biases(), bias, 2);
            INDArray features = Examples.batches(2).get(1).getFeatures();
            INDArray outputs = network.output(features);

            Narrowed narrowed = Narrowing.deadUnits().applyTo(network.model());

            assertThat(narrowed.resized().get(0).change().removed()).containsExactly(2);
            assertThat(CutNetworks.largestDifference(network.output(features), outputs))
                    .isLessThan(1e-12);
        }
    }
}
