package org.dl4jplasticity.sparse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.dl4jplasticity.testing.Examples;
import org.dl4jplasticity.testing.NetworkClass;
import org.dl4jplasticity.testing.Snapshot;
import org.dl4jplasticity.testing.TinyNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.learning.config.Adam;

/** What can't be done is refused in one sentence and leaves the network as it was. */
class RefusalTest {

    private static void refusesToBuild(SparseTrainingBuilder builder, String... parts) {
        assertThatIllegalArgumentException()
                .isThrownBy(builder::build)
                .withMessageContainingAll(parts)
                .withMessageNotContaining("\n");
    }

    @Test
    void aDecayNeedsAnEnd() {
        refusesToBuild(DynamicSparseTraining.rigl(), "until");
        DynamicSparseTraining.rigl().until(1_000).build();
    }

    @Test
    void updatesInPlaceOfAStepNeedAScheduleOfIterations() {
        refusesToBuild(DynamicSparseTraining.rigl().eachEpoch().until(5), "schedule of iterations");
    }

    @Test
    void growingByGradientNeedsUpdatesInPlaceOfAStep() {
        refusesToBuild(
                DynamicSparseTraining.set().grow(GrowCriterion.gradient()), "insteadOfStep(true)");
        refusesToBuild(
                DynamicSparseTraining.rigl().until(5).insteadOfStep(false), "insteadOfStep(true)");
        refusesToBuild(
                DynamicSparseTraining.set().grow(GrowCriterion.guided(1)), "insteadOfStep(true)");
    }

    @Test
    void aWindowNeedsASchedule() {
        assertThatIllegalStateException()
                .isThrownBy(() -> DynamicSparseTraining.fixed().until(5))
                .withMessageStartingWith("until needs a schedule");
        assertThatIllegalStateException()
                .isThrownBy(() -> DynamicSparseTraining.fixed().from(5))
                .withMessageStartingWith("from needs a schedule");
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -0.1, Double.NaN})
    void aNormalDistributionNeedsADeviation(double deviation) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> GrowthInitialization.normal(deviation))
                .withMessageEndingWith("must be greater than 0, got " + deviation);
    }

    @ParameterizedTest
    @EnumSource
    void oneListenerServesOneNetwork(NetworkClass type) {
        TinyNetwork first = type.ofDoubles(new Adam(0.03));
        TinyNetwork second = type.ofDoubles(new Adam(0.03));
        DynamicSparseTraining set = DynamicSparseTraining.set().build();
        first.listen(set);
        second.listen(set);
        first.fit(Examples.batches(2), 1);
        Snapshot before = second.snapshot();
        assertThatIllegalStateException()
                .isThrownBy(() -> second.fit(Examples.batches(2), 1))
                .withMessageContaining("serves one network");
        assertThat(second.snapshot()).isEqualTo(before);
        first.fit(Examples.batches(2), 1);
        assertThat(set.updates()).isEqualTo(2);
    }

    @ParameterizedTest
    @EnumSource
    void aNetworkNeedsASparseLayer(NetworkClass type) {
        TinyNetwork dense =
                type.of(
                        NetworkClass.settings(DataType.DOUBLE, new Adam(0.03), 7),
                        new DenseLayer.Builder().nIn(6).nOut(5).build(),
                        new OutputLayer.Builder()
                                .nIn(5)
                                .nOut(3)
                                .activation(Activation.SOFTMAX)
                                .build());
        dense.listen(DynamicSparseTraining.set().build());
        Snapshot before = dense.snapshot();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> dense.fit(Examples.batches(2), 1))
                .withMessageContaining("no sparse layer");
        assertThat(dense.snapshot()).isEqualTo(before);
    }

    @Test
    void aModelMustBeOneOfTheTwoClasses() {
        Model neither =
                (Model)
                        Proxy.newProxyInstance(
                                getClass().getClassLoader(),
                                new Class<?>[] {Model.class},
                                (proxy, method, arguments) -> null);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DynamicSparseTraining.set().build().onEpochEnd(neither))
                .withMessageStartingWith("expected a MultiLayerNetwork or a ComputationGraph, got");
    }

    /** A criterion that is right but for the last layer. */
    private static GrowCriterion wrongInTheLastLayer(GrowCriterion wrong) {
        return (weights, survivors, count, random) ->
                (weights.topology().nOut() == 3 ? wrong : GrowCriterion.random())
                        .choose(weights, survivors, count, random);
    }

    /** The update is tried at rest, and in place of a step. */
    private static void failsAndChangesNothing(
            NetworkClass type,
            SparseTrainingBuilder builder,
            Class<? extends Exception> failure,
            String part) {
        TinyNetwork atRest = type.ofDoubles(new Adam(0.03));
        atRest.fit(Examples.batches(2), 1);
        Snapshot before = atRest.snapshot();
        DynamicSparseTraining listener = builder.eachEpoch().build();
        assertFails(() -> listener.onEpochEnd(atRest.model()), failure, part);
        assertThat(atRest.snapshot()).isEqualTo(before);
        assertThat(listener.updates()).isZero();

        TinyNetwork inFit = type.ofDoubles(new Adam(0.03));
        inFit.fit(Examples.batches(2), 1);
        inFit.listen(builder.updateEvery(1).insteadOfStep(true).build());
        assertFails(() -> inFit.fit(Examples.batches(1).get(0)), failure, part);
        assertThat(inFit.snapshot()).isEqualTo(before);
    }

    private static void assertFails(
            ThrowingCallable action, Class<? extends Exception> failure, String part) {
        assertThatThrownBy(action)
                .isInstanceOf(failure)
                .hasMessageContaining(part)
                .message()
                .doesNotContain("\n");
    }

    @ParameterizedTest
    @EnumSource
    void aGrowCriterionMustChooseAsManyAsWereDropped(NetworkClass type) {
        GrowCriterion tooFew =
                (weights, survivors, count, random) -> survivors.sampleInactive(count - 1, random);
        failsAndChangesNothing(
                type,
                DynamicSparseTraining.fixed().grow(wrongInTheLastLayer(tooFew)),
                IllegalStateException.class,
                "the grow criterion must choose 4, got 3");
    }

    @ParameterizedTest
    @EnumSource
    void aGrowCriterionMustNotChooseSurvivors(NetworkClass type) {
        GrowCriterion survivor =
                (weights, survivors, count, random) -> Arrays.copyOf(survivors.ids(), count);
        for (boolean keep : new boolean[] {false, true}) {
            failsAndChangesNothing(
                    type,
                    DynamicSparseTraining.fixed()
                            .regrownKeepValue(keep)
                            .grow(wrongInTheLastLayer(survivor)),
                    IllegalArgumentException.class,
                    "can't be grown");
        }
    }

    @ParameterizedTest
    @EnumSource
    void aGrowCriterionMustChooseDistinctConnectionsInOrder(NetworkClass type) {
        GrowCriterion droppedBackwards =
                (weights, survivors, count, random) -> {
                    long[] dropped =
                            Arrays.stream(weights.topology().ids())
                                    .filter(id -> Arrays.binarySearch(survivors.ids(), id) < 0)
                                    .toArray();
                    return IntStream.range(0, count)
                            .mapToLong(i -> dropped[count - 1 - i])
                            .toArray();
                };
        GrowCriterion oneDroppedRepeated =
                (weights, survivors, count, random) -> {
                    long[] ids = droppedBackwards.choose(weights, survivors, count, random);
                    Arrays.fill(ids, ids[0]);
                    return ids;
                };
        for (boolean keep : new boolean[] {false, true}) {
            for (GrowCriterion wrong : List.of(droppedBackwards, oneDroppedRepeated)) {
                failsAndChangesNothing(
                        type,
                        DynamicSparseTraining.fixed()
                                .regrownKeepValue(keep)
                                .grow(wrongInTheLastLayer(wrong)),
                        IllegalArgumentException.class,
                        "strictly ascending");
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aGrowthInitializationMustGiveAValueToEach(NetworkClass type) {
        GrowthInitialization tooFew =
                (weights, count, random) ->
                        new double[weights.topology().nOut() == 3 ? count - 1 : count];
        failsAndChangesNothing(
                type,
                DynamicSparseTraining.fixed().startingWith(tooFew),
                IllegalStateException.class,
                "the growth initialization must choose 4, got 3");
    }

    @ParameterizedTest
    @EnumSource
    void aDropCriterionMustLeaveAConnection(NetworkClass type) {
        DropCriterion all =
                new DropCriterion() {
                    @Override
                    public IntToDoubleFunction scores(PlasticWeights weights) {
                        return i -> 0;
                    }

                    @Override
                    public int[] choose(PlasticWeights weights, int count) {
                        return IntStream.range(0, weights.topology().activeCount()).toArray();
                    }
                };
        failsAndChangesNothing(
                type,
                DynamicSparseTraining.fixed().drop(all),
                IllegalArgumentException.class,
                "expected at least 1");
    }

    @ParameterizedTest
    @EnumSource
    void theGradientIsKnownOnlyInPlaceOfAStep(NetworkClass type) {
        TinyNetwork network = type.ofDoubles(new Adam(0.03));
        Snapshot before = network.snapshot();
        SparseTrainingBuilder bySaliency =
                DynamicSparseTraining.fixed()
                        .eachEpoch()
                        .drop(weights -> i -> Math.abs(weights.value(i) * weights.gradient(i)));
        assertFails(
                () -> bySaliency.build().onEpochEnd(network.model()),
                IllegalStateException.class,
                "insteadOfStep(true)");
        SparseTrainingBuilder byLargest =
                DynamicSparseTraining.fixed()
                        .eachEpoch()
                        .grow(
                                (weights, survivors, count, random) ->
                                        weights.largestGradients(survivors, count));
        assertFails(
                () -> byLargest.build().onEpochEnd(network.model()),
                IllegalStateException.class,
                "insteadOfStep(true)");
        assertThat(network.snapshot()).isEqualTo(before);
    }
}
