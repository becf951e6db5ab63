package org.dl4jplasticity.sparse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.File;
import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.datasets.iterator.utilty.ListDataSetIterator;
import org.deeplearning4j.earlystopping.EarlyStoppingConfiguration;
import org.deeplearning4j.earlystopping.EarlyStoppingResult;
import org.deeplearning4j.earlystopping.EarlyStoppingResult.TerminationReason;
import org.deeplearning4j.earlystopping.saver.InMemoryModelSaver;
import org.deeplearning4j.earlystopping.scorecalc.DataSetLossCalculator;
import org.deeplearning4j.earlystopping.termination.MaxEpochsTerminationCondition;
import org.deeplearning4j.earlystopping.trainer.EarlyStoppingGraphTrainer;
import org.deeplearning4j.earlystopping.trainer.EarlyStoppingTrainer;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.api.NeuralNetwork;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.optimize.listeners.CheckpointListener;
import org.dl4jplasticity.schedule.SparsityDistribution;
import org.dl4jplasticity.schedule.SparsitySchedule;
import org.dl4jplasticity.testing.Examples;
import org.dl4jplasticity.testing.Hooks;
import org.dl4jplasticity.testing.NetworkClass;
import org.dl4jplasticity.testing.Snapshot;
import org.dl4jplasticity.testing.TinyNetwork;
import org.dl4jplasticity.topology.SparseTopology;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.learning.config.Adam;

/** Dynamic sparse training beside what else DL4J trains networks with. */
class CompanyTest {

    private static List<Integer> counts(TinyNetwork network) {
        return network.topologies().stream().map(SparseTopology::activeCount).toList();
    }

    private static void assertInactiveAreZero(TinyNetwork network) {
        assertThat(network.inactive().stream().flatMap(List::stream))
                .allMatch(number -> number == 0);
    }

    @ParameterizedTest
    @EnumSource
    void anUpdateAtRestIsThatOfTheEpochsEnd(NetworkClass type) {
        TinyNetwork attached = type.ofDoubles(new Adam(0.03));
        attached.listen(DynamicSparseTraining.set().until(2).build());
        TinyNetwork atRest = type.ofDoubles(new Adam(0.03));
        DynamicSparseTraining set = DynamicSparseTraining.set().until(2).build();
        // Static training keeps the masks; a packed network needs nobody to.
        atRest.listen(DynamicSparseTraining.fixed().build());
        for (int epoch = 0; epoch < 3; epoch++) {
            attached.fit(Examples.batches(3), 1);
            atRest.fit(Examples.batches(3), 1);
            set.updateAtRest(atRest.model());
            assertThat(atRest.snapshot()).as("epoch %d", epoch).isEqualTo(attached.snapshot());
        }
        assertThat(set.updates()).isEqualTo(3);
        assertInactiveAreZero(atRest);
    }

    @ParameterizedTest
    @EnumSource
    void anUpdateAtRestCountsEpochsDone(NetworkClass type) {
        TinyNetwork network =
                type.ofDoubles(new Adam(0.03)); // 27, 38 and 15 of 54, 63 and 21 connections
        DynamicSparseTraining acdc =
                DynamicSparseTraining.acdc(
                                SparsitySchedule.alternating(0.8, 1, 1, 3),
                                SparsityDistribution.uniform())
                        .build();
        List<Integer> active = new ArrayList<>();
        for (int epoch = 0; epoch < 4; epoch++) {
            network.fit(Examples.batches(2), 1);
            acdc.updateAtRest(network.model());
            active.add(counts(network).stream().mapToInt(n -> n).sum());
        }
        assertThat(active).containsExactly(28, 138, 28, 28);
    }

    @ParameterizedTest
    @EnumSource(names = {"MASKED_SEQUENTIAL", "MASKED_GRAPH"})
    void anUpdateAtRestClearsWhatTrainingWithoutTheListenerLeft(NetworkClass type) {
        TinyNetwork network = type.ofDoubles(new Adam(0.03));
        network.fit(Examples.batches(3), 1);
        assertThat(network.inactive().stream().flatMap(List::stream)).anyMatch(slot -> slot != 0);
        DynamicSparseTraining.set().build().updateAtRest(network.model());
        assertInactiveAreZero(network);
        assertThat(counts(network)).containsExactly(27, 38, 15);
    }

    @ParameterizedTest
    @EnumSource
    void anUpdateAtRestKnowsNoGradient(NetworkClass type) {
        TinyNetwork network = type.ofDoubles(new Adam(0.03));
        Snapshot before = network.snapshot();
        assertThatIllegalStateException()
                .isThrownBy(
                        () ->
                                DynamicSparseTraining.rigl()
                                        .until(9)
                                        .build()
                                        .updateAtRest(network.model()))
                .withMessageContaining("GRADIENT");
        assertThatIllegalStateException()
                .isThrownBy(
                        () -> DynamicSparseTraining.fixed().build().updateAtRest(network.model()))
                .withMessageContaining("needs a schedule");
        assertThat(network.snapshot()).isEqualTo(before);
    }

    private static <T extends Model> EarlyStoppingConfiguration<T> fourEpochs(
            DataSetIterator test) {
        return new EarlyStoppingConfiguration.Builder<T>()
                .epochTerminationConditions(new MaxEpochsTerminationCondition(4))
                .scoreCalculator(new DataSetLossCalculator(test, true))
                .modelSaver(new InMemoryModelSaver<>())
                .build();
    }

    private static EarlyStoppingResult<?> stopEarly(Model network, List<DataSet> batches) {
        DataSetIterator training = new ListDataSetIterator<>(DataSet.merge(batches).asList(), 8);
        DataSetIterator test = new ListDataSetIterator<>(DataSet.merge(batches).asList(), 8);
        return network instanceof MultiLayerNetwork sequential
                ? new EarlyStoppingTrainer(fourEpochs(test), sequential, training).fit()
                : new EarlyStoppingGraphTrainer(
                                fourEpochs(test), (ComputationGraph) network, training)
                        .fit();
    }

    @ParameterizedTest
    @EnumSource
    void earlyStoppingKeepsTheBestNetworkWithItsConnections(NetworkClass type) {
        for (SparseTrainingBuilder method :
                List.of(
                        DynamicSparseTraining.set(),
                        DynamicSparseTraining.rigl().updateEvery(2).until(15))) {
            TinyNetwork network = type.ofDoubles(new Adam(0.03));
            List<SparseTopology> first = network.topologies();
            DynamicSparseTraining listener = method.build();
            network.listen(listener);
            EarlyStoppingResult<?> result = stopEarly(network.model(), Examples.batches(5));
            assertThat(result.getTerminationReason())
                    .as(result.getTerminationDetails())
                    .isEqualTo(TerminationReason.EpochTerminationCondition);
            assertThat(listener.updates()).isGreaterThanOrEqualTo(4);
            TinyNetwork best = new TinyNetwork((NeuralNetwork) result.getBestModel());
            for (TinyNetwork each : List.of(best, network)) {
                assertThat(counts(each)).containsExactly(27, 38, 15);
                assertInactiveAreZero(each);
            }
            assertThat(network.topologies()).isNotEqualTo(first);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aCheckpointListenerSavesTheConnectionsOfItsMoment(
            NetworkClass type, @TempDir File folder) {
        TinyNetwork network = type.ofDoubles(new Adam(0.03));
        List<List<SparseTopology>> moments = new ArrayList<>();
        CheckpointListener checkpoints =
                new CheckpointListener.Builder(folder).keepAll().saveEveryNEpochs(1).build();
        network.listen(
                DynamicSparseTraining.set().build(),
                Hooks.onEpochEnd(() -> moments.add(network.topologies())),
                checkpoints);
        network.fit(Examples.batches(3), 3);
        assertThat(checkpoints.availableCheckpoints()).hasSize(3);
        for (int epoch = 0; epoch < 3; epoch++) {
            NeuralNetwork saved =
                    type.name().endsWith("GRAPH")
                            ? checkpoints.loadCheckpointCG(epoch)
                            : checkpoints.loadCheckpointMLN(epoch);
            TinyNetwork loaded = new TinyNetwork(saved);
            assertThat(loaded.topologies()).isEqualTo(moments.get(epoch));
            assertInactiveAreZero(loaded);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aCloneGoesItsOwnWay(NetworkClass type) {
        TinyNetwork network = type.ofDoubles(new Adam(0.03));
        network.fit(Examples.batches(2), 1);
        TinyNetwork clone = network.copy();
        Snapshot before = clone.snapshot();
        network.listen(DynamicSparseTraining.set().build());
        network.fit(Examples.batches(2), 2);
        assertThat(clone.snapshot()).isEqualTo(before);
        assertThat(network.topologies()).isNotEqualTo(clone.topologies());
        Snapshot trained = network.snapshot();
        DynamicSparseTraining.set().seed(3).build().updateAtRest(clone.model());
        assertThat(clone.topologies()).isNotEqualTo(network.topologies());
        assertThat(network.snapshot()).isEqualTo(trained);
    }
}
