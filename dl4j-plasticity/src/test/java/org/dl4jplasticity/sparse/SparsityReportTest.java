package org.dl4jplasticity.sparse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.List;
import org.dl4jplasticity.layers.Sparsity;
import org.dl4jplasticity.mask.MaskSelection;
import org.dl4jplasticity.mask.WeightFilter;
import org.dl4jplasticity.schedule.DropFraction;
import org.dl4jplasticity.sparse.SparsityReport.LayerReport;
import org.dl4jplasticity.testing.Examples;
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
import org.nd4j.linalg.learning.config.Sgd;

/** What dynamic sparse training tells, counted by hand. */
class SparsityReportTest {

    /** 27 + 38 + 15 of 54 + 63 + 21 connections, a multiplication and an addition each. */
    private static final double SPARSE = 2 * (27 + 38 + 15);

    private static final double DENSE = 2 * (54 + 63 + 21);

    @Test
    void thereIsNothingToTellBeforeTrainingBegan() {
        assertThatIllegalStateException()
                .isThrownBy(() -> DynamicSparseTraining.set().build().report())
                .withMessageContaining("before training began");
    }

    @ParameterizedTest
    @EnumSource
    void tellsOfEachLayer(NetworkClass type) {
        // Unit 1 has no connection; input 4 of the first and input 1 of the second lead nowhere.
        TinyNetwork network =
                type.of(
                        NetworkClass.settings(DataType.DOUBLE, new Sgd(0.1), 7),
                        NetworkClass.sparse(6, 3, 0)
                                .topology(SparseTopology.of(6, 3, 0, 1, 12, 14, 15, 17))
                                .build(),
                        NetworkClass.sparseOutput(3, 3, 0)
                                .topology(SparseTopology.of(3, 3, 0, 3, 5, 8))
                                .build());
        DynamicSparseTraining fixed = DynamicSparseTraining.fixed().build();
        network.listen(fixed);
        network.fit(Examples.batches(1).get(0));
        SparsityReport report = fixed.report();
        String first = type.name().endsWith("GRAPH") ? "layer0" : "0";
        String second = type.name().endsWith("GRAPH") ? "layer1" : "1";
        assertThat(report.layers())
                .extracting(LayerReport::id)
                .containsExactly(first + "/W", second + "/W");
        assertThat(report.layers()).extracting(LayerReport::possible).containsExactly(18L, 9L);
        assertThat(report.layers()).extracting(LayerReport::active).containsExactly(6L, 4L);
        assertThat(report.layers()).extracting(LayerReport::target).containsExactly(6L, 4L);
        assertThat(report.layers()).extracting(LayerReport::explored).containsExactly(6L, 4L);
        assertThat(report.layers()).extracting(LayerReport::deadUnits).containsExactly(1, 0);
        assertThat(report.layers()).extracting(LayerReport::unusedInputs).containsExactly(1, 1);
        assertThat(report.layers().get(0).sparsity()).isEqualTo(1 - 6 / 18.0);
        assertThat(report.layers().get(1).targetSparsity()).isEqualTo(1 - 4 / 9.0);
        assertThat(report.layers().get(1).explorationRate()).isEqualTo(4 / 9.0);
        assertThat(report.sparsity()).isEqualTo(1 - 10 / 27.0);
        assertThat(report.targetSparsity()).isEqualTo(1 - 10 / 27.0);
        assertThat(report.explorationRate()).isEqualTo(10 / 27.0);
        assertThat(report.updates()).isZero();
        assertThat(report.inferenceFlops()).isEqualTo(2 * 10);
        assertThat(report.denseInferenceFlops()).isEqualTo(2 * 27);
        assertThat(report.trainingFlops()).isEqualTo(8 * 3 * 2 * 10);
    }

    @ParameterizedTest
    @EnumSource
    void staticTrainingCostsThreeForwardPasses(NetworkClass type) {
        TinyNetwork network = type.ofDoubles(new Adam(0.03));
        DynamicSparseTraining fixed = DynamicSparseTraining.fixed().build();
        network.listen(fixed);
        network.fit(Examples.batches(5), 2);
        assertThat(fixed.report().inferenceFlops()).isEqualTo(SPARSE);
        assertThat(fixed.report().denseInferenceFlops()).isEqualTo(DENSE);
        assertThat(fixed.report().trainingFlops()).isEqualTo(10 * 8 * 3 * SPARSE);
    }

    /** One step in dT pays for dense weight gradients, as every dT-th of RigL's does. */
    @ParameterizedTest
    @EnumSource
    void riglCostsADenseGradientAtEachUpdate(NetworkClass type) {
        TinyNetwork network = type.ofDoubles(new Adam(0.03));
        DynamicSparseTraining rigl =
                DynamicSparseTraining.rigl()
                        .dropFraction(DropFraction.constant(0.3))
                        .updateEvery(4)
                        .build();
        network.listen(rigl);
        network.fit(Examples.batches(13), 1); // updates at 4, 8 and 12
        assertThat(rigl.updates()).isEqualTo(3);
        assertThat(rigl.report().trainingFlops())
                .isEqualTo(8 * (10 * 3 * SPARSE + 3 * (2 * SPARSE + DENSE)));
    }

    @ParameterizedTest
    @EnumSource
    void theLastUpdateOfSetLowersTheTarget(NetworkClass type) {
        TinyNetwork network = type.ofDoubles(new Adam(0.03));
        DynamicSparseTraining set = DynamicSparseTraining.set().until(1).build();
        network.listen(set);
        network.fit(Examples.batches(2), 2);
        // floor(0.3 n) less: 27 - 8, 38 - 11, 15 - 4; or one less where the signs' shares round up
        for (LayerReport layer : set.report().layers()) {
            assertThat(layer.active()).isEqualTo(layer.target());
            assertThat(layer.grown()).isZero();
            assertThat(layer.dropped()).isPositive();
        }
        assertThat(set.report().inferenceFlops()).isEqualTo(2 * (80 - 8 - 11 - 4));
    }

    @ParameterizedTest
    @EnumSource(names = {"MASKED_SEQUENTIAL", "MASKED_GRAPH"})
    void sparseMomentumCostsADenseGradientAtEachStep(NetworkClass type) {
        TinyNetwork network = type.ofDoubles(new Adam(0.03));
        DynamicSparseTraining snfs = DynamicSparseTraining.sparseMomentum().until(9).build();
        network.listen(snfs);
        network.fit(Examples.batches(5).subList(0, 4), 1);
        assertThat(snfs.report().trainingFlops()).isEqualTo(4 * 8 * (2 * SPARSE + DENSE));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aKernelIsAppliedAtEachPosition(boolean graph) {
        TinyNetwork network = MaskedNetworks.CONVOLUTIONAL.half(new Sgd(0.01), graph);
        DynamicSparseTraining fixed = DynamicSparseTraining.fixed().build();
        network.listen(fixed);
        network.fit(MaskedNetworks.CONVOLUTIONAL.batches(1).get(0));
        // 3 x 3 positions of 4 kernels with 9 weights; 36 to 10 to 3
        assertThat(fixed.report().denseInferenceFlops()).isEqualTo(2 * (9 * 36 + 360 + 30));
        assertThat(fixed.report().inferenceFlops()).isEqualTo(2 * (9 * 18 + 180 + 15));
        assertThat(fixed.report().trainingFlops()).isEqualTo(6 * 3 * 2 * (9 * 18 + 180 + 15));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void recurrentWeightsAreAppliedAtEachStep(boolean graph) {
        TinyNetwork network = MaskedNetworks.RECURRENT.half(new Sgd(0.01), graph);
        DynamicSparseTraining fixed = DynamicSparseTraining.fixed().build();
        network.listen(fixed);
        network.fit(MaskedNetworks.RECURRENT.batches(1).get(0));
        // 4 steps; 5 inputs and 6 units to 4 x 6 gates; 6 to 3
        assertThat(fixed.report().denseInferenceFlops()).isEqualTo(2 * 4 * (120 + 144 + 18));
        assertThat(fixed.report().inferenceFlops()).isEqualTo(2 * 4 * (60 + 72 + 9));
        assertThat(fixed.report().trainingFlops()).isEqualTo(6 * 3 * 2 * 4 * (60 + 72 + 9));
    }

    @ParameterizedTest
    @CsvSource({"false", "true"})
    void weightsWithoutAMaskCountAsDense(boolean graph) {
        TinyNetwork network =
                MaskedNetworks.RECURRENT.dense(
                        NetworkClass.settings(DataType.DOUBLE, new Sgd(0.01), 7), graph);
        Sparsity.of(0.5).only(WeightFilter.parameter("RW")).seed(3).applyTo(network.model());
        DynamicSparseTraining fixed = DynamicSparseTraining.fixed().build();
        network.listen(fixed);
        network.fit(MaskedNetworks.RECURRENT.batches(1).get(0));
        assertThat(fixed.report().layers()).hasSize(1);
        assertThat(fixed.report().layers().get(0).id()).endsWith("/RW");
        assertThat(fixed.report().inferenceFlops()).isEqualTo(2 * 4 * (120 + 72 + 18));
    }

    /** The listener counts the masks that are there, also those laid since. */
    @ParameterizedTest
    @EnumSource(names = {"MASKED_SEQUENTIAL", "MASKED_GRAPH"})
    void masksThatWereLaidMeanwhileAreSeen(NetworkClass type) {
        TinyNetwork network = type.ofDoubles(new Adam(0.03));
        DynamicSparseTraining set = DynamicSparseTraining.set().updateEvery(2).build();
        network.listen(set);
        network.fit(Examples.batches(3), 1);
        Sparsity.of(0.9)
                .selecting(MaskSelection.largestMagnitude())
                .applyTo(network.model()); // 5 of 54, 6 of 63 and 2 of 21
        List<Integer> laid =
                network.topologies().stream().map(SparseTopology::activeCount).toList();
        network.fit(Examples.batches(6), 2);
        assertThat(network.topologies())
                .extracting(SparseTopology::activeCount)
                .containsExactlyElementsOf(laid);
        assertThat(network.inactive().stream().flatMap(List::stream))
                .allMatch(number -> number == 0);
        assertThat(set.report().layers())
                .extracting(layer -> (int) layer.target())
                .containsExactlyElementsOf(laid);
        assertThat(set.report().inferenceFlops())
                .isEqualTo(2.0 * laid.stream().mapToInt(n -> n).sum());
    }
}
