package org.dl4jplasticity.dropout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.dropout.Dropout;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class UnitGatesTest {
    private static final int[] UNITS = {-1, 4, 4, 5};

    private static INDArray apply(UnitGates gates, INDArray input, int iteration) {
        return gates.applyDropout(
                input, input.dup(), iteration, 0, LayerWorkspaceMgr.noWorkspaces());
    }

    private static UnitGates ramp(int begin, int length) {
        return UnitGates.with(null, 7, UNITS, new UnitGate(begin, length), begin);
    }

    @Test
    void aGateOpensLinearly() {
        UnitGate gate = new UnitGate(10, 4);
        assertThat(gate.openness(9)).isZero();
        assertThat(gate.openness(10)).isZero();
        assertThat(gate.openness(11)).isEqualTo(0.25);
        assertThat(gate.openness(13)).isEqualTo(0.75);
        assertThat(gate.openness(14)).isEqualTo(1);
        assertThat(gate.openness(1_000)).isEqualTo(1);
        assertThat(UnitGate.closed().openness(1_000)).isZero();
    }

    @Test
    void lettingThroughHasTheChanceOfTheGate() {
        INDArray through = apply(ramp(0, 4), Nd4j.ones(DataType.DOUBLE, 4_000, 4), 1);
        // Standard error sqrt(0.25 * 0.75 / 4000) = 0.0068.
        assertThat(through.getColumn(1).meanNumber().doubleValue()).isCloseTo(0.25, within(0.034));
        assertThat(through.getColumn(3).meanNumber().doubleValue()).isCloseTo(0.25, within(0.034));
        assertThat(through.getColumn(0).minNumber().doubleValue()).isEqualTo(1);
    }

    @Test
    void featuresOfOneUnitGoTogetherAndOtherUnitsDont() {
        INDArray through = apply(ramp(0, 2), Nd4j.ones(DataType.FLOAT, 200, 4), 1);
        assertThat(through.getColumn(1)).isEqualTo(through.getColumn(2));
        assertThat(through.getColumn(1)).isNotEqualTo(through.getColumn(3));
    }

    @Test
    void forwardAndBackwardSeeTheSameAndAnotherIterationAnother() {
        UnitGates gates = ramp(0, 4);
        INDArray ones = Nd4j.ones(DataType.DOUBLE, 50, 4);
        INDArray forward = apply(gates, ones, 2);
        INDArray backward = gates.backprop(ones.dup(), ones.dup(), 2, 0);
        assertThat(backward).isEqualTo(forward);
        assertThat(apply(gates, ones, 3)).isNotEqualTo(forward);
    }

    @Test
    void allPositionsOfAChannelGoTogether() {
        INDArray through = apply(ramp(0, 2), Nd4j.ones(DataType.FLOAT, 20, 4, 3, 2), 1);
        INDArray flat = apply(ramp(0, 2), Nd4j.ones(DataType.FLOAT, 20, 4), 1);
        assertThat(through.mean(2, 3)).isEqualTo(flat);
    }

    @Test
    void beforeTheRampNothingAndBehindItAllIsLetThrough() {
        INDArray ones = Nd4j.ones(DataType.FLOAT, 10, 4);
        assertThat(apply(ramp(5, 3), ones, 5).sumNumber().intValue()).isEqualTo(10);
        assertThat(apply(ramp(5, 3), ones, 8)).isEqualTo(ones);
        UnitGates closed = UnitGates.with(null, 7, UNITS, UnitGate.closed(), 0);
        assertThat(apply(closed, ones, 1_000).sumNumber().intValue()).isEqualTo(10);
    }

    @Test
    void gatesThatAreOpenGoWhenAnotherComes() {
        UnitGates both =
                UnitGates.with(ramp(0, 4), 1, new int[] {6, -1, -1, -1}, new UnitGate(9, 4), 9);
        assertThat(both.units()).containsExactly(6, -1, -1, -1);
        assertThat(both.seed()).isEqualTo(7);
    }

    @Test
    void gatesFollowTheirFeaturesWhenWidthsChange() {
        assertThat(ramp(0, 4).resized(new int[] {0, 2, 3, -1}).units())
                .containsExactly(-1, 4, 5, -1);
    }

    @Test
    void anotherDropoutActsFirst() {
        UnitGates gates = UnitGates.with(new Dropout(0.5), 7, UNITS, UnitGate.closed(), 0);
        Nd4j.getRandom().setSeed(3);
        INDArray through = apply(gates, Nd4j.ones(DataType.DOUBLE, 100, 4), 0);
        assertThat(through.getColumn(1).sumNumber().intValue()).isZero();
        assertThat(through.getColumn(0).maxNumber().doubleValue()).isEqualTo(2);
        assertThat(through.getColumn(0).minNumber().doubleValue()).isZero();
    }

    @Test
    void travelsWithTheConfiguration() {
        UnitGates gates = UnitGates.with(new Dropout(0.5), 7, UNITS, new UnitGate(3, 9), 3);
        MultiLayerConfiguration conf =
                new NeuralNetConfiguration.Builder()
                        .list()
                        .layer(new OutputLayer.Builder().nIn(4).nOut(2).dropOut(gates).build())
                        .build();
        MultiLayerConfiguration json = MultiLayerConfiguration.fromJson(conf.toJson());
        MultiLayerConfiguration yaml = MultiLayerConfiguration.fromYaml(conf.toYaml());
        for (MultiLayerConfiguration read : List.of(json, yaml, conf.clone())) {
            assertThat(read.getConf(0).getLayer().getIDropout()).isEqualTo(gates);
        }
    }

    @Test
    void refusesAnInputOfAnotherWidth() {
        assertThatIllegalStateException()
                .isThrownBy(() -> apply(ramp(0, 4), Nd4j.ones(2, 5), 0))
                .withMessage("gates are for 4 features, got an input of 5");
    }
}
