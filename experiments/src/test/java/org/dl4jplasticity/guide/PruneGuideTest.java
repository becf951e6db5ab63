package org.dl4jplasticity.guide;

import static org.assertj.core.api.Assertions.assertThat;

import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jplasticity.packing.Packing;
import org.dl4jplasticity.pruning.ConnectionScore;
import org.dl4jplasticity.pruning.GradualPruning;
import org.dl4jplasticity.pruning.LotteryTicket;
import org.dl4jplasticity.pruning.Narrowing;
import org.dl4jplasticity.pruning.Pruning;
import org.dl4jplasticity.pruning.UnitScore;
import org.dl4jplasticity.schedule.SparsitySchedule;
import org.dl4jplasticity.schedule.UpdateSchedule;
import org.dl4jplasticity.sparse.DynamicSparseTraining;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;

/** The code of {@code docs/prune.md}. */
class PruneGuideTest {

    // spotless:off
    static MultiLayerNetwork connections(MultiLayerNetwork model, DataSetIterator data) {
        Pruning.by(ConnectionScore.lamp()).applyTo(model, 0.9);
        model.addListeners(DynamicSparseTraining.fixed().build());   // keeps what is pruned at zero
        model.fit(data, 3);
        return Packing.pack(model);                                  // smaller and faster
    }

    static void units(MultiLayerNetwork model, DataSet examples, DataSetIterator data) {
        Narrowing.by(UnitScore.taylor(examples)).fraction(0.5).applyTo(model);
        model.fit(data, 3);
    }

    static void littleByLittle(MultiLayerNetwork model, DataSetIterator data, int epochs) {
        model.addListeners(
                GradualPruning.of(Pruning.by(ConnectionScore.magnitude()))
                        .following(SparsitySchedule.cubic(0, 0.9, 0, epochs - 1))
                        .updating(UpdateSchedule.eachEpoch()),
                DynamicSparseTraining.fixed().build());
        model.fit(data, epochs);
    }
    // spotless:on

    private final DataSetIterator digits = GuideModels.digits().iterator(50, 1);

    @Test
    void aTenthOfTheConnectionsStaysAndIsEnough() {
        MultiLayerNetwork packed = connections(GuideModels.trained(), digits);
        // 784 * 30 + 30 * 20 + 20 * 10 weights, and 60 biases.
        assertThat(packed.numParams()).isEqualTo(2432 + 60);
        assertThat(packed.evaluate(digits).accuracy()).isGreaterThan(0.85);
    }

    @Test
    void halfOfTheUnitsGo() {
        MultiLayerNetwork model = GuideModels.trained();
        units(model, GuideModels.digits().iterator(200).next(), digits);
        assertThat(model.layerSize(0)).isEqualTo(15);
        assertThat(model.layerSize(1)).isEqualTo(10);
        assertThat(model.evaluate(digits).accuracy()).isGreaterThan(0.8);
    }

    @Test
    void theSparsityRisesFromEpochToEpoch() {
        MultiLayerNetwork model = GuideModels.dense(0.003);
        littleByLittle(model, digits, 4);
        assertThat(LotteryTicket.of(model).weightsRemaining()).isBetween(0.0999, 0.1001);
    }
}
