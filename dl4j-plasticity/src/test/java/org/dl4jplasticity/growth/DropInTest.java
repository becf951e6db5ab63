package org.dl4jplasticity.growth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.datasets.iterator.ExistingDataSetIterator;
import org.deeplearning4j.earlystopping.EarlyStoppingConfiguration;
import org.deeplearning4j.earlystopping.EarlyStoppingResult;
import org.deeplearning4j.earlystopping.saver.InMemoryModelSaver;
import org.deeplearning4j.earlystopping.scorecalc.DataSetLossCalculator;
import org.deeplearning4j.earlystopping.scorecalc.ScoreCalculator;
import org.deeplearning4j.earlystopping.termination.MaxEpochsTerminationCondition;
import org.deeplearning4j.earlystopping.trainer.EarlyStoppingTrainer;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.BackpropType;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.dl4jplasticity.checkpoint.Checkpoint;
import org.dl4jplasticity.checkpoint.Moment;
import org.dl4jplasticity.journal.Mutation;
import org.dl4jplasticity.journal.MutationJournal;
import org.dl4jplasticity.journal.Replay;
import org.dl4jplasticity.sparse.DynamicSparseTraining;
import org.dl4jplasticity.surgery.NetworkSurgery;
import org.dl4jplasticity.surgery.PlasticNetwork;
import org.dl4jplasticity.surgery.UnitReplay;
import org.dl4jplasticity.testing.Examples;
import org.dl4jplasticity.testing.NetworkClass;
import org.dl4jplasticity.testing.ResizableNetwork;
import org.dl4jplasticity.testing.TinyNetwork;
import org.dl4jplasticity.topology.SparseTopology;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.Adam;

class DropInTest {
    private static final List<DataSet> BATCHES = Examples.batches(4);

    /** Fires at the end of the intervals with these numbers, counted from 0. */
    private static GrowthTrigger at(Integer... intervals) {
        return () ->
                new GrowthTrigger.Watch() {
                    private int interval;

                    @Override
                    public boolean afterInterval(Model network, double loss) {
                        return List.of(intervals).contains(interval++);
                    }

                    @Override
                    public double[] save() {
                        return new double[] {interval};
                    }

                    @Override
                    public void restore(double[] saved) {
                        interval = (int) saved[0];
                    }
                };
    }

    /** A score that is read from a list. */
    private static final class Scripted implements ScoreCalculator<Model> {
        private static final long serialVersionUID = 1;
        private final boolean minimize;
        private final double[] scores;
        private int next;

        Scripted(boolean minimize, double... scores) {
            this.minimize = minimize;
            this.scores = scores;
        }

        @Override
        public double calculateScore(Model network) {
            return scores[next++];
        }

        @Override
        public boolean minimizeScore() {
            return minimize;
        }
    }

    private static TinyNetwork dense(boolean asGraph) {
        return ResizableNetwork.DENSE.build(asGraph, DataType.DOUBLE, new Adam(0.01));
    }

    private static List<Integer> widths(TinyNetwork network) {
        NetworkSurgery surgery = NetworkSurgery.of(network.model());
        return surgery.layers().stream().map(surgery::width).toList();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void growsTheChosenLayerWhenATriggerSaysSo(boolean asGraph) {
        TinyNetwork network = dense(asGraph);
        String layer = asGraph ? "layer1" : "1";
        DropIn dropIn =
                DropIn.when(at(1, 2))
                        .where(LayerChoice.always(layer))
                        .units(UnitCount.of(2))
                        .build();
        network.listen(dropIn);

        network.fit(BATCHES, 5);

        assertThat(widths(network)).containsExactly(5, 8);
        // Epochs are counted when they are over: the second is number 1.
        assertThat(dropIn.growths())
                .containsExactly(
                        new Growth(8, 1, layer, 4, 2, "plateau"),
                        new Growth(12, 2, layer, 6, 2, "plateau"));
    }

    @Test
    void aStalledLossMakesItGrow() {
        TinyNetwork network = ResizableNetwork.DENSE.build(false, DataType.DOUBLE, new Adam(1e-12));
        DropIn dropIn =
                DropIn.when(Plateau.ofTrainingLoss().patience(2).cooldown(1))
                        .where(LayerChoice.roundRobin())
                        .build();
        network.listen(dropIn);
        network.fit(BATCHES, 8);
        // Observations 1 and 2 stall, 3 cools down, 4 and 5 stall, 6 cools down.
        assertThat(dropIn.growths()).extracting(Growth::epoch).containsExactly(2, 5);
        assertThat(dropIn.growths()).extracting(Growth::layerId).containsExactly("0", "1");
    }

    @Test
    void newDataMakesItGrowAfterTheNextStep() {
        TinyNetwork network = dense(false);
        DropIn dropIn = DropIn.when().where(LayerChoice.always("0")).build();
        network.listen(dropIn);
        network.fit(BATCHES.get(0));
        dropIn.newData();
        network.fit(BATCHES.get(1));
        network.fit(BATCHES.get(2));
        assertThat(dropIn.growths()).containsExactly(new Growth(1, 0, "0", 5, 1, "new data"));
    }

    @Test
    void aSurprisingLossMakesItGrowAtOnce() {
        TinyNetwork network = dense(false);
        DropIn dropIn = DropIn.when(Surprise.above(5, 100)).where(LayerChoice.always("0")).build();
        network.listen(dropIn);
        network.fit(BATCHES.get(0));
        assertThat(dropIn.growths()).isEmpty();
        DataSet strange = BATCHES.get(1).copy();
        strange.getFeatures().muli(1000);
        network.fit(strange);
        network.fit(strange);
        assertThat(dropIn.growths()).containsExactly(new Growth(1, 0, "0", 5, 1, "surprise"));
    }

    @Test
    void limitsHoldForLayersAndForTheNetwork() {
        TinyNetwork network = dense(false);
        DropIn perLayer =
                DropIn.when()
                        .where(LayerChoice.always("0"))
                        .units(UnitCount.of(4).perLayerAtMost(7))
                        .build();
        assertThat(perLayer.growNow(network.model())).extracting(Growth::added).containsExactly(2);
        assertThat(perLayer.growNow(network.model())).isEmpty();

        // 6 x 7 + 7, 7 x 4 + 4, 4 x 3 + 3 = 96; a unit more in layer 1 costs 7 + 1 + 3 = 11.
        DropIn total =
                DropIn.when()
                        .where(LayerChoice.always("1"))
                        .units(UnitCount.of(4).parametersAtMost(96 + 25))
                        .build();
        assertThat(total.growNow(network.model())).extracting(Growth::added).containsExactly(2);
        assertThat(network.model().numParams()).isEqualTo(96 + 22);
    }

    @Test
    void stopsAfterGrowthsThatDidNotHelpAndGoesBack() {
        for (boolean minimize : new boolean[] {true, false}) {
            double sign = minimize ? 1 : -1;
            // Better after the first growth, not after the second and third.
            Scripted score = new Scripted(minimize, sign * 3, sign * 2, sign * 2, sign * 2.5);
            TinyNetwork network = dense(false);
            List<List<Integer>> seen = new ArrayList<>();
            DropIn dropIn =
                    DropIn.when(at(0, 1, 2, 3, 4))
                            .where(LayerChoice.always("0"))
                            .units(UnitCount.of(1))
                            .stop(new StopRule(2, score, 0, true))
                            .build();
            network.listen(dropIn);
            for (int epoch = 0; epoch < 5; epoch++) {
                network.fit(BATCHES, 1);
                seen.add(widths(network));
            }
            assertThat(dropIn.isStopped()).isTrue();
            // The fourth look finds that neither the second nor the third growth helped.
            assertThat(seen)
                    .containsExactly(
                            List.of(6, 4),
                            List.of(7, 4),
                            List.of(8, 4),
                            List.of(6, 4),
                            List.of(6, 4));
            assertThat(network.iteration()).isEqualTo(20);
        }
    }

    @Test
    void goingBackRestoresParametersAndOptimizer() {
        TinyNetwork network = dense(true);
        DropIn dropIn =
                DropIn.when()
                        .where(LayerChoice.always("layer0"))
                        .stop(new StopRule(1, new Scripted(true, 1, 1), 0, true))
                        .build();
        network.fit(BATCHES, 1);
        TinyNetwork before = network.copy();
        dropIn.growNow(network.model());
        network.fit(BATCHES, 1);
        dropIn.growNow(network.model());
        assertThat(network.snapshot()).isEqualTo(before.snapshot());
    }

    @ParameterizedTest
    @EnumSource(NetworkClass.class)
    void growsASparseNetworkThatRigLRewiresAndTheJournalTellsIt(
            NetworkClass type, @TempDir Path folder) throws IOException {
        TinyNetwork network = type.ofDoubles(new Adam(0.03));
        Model first = network.copy().model();
        Map<String, SparseTopology> topologies = PlasticNetwork.of(first).topologies();
        DynamicSparseTraining rigl =
                DynamicSparseTraining.rigl().updateEvery(3).until(1_000).build();
        DropIn dropIn =
                DropIn.when(at(1, 3))
                        .where(LayerChoice.roundRobin())
                        .units(UnitCount.of(2))
                        .build();
        network.listen(rigl, dropIn);
        Path file = folder.resolve("journal.jsonl");
        try (MutationJournal journal = MutationJournal.create(file)) {
            rigl.recordTo(journal);
            dropIn.recordTo(journal);
            network.fit(BATCHES, 6);
        }
        assertThat(widths(network)).containsExactly(11, 9);
        assertThat(MutationJournal.read(file).mutations())
                .extracting(Mutation::kind)
                .contains("rewire", "widen", "grow");
        Replay.Outcome outcome = Replay.of(topologies, new UnitReplay(first)).toEnd(file);
        assertThat(outcome.topologies()).isEqualTo(PlasticNetwork.of(network.model()).topologies());
        assertThat(rigl.report().layers()).hasSize(3);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aResumedRunIsTheUninterruptedOne(boolean asGraph, @TempDir Path folder)
            throws IOException {
        TinyNetwork whole = dense(asGraph);
        DropIn dropIn = resumable();
        whole.listen(dropIn);
        whole.fit(BATCHES, 6);

        TinyNetwork part = dense(asGraph);
        DropIn before = resumable();
        part.listen(before);
        part.fit(BATCHES, 3);
        Path file = folder.resolve("checkpoint.zip");
        Checkpoint.of(part.model(), Moment.AT_REST).training(before).write(file);
        Checkpoint checkpoint = Checkpoint.read(file);
        DropIn after = resumable();
        checkpoint.resume(after);
        TinyNetwork resumed =
                new TinyNetwork((org.deeplearning4j.nn.api.NeuralNetwork) checkpoint.network());
        resumed.listen(after);
        resumed.fit(BATCHES, 3);

        assertThat(after.growths()).isEqualTo(dropIn.growths()).hasSizeGreaterThan(2);
        assertThat(resumed.snapshot()).isEqualTo(whole.snapshot());
    }

    private static DropIn resumable() {
        return DropIn.when(at(0, 2, 3, 4), Plateau.ofTrainingLoss(), Surprise.aboveMean(3, 2))
                .where(LayerChoice.random())
                .stop(
                        new StopRule(
                                9,
                                new DataSetLossCalculator(
                                        new ExistingDataSetIterator(BATCHES), true),
                                0,
                                true))
                .build();
    }

    @Test
    void theSameSeedGivesTheSameRun() {
        List<TinyNetwork> runs = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            TinyNetwork network = dense(false);
            network.listen(DropIn.when(at(0, 1)).seed(9).build());
            network.fit(BATCHES, 3);
            runs.add(network);
        }
        assertThat(runs.get(0).snapshot()).isEqualTo(runs.get(1).snapshot());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aConvolutionalNetworkGrowsAndShrinksInTheMiddleOfFit(boolean asGraph, @TempDir Path folder)
            throws IOException {
        ResizableNetwork kind = ResizableNetwork.CONVOLUTION;
        TinyNetwork network = kind.build(asGraph, DataType.FLOAT, new Adam(0.01));
        List<DataSet> batches =
                List.of(kind.batch(1, DataType.FLOAT), kind.batch(2, DataType.FLOAT));
        DropIn dropIn =
                DropIn.when(at(1, 3, 5))
                        .where(LayerChoice.mostRelevant(batches.get(0), 0))
                        .units(UnitCount.of(2))
                        .lookingEvery(1)
                        .build();
        network.listen(dropIn);
        int widest = 0;
        for (int epoch = 0; epoch < 6; epoch++) {
            network.fit(batches, 1);
            assertThat(network.output(batches.get(0).getFeatures()).sumNumber().doubleValue())
                    .isCloseTo(5, org.assertj.core.data.Offset.offset(1e-4));
            if (epoch == 4) {
                widest = widths(network).stream().mapToInt(it -> it).sum();
                String grown = dropIn.growths().get(0).layerId();
                NetworkSurgery.of(network.model()).narrow(grown, 0);
            }
        }
        assertThat(dropIn.growths()).hasSize(3);
        assertThat(widest).isEqualTo(3 + 4 + 5 + 6);
        TinyNetwork loaded = network.savedAndLoaded(folder.toFile());
        assertThat(loaded.output(batches.get(1).getFeatures()).toFloatMatrix())
                .isDeepEqualTo(network.output(batches.get(1).getFeatures()).toFloatMatrix());
        loaded.fit(batches, 1);
        network.model().setListeners();
        network.fit(batches, 1);
        assertThat(loaded.snapshot()).isEqualTo(network.snapshot());
    }

    @Test
    void earlyStoppingGoesOnWithTheWiderNetwork() {
        TinyNetwork network = dense(false);
        DropIn dropIn = DropIn.when(at(2)).where(LayerChoice.always("0")).build();
        network.listen(dropIn);
        EarlyStoppingConfiguration<MultiLayerNetwork> conf =
                new EarlyStoppingConfiguration.Builder<MultiLayerNetwork>()
                        .epochTerminationConditions(new MaxEpochsTerminationCondition(6))
                        .scoreCalculator(
                                new DataSetLossCalculator(
                                        new ExistingDataSetIterator(BATCHES), true))
                        .modelSaver(new InMemoryModelSaver<>())
                        .build();
        EarlyStoppingResult<MultiLayerNetwork> result =
                new EarlyStoppingTrainer(
                                conf,
                                (MultiLayerNetwork) network.model(),
                                new ExistingDataSetIterator(BATCHES))
                        .fit();
        assertThat(result.getTerminationReason())
                .isEqualTo(EarlyStoppingResult.TerminationReason.EpochTerminationCondition);
        assertThat(dropIn.growths()).hasSize(1);
        assertThat(NetworkSurgery.of(result.getBestModel()).width("0")).isEqualTo(6);
    }

    @Test
    void choicesByGainAndByRelevanceTellTheirScores() {
        TinyNetwork network = dense(false);
        DataSet batch = BATCHES.get(0);
        for (LayerChoice choice :
                List.of(
                        LayerChoice.mostRelevant(batch, 0),
                        LayerChoice.mostUtilised(batch),
                        LayerChoice.gradMaxGain(batch),
                        LayerChoice.tinyGain(batch))) {
            LayerChoice.Decision decision =
                    choice.choose(
                            new LayerChoice.Situation(
                                    network.model(),
                                    List.of("0", "1"),
                                    Map.of("0", 1, "1", 1),
                                    0,
                                    new java.util.SplittableRandom(1)));
            assertThat(decision.layers()).hasSize(1);
            assertThat(decision.scores()).hasSize(2);
            String chosen = decision.layers().get(0);
            double most = decision.scores().values().stream().mapToDouble(it -> it).max().orElse(0);
            assertThat(
                            decision.scores().entrySet().stream()
                                    .filter(it -> it.getKey().endsWith(" " + chosen))
                                    .findFirst()
                                    .orElseThrow()
                                    .getValue())
                    .isEqualTo(most);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void newUnitsRampUp(boolean asGraph) {
        TinyNetwork network = dense(asGraph);
        String layer = asGraph ? "layer0" : "0";
        DropIn dropIn =
                DropIn.when()
                        .where(LayerChoice.always(layer))
                        .units(UnitCount.of(8))
                        .startingWith(NewUnits.random())
                        .rampingUpOver(2)
                        .build();
        dropIn.growNow(network.model());
        List<Long> learning = new ArrayList<>();
        network.listen(
                new BaseTrainingListener() {
                    @Override
                    public void onGradientCalculation(Model model) {
                        INDArray gradient = model.getGradientsViewArray();
                        // Behind 6 x 13 weights and 13 biases: 4 columns of 5 old and 8 new rows.
                        long moving = 0;
                        for (int unit = 5; unit < 13; unit++) {
                            double sum = 0;
                            for (int column = 0; column < 4; column++) {
                                sum += Math.abs(gradient.getDouble(91 + column * 13 + unit));
                            }
                            moving += sum > 0 ? 1 : 0;
                        }
                        learning.add(moving);
                    }
                });
        network.fit(List.of(BATCHES.get(0), BATCHES.get(0), BATCHES.get(0)), 1);
        // Never let through in the first step, always in the third.
        assertThat(learning.get(0)).isZero();
        assertThat(learning.get(2)).isGreaterThanOrEqualTo(learning.get(1)).isPositive();
    }

    @Test
    void withTruncatedBackpropagationItWaitsForTheEndOfTheEpoch() {
        ResizableNetwork kind = ResizableNetwork.LSTM_BEFORE_LSTM;
        TinyNetwork network = kind.build(false, DataType.DOUBLE, new Adam(0.01));
        MultiLayerNetwork sequential = (MultiLayerNetwork) network.model();
        sequential.getLayerWiseConfigurations().setBackpropType(BackpropType.TruncatedBPTT);
        sequential.getLayerWiseConfigurations().setTbpttFwdLength(2);
        sequential.getLayerWiseConfigurations().setTbpttBackLength(2);
        DropIn dropIn = DropIn.when(Surprise.above(1e-9, 0)).where(LayerChoice.always("0")).build();
        network.listen(dropIn);
        List<DataSet> batches =
                List.of(kind.batch(1, DataType.DOUBLE), kind.batch(2, DataType.DOUBLE));
        network.fit(batches, 2);
        // Sequences of 5 steps make 3 iterations each, so an epoch has 6.
        assertThat(dropIn.growths()).extracting(Growth::iteration).containsExactly(6, 12);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DropIn.when().lookingEvery(3).build().growNow(network.model()))
                .withMessageContaining("grows at the end of epochs only");
    }

    @Test
    void refusesASecondNetworkAndNumbersOutOfRange() {
        DropIn dropIn = DropIn.when().build();
        dropIn.growNow(dense(false).model());
        assertThatIllegalStateException()
                .isThrownBy(() -> dropIn.growNow(dense(false).model()))
                .withMessageContaining("serves one network and was called for a second");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> UnitCount.of(0))
                .withMessageContaining("must be at least 1, got 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DropIn.when().lookingEvery(0))
                .withMessage("triggers look at the network every 1 or more iterations, got 0");
    }
}
