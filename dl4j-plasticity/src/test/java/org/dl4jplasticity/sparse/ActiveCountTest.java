package org.dl4jplasticity.sparse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.dl4jplasticity.schedule.DropFraction;
import org.dl4jplasticity.testing.DenseTwin;
import org.dl4jplasticity.testing.Examples;
import org.dl4jplasticity.testing.Hooks;
import org.dl4jplasticity.testing.NetworkClass;
import org.dl4jplasticity.testing.TinyNetwork;
import org.dl4jplasticity.topology.SparseTopology;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.Adam;

/** Whole trainings keep every layer's number of connections, and its connections valid. */
class ActiveCountTest {

    enum Method {
        SET {
            @Override
            SparseTrainingBuilder builder() {
                return DynamicSparseTraining.set();
            }
        },
        RIGL {
            @Override
            SparseTrainingBuilder builder() {
                return DynamicSparseTraining.rigl().updateEvery(2).until(30);
            }
        },
        ONE_OF_ITS_OWN {
            @Override
            SparseTrainingBuilder builder() {
                DropCriterion smallestTimesGradient =
                        weights -> i -> Math.abs(weights.value(i) * weights.gradient(i));
                return DynamicSparseTraining.fixed()
                        .updateEvery(3)
                        .insteadOfStep(true)
                        .dropFraction(DropFraction.constant(0.9))
                        .drop(smallestTimesGradient)
                        .grow(GrowCriterion.random())
                        .startingWith(GrowthInitialization.layerDefault());
            }
        };

        abstract SparseTrainingBuilder builder();
    }

    static Stream<Arguments> methodsOnBothClasses() {
        return Arrays.stream(NetworkClass.values())
                .flatMap(
                        type ->
                                Arrays.stream(Method.values())
                                        .map(method -> Arguments.of(type, method)));
    }

    @ParameterizedTest
    @MethodSource("methodsOnBothClasses")
    void staysOverAWholeTrainingWithValidConnections(NetworkClass type, Method method) {
        TinyNetwork network = type.ofDoubles(new Adam(0.03));
        List<SparseTopology> first = network.topologies();
        Runnable check =
                () -> {
                    List<Integer> active =
                            network.topologies().stream().map(SparseTopology::activeCount).toList();
                    assertThat(active).containsExactly(27, 38, 15);
                    network.topologies().forEach(ActiveCountTest::assertValid);
                    assertThat(network.activeParameters()).isEqualTo(27 + 38 + 15 + 19);
                };
        DynamicSparseTraining listener = method.builder().build();
        network.listen(listener, Hooks.iterationDone(check), Hooks.onEpochEnd(check));
        network.fit(Examples.batches(8), 5);
        assertThat(listener.updates()).isGreaterThan(4);
        for (int layer = 0; layer < 3; layer++) {
            assertThat(network.topology(layer)).isNotEqualTo(first.get(layer));
        }
    }

    private static void assertValid(SparseTopology topology) {
        long[] ids = topology.ids();
        Set<Long> distinct = Set.copyOf(Arrays.stream(ids).boxed().toList());
        assertThat(distinct).hasSize(ids.length);
        assertThat(distinct).allMatch(id -> id >= 0 && id < topology.possibleCount());
        assertThat(ids).isSorted();
    }

    @ParameterizedTest
    @MethodSource("methodsOnBothClasses")
    void whatIsDroppedNoLongerTakesPart(NetworkClass type, Method method) {
        TinyNetwork network = type.ofDoubles(new Adam(0.03));
        network.listen(method.builder().build());
        network.fit(Examples.batches(7), 2);
        INDArray features = Examples.batches(1).get(0).getFeatures();
        assertThat(network.output(features).dup('c').data().asDouble())
                .containsExactly(
                        DenseTwin.of(network).output(features).dup('c').data().asDouble(),
                        within(1e-12));
    }

    @ParameterizedTest
    @EnumSource
    void neverEmptiesALayerHoweverFewConnectionsItHas(NetworkClass type) {
        TinyNetwork network =
                type.of(
                        NetworkClass.settings(DataType.FLOAT, new Adam(0.03), 1),
                        NetworkClass.sparse(6, 2, 0.9).build(),
                        NetworkClass.sparse(2, 2, 0.5).build(),
                        NetworkClass.sparseOutput(2, 3, 0.5).build());
        network.listen(
                DynamicSparseTraining.set()
                        .dropFraction(DropFraction.constant(0.99))
                        .drop(DropCriterion.magnitude())
                        .until(3)
                        .build());
        // 1 of 12, 2 of 4 and 3 of 6: one layer keeps its connection, the others all but one change
        network.fit(Examples.batches(2, 8, 6, DataType.FLOAT), 3);
        assertThat(network.topologies())
                .extracting(SparseTopology::activeCount)
                .containsExactly(1, 2, 3);
        network.fit(Examples.batches(2, 8, 6, DataType.FLOAT), 2);
        assertThat(network.topologies())
                .extracting(SparseTopology::activeCount)
                .containsExactly(1, 1, 1);
        assertThat(network.activeParameters()).isEqualTo(3 + 7);
        assertThat(network.parameters().toDoubleVector()).doesNotContain(Double.NaN);
    }

    @ParameterizedTest
    @EnumSource
    void staticTrainingNeverChangesATopology(NetworkClass type) {
        TinyNetwork network = type.ofDoubles(new Adam(0.03));
        DynamicSparseTraining fixed = DynamicSparseTraining.fixed().build();
        List<SparseTopology> first = network.topologies();
        network.listen(
                fixed,
                Hooks.iterationDone(() -> assertThat(network.topologies()).isEqualTo(first)));
        network.fit(Examples.batches(10), 3);
        assertThat(network.topologies()).isEqualTo(first);
        assertThat(fixed.updates()).isZero();
    }
}
