package org.dl4jplasticity.mask;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.api.layers.LayerConstraint;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.constraint.BaseConstraint;
import org.deeplearning4j.nn.conf.constraint.UnitNormConstraint;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jplasticity.layers.Sparsity;
import org.dl4jplasticity.topology.SparseTopology;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** The constraint alone, without a listener, keeps inactive weights at zero through every step. */
class ConstraintTest {
    static Stream<Arguments> networks() {
        return Stream.of(Design.values())
                .flatMap(
                        design ->
                                Stream.<Supplier<IUpdater>>of(
                                                () -> new Nesterovs(0.05, 0.9),
                                                () -> new Adam(0.02))
                                        .flatMap(
                                                updater ->
                                                        Stream.of(
                                                                Arguments.of(
                                                                        design,
                                                                        design.multiLayer(
                                                                                updater.get())),
                                                                Arguments.of(
                                                                        design,
                                                                        design.graph(
                                                                                updater.get())))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("networks")
    void inactiveWeightsStayZeroAndEverythingElseTrains(Design design, Model network) {
        Sparsity.of(0.5).seed(3).applyTo(network);
        Masked.assertInactiveAreZero(network);
        Map<String, INDArray> before =
                network.paramTable().entrySet().stream()
                        .collect(Collectors.toMap(Map.Entry::getKey, it -> it.getValue().dup()));
        for (int step = 0; step < 5; step++) {
            Design.fit(network, design.minibatch(step));
            Masked.assertInactiveAreZero(network);
        }
        network.paramTable()
                .forEach(
                        (name, array) -> assertThat(array).as(name).isNotEqualTo(before.get(name)));
    }

    @Test
    void peepholesTrain() {
        MultiLayerNetwork network = Design.RECURRENT.maskedMultiLayer();
        MaskableWeights recurrent =
                MaskableWeights.of(network).stream()
                        .filter(it -> it.layerId().equals("1") && it.parameter().equals("RW"))
                        .findFirst()
                        .orElseThrow();
        double[] before = Design.flat(recurrent.array());
        network.fit(Design.RECURRENT.minibatch(1));
        double[] after = Design.flat(recurrent.array());
        assertThat(after).hasSize(3 * (4 * 3 + 3));
        for (int i = 3 * 4 * 3; i < after.length; i++) {
            assertThat(after[i]).as("peephole %d", i).isNotEqualTo(before[i]).isNotEqualTo(0);
        }
    }

    @Test
    void clearingMakesPositiveZerosOfWhateverWasThere() {
        MultiLayerNetwork network = Design.DENSE.multiLayer(new Sgd(0.1));
        MaskableWeights weights = MaskableWeights.of(network).get(0);
        weights.array().assign(-1);
        weights.array().putScalar(0, 0, Double.NaN);
        weights.array().putScalar(0, 1, Double.NEGATIVE_INFINITY);
        weights.setMask(SparseTopology.of(5, 6, 29));
        assertThat(weights.array().getDouble(4, 4)).isEqualTo(-1); // not before it is told to
        weights.clearInactive();
        double[] values = Design.flat(weights.array());
        for (int id = 0; id < 29; id++) {
            assertThat(Double.doubleToRawLongBits(values[id])).isEqualTo(0);
        }
        assertThat(values[29]).isEqualTo(-1);
    }

    @Test
    void clearingWithoutAMaskLeavesTheWeights() {
        MultiLayerNetwork network = Design.RECURRENT.multiLayer(new Sgd(0.1));
        List<MaskableWeights> all = MaskableWeights.of(network);
        INDArray before = network.params().dup();
        all.get(0).clearInactive();
        all.get(1).setMask(SparseTopology.dense(3, 12));
        all.get(0).clearInactive(); // the same layer's other parameter has a mask now
        assertThat(network.params()).isEqualTo(before);
        assertThatIllegalStateException()
                .isThrownBy(() -> all.get(0).maskArray())
                .withMessage("Layer layer0, parameter fW has no mask");
    }

    @Test
    void removingTheMaskLetsAllWeightsTrain() {
        MultiLayerNetwork network = Design.RECURRENT.maskedMultiLayer();
        for (MaskableWeights weights : MaskableWeights.of(network)) {
            weights.setMask(null);
            assertThat(weights.mask()).isEmpty();
        }
        network.fit(Design.RECURRENT.minibatch(1));
        for (MaskableWeights weights : MaskableWeights.of(network)) {
            assertThat(Design.flat(weights.array())).doesNotContain(0.0, -0.0);
            assertThat(weights.configuration().getConstraints()).isNull();
        }
    }

    @Test
    void otherConstraintsStayAndTheMaskIsAppliedLast() {
        LayerConstraint bringsBack = new AddOne();
        MultiLayerNetwork network =
                new MultiLayerNetwork(
                        new NeuralNetConfiguration.Builder()
                                .seed(1)
                                .updater(new Sgd(0.1))
                                .list()
                                .layer(
                                        new DenseLayer.Builder()
                                                .nIn(5)
                                                .nOut(6)
                                                .constrainWeights(
                                                        new UnitNormConstraint(1), bringsBack)
                                                .build())
                                .layer(
                                        new OutputLayer.Builder(LossFunction.MCXENT)
                                                .nIn(6)
                                                .nOut(3)
                                                .activation(Activation.SOFTMAX)
                                                .build())
                                .build());
        network.init();
        Sparsity.of(0.5).applyTo(network);
        Sparsity.of(0.6).applyTo(network); // replaces, adds no second mask
        network.fit(Design.DENSE.minibatch(0));
        Masked.assertInactiveAreZero(network);
        List<LayerConstraint> constraints = network.getLayer(0).conf().getLayer().getConstraints();
        assertThat(constraints).hasSize(3);
        assertThat(constraints.get(0)).isInstanceOf(UnitNormConstraint.class);
        assertThat(constraints.get(1)).isInstanceOf(AddOne.class);
        assertThat(constraints.get(2)).isInstanceOf(WeightMask.class);
    }

    /** A constraint that undoes a mask. */
    private static final class AddOne extends BaseConstraint {
        private static final long serialVersionUID = 1;

        @Override
        public void apply(INDArray param) {
            param.addi(1);
        }

        @Override
        public AddOne clone() {
            return new AddOne();
        }
    }

    @ParameterizedTest
    @EnumSource(Design.class)
    void theMasksArrayIsMadeOncePerTopology(Design design) {
        MultiLayerNetwork network = design.maskedMultiLayer();
        List<MaskableWeights> all = MaskableWeights.of(network);
        List<INDArray> arrays = all.stream().map(MaskableWeights::maskArray).toList();
        for (int step = 1; step < 4; step++) {
            network.fit(design.minibatch(step));
        }
        MaskableWeights first = all.get(0);
        first.setMask(SparseTopology.dense(first.rowLength(), first.rows()));
        network.fit(design.minibatch(4));
        assertThat(first.maskArray()).isNotSameAs(arrays.get(0));
        assertThat(first.maskArray().minNumber().doubleValue()).isEqualTo(1);
        for (int i = 1; i < arrays.size(); i++) {
            assertThat(all.get(i).maskArray()).isSameAs(arrays.get(i));
        }
    }
}
