package org.dl4jplasticity.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import org.dl4jplasticity.datasets.DatasetCatalog;
import org.dl4jplasticity.datasets.LabeledExamples;
import org.dl4jplasticity.datasets.TrainTest;
import org.junit.jupiter.api.Test;

class VariationalPruningRunTest {

    /** A hundred images of the embedded sample, two epochs: the whole way, without its end. */
    @Test
    void bothNetworksAreTrainedAndOneIsPruned() {
        TrainTest sample = DatasetCatalog.load("mnist-sample", DatasetCatalog.defaultDataDir());
        LabeledExamples few = sample.train().first(100);
        VariationalPruningRun.Outcome outcome = VariationalPruningRun.run(few, few, 2, 1);
        assertThat(outcome.possible()).isEqualTo(784 * 300 + 300 * 100 + 100 * 10);
        assertThat(outcome.active()).isBetween(3L, outcome.possible());
        assertThat(outcome.sparsity())
                .isEqualTo(1 - (double) outcome.active() / outcome.possible());
        assertThat(outcome.dense()).isBetween(0.0, 1.0);
        assertThat(outcome.pruned()).isBetween(0.0, 1.0);
    }
}
