package org.dl4jplasticity.sparse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.dl4jplasticity.testing.Examples;
import org.dl4jplasticity.testing.Hooks;
import org.dl4jplasticity.testing.NetworkClass;
import org.dl4jplasticity.testing.Snapshot;
import org.dl4jplasticity.testing.TinyNetwork;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.workspace.ND4JWorkspaceException;

/** Listeners that use the network between its passes. */
class OtherListenersTest {
    /** Other data than is trained on, and another number of examples. */
    private static final INDArray ELSEWHERE =
            Examples.batches(2, 3, 6, DataType.DOUBLE).get(1).getFeatures();

    private static Snapshot trained(NetworkClass type, Consumer<TinyNetwork> listeners) {
        TinyNetwork network = type.ofDoubles(new Adam(0.03));
        listeners.accept(network);
        List<DataSet> batches = Examples.batches(9);
        batches.forEach(network::fit);
        return network.snapshot();
    }

    private static DynamicSparseTraining rigl() {
        return DynamicSparseTraining.rigl().updateEvery(2).until(8).build();
    }

    private static Snapshot trainedWith(
            NetworkClass type, Function<Runnable, TrainingListener> hook, boolean hookFirst) {
        return trained(
                type,
                network -> {
                    TrainingListener predicting = hook.apply(() -> network.output(ELSEWHERE));
                    if (hookFirst) {
                        network.listen(predicting, rigl());
                    } else {
                        network.listen(rigl(), predicting);
                    }
                });
    }

    @ParameterizedTest
    @EnumSource
    void predictingAfterAnIterationDisturbsNothing(NetworkClass type) {
        Snapshot alone = trained(type, network -> network.listen(rigl()));
        assertThat(trainedWith(type, Hooks::iterationDone, true)).isEqualTo(alone);
        assertThat(trainedWith(type, Hooks::iterationDone, false)).isEqualTo(alone);
    }

    @ParameterizedTest
    @EnumSource
    void predictingBetweenGradientAndStepDisturbsNothingIfItComesAfter(NetworkClass type) {
        Snapshot alone = trained(type, network -> network.listen(rigl()));
        assertThat(trainedWith(type, Hooks::onGradientCalculation, false)).isEqualTo(alone);
    }

    @ParameterizedTest
    @EnumSource(names = {"MASKED_SEQUENTIAL", "MASKED_GRAPH"})
    void predictingBetweenGradientAndStepNeverDisturbsMaskedWeights(NetworkClass type) {
        Snapshot alone = trained(type, network -> network.listen(rigl()));
        assertThat(trainedWith(type, Hooks::onGradientCalculation, true)).isEqualTo(alone);
    }

    @ParameterizedTest
    @EnumSource(names = {"SEQUENTIAL", "GRAPH"})
    void predictingBetweenGradientAndStepIsToldIfItComesBefore(NetworkClass type) {
        assertThatIllegalStateException()
                .isThrownBy(() -> trainedWith(type, Hooks::onGradientCalculation, true))
                .withMessageContaining("between a backward pass and the next forward");
    }

    @ParameterizedTest
    @EnumSource
    void predictingInTheForwardPassIsRefusedByDl4jItself(NetworkClass type) {
        assertThatExceptionOfType(ND4JWorkspaceException.class)
                .isThrownBy(() -> trainedWith(type, Hooks::onForwardPass, true));
    }
}
