package org.dl4jplasticity.sparse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.dl4jplasticity.schedule.DropFraction;
import org.dl4jplasticity.testing.Examples;
import org.dl4jplasticity.testing.NetworkClass;
import org.dl4jplasticity.testing.Snapshot;
import org.dl4jplasticity.testing.TinyNetwork;
import org.dl4jplasticity.topology.SparseTopology;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.AMSGrad;
import org.nd4j.linalg.learning.config.AdaBelief;
import org.nd4j.linalg.learning.config.AdaDelta;
import org.nd4j.linalg.learning.config.AdaGrad;
import org.nd4j.linalg.learning.config.AdaMax;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nadam;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.learning.config.RmsProp;
import org.nd4j.linalg.learning.config.Sgd;

/** The optimizer's state follows the weights, whatever the optimizer. */
class OptimizerSlotsTest {

    /** DL4J's updaters with the number of state values each keeps per parameter. */
    static Stream<Arguments> updatersOnBothClasses() {
        return Arrays.stream(NetworkClass.values())
                .flatMap(
                        type ->
                                Stream.of(
                                        Arguments.of(type, 0, new Sgd(0.1)),
                                        Arguments.of(type, 0, new NoOp()),
                                        Arguments.of(type, 1, new Nesterovs(0.05, 0.9)),
                                        Arguments.of(type, 1, new AdaGrad(0.05)),
                                        Arguments.of(type, 1, new RmsProp(0.01)),
                                        Arguments.of(type, 2, new Adam(0.03)),
                                        Arguments.of(type, 2, new Nadam(0.03)),
                                        Arguments.of(type, 2, new AdaMax(0.03)),
                                        Arguments.of(type, 2, new AdaDelta()),
                                        Arguments.of(type, 3, new AMSGrad(0.03))));
    }

    @ParameterizedTest
    @MethodSource("updatersOnBothClasses")
    void slotsFollowTheirWeightsAndThoseOfGrownWeightsAreZero(
            NetworkClass type, int components, IUpdater updater) {
        TinyNetwork network = type.ofDoubles(updater);
        DynamicSparseTraining set = DynamicSparseTraining.set().build();
        network.listen(set);
        network.fit(Examples.batches(1).get(0));
        assertThat(network.snapshot().others().get(0)).hasSize(1 + components);
        network.markState();
        Snapshot before = network.snapshot();
        set.onEpochEnd(network.model());
        Snapshot after = network.snapshot();
        assertThat(after.others()).isEqualTo(before.others());
        for (int layer = 0; layer < 3; layer++) {
            assertCarried(before, after, layer, SetTest.survivors(before, layer));
        }
        network.fit(Examples.batches(3), 1);
        assertThat(network.parameters().toDoubleVector()).doesNotContain(Double.NaN);
    }

    private static void assertCarried(
            Snapshot before, Snapshot after, int layer, Set<Long> survivors) {
        assertThat(after.active(layer)).isEqualTo(before.active(layer));
        assertThat(after.layer(layer).keySet()).containsAll(survivors);
        after.layer(layer)
                .forEach(
                        (id, numbers) -> {
                            if (survivors.contains(id)) {
                                assertThat(numbers).isEqualTo(before.layer(layer).get(id));
                            } else {
                                assertThat(numbers.stream().skip(1)).allMatch(slot -> slot == 0);
                            }
                        });
    }

    @ParameterizedTest
    @MethodSource("updatersOnBothClasses")
    void anUndoneStepLeavesNoTraceInTheState(NetworkClass type, int components, IUpdater updater) {
        TinyNetwork network = type.ofDoubles(updater);
        List<DataSet> batches = Examples.batches(2);
        network.listen(DynamicSparseTraining.rigl().updateEvery(1).until(9).build());
        network.fit(batches.get(0));
        network.markState();
        Snapshot before = network.snapshot();
        network.fit(batches.get(1));
        Snapshot after = network.snapshot();
        assertThat(after.others()).isEqualTo(before.others());
        for (int layer = 0; layer < 3; layer++) {
            List<Double> zeros = Collections.nCopies(1 + components, 0.0);
            Map<Long, List<Double>> old = before.layer(layer);
            assertThat(after.layer(layer).keySet()).isNotEqualTo(old.keySet());
            after.layer(layer)
                    .forEach(
                            (id, numbers) ->
                                    assertThat(numbers).isEqualTo(old.getOrDefault(id, zeros)));
        }
    }

    /** Adam for weights and Nesterovs for biases; AMSGrad, Sgd and RmsProp in some layers. */
    private static TinyNetwork manyBlocks(NetworkClass type) {
        return type.of(
                NetworkClass.settings(DataType.DOUBLE, new Adam(0.03), 7)
                        .biasUpdater(new Nesterovs(0.1, 0.9)),
                NetworkClass.sparse(6, 9, 0.5).build(),
                NetworkClass.sparse(9, 7, 0.4).updater(new AMSGrad(0.01)).build(),
                NetworkClass.sparse(7, 6, 0.4).updater(new Sgd(0.01)).build(),
                new DenseLayer.Builder().nIn(6).nOut(5).activation(Activation.TANH).build(),
                NetworkClass.sparseOutput(5, 3, 0.3)
                        .updater(new RmsProp(0.01))
                        .biasUpdater(new RmsProp(0.01))
                        .build());
    }

    @ParameterizedTest
    @EnumSource
    void slotsFollowTheirWeightsThroughBlocksOfDifferentUpdaters(NetworkClass type) {
        TinyNetwork network = manyBlocks(type);
        DynamicSparseTraining set =
                DynamicSparseTraining.set()
                        .updateEvery(2)
                        .insteadOfStep(true)
                        .lastUpdateOnlyDrops(false)
                        .dropFraction(DropFraction.constant(0.3))
                        .build();
        network.listen(set);
        for (int t = 0; t < 7; t++) {
            network.markState();
            Snapshot before = network.snapshot();
            network.fit(Examples.batches(1).get(0));
            Snapshot after = network.snapshot();
            if (t > 0 && t % 2 == 0) {
                assertThat(after.others()).isEqualTo(before.others());
                for (int layer : new int[] {0, 1, 2, 4}) {
                    assertCarried(before, after, layer, SetTest.survivors(before, layer));
                }
            }
        }
        assertThat(set.updates()).isEqualTo(3);
        assertThat(network.snapshot().layer(0).values()).allMatch(numbers -> numbers.size() == 3);
        assertThat(network.snapshot().layer(1).values()).allMatch(numbers -> numbers.size() == 4);
        assertThat(network.snapshot().layer(2).values()).allMatch(numbers -> numbers.size() == 1);
        assertThat(network.snapshot().layer(4).values()).allMatch(numbers -> numbers.size() == 2);
    }

    @ParameterizedTest
    @EnumSource
    void refusesAdaBeliefByNameBeforeAnythingChanges(NetworkClass type) {
        TinyNetwork network =
                type.of(
                        NetworkClass.settings(DataType.DOUBLE, new Adam(0.03), 7),
                        NetworkClass.sparse(6, 9, 0.5).build(),
                        NetworkClass.sparse(9, 7, 0.4)
                                .name("second")
                                .updater(new AdaBelief(0.01))
                                .build(),
                        NetworkClass.sparseOutput(7, 3, 0.3).build());
        network.listen(DynamicSparseTraining.set().build());
        INDArray parameters = network.parameters().dup();
        List<SparseTopology> topologies = network.topologies();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> network.fit(Examples.batches(3), 1))
                .withMessageContainingAll(
                        "AdaBelief", type.name().endsWith("GRAPH") ? "layer" : "second")
                .withMessageNotContaining("\n");
        assertThat(network.parameters()).isEqualTo(parameters);
        assertThat(network.topologies()).isEqualTo(topologies);
    }
}
