package org.dl4jplasticity.growth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.datasets.iterator.ExistingDataSetIterator;
import org.deeplearning4j.earlystopping.scorecalc.DataSetLossCalculator;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.dl4jplasticity.checkpoint.Checkpoint;
import org.dl4jplasticity.checkpoint.Moment;
import org.dl4jplasticity.journal.MutationJournal;
import org.dl4jplasticity.journal.Replay;
import org.dl4jplasticity.relevance.LayerRelevance;
import org.dl4jplasticity.surgery.MutationRecorder;
import org.dl4jplasticity.surgery.NetworkSurgery;
import org.dl4jplasticity.surgery.PlasticNetwork;
import org.dl4jplasticity.surgery.UnitReplay;
import org.dl4jplasticity.testing.Examples;
import org.dl4jplasticity.testing.ResizableNetwork;
import org.dl4jplasticity.testing.TinyNetwork;
import org.dl4jplasticity.topology.Ranking;
import org.dl4jplasticity.topology.SparseTopology;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.Adam;

class NeuroplasticityTest {
    private static final List<DataSet> BATCHES = Examples.batches(6);
    private static final DataSet EXAMPLES = BATCHES.get(0);

    private static TinyNetwork dense(boolean asGraph) {
        return ResizableNetwork.DENSE.build(asGraph, DataType.DOUBLE, new Adam(0.01));
    }

    private static DataSetLossCalculator loss() {
        return new DataSetLossCalculator(new ExistingDataSetIterator(BATCHES), true);
    }

    /** A network that learns, so that its loss falls; units come on call only. */
    private static Neuroplasticity pruning(PruningStep step) {
        DropIn dropIn =
                DropIn.when().where(LayerChoice.roundRobin()).units(UnitCount.of(4)).build();
        return Neuroplasticity.of(dropIn, step, loss());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void neuronsOfLeastRelevanceGoWhileTheScoreImproves(boolean asGraph, @TempDir Path folder)
            throws IOException {
        TinyNetwork network = dense(asGraph);
        Model first = network.copy().model();
        Neuroplasticity listener = pruning(LeastRelevant.neurons(EXAMPLES, 0.25));
        network.listen(listener);
        Path file = folder.resolve("journal.jsonl");
        try (MutationJournal journal = MutationJournal.create(file)) {
            listener.recordTo(journal);
            network.fit(BATCHES, 1);
            assertThat(listener.prunings()).isZero(); // nothing to compare with yet
            listener.dropIn().newData();
            network.fit(BATCHES, 1);
            assertThat(listener.prunings()).isZero(); // it grew
            NetworkSurgery surgery = NetworkSurgery.of(network.model());
            List<Integer> widths = surgery.layers().stream().map(surgery::width).toList();
            assertThat(widths).containsExactly(9, 4);
            network.fit(BATCHES, 1);
            assertThat(listener.prunings()).isEqualTo(1);
            // Rounded quarters of 9 and 4.
            assertThat(surgery.layers().stream().map(surgery::width)).containsExactly(7, 3);
        }
        Replay.of(Map.of(), new UnitReplay(first)).toEnd(file);
        assertThat(NetworkSurgery.of(first).width(asGraph ? "layer0" : "0")).isEqualTo(7);
    }

    @Test
    void theNeuronsThatGoAreThoseOfLeastRelevance() {
        TinyNetwork network = dense(false);
        network.fit(BATCHES, 2);
        LayerRelevance before = LayerRelevance.of(network.model(), EXAMPLES).get(0);
        int[] least = Ranking.lowest(before.perNeuron(), 2);
        INDArray weights = network.layers().get(0).getParam("W").dup();
        LeastRelevant.neurons(EXAMPLES, 0.4).prune(network.model(), new MutationRecorder());
        INDArray after = network.layers().get(0).getParam("W");
        int column = 0;
        for (int unit = 0; unit < 5; unit++) {
            if (unit != least[0] && unit != least[1]) {
                assertThat(after.getColumn(column++).toDoubleVector())
                        .isEqualTo(weights.getColumn(unit).toDoubleVector());
            }
        }
        assertThat(column).isEqualTo(3).isEqualTo(after.columns());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void maskedWeightsStayZeroWithTheirOptimizerSlotsWhileItGrows(
            boolean asGraph, @TempDir Path folder) throws IOException {
        TinyNetwork network = dense(asGraph);
        Model first = network.copy().model();
        Neuroplasticity listener = pruning(LeastRelevant.weights(EXAMPLES, 0.2));
        network.listen(listener);
        Path file = folder.resolve("journal.jsonl");
        try (MutationJournal journal = MutationJournal.create(file)) {
            listener.recordTo(journal);
            network.fit(BATCHES, 3);
            assertThat(listener.prunings()).isEqualTo(2);
            // 30 + 20 + 12 weights; a fifth of 62, then of 50, goes.
            assertThat(active(network)).isEqualTo(40);
            assertThat(network.inactive()).hasSize(22);
            listener.dropIn().newData();
            network.fit(BATCHES, 2);
        }
        assertThat(network.inactive()).allSatisfy(numbers -> assertThat(numbers).containsOnly(0.0));
        assertThat(network.inactive()).hasSizeGreaterThan(22);
        Replay.Outcome outcome = Replay.of(Map.of(), new UnitReplay(first)).toEnd(file);
        assertThat(outcome.topologies())
                .containsExactlyInAnyOrderEntriesOf(
                        PlasticNetwork.of(network.model()).topologies());
    }

    private static long active(TinyNetwork network) {
        return network.topologies().stream().mapToLong(SparseTopology::activeCount).sum();
    }

    @Test
    void weightsOfLeastRelevanceAreMasked() {
        TinyNetwork network = dense(false);
        network.fit(BATCHES, 1);
        double before = network.loss(EXAMPLES);
        LeastRelevant.weights(EXAMPLES, 0.5).prune(network.model(), new MutationRecorder());
        assertThat(active(network)).isEqualTo(31);
        assertThat(network.loss(EXAMPLES)).isNotEqualTo(before);
    }

    @Test
    void literallyNeuronsAreMaskedInTrainingAloneAndAllCountAtInference() {
        TinyNetwork network = dense(false);
        network.fit(BATCHES, 1);
        double[] relevance = LayerRelevance.of(network.model(), EXAMPLES).get(0).perNeuron();
        int least = Ranking.lowest(relevance, 1)[0];
        double[] before = network.output(EXAMPLES.getFeatures()).data().asDouble();
        PruningStep step = LeastRelevant.neuronsWhileTraining(EXAMPLES, 0.2);

        step.prune(network.model(), new MutationRecorder());

        assertThat(network.output(EXAMPLES.getFeatures()).data().asDouble()).isEqualTo(before);
        double[] gradient = new double[30];
        network.listen(
                new BaseTrainingListener() {
                    @Override
                    public void onGradientCalculation(Model model) {
                        double[] all = model.getGradientsViewArray().data().asDouble();
                        System.arraycopy(all, 0, gradient, 0, gradient.length);
                    }
                });
        network.fit(EXAMPLES);
        for (int unit = 0; unit < 5; unit++) {
            double[] incoming = Arrays.copyOfRange(gradient, unit * 6, unit * 6 + 6);
            if (unit == least) {
                assertThat(incoming).containsOnly(0.0);
            } else if (relevance[unit] > 0) {
                assertThat(incoming).doesNotContain(0.0);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aResumedRunIsTheUninterruptedOne(boolean weights, @TempDir Path folder)
            throws IOException {
        TinyNetwork whole = dense(false);
        whole.listen(resumable(weights));
        whole.fit(BATCHES, 6);

        TinyNetwork part = dense(false);
        Neuroplasticity before = resumable(weights);
        part.listen(before);
        part.fit(BATCHES, 3);
        Path file = folder.resolve("checkpoint.zip");
        Checkpoint.of(part.model(), Moment.AT_REST).training(before).write(file);
        Checkpoint checkpoint = Checkpoint.read(file);
        Neuroplasticity after = resumable(weights);
        checkpoint.resume(after);
        TinyNetwork resumed =
                new TinyNetwork((org.deeplearning4j.nn.api.NeuralNetwork) checkpoint.network());
        resumed.listen(after);
        resumed.fit(BATCHES, 3);

        assertThat(after.prunings()).isGreaterThan(before.prunings());
        assertThat(resumed.snapshot()).isEqualTo(whole.snapshot());
        assertThat(resumed.inactive()).isEqualTo(whole.inactive());
    }

    private static Neuroplasticity resumable(boolean weights) {
        DropIn dropIn =
                DropIn.when(Plateau.ofTrainingLoss().belowShare(0.2).patience(2))
                        .where(LayerChoice.random())
                        .build();
        return Neuroplasticity.of(
                dropIn,
                weights
                        ? LeastRelevant.weights(EXAMPLES, 0.1)
                        : LeastRelevant.neurons(EXAMPLES, 0.2),
                loss());
    }

    @Test
    void refusesASharesOutOfRange() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LeastRelevant.weights(EXAMPLES, 1))
                .withMessage("the share that goes at each step must be in (0, 1), got 1.0");
    }
}
