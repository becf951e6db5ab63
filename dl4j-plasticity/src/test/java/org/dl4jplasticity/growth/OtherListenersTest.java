package org.dl4jplasticity.growth;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.deeplearning4j.core.storage.Persistable;
import org.deeplearning4j.optimize.listeners.CheckpointListener;
import org.deeplearning4j.optimize.listeners.CollectScoresIterationListener;
import org.deeplearning4j.optimize.listeners.PerformanceListener;
import org.deeplearning4j.ui.model.stats.StatsListener;
import org.deeplearning4j.ui.model.storage.InMemoryStatsStorage;
import org.dl4jplasticity.surgery.NetworkSurgery;
import org.dl4jplasticity.testing.Examples;
import org.dl4jplasticity.testing.ResizableNetwork;
import org.dl4jplasticity.testing.TinyNetwork;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.Adam;

/** DL4J's own listeners before one that changes widths. */
class OtherListenersTest {
    private static final List<DataSet> BATCHES = Examples.batches(4);

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void statisticsScoresAndCheckpointsGoOn(boolean asGraph, @TempDir Path folder) {
        TinyNetwork network =
                ResizableNetwork.DENSE.build(asGraph, DataType.DOUBLE, new Adam(0.01));
        InMemoryStatsStorage storage = new InMemoryStatsStorage();
        CollectScoresIterationListener scores = new CollectScoresIterationListener();
        CheckpointListener checkpoints =
                new CheckpointListener.Builder(folder.toFile()).saveEveryNEpochs(1).build();
        DropIn dropIn =
                DropIn.when(Plateau.ofTrainingLoss().belowShare(10).patience(2))
                        .where(LayerChoice.roundRobin())
                        .build();
        network.listen(
                new StatsListener(storage, 1),
                scores,
                new PerformanceListener(1),
                checkpoints,
                dropIn);

        network.fit(BATCHES, 8);

        assertThat(dropIn.growths()).hasSize(3);
        String session = storage.listSessionIDs().get(0);
        String type = storage.listTypeIDsForSession(session).get(0);
        String worker = storage.listWorkerIDsForSession(session).get(0);
        List<Persistable> updates = storage.getAllUpdatesAfter(session, type, worker, 0);
        assertThat(updates).hasSize(32);
        assertThat(scores.getScoreVsIter().getEffectiveScores()).hasSize(32);
        NetworkSurgery surgery =
                NetworkSurgery.of(
                        asGraph
                                ? CheckpointListener.loadLastCheckpointCG(folder.toFile())
                                : CheckpointListener.loadLastCheckpointMLN(folder.toFile()));
        assertThat(surgery.layers().stream().map(surgery::width)).containsExactly(7, 5);
    }
}
