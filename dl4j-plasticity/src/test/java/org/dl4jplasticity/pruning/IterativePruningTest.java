package org.dl4jplasticity.pruning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.dl4jplasticity.mask.WeightFilter;
import org.dl4jplasticity.testing.MaskedNetworks;
import org.dl4jplasticity.testing.NetworkClass;
import org.dl4jplasticity.testing.TinyNetwork;
import org.dl4jplasticity.topology.SparseTopology;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.learning.config.Adam;

class IterativePruningTest {
    /** Kernels of 36 weights, a matrix of 360 and one of 30 to the outputs. */
    private static Model convolutional(boolean graph) {
        return MaskedNetworks.CONVOLUTIONAL
                .dense(NetworkClass.settings(DataType.DOUBLE, new Adam(0.01), 5), graph)
                .model();
    }

    private static List<Integer> counts(LotteryTicket ticket) {
        return ticket.masks().values().stream().map(SparseTopology::activeCount).toList();
    }

    private static Model byHand(double[] hidden, double[] output) {
        Model network = Networks.byHand(NetworkClass.SEQUENTIAL, DataType.DOUBLE);
        Networks.setWeights(network, 0, hidden);
        Networks.setWeights(network, 1, output);
        return network;
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void everyLevelTakesExactlyTheRoundedShareOfWhatIsLeftOfEachLayer(boolean graph) {
        Model network = convolutional(graph);
        IterativePruning pruning =
                IterativePruning.eachLayer(0.2)
                        .rate(WeightFilter.ofType(ConvolutionLayer.class), 0.1);
        RewindPoint start = RewindPoint.of(network);
        // 3.6, 72 and 3 go; then 3.2, 57.6 and 2.7; then 2.9, 46 and 2.4.
        for (List<Integer> expected :
                List.of(List.of(32, 288, 27), List.of(29, 230, 24), List.of(26, 184, 22))) {
            LotteryTicket ticket = pruning.ticketOf(network);
            assertThat(counts(ticket)).isEqualTo(expected);
            ticket.rewind(network, start);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void everyGlobalLevelTakesExactlyTheRoundedShareOfWhatIsLeftOfAll(boolean graph) {
        Model network = convolutional(graph);
        RewindPoint start = RewindPoint.of(network);
        // Of 426 weights 85.2 go, of 341 then 68.2.
        for (long expected : new long[] {341, 273}) {
            LotteryTicket ticket = IterativePruning.globally(0.2).ticketOf(network);
            assertThat(ticket.activeWeights()).isEqualTo(expected);
            assertThat(ticket.possibleWeights()).isEqualTo(426);
            assertThat(ticket.weightsRemaining()).isEqualTo(expected / 426.0);
            ticket.rewind(network, start);
        }
    }

    @Test
    void theSmallestMagnitudesOfEachLayerGo() {
        Model network = byHand(new double[] {0.5, -2, 3, -0.1}, new double[] {-4, 5});
        // Half of 4, and a quarter of 2, which rounds to 1.
        LotteryTicket ticket = IterativePruning.eachLayer(0.5).ticketOf(network);
        assertThat(ticket.masks().get("0/W").ids()).containsExactly(1, 2);
        assertThat(ticket.masks().get("1/W").ids()).containsExactly(1);
    }

    @Test
    void outputsHaveHalfTheRateUnlessTheyAreGivenTheirOwn() {
        Model network = byHand(new double[] {1, 2, 3, 4}, new double[] {5, 6});
        // 0.24 of 2 is 0.48: none. 0.26 of 2 is 0.52: one.
        assertThat(counts(IterativePruning.eachLayer(0.48).ticketOf(network)))
                .containsExactly(2, 2);
        assertThat(counts(IterativePruning.eachLayer(0.52).ticketOf(network)))
                .containsExactly(2, 1);
        assertThat(counts(IterativePruning.eachLayer(0.52).outputs(0).ticketOf(network)))
                .containsExactly(2, 2);
    }

    @Test
    void theSmallestMagnitudesOfAllGoGloballyButTheBestOfEachLayerStays() {
        Model network = byHand(new double[] {0.1, -0.2, 0.3, -0.1}, new double[] {-4, 5});
        // Round(0.8 * 6) = 5 are to go, but of each layer one stays: the largest.
        LotteryTicket ticket = IterativePruning.globally(0.8).ticketOf(network);
        assertThat(ticket.masks().get("0/W").ids()).containsExactly(2);
        assertThat(ticket.masks().get("1/W").ids()).containsExactly(1);
    }

    @Test
    void passesOverWhatTheFilterDoesNotChoose() {
        Model network = byHand(new double[] {1, 2, 3, 4}, new double[] {5, 6});
        LotteryTicket ticket =
                IterativePruning.globally(0.5)
                        .only(weights -> weights.id().equals("0/W"))
                        .ticketOf(network);
        assertThat(ticket.masks().get("0/W").ids()).containsExactly(2, 3);
        assertThat(ticket.masks().get("1/W").ids()).containsExactly(0, 1);
    }

    @ParameterizedTest
    @CsvSource({"10,0.2,0,10", "10,0.2,1,8", "10,0.2,2,6", "10,0.2,3,5", "1,0.9,4,1", "3,0.9,9,1"})
    void whatIsLeftIsCountedLevelByLevel(long count, double rate, int levels, long left) {
        assertThat(IterativePruning.left(count, rate, levels)).isEqualTo(left);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 5})
    void oneShotLeavesAsManyAsTheLevelsItStandsFor(int levels) {
        Model network = convolutional(false);
        LotteryTicket oneShot = IterativePruning.eachLayer(0.2).ticketOf(network, levels);
        for (int level = 0; level < levels; level++) {
            IterativePruning.eachLayer(0.2)
                    .ticketOf(network)
                    .rewind(network, RewindPoint.of(network));
        }
        assertThat(counts(oneShot)).isEqualTo(counts(LotteryTicket.of(network)));
    }

    @Test
    void looksAtTheNetworkOnly() {
        TinyNetwork network =
                MaskedNetworks.CONVOLUTIONAL.dense(
                        NetworkClass.settings(DataType.DOUBLE, new Adam(0.01), 5), false);
        double[] before = network.parameters().toDoubleVector();
        IterativePruning.eachLayer(0.2).ticketOf(network.model());
        assertThat(network.parameters().toDoubleVector()).isEqualTo(before);
        assertThat(LotteryTicket.of(network.model()).weightsRemaining()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(doubles = {-0.1, 1, Double.NaN})
    void refusesARateOutOfRange(double rate) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> IterativePruning.eachLayer(rate))
                .withMessageContaining("must be in [0, 1), got");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> IterativePruning.globally(rate))
                .withMessageContaining("must be in [0, 1), got " + rate);
    }

    @Test
    void refusesARateOfOneLayerWherePruningIsGlobal() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> IterativePruning.globally(0.2).outputs(0.1))
                .withMessageContaining("one rate only");
    }

    @ParameterizedTest
    @EnumSource(names = {"SEQUENTIAL", "GRAPH"})
    void refusesAWeightThatIsNoNumber(NetworkClass type) {
        Model network = Networks.byHand(type, DataType.DOUBLE);
        Networks.setWeights(network, 0, 1, Double.NaN, 1, 1);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> IterativePruning.eachLayer(0.2).ticketOf(network))
                .withMessageContaining("finite");
    }
}
