package org.dl4jplasticity.experiments.prune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jplasticity.datasets.DatasetCatalog;
import org.dl4jplasticity.datasets.LabeledExamples;
import org.dl4jplasticity.experiments.bench.InferenceTimes;
import org.dl4jplasticity.pruning.Narrowing;
import org.dl4jplasticity.pruning.UnitScore;
import org.dl4jplasticity.sparse.InferenceCost;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

class PrunePartsTest {

    @ParameterizedTest
    @CsvSource({
        "ONE_SHOT, 1, 1, 0.9",
        "ITERATIVE, 1, 2, 0.5", // 1 - 0.25^(1/2)
        "ITERATIVE, 2, 2, 0.75",
        "CUBIC, 1, 2, 0.7875", // 0.9 (1 - 1/8)
        "CUBIC, 2, 2, 0.9"
    })
    void schedulesLeadToTheTarget(PruneSchedule schedule, int round, int rounds, double gone) {
        double target = schedule == PruneSchedule.ITERATIVE ? 0.75 : 0.9;
        assertThat(schedule.gone(target, round, rounds)).isCloseTo(gone, within(1e-12));
    }

    @ParameterizedTest
    @EnumSource
    void everyCriterionIsFoundByItsName(PruneCriterion criterion) {
        String granularity =
                criterion.ratesConnections()
                        ? "weights"
                        : criterion.ratesUnits() ? "units" : "layers";
        assertThat(
                        PruneCriterion.parse(
                                List.of(criterion.toString()), PruneGranularity.parse(granularity)))
                .containsExactly(criterion);
    }

    @Test
    void theExamplesToRateByAreTheSameInEveryPortion() {
        LabeledExamples train = DatasetCatalog.load("mnist-sample", null).train();
        ScoringExamples examples = new ScoringExamples(train, 10, 4, 7);
        assertThat(examples.batches()).extracting(DataSet::numExamples).containsExactly(4, 4, 2);
        assertThat(examples.each()).hasSize(10);
        assertThat(DataSet.merge(Arrays.asList(examples.batches())).getFeatures())
                .isEqualTo(examples.all().getFeatures());
        assertThat(DataSet.merge(Arrays.asList(examples.each())).getLabels())
                .isEqualTo(examples.all().getLabels());
        assertThat(new ScoringExamples(train.first(6), 10, 4, 7).all().numExamples()).isEqualTo(6);
    }

    @Test
    void ratiosAreThoseOfMediansAndOfMinima() {
        InferenceTimes times =
                InferenceTimes.of(8, new double[] {4, 2, 6}, new double[] {10, 3, 1, 2});
        assertThat(times).isEqualTo(new InferenceTimes(8, 4, 2, 2.5, 1, 1.6, 2));
    }

    /**
     * 16 channels of 13 x 13, 32 of 11 x 11 that pooling makes 5 x 5, 800-64-10; then half of the
     * channels.
     */
    @Test
    void theModelThatTheReadmeNarrowsIsOneOfConvolutions() throws IOException {
        MultiLayerNetwork network =
                new MultiLayerNetwork(
                        MultiLayerConfiguration.fromJson(
                                Files.readString(Path.of("models/conv-bn.json"))));
        network.init();
        INDArray image = Nd4j.ones(1, 784);
        assertThat(InferenceCost.of(network, image).flops())
                .isEqualTo(2 * (169 * 9 * 16 + 36 * 144 * 32 + 288 * 64 + 64 * 10));
        Narrowing.by(UnitScore.scale()).fraction(0.5).only("0", "3").applyTo(network);
        assertThat(InferenceCost.of(network, image).flops())
                .isEqualTo(2 * (169 * 9 * 8 + 36 * 72 * 16 + 144 * 64 + 64 * 10));
    }
}
