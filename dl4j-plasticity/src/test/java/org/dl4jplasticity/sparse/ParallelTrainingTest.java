package org.dl4jplasticity.sparse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.deeplearning4j.datasets.iterator.utilty.ListDataSetIterator;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.parallelism.ParallelWrapper;
import org.dl4jplasticity.testing.Examples;
import org.dl4jplasticity.testing.NetworkClass;
import org.dl4jplasticity.testing.TinyNetwork;
import org.dl4jplasticity.topology.SparseTopology;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.Adam;

/** With DL4J's ParallelWrapper connections change between rounds, on the wrapped network. */
class ParallelTrainingTest {

    private static void round(TinyNetwork network) {
        DataSet all = DataSet.merge(Examples.batches(8));
        try (ParallelWrapper wrapper =
                new ParallelWrapper.Builder<>(network.model())
                        .workers(2)
                        .averagingFrequency(2)
                        .trainingMode(ParallelWrapper.TrainingMode.AVERAGING)
                        .prefetchBuffer(0)
                        .build()) {
            wrapper.fit(new ListDataSetIterator<>(all.asList(), 8));
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static void countEpoch(TinyNetwork network) {
        if (network.model() instanceof MultiLayerNetwork sequential) {
            sequential.incrementEpochCount();
        } else {
            ComputationGraph graph = (ComputationGraph) network.model();
            graph.incrementEpochCount();
        }
    }

    @ParameterizedTest
    @EnumSource
    void roundsWithUpdatesInBetweenKeepCountsAndMasks(NetworkClass type) {
        TinyNetwork network = type.ofDoubles(new Adam(0.03));
        DynamicSparseTraining set = DynamicSparseTraining.set().build();
        List<SparseTopology> before = network.topologies();
        for (int round = 0; round < 3; round++) {
            double[] parameters = network.parameters().toDoubleVector();
            round(network);
            assertThat(network.parameters().toDoubleVector()).isNotEqualTo(parameters);
            assertThat(network.topologies()).isEqualTo(before);
            countEpoch(network);
            set.updateAtRest(network.model());
            assertThat(network.topologies()).isNotEqualTo(before);
            assertThat(network.topologies())
                    .extracting(SparseTopology::activeCount)
                    .containsExactly(27, 38, 15);
            assertThat(network.inactive().stream().flatMap(List::stream))
                    .allMatch(number -> number == 0);
            before = network.topologies();
        }
        assertThat(set.updates()).isEqualTo(3);
    }

    @ParameterizedTest
    @EnumSource
    void aListenerOfTheWrappedNetworkIsRefusedInWorkers(NetworkClass type) {
        TinyNetwork network = type.ofDoubles(new Adam(0.03));
        network.listen(DynamicSparseTraining.set().updateEvery(1).build());
        assertThatThrownBy(() -> round(network)).hasStackTraceContaining("serves one network");
    }
}
