package org.dl4jplasticity.pruning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import org.deeplearning4j.nn.api.Model;
import org.dl4jplasticity.mask.MaskableWeights;
import org.dl4jplasticity.testing.NetworkClass;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

class SnipTest {

    /**
     * Input (1, 2) makes hidden units 1 + 1 = 2 and -1 + 2 = 1 and the output 4 - 3 = 1; for the
     * label 0.5 its gradient is 2 (1 - 0.5) = 1.
     */
    private static final DataSet EXAMPLE =
            new DataSet(
                    Nd4j.createFromArray(new double[][] {{1, 2}}),
                    Nd4j.createFromArray(new double[][] {{0.5}}));

    @ParameterizedTest
    @EnumSource(names = {"SEQUENTIAL", "GRAPH"})
    void scoresAreWeightTimesGradientAsCalculatedByHand(NetworkClass type) {
        // Gradients 2, 4 | -3, -6 and 2, 1; times the weights 2, 2 | 3, 6 and 4, 3: 20 in all.
        double[][] scores =
                Networks.scores(
                        ConnectionScore.snip(EXAMPLE), Networks.byHand(type, DataType.FLOAT));
        Networks.assertClose(scores, new double[][] {{0.1, 0.1, 0.15, 0.3}, {0.2, 0.15}}, 1e-12);
    }

    @ParameterizedTest
    @EnumSource(names = {"SEQUENTIAL", "GRAPH"})
    void keepsTheBestOfTheWholeNetworkAndOfEqualsTheFirst(NetworkClass type) {
        Model network = Networks.byHand(type, DataType.DOUBLE);
        Pruning.snip(EXAMPLE).applyTo(network, 0.5);
        assertThat(Networks.active(network)).containsExactly(List.of(2L, 3L), List.of(0L));
        List<MaskableWeights> weights = MaskableWeights.of(network);
        assertThat(Networks.values(weights.get(0))).containsExactly(0, 0, -1, 1);
        assertThat(Networks.values(weights.get(1))).containsExactly(2, 0);
    }

    @Test
    void theBestConnectionOfALayerStaysInPlaceOfTheWorst() {
        Model network = Networks.byHand(NetworkClass.SEQUENTIAL, DataType.DOUBLE);
        Networks.setWeights(network, 0, 1, 1, 1, 1);
        Networks.setWeights(network, 1, 1, 1);
        // Hidden 3, 3, output 6. Scores in proportion 1, 2 | 1, 2 and 3, 3: the best two are both
        // of the output's weights.
        Pruning.snip(EXAMPLE).applyTo(network, 1 - 2 / 6.0);
        assertThat(Networks.active(network)).containsExactly(List.of(1L), List.of(0L));
    }

    @Test
    void scoresAddUpToOneAndDontDependOnTheLossSummedOrAveraged() {
        Model network = Networks.perceptron(NetworkClass.GRAPH);
        DataSet batch = new DataSet(Networks.gaussian(1, 12, 6), Networks.classes(12));
        double[][] once = Networks.scores(ConnectionScore.snip(batch), network);
        DataSet twice =
                new DataSet(
                        Nd4j.concat(0, batch.getFeatures(), batch.getFeatures()),
                        Nd4j.concat(0, batch.getLabels(), batch.getLabels()));
        Networks.assertClose(Networks.scores(ConnectionScore.snip(twice), network), once, 1e-12);
        assertThat(Arrays.stream(once).flatMapToDouble(Arrays::stream).sum())
                .isCloseTo(1, within(1e-12));
    }

    @Test
    void refusesANetworkWithoutAGradient() {
        Model network =
                NetworkClass.SEQUENTIAL
                        .of(
                                Networks.settings(DataType.DOUBLE),
                                Networks.dense(2, 2, Activation.RELU).build(),
                                Networks.squaredError(2, 1))
                        .model();
        network.params().assign(0);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Pruning.snip(EXAMPLE).applyTo(network, 0.5))
                .withMessageContaining("SNIP needs weights with a gradient");
    }
}
