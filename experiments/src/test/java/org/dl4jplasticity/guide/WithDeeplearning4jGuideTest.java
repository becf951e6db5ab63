package org.dl4jplasticity.guide;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.nio.file.Path;
import java.util.List;
import org.deeplearning4j.earlystopping.EarlyStoppingConfiguration;
import org.deeplearning4j.earlystopping.EarlyStoppingResult;
import org.deeplearning4j.earlystopping.EarlyStoppingResult.TerminationReason;
import org.deeplearning4j.earlystopping.saver.LocalFileModelSaver;
import org.deeplearning4j.earlystopping.scorecalc.DataSetLossCalculator;
import org.deeplearning4j.earlystopping.termination.MaxEpochsTerminationCondition;
import org.deeplearning4j.earlystopping.termination.ScoreImprovementEpochTerminationCondition;
import org.deeplearning4j.earlystopping.trainer.EarlyStoppingTrainer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.transferlearning.FineTuneConfiguration;
import org.deeplearning4j.nn.transferlearning.TransferLearning;
import org.deeplearning4j.optimize.api.InvocationType;
import org.deeplearning4j.optimize.listeners.CheckpointListener;
import org.deeplearning4j.optimize.listeners.EvaluativeListener;
import org.deeplearning4j.parallelism.ParallelWrapper;
import org.deeplearning4j.ui.model.stats.StatsListener;
import org.deeplearning4j.ui.model.storage.InMemoryStatsStorage;
import org.dl4jplasticity.growth.DropIn;
import org.dl4jplasticity.growth.LayerChoice;
import org.dl4jplasticity.growth.Plateau;
import org.dl4jplasticity.layers.SparseOutputLayer;
import org.dl4jplasticity.layers.Sparsity;
import org.dl4jplasticity.packing.Packing;
import org.dl4jplasticity.sparse.DynamicSparseTraining;
import org.dl4jplasticity.statistics.StructureListener;
import org.dl4jplasticity.statistics.StructureStatistics;
import org.dl4jplasticity.surgery.PlasticNetwork;
import org.dl4jplasticity.topology.SparseTopology;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.evaluation.classification.Evaluation;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** The code of {@code docs/with-deeplearning4j.md}. */
class WithDeeplearning4jGuideTest {
    private final DataSetIterator digits = GuideModels.digits().iterator(100, 1);
    private final DataSetIterator validation = GuideModels.digits().iterator(500);

    // spotless:off
    static InMemoryStatsStorage watch(MultiLayerNetwork network, DropIn growth, DataSetIterator data) {
        InMemoryStatsStorage storage = new InMemoryStatsStorage();      // or a FileStatsStorage
        StatsListener statistics = new StatsListener(storage);
        network.addListeners(statistics, growth, StructureListener.beside(statistics));   // in this order
        // UIServer.getInstance().attach(storage) of deeplearning4j-ui shows it while it runs
        network.fit(data, 4);
        return storage;
    }

    static void read(InMemoryStatsStorage storage) {
        for (String session : storage.listSessionIDs()) {
            for (String worker : storage.listWorkerIDsForSessionAndType(session, StructureStatistics.TYPE_ID)) {
                storage.getAllUpdatesAfter(session, StructureStatistics.TYPE_ID, worker, 0).stream()
                        .map(StructureStatistics.class::cast)
                        .forEach(post -> System.out.println(post.iteration() + " " + post.widths() + " " + post.connections()));
            }
        }
    }

    static EarlyStoppingResult<MultiLayerNetwork> stopEarly(
            MultiLayerNetwork network, DataSetIterator training, DataSetIterator validation, File folder) {
        network.addListeners(DynamicSparseTraining.set().build());
        EarlyStoppingConfiguration<MultiLayerNetwork> stopping =
                new EarlyStoppingConfiguration.Builder<MultiLayerNetwork>()
                        .epochTerminationConditions(
                                new MaxEpochsTerminationCondition(4), new ScoreImprovementEpochTerminationCondition(2))
                        .scoreCalculator(new DataSetLossCalculator(validation, true))
                        .modelSaver(new LocalFileModelSaver(folder))
                        .build();
        return new EarlyStoppingTrainer(stopping, network, training).fit();
    }

    static EvaluativeListener checkAndSave(MultiLayerNetwork network, DataSetIterator training, DataSetIterator validation, File folder) {
        EvaluativeListener evaluation = new EvaluativeListener(validation, 1, InvocationType.EPOCH_END);
        network.addListeners(
                DynamicSparseTraining.set().build(),
                new CheckpointListener.Builder(folder).keepLast(2).saveEveryNEpochs(1).build(),
                evaluation);
        network.fit(training, 3);
        return evaluation;
    }

    static MultiLayerNetwork transfer(MultiLayerNetwork trained, DataSetIterator data) {
        MultiLayerNetwork tuned = new TransferLearning.Builder(trained)
                .fineTuneConfiguration(new FineTuneConfiguration.Builder().updater(new Adam(1e-3)).seed(5).build())
                .setFeatureExtractor(0)                   // frozen: its connections stay as they are
                .removeOutputLayer()
                .addLayer(new SparseOutputLayer.Builder(LossFunction.MCXENT).nIn(20).nOut(10).sparsity(0.5).build())
                .build();
        tuned.addListeners(DynamicSparseTraining.set().build());
        tuned.fit(data, 2);
        return tuned;
    }

    static void inParallel(MultiLayerNetwork network, List<DataSetIterator> rounds) throws Exception {
        DynamicSparseTraining set = DynamicSparseTraining.set().build();   // not a listener: workers share listeners
        for (DataSetIterator round : rounds) {
            try (ParallelWrapper wrapper = new ParallelWrapper.Builder<>(network)
                    .workers(2).averagingFrequency(2).prefetchBuffer(0)
                    .trainingMode(ParallelWrapper.TrainingMode.AVERAGING).build()) {
                wrapper.fit(round);
            }
            network.incrementEpochCount();
            set.updateAtRest(network);                                     // between rounds, on the wrapped network
        }
    }
    // spotless:on

    private static MultiLayerNetwork packed() {
        MultiLayerNetwork network = GuideModels.dense(0.003);
        Sparsity.of(0.9).seed(1).applyTo(network);
        return Packing.pack(network);
    }

    private static void assertStillSparse(MultiLayerNetwork network) {
        assertThat(PlasticNetwork.of(network).topologies().values())
                .extracting(SparseTopology::activeCount)
                .containsExactly(2352, 60, 20);
    }

    @Test
    void theStorageHasTheWidthsOfANetworkThatGrows() {
        MultiLayerNetwork network = GuideModels.dense(1e-7);
        DropIn growth =
                DropIn.when(Plateau.ofTrainingLoss().patience(2))
                        .where(LayerChoice.always("0"))
                        .build();
        InMemoryStatsStorage storage = watch(network, growth, digits);
        String session = storage.listSessionIDs().get(0);
        String worker = storage.listWorkerIDsForSession(session).get(0);
        List<StructureStatistics> posts =
                storage.getAllUpdatesAfter(session, StructureStatistics.TYPE_ID, worker, 0).stream()
                        .map(StructureStatistics.class::cast)
                        .toList();
        assertThat(posts).hasSize(40);
        assertThat(posts.get(0).widths()).containsEntry("0", 30);
        assertThat(posts.get(39).widths()).containsEntry("0", network.layerSize(0));
        assertThat(network.layerSize(0)).isGreaterThan(30);
        read(storage);
    }

    @Test
    void theBestNetworkIsAsSparse(@TempDir File folder) {
        EarlyStoppingResult<MultiLayerNetwork> result =
                stopEarly(packed(), digits, validation, folder);
        assertThat(result.getTerminationReason())
                .as(result.getTerminationDetails())
                .isEqualTo(TerminationReason.EpochTerminationCondition);
        assertStillSparse(result.getBestModel());
    }

    @Test
    void checkpointsAndEvaluationsGoWithChanges(@TempDir Path folder) {
        EvaluativeListener evaluation = checkAndSave(packed(), digits, validation, folder.toFile());
        assertStillSparse(CheckpointListener.loadLastCheckpointMLN(folder.toFile()));
        assertThat(((Evaluation) evaluation.getEvaluations()[0]).getNumRowCounter())
                .isEqualTo(1_000);
    }

    @Test
    void aFrozenLayerKeepsItsConnectionsAndTheNewOneHasItsOwn() {
        MultiLayerNetwork trained = packed();
        trained.fit(digits, 1);
        MultiLayerNetwork tuned = transfer(trained, digits);
        assertThat(tuned.getLayer(0).getParam("W")).isEqualTo(trained.getLayer(0).getParam("W"));
        assertThat(tuned.getLayer(2).getParam("W").length()).isEqualTo(100);
    }

    @Test
    void workersTrainOneSparseNetwork() throws Exception {
        MultiLayerNetwork network = packed();
        inParallel(
                network,
                List.of(
                        GuideModels.digits().iterator(50, 1),
                        GuideModels.digits().iterator(50, 2)));
        assertStillSparse(network);
        assertThat(network.getEpochCount()).isEqualTo(2);
    }

    @Test
    void aListenerSharedByWorkersRefusesInASentence() {
        MultiLayerNetwork network = packed();
        network.addListeners(DynamicSparseTraining.set().updateEvery(1).build());
        assertThatThrownBy(() -> inParallel(network, List.of(GuideModels.digits().iterator(50, 1))))
                .hasStackTraceContaining("serves one network");
    }
}
