package org.dl4jplasticity.pruning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.dl4jplasticity.testing.ResizableNetwork.CONVOLUTION;
import static org.dl4jplasticity.testing.ResizableNetwork.DENSE;
import static org.dl4jplasticity.testing.ResizableNetwork.LSTM_BEFORE_LSTM;
import static org.dl4jplasticity.testing.ResizableNetwork.RESIDUAL;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jplasticity.relevance.LayerRelevance;
import org.dl4jplasticity.testing.ResizableNetwork;
import org.dl4jplasticity.testing.TinyNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** What units are worth. */
class UnitScoreTest {

    private static double[][] scores(UnitScore score, TinyNetwork network) {
        return score.of(network.model(), UnitGroup.of(network.model()));
    }

    /** Tanh's place is taken by the identity: units put out x - y, 2x and 0 for (1, 2), (3, 1). */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void activationIsTheMeanMagnitude(boolean asGraph) {
        TinyNetwork network =
                CutNetworks.dense(
                        asGraph,
                        Activation.IDENTITY,
                        new double[][] {{1, 2, 0}, {-1, 0, 0}},
                        new double[] {0, 0, 0});
        DataSet examples = new DataSet(Nd4j.createFromArray(new double[][] {{1, 2}, {3, 1}}), null);

        assertThat(scores(UnitScore.activation(examples), network)[0]).containsExactly(1.5, 4, 0);
        assertThat(scores(UnitScore.firing(examples), network)[0]).containsExactly(1, 1, 0);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void firingIsTheShareThatIsNotZero(boolean asGraph) {
        TinyNetwork network =
                CutNetworks.dense(
                        asGraph,
                        Activation.RELU,
                        new double[][] {{1, -1, 1}, {0, 0, 1}},
                        new double[] {0, 0, -4});
        DataSet examples =
                new DataSet(
                        Nd4j.createFromArray(new double[][] {{1, 2}, {3, 1}, {4, 1}, {-1, 0}}),
                        null);

        assertThat(scores(UnitScore.firing(examples), network)[0])
                .containsExactly(0.75, 0.25, 0.25);
    }

    /** More examples than are computed at a time, of which only the last makes the unit fire. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void allExamplesCount(boolean asGraph) {
        TinyNetwork network =
                CutNetworks.dense(
                        asGraph, Activation.RELU, new double[][] {{1}, {0}}, new double[] {0});
        INDArray features = Nd4j.ones(DataType.DOUBLE, 300, 2).negi();
        features.putScalar(299, 0, 30);

        assertThat(scores(UnitScore.activation(new DataSet(features, null)), network)[0][0])
                .isCloseTo(0.1, within(1e-15));
    }

    /** A convolution, batch normalization and ReLU: what leaves the ReLU counts. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theLastActivationBeforeTheNextWeightsCounts(boolean asGraph) {
        TinyNetwork network = CONVOLUTION.trained(asGraph, DataType.DOUBLE);
        DataSet examples = CONVOLUTION.batch(4, DataType.DOUBLE);
        INDArray relu =
                network.model() instanceof MultiLayerNetwork sequential
                        ? sequential.feedForward(examples.getFeatures(), false).get(3)
                        : ((ComputationGraph) network.model())
                                .feedForward(examples.getFeatures(), false)
                                .get("layer2");

        double[][] activation = scores(UnitScore.activation(examples), network);
        double[][] firing = scores(UnitScore.firing(examples), network);

        for (int channel = 0; channel < 3; channel++) {
            INDArray own =
                    relu.get(
                            NDArrayIndex.all(),
                            NDArrayIndex.interval(channel, channel + 1),
                            NDArrayIndex.all(),
                            NDArrayIndex.all());
            assertThat(activation[0][channel])
                    .isCloseTo(own.meanNumber().doubleValue(), within(1e-12));
            assertThat(firing[0][channel])
                    .isCloseTo(
                            own.gt(0).castTo(DataType.DOUBLE).meanNumber().doubleValue(),
                            within(1e-12))
                    .isLessThan(1);
        }
    }

    @Test
    void whereOutputsAreAddedTheSumCounts() {
        TinyNetwork network = RESIDUAL.trained(true, DataType.DOUBLE);
        DataSet examples = RESIDUAL.batch(4, DataType.DOUBLE);
        INDArray sum =
                ((ComputationGraph) network.model())
                        .feedForward(examples.getFeatures(), false)
                        .get("sum");

        double[] scores = scores(UnitScore.activation(examples), network)[0];

        double[] expected = sum.mean(0).toDoubleVector(); // of ReLU's outputs, at least 0
        for (int unit = 0; unit < 5; unit++) {
            assertThat(scores[unit]).isCloseTo(expected[unit], within(1e-12));
        }
    }

    @Test
    void relevanceIsThatOfTheLayersAndTheirSumWhereTheyShareUnits() {
        TinyNetwork network = RESIDUAL.trained(true, DataType.DOUBLE);
        DataSet examples = RESIDUAL.batch(4, DataType.DOUBLE);
        Map<String, double[]> perLayer =
                LayerRelevance.of(network.model(), examples).stream()
                        .collect(
                                Collectors.toMap(
                                        LayerRelevance::layerId, LayerRelevance::perNeuron));

        double[][] scores = scores(UnitScore.relevance(examples), network);

        for (int unit = 0; unit < 5; unit++) {
            assertThat(scores[0][unit])
                    .isCloseTo(perLayer.get("a")[unit] + perLayer.get("b")[unit], within(1e-15));
        }
        assertThat(scores[1]).isEqualTo(perLayer.get("c"));
    }

    /** Incoming (3, 4), outgoing (6, 8): 5 times 10. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void weightNormIsTheProductOfBothNorms(boolean asGraph) {
        TinyNetwork network =
                CutNetworks.dense(
                        asGraph,
                        Activation.RELU,
                        new double[][] {{3, 1, 0}, {4, 0, 0}},
                        new double[] {9, 9, 9},
                        new double[][] {{6, 8}, {2, 0}, {1, 1}});

        assertThat(scores(UnitScore.weightNorm(), network)[0]).containsExactly(50, 2, 0);
    }

    @Test
    void randomScoresDependOnTheSeedAlone() {
        TinyNetwork network = DENSE.trained(false, DataType.DOUBLE);

        double[][] scores = scores(UnitScore.random(5), network);

        assertThat(scores).isDeepEqualTo(scores(UnitScore.random(5), network));
        assertThat(scores[0]).isNotEqualTo(scores(UnitScore.random(6), network)[0]);
        assertThat(scores[0]).hasSize(5);
        assertThat(scores[1]).hasSize(4);
        assertThat(UnitScore.random(5).seed()).isEqualTo(5);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void scoresOnlyLook(boolean asGraph) {
        for (ResizableNetwork kind : List.of(DENSE, CONVOLUTION)) {
            TinyNetwork network = kind.trained(asGraph, DataType.DOUBLE);
            TinyNetwork before = network.copy();
            DataSet examples = kind.batch(4, DataType.DOUBLE);
            for (UnitScore score :
                    List.of(
                            UnitScore.relevance(examples),
                            UnitScore.activation(examples),
                            UnitScore.weightNorm(),
                            UnitScore.random(1))) {
                scores(score, network);
            }

            network.fit(examples);
            before.fit(examples);
            assertThat(network.parameters()).isEqualTo(before.parameters());
            assertThat(network.state()).isEqualTo(before.state());
        }
    }

    @Test
    void refusesMasksAndLayersThatRelevanceDoesNotKnow() {
        TinyNetwork network = LSTM_BEFORE_LSTM.trained(false, DataType.DOUBLE);
        DataSet examples = LSTM_BEFORE_LSTM.batch(4, DataType.DOUBLE);
        assertThatThrownBy(() -> scores(UnitScore.relevance(examples), network))
                .isInstanceOf(IllegalArgumentException.class);
        examples.setFeaturesMaskArray(Nd4j.ones(DataType.DOUBLE, 5, 5));
        assertThatThrownBy(() -> scores(UnitScore.activation(examples), network))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("without a mask");
    }
}
