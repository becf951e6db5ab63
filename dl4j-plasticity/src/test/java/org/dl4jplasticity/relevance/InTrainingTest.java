package org.dl4jplasticity.relevance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.dl4jplasticity.testing.Hooks;
import org.dl4jplasticity.testing.NetworkClass;
import org.dl4jplasticity.testing.TinyNetwork;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Asking for relevance while a network trains changes nothing. */
class InTrainingTest {
    private static final List<Function<Runnable, TrainingListener>> EVENTS =
            List.of(
                    Hooks::onForwardPass,
                    Hooks::onGradientCalculation,
                    Hooks::iterationDone,
                    Hooks::onEpochEnd);

    static Stream<Arguments> casesOfAnEvent() {
        return Stream.of(NetworkClass.SEQUENTIAL, NetworkClass.GRAPH)
                .flatMap(type -> Stream.of(0, 1, 2, 3).map(event -> Arguments.of(type, event)));
    }

    private static TinyNetwork network(NetworkClass type) {
        Nd4j.getRandom().setSeed(11);
        Layer[] layers = {
            Networks.convolution(3, 3, 3).activation(Activation.IDENTITY).build(),
            new BatchNormalization(),
            new ActivationLayer(Activation.RELU),
            new SubsamplingLayer.Builder(PoolingType.MAX, new int[] {2, 2}).build(),
            Networks.dense(6).dropOut(0.5).build(),
            new OutputLayer.Builder(LossFunction.MCXENT)
                    .nOut(3)
                    .activation(Activation.SOFTMAX)
                    .build()
        };
        return Networks.chain(
                type, Networks.settings(DataType.FLOAT), InputType.convolutional(6, 6, 2), layers);
    }

    private static List<DataSet> batches() {
        return Stream.of(1, 2, 3)
                .map(
                        seed ->
                                new DataSet(
                                        Networks.gaussian(seed, 9, 2, 6, 6).castTo(DataType.FLOAT),
                                        Networks.labels(9, 3).castTo(DataType.FLOAT)))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("casesOfAnEvent")
    void relevanceInAListenerLeavesTrainingBitForBitAsItWas(NetworkClass type, int event) {
        TinyNetwork plain = network(type);
        plain.fit(batches(), 3);

        TinyNetwork explained = network(type);
        DataSet others = new DataSet(Networks.gaussian(9, 5, 2, 6, 6), Networks.labels(5, 3));
        AtomicInteger calls = new AtomicInteger();
        Relevance relevance = Relevance.of(explained.model()).withNeurons().withWeights();
        explained.listen(
                EVENTS.get(event)
                        .apply(
                                () -> {
                                    calls.incrementAndGet();
                                    relevance.explain(
                                            others.getFeatures(), RelevanceStart.predictedClass());
                                    LayerRelevance.of(explained.model(), others);
                                }));
        explained.fit(batches(), 3);

        assertThat(calls.get()).isGreaterThanOrEqualTo(3);
        assertThat(Networks.values(explained.parameters()))
                .isEqualTo(Networks.values(plain.parameters()));
        assertThat(Networks.values(explained.state())).isEqualTo(Networks.values(plain.state()));
        assertThat(explained.iteration()).isEqualTo(plain.iteration());
    }

    @ParameterizedTest
    @MethodSource("casesOfAnEvent")
    void whatAListenerSeesIsWhatTheParametersSayThen(NetworkClass type, int event) {
        TinyNetwork network = network(type);
        INDArray features = Networks.gaussian(9, 5, 2, 6, 6);
        network.fit(batches(), 1);
        INDArray[] seen = new INDArray[2];
        network.listen(
                EVENTS.get(event)
                        .apply(
                                () -> {
                                    if (seen[0] == null) {
                                        seen[0] = copy(network.parameters());
                                        seen[1] = explain(network, features);
                                    }
                                }));
        network.fit(batches(), 1);

        TinyNetwork later = network(type);
        later.parameters().assign(seen[0]);
        assertThat(Networks.values(seen[1])).isEqualTo(Networks.values(explain(later, features)));
    }

    private static INDArray copy(INDArray parameters) {
        try (MemoryWorkspace outside = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
            return parameters.dup();
        }
    }

    private static INDArray explain(TinyNetwork network, INDArray features) {
        return Relevance.of(network.model())
                .explain(features, RelevanceStart.predictedClass())
                .inputs();
    }
}
