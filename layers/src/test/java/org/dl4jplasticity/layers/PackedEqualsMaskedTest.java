package org.dl4jplasticity.layers;

import java.util.function.Consumer;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.AMSGrad;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.learning.config.RmsProp;
import org.nd4j.linalg.learning.config.Sgd;

/**
 * A sparse network trains as a dense one does whose inactive weights, and their optimizer slots,
 * are set to 0 after every step.
 */
class PackedEqualsMaskedTest {

    static Stream<Arguments> training() {
        return Stream.of(
                training("Sgd", new Sgd(0.2), b -> {}),
                training("Nesterovs, L2", new Nesterovs(0.1, 0.9), b -> b.l2(0.02)),
                training("Nesterovs, L1", new Nesterovs(0.1, 0.9), b -> b.l1(0.01)),
                training("Adam, weight decay", new Adam(0.01), b -> b.weightDecay(0.05)),
                training("AMSGrad, L2", new AMSGrad(0.01), b -> b.l2(0.02)),
                training("RmsProp", new RmsProp(0.01), b -> {}));
    }

    private static Arguments training(
            String name, IUpdater updater, Consumer<NeuralNetConfiguration.Builder> settings) {
        return Arguments.of(name, updater, settings);
    }

    private static void assertTrainsMasked(Twins twins, DataType type) {
        for (int step = 0; step < 8; step++) {
            String when = "after step " + step;
            DataSet minibatch = Examples.minibatch(type, step, step == 5 ? 7 : 16);
            twins.sparse().fit(minibatch);
            twins.dense().fit(minibatch);
            twins.maskDense();
            twins.assertSameParameters(when);
            twins.assertSameState(when);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("training")
    void stepByStep(
            String name, IUpdater updater, Consumer<NeuralNetConfiguration.Builder> settings) {
        for (double sparsity : new double[] {0.5, 0.95}) {
            assertTrainsMasked(
                    new Design().sparsity(sparsity).updater(updater).network(settings).twins(),
                    DataType.DOUBLE);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("training")
    void stepByStepInFloats(
            String name, IUpdater updater, Consumer<NeuralNetConfiguration.Builder> settings) {
        assertTrainsMasked(
                new Design()
                        .type(DataType.FLOAT)
                        .sparsity(0.7)
                        .updater(updater)
                        .network(settings)
                        .twins(),
                DataType.FLOAT);
    }
}
