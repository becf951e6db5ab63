package org.dl4jplasticity.pruning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.deeplearning4j.nn.api.Model;
import org.dl4jplasticity.mask.MaskableWeights;
import org.dl4jplasticity.sparse.DynamicSparseTraining;
import org.dl4jplasticity.surgery.NetworkParameter;
import org.dl4jplasticity.surgery.PlasticNetwork;
import org.dl4jplasticity.testing.MaskedNetworks;
import org.dl4jplasticity.testing.NetworkClass;
import org.dl4jplasticity.testing.TinyNetwork;
import org.dl4jplasticity.topology.SparseTopology;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.AdaGrad;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;

class LotteryTicketTest {
    private static final IterativePruning PRUNING = IterativePruning.eachLayer(0.2);

    /** Kernels, normalization, a hidden and an output layer, of doubles. */
    private static TinyNetwork network(boolean graph, long seed, IUpdater updater) {
        return MaskedNetworks.CONVOLUTIONAL.dense(
                NetworkClass.settings(DataType.DOUBLE, updater, seed), graph);
    }

    private static TinyNetwork network(boolean graph) {
        return network(graph, 5, new Adam(0.01));
    }

    private static void train(TinyNetwork network, int iterations) {
        network.fit(MaskedNetworks.CONVOLUTIONAL.batches(iterations), 1);
    }

    private static double[] values(NetworkParameter parameter) {
        return parameter.values().toDoubleVector();
    }

    /** Every parameter of the network is what it was where the ticket has it, else 0. */
    private static void assertRewound(TinyNetwork network, LotteryTicket ticket, double[] before) {
        int start = 0;
        for (NetworkParameter parameter : PlasticNetwork.of(network.model()).table()) {
            SparseTopology mask = ticket.masks().get(parameter.id());
            double[] values = values(parameter);
            for (int i = 0; i < values.length; i++) {
                double expected = mask == null || mask.contains(i) ? before[start + i] : 0;
                assertThat(Double.doubleToRawLongBits(values[i]))
                        .isEqualTo(Double.doubleToRawLongBits(expected));
            }
            start += values.length;
        }
        assertThat(start).isEqualTo(before.length);
    }

    private static void assertOptimizerIsNew(TinyNetwork network) {
        assertThat(network.state().toDoubleVector()).containsOnly(0);
        assertThat(network.iteration()).isZero();
        assertThat(network.epoch()).isZero();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void survivorsAreResetToTheInitialBitsAndTheOptimizerIsNew(boolean graph) {
        TinyNetwork network = network(graph);
        double[] initial = network.parameters().toDoubleVector();
        RewindPoint start = RewindPoint.of(network.model());
        for (int level = 0; level < 3; level++) {
            train(network, 4);
            LotteryTicket ticket = PRUNING.ticketOf(network.model());
            ticket.rewind(network.model(), start);
            assertRewound(network, ticket, initial);
            assertOptimizerIsNew(network);
            assertThat(LotteryTicket.of(network.model())).isEqualTo(ticket);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void survivorsAreResetToTheBitsOfAnEarlyIteration(boolean graph) {
        TinyNetwork network = network(graph);
        train(network, 2);
        double[] early = network.parameters().toDoubleVector();
        RewindPoint point = RewindPoint.of(network.model());
        train(network, 5);
        LotteryTicket ticket = PRUNING.ticketOf(network.model());
        ticket.rewind(network.model(), point);
        assertRewound(network, ticket, early);
        assertOptimizerIsNew(network);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theMaskHoldsThroughTrainingAndSoDoTheSlots(boolean graph) {
        TinyNetwork network = network(graph);
        RewindPoint start = RewindPoint.of(network.model());
        network.listen(DynamicSparseTraining.fixed().build());
        for (int level = 0; level < 2; level++) {
            train(network, 3);
            PRUNING.ticketOf(network.model()).rewind(network.model(), start);
        }
        LotteryTicket ticket = LotteryTicket.of(network.model());
        train(network, 6);
        assertThat(LotteryTicket.of(network.model())).isEqualTo(ticket);
        assertThat(network.inactive())
                .hasSize((int) (ticket.possibleWeights() - ticket.activeWeights()))
                .allSatisfy(numbers -> assertThat(numbers).containsOnly(0.0));
    }

    @Test
    void theSameSeedFindsTheSameTickets() {
        List<LotteryTicket> tickets = new ArrayList<>();
        for (int run = 0; run < 2; run++) {
            TinyNetwork network = network(false);
            RewindPoint start = RewindPoint.of(network.model());
            for (int level = 0; level < 3; level++) {
                train(network, 4);
                PRUNING.ticketOf(network.model()).rewind(network.model(), start);
            }
            tickets.add(LotteryTicket.of(network.model()));
        }
        assertThat(tickets.get(1)).isEqualTo(tickets.get(0));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void reinitializingGivesTheSameMaskTheValuesOfANetworkOfTheOtherSeed(boolean graph) {
        TinyNetwork network = network(graph);
        train(network, 4);
        LotteryTicket ticket = PRUNING.ticketOf(network.model());
        double[] other = network(graph, 77, new Adam(0.01)).parameters().toDoubleVector();
        Nd4j.getRandom().setSeed(3);
        double expected = Nd4j.getRandom().nextDouble();
        Nd4j.getRandom().setSeed(3);
        ticket.reinitialize(network.model(), 77);
        assertThat(Nd4j.getRandom().nextDouble()).isEqualTo(expected);
        assertRewound(network, ticket, other);
        assertOptimizerIsNew(network);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void keepsSignsWithTheDeviationOfTheLayerAsMagnitude(boolean graph) {
        TinyNetwork network = network(graph);
        List<double[]> initial =
                PlasticNetwork.of(network.model()).table().stream()
                        .map(LotteryTicketTest::values)
                        .toList();
        RewindPoint start = RewindPoint.of(network.model());
        train(network, 4);
        LotteryTicket ticket = PRUNING.ticketOf(network.model());
        ticket.reinitializeKeepingSigns(network.model(), start);
        List<NetworkParameter> table = PlasticNetwork.of(network.model()).table();
        for (int i = 0; i < table.size(); i++) {
            SparseTopology mask = ticket.masks().get(table.get(i).id());
            double[] was = initial.get(i);
            double[] is = values(table.get(i));
            if (mask == null) {
                assertThat(is).isEqualTo(was);
                continue;
            }
            double mean = Arrays.stream(was).average().orElseThrow();
            double squares = Arrays.stream(was).map(x -> x * x).average().orElseThrow();
            double deviation = Math.sqrt(squares - mean * mean);
            for (int id = 0; id < is.length; id++) {
                double expected = mask.contains(id) ? Math.signum(was[id]) * deviation : 0;
                assertThat(is[id]).isCloseTo(expected, within(1e-12));
            }
        }
        assertOptimizerIsNew(network);
    }

    @Test
    void learningRateRewindingKeepsTheTrainedValues() {
        TinyNetwork network = network(false);
        train(network, 4);
        double[] trained = network.parameters().toDoubleVector();
        LotteryTicket ticket = PRUNING.ticketOf(network.model());
        ticket.rewindLearningRate(network.model());
        assertRewound(network, ticket, trained);
        assertOptimizerIsNew(network);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theOptimizerIsThatOfANewNetworkWhereItDoesNotBeginAtZero(boolean graph) {
        TinyNetwork network = network(graph, 5, new AdaGrad(0.01));
        double[] state = network.state().toDoubleVector();
        train(network, 2);
        assertThat(network.state().toDoubleVector()).isNotEqualTo(state);
        LotteryTicket.of(network.model()).rewindLearningRate(network.model());
        assertThat(network.state().toDoubleVector()).isEqualTo(state);
    }

    @Test
    void trainingAnewFromTheStartIsTheSameTraining() {
        TinyNetwork network = network(false);
        RewindPoint start = RewindPoint.of(network.model());
        LotteryTicket everything = LotteryTicket.of(network.model());
        train(network, 5);
        double[] first = network.parameters().toDoubleVector();
        everything.rewind(network.model(), start);
        train(network, 5);
        assertThat(network.parameters().toDoubleVector()).isEqualTo(first);
    }

    @Test
    void randomPruningTakesAsManyOfEachLayer() {
        Model network = network(false).model();
        LotteryTicket ticket = PRUNING.ticketOf(network, 4);
        LotteryTicket random = ticket.atRandom(new SplittableRandom(1));
        assertThat(random.masks().keySet()).isEqualTo(ticket.masks().keySet());
        ticket.masks()
                .forEach(
                        (id, mask) -> {
                            SparseTopology drawn = random.masks().get(id);
                            assertThat(drawn.activeCount()).isEqualTo(mask.activeCount());
                            assertThat(drawn).isNotEqualTo(mask);
                        });
        assertThat(ticket.atRandom(new SplittableRandom(1))).isEqualTo(random);
        assertThat(ticket.atRandom(new SplittableRandom(2))).isNotEqualTo(random);
    }

    @Test
    void refusesAnotherNetworkAndLeavesItAlone() {
        TinyNetwork other =
                MaskedNetworks.RECURRENT.dense(
                        NetworkClass.settings(DataType.DOUBLE, new Adam(0.01), 5), false);
        TinyNetwork network = network(false);
        double[] before = other.parameters().toDoubleVector();
        LotteryTicket ticket = PRUNING.ticketOf(network.model());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ticket.rewind(other.model(), RewindPoint.of(other.model())))
                .withMessageContaining("the ticket is of another network");
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () ->
                                LotteryTicket.of(other.model())
                                        .rewind(other.model(), RewindPoint.of(network.model())))
                .withMessageContaining("the point to rewind to is of another network");
        assertThat(other.parameters().toDoubleVector()).isEqualTo(before);
        assertThat(MaskableWeights.of(other.model()))
                .allSatisfy(weights -> assertThat(weights.mask()).isEmpty());
    }
}
