package org.dl4jplasticity.sparse;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.deeplearning4j.datasets.iterator.ExistingDataSetIterator;
import org.deeplearning4j.optimize.api.InvocationType;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.deeplearning4j.optimize.listeners.EvaluativeListener;
import org.dl4jplasticity.schedule.DropFraction;
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
import org.nd4j.linalg.api.rng.Random;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.NoOp;

/** A run is decided by its seed alone. */
class DeterminismTest {
    private static final List<DataSet> BATCHES = Examples.batches(6, 8, 6, DataType.FLOAT);

    enum Method {
        SET {
            @Override
            SparseTrainingBuilder builder() {
                return DynamicSparseTraining.set();
            }
        },
        SET_WITH_THE_LAYERS_INITIALIZATION {
            @Override
            SparseTrainingBuilder builder() {
                return DynamicSparseTraining.set()
                        .startingWith(GrowthInitialization.layerDefault());
            }
        },
        RIGL {
            @Override
            SparseTrainingBuilder builder() {
                return DynamicSparseTraining.rigl().updateEvery(2).until(20);
            }
        },
        RIGL_GUIDED {
            @Override
            SparseTrainingBuilder builder() {
                return RIGL.builder().grow(GrowCriterion.guided(1));
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

    private static TinyNetwork trained(
            NetworkClass type,
            long seed,
            SparseTrainingBuilder method,
            TrainingListener... before) {
        TinyNetwork network =
                type.of(
                        NetworkClass.settings(DataType.FLOAT, new Adam(0.03), seed),
                        NetworkClass.threeSparseLayers());
        network.listen(before);
        network.listen(method.build());
        network.fit(BATCHES, 3);
        return network;
    }

    @ParameterizedTest
    @MethodSource("methodsOnBothClasses")
    void theSameSeedGivesTheSameRunAndAnotherSeedAnother(NetworkClass type, Method method) {
        TinyNetwork first = trained(type, 4, method.builder());
        TinyNetwork again = trained(type, 4, method.builder());
        TinyNetwork other = trained(type, 5, method.builder());
        assertThat(again.snapshot()).isEqualTo(first.snapshot());
        assertThat(other.topologies()).doesNotContainAnyElementsOf(first.topologies());
    }

    @ParameterizedTest
    @EnumSource
    void theListenersSeedAloneDecidesWhatGrows(NetworkClass type) {
        TinyNetwork first = trained(type, 4, DynamicSparseTraining.set().seed(1));
        TinyNetwork again = trained(type, 4, DynamicSparseTraining.set().seed(1));
        TinyNetwork other = trained(type, 4, DynamicSparseTraining.set().seed(2));
        TinyNetwork network = trained(type, 4, DynamicSparseTraining.set());
        TinyNetwork sameAsNetwork = trained(type, 4, DynamicSparseTraining.set().seed(4));
        assertThat(again.snapshot()).isEqualTo(first.snapshot());
        assertThat(other.topologies()).doesNotContainAnyElementsOf(first.topologies());
        assertThat(sameAsNetwork.snapshot()).isEqualTo(network.snapshot());
    }

    @ParameterizedTest
    @EnumSource
    void layersAndTimesDrawFromStreamsOfTheirOwn(NetworkClass type) {
        SparseTopology half = SparseTopology.random(6, 6, 18, new SplittableRandom(3));
        TinyNetwork network =
                type.of(
                        NetworkClass.settings(DataType.FLOAT, new NoOp(), 4),
                        NetworkClass.sparse(6, 6, 0).topology(half).build(),
                        NetworkClass.sparse(6, 6, 0).topology(half).build(),
                        NetworkClass.sparseOutput(6, 3, 0).build());
        DynamicSparseTraining all =
                DynamicSparseTraining.set()
                        .dropFraction(DropFraction.constant(0.99))
                        .drop(weights -> i -> i) // the same in both layers
                        .build();
        network.listen(all);
        network.fit(BATCHES, 1);
        List<SparseTopology> first = network.topologies();
        assertThat(first.get(0)).isNotEqualTo(first.get(1));
        network.fit(BATCHES, 1);
        assertThat(network.topology(0)).isNotIn(first);
        assertThat(network.topology(1)).isNotIn(first);
    }

    @ParameterizedTest
    @MethodSource("methodsOnBothClasses")
    void drawingRandomNumbersElsewhereChangesNothing(NetworkClass type, Method method) {
        TinyNetwork undisturbed = trained(type, 4, method.builder());
        TinyNetwork disturbed =
                trained(
                        type,
                        4,
                        method.builder(),
                        Hooks.iterationDone(() -> Nd4j.rand(3, 3)),
                        Hooks.onGradientCalculation(() -> Nd4j.randn(2, 2)),
                        Hooks.onEpochEnd(() -> Nd4j.rand(5)));
        assertThat(disturbed.snapshot()).isEqualTo(undisturbed.snapshot());
    }

    @ParameterizedTest
    @MethodSource("methodsOnBothClasses")
    void evaluatingInBetweenChangesNothing(NetworkClass type, Method method) {
        TinyNetwork undisturbed = trained(type, 4, method.builder());
        TinyNetwork evaluated =
                trained(
                        type,
                        4,
                        method.builder(),
                        new EvaluativeListener(
                                new ExistingDataSetIterator(
                                        Examples.batches(2, 5, 6, DataType.FLOAT)),
                                2,
                                InvocationType.ITERATION_END));
        assertThat(evaluated.snapshot()).isEqualTo(undisturbed.snapshot());
    }

    @ParameterizedTest
    @EnumSource
    void growingWithTheLayersInitializationLeavesTheGlobalGeneratorAsItWas(NetworkClass type) {
        TinyNetwork network = type.ofDoubles(new Adam(0.03));
        DynamicSparseTraining listener =
                DynamicSparseTraining.set()
                        .startingWith(GrowthInitialization.layerDefault())
                        .build();
        Random global = Nd4j.getRandom();
        for (int drawnBefore : new int[] {0, 1, 7}) {
            global.setSeed(99);
            Nd4j.rand(DataType.DOUBLE, 3 + drawnBefore);
            double[] expected = draw();
            global.setSeed(99);
            Nd4j.rand(DataType.DOUBLE, 3 + drawnBefore);
            listener.onEpochEnd(network.model());
            assertThat(draw()).containsExactly(expected);
            assertThat(global.getSeed()).isEqualTo(99);
        }
        assertThat(listener.updates()).isEqualTo(3);
    }

    private static double[] draw() {
        return Nd4j.concat(
                        0,
                        Nd4j.rand(DataType.DOUBLE, 6),
                        Nd4j.randn(DataType.DOUBLE, new long[] {6}))
                .toDoubleVector();
    }
}
