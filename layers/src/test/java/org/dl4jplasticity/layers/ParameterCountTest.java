package org.dl4jplasticity.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.stream.Stream;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.learning.config.AMSGrad;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.learning.config.Sgd;

class ParameterCountTest {

    static Stream<Arguments> updaters() {
        return Stream.of(
                Arguments.of(new Sgd(0.1), 0),
                Arguments.of(new Nesterovs(0.1, 0.9), 1),
                Arguments.of(new Adam(0.1), 2),
                Arguments.of(new AMSGrad(0.1), 3));
    }

    @ParameterizedTest(name = "{1} slots")
    @MethodSource("updaters")
    void parametersGradientAndOptimizerStateAreThoseOfActiveConnectionsAlone(
            IUpdater updater, int slots) {
        MultiLayerNetwork network = new Design().updater(updater).sparse();
        network.fit(Examples.minibatch(DataType.DOUBLE, 1, 8));
        // 48 of 120 and 16 of 40 connections, 10 and 4 biases.
        assertThat(network.numParams()).isEqualTo(48 + 10 + 16 + 4);
        assertThat(network.params().length()).isEqualTo(78);
        assertThat(network.getFlattenedGradients().length()).isEqualTo(78);
        assertThat(network.gradient().gradient().length()).isEqualTo(78);
        long state = slots == 0 ? 0 : network.getUpdater().getStateViewArray().length();
        assertThat(state).isEqualTo(slots * 78L);
        assertThat(network.getParam("0_W").shape()).containsExactly(48);
        assertThat(network.getParam("0_b").shape()).containsExactly(10);
        assertThat(network.getParam("1_W").shape()).containsExactly(16);
        assertThat(network.getParam("1_b").shape()).containsExactly(4);
    }

    @Test
    void withoutSlotsThereIsNoOptimizerState() {
        MultiLayerNetwork network = new Design().updater(new Sgd(0.1)).sparse();
        assertThat(network.getUpdater().getStateViewArray()).isNull();
    }

    @Test
    void withoutBiasesThereAreOnlyWeights() {
        MultiLayerNetwork network = new Design().bias(false).sparse();
        assertThat(network.numParams()).isEqualTo(48 + 16);
        assertThat(network.paramTable()).containsOnlyKeys("0_W", "1_W");
        network.fit(Examples.minibatch(DataType.DOUBLE, 1, 8));
        assertThat(network.gradient().gradient().length()).isEqualTo(64);
    }

    @ParameterizedTest(name = "sparsity {2} of {0} x {1}: {3} active")
    @CsvSource({
        "784, 1000, 0.95, 39200",
        "784, 1000, 0.9999, 78",
        "10, 10, 0, 100",
        "9, 11, 0.99, 1",
        "3, 3, 0.5, 5",
        "7, 3, 0.3333, 14",
        "1, 1, 0.4, 1"
    })
    void theNumberOfActiveConnectionsIsExact(int nIn, int nOut, double sparsity, long active) {
        SparseDenseLayer layer =
                new SparseDenseLayer.Builder().nIn(nIn).nOut(nOut).sparsity(sparsity).build();
        assertThat(layer.activeCount()).isEqualTo(active);
        assertThat(layer.initializer().numParams(layer)).isEqualTo(active + nOut);
    }

    @Test
    void aSparsityThatLeavesNothingIsRefused() {
        SparseDenseLayer layer =
                new SparseDenseLayer.Builder().name("tiny").nIn(2).nOut(2).sparsity(0.9).build();
        assertThatIllegalArgumentException()
                .isThrownBy(layer::activeCount)
                .withMessage(
                        "Layer tiny: sparsity 0.9 leaves none of its 4 connections active; lower"
                                + " it");
    }
}
