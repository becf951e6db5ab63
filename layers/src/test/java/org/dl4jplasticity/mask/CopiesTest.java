package org.dl4jplasticity.mask;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.LongStream;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional;
import org.deeplearning4j.nn.conf.layers.recurrent.LastTimeStep;
import org.deeplearning4j.nn.conf.layers.util.MaskZeroLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.deeplearning4j.util.ModelSerializer;
import org.dl4jplasticity.testing.ModelCopies;
import org.dl4jplasticity.topology.SparseTopology;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.learning.config.Sgd;

/** Copies of a masked network have its masks, go on as it does, and share nothing with it. */
class CopiesTest {
    @TempDir private Path folder;

    /** Three steps of the original and the copy end at the same weights, to the bit. */
    private static void assertGoesOnTheSame(Design design, Model network, Model copy) {
        assertThat(Masked.masks(copy)).isEqualTo(Masked.masks(network));
        for (int step = 1; step < 4; step++) {
            Design.fit(network, design.minibatch(step));
            Design.fit(copy, design.minibatch(step));
            assertThat(Design.flat(copy.params())).isEqualTo(Design.flat(network.params()));
            Masked.assertInactiveAreZero(copy);
        }
    }

    private static void assertRebuiltGoesOnTheSame(Design design, MultiLayerConfiguration read) {
        MultiLayerNetwork network = design.maskedMultiLayer();
        assertThat(read).isEqualTo(network.getLayerWiseConfigurations());
        assertGoesOnTheSame(design, network, ModelCopies.rebuilt(network, read));
    }

    private static void assertRebuiltGoesOnTheSame(
            Design design, ComputationGraphConfiguration read) {
        ComputationGraph network = design.maskedGraph();
        assertThat(read).isEqualTo(network.getConfiguration());
        assertGoesOnTheSame(design, network, ModelCopies.rebuilt(network, read));
    }

    @ParameterizedTest
    @EnumSource(Design.class)
    void jsonKeepsTheMasks(Design design) {
        MultiLayerConfiguration network = design.maskedMultiLayer().getLayerWiseConfigurations();
        assertRebuiltGoesOnTheSame(design, MultiLayerConfiguration.fromJson(network.toJson()));
        ComputationGraphConfiguration graph = design.maskedGraph().getConfiguration();
        assertRebuiltGoesOnTheSame(design, ComputationGraphConfiguration.fromJson(graph.toJson()));
    }

    @ParameterizedTest
    @EnumSource(Design.class)
    void yamlKeepsTheMasks(Design design) {
        MultiLayerConfiguration network = design.maskedMultiLayer().getLayerWiseConfigurations();
        assertRebuiltGoesOnTheSame(design, MultiLayerConfiguration.fromYaml(network.toYaml()));
        ComputationGraphConfiguration graph = design.maskedGraph().getConfiguration();
        assertRebuiltGoesOnTheSame(design, ComputationGraphConfiguration.fromYaml(graph.toYaml()));
    }

    @ParameterizedTest
    @EnumSource(Design.class)
    void javaSerializationOfAConfigurationKeepsTheMasks(Design design)
            throws IOException, ClassNotFoundException {
        assertRebuiltGoesOnTheSame(
                design, serialized(design.maskedMultiLayer().getLayerWiseConfigurations()));
        assertRebuiltGoesOnTheSame(design, serialized(design.maskedGraph().getConfiguration()));
    }

    @SuppressWarnings("unchecked")
    private static <T> T serialized(T object) throws IOException, ClassNotFoundException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(object);
        }
        try (ObjectInputStream in =
                new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            return (T) in.readObject();
        }
    }

    @ParameterizedTest
    @EnumSource(Design.class)
    void savedNetworksKeepTheMasks(Design design) throws IOException {
        File file = folder.resolve("network.zip").toFile();
        MultiLayerNetwork network = design.maskedMultiLayer();
        ModelSerializer.writeModel(network, file, true);
        assertGoesOnTheSame(design, network, ModelSerializer.restoreMultiLayerNetwork(file, true));
        ComputationGraph graph = design.maskedGraph();
        ModelSerializer.writeModel(graph, file, true);
        assertGoesOnTheSame(design, graph, ModelSerializer.restoreComputationGraph(file, true));
    }

    @ParameterizedTest
    @EnumSource(Design.class)
    void clonesKeepTheMasks(Design design) {
        MultiLayerNetwork network = design.maskedMultiLayer();
        assertGoesOnTheSame(design, network, network.clone());
        ComputationGraph graph = design.maskedGraph();
        assertGoesOnTheSame(design, graph, graph.clone());
    }

    @ParameterizedTest
    @EnumSource(Design.class)
    void aNewMaskOfTheOriginalIsNotTheClones(Design design) {
        MultiLayerNetwork network = design.maskedMultiLayer();
        assertIndependent(design, network, network.clone());
        ComputationGraph graph = design.maskedGraph();
        assertIndependent(design, graph, graph.clone());
    }

    @ParameterizedTest
    @EnumSource(Design.class)
    void aNewMaskOfTheCloneIsNotTheOriginals(Design design) {
        MultiLayerNetwork network = design.maskedMultiLayer();
        assertIndependent(design, network.clone(), network);
        ComputationGraph graph = design.maskedGraph();
        assertIndependent(design, graph.clone(), graph);
    }

    private static void assertIndependent(Design design, Model changed, Model other) {
        List<SparseTopology> masks = Masked.masks(other);
        for (MaskableWeights weights : MaskableWeights.of(changed)) {
            int[] active =
                    LongStream.of(weights.mask().orElseThrow().ids())
                            .mapToInt(Math::toIntExact)
                            .toArray();
            weights.setMask(
                    SparseTopology.dense(weights.rowLength(), weights.rows()).without(active));
            weights.array().assign(0.5);
            weights.clearInactive();
        }
        assertThat(Masked.masks(other)).isEqualTo(masks);
        assertThat(Masked.masks(changed)).doesNotContainAnyElementsOf(masks);
        for (int step = 1; step < 4; step++) {
            Design.fit(changed, design.minibatch(step));
            Design.fit(other, design.minibatch(step));
            Masked.assertInactiveAreZero(other);
            Masked.assertInactiveAreZero(changed);
        }
    }

    /**
     * A bidirectional layer begins with one configuration in the wrappers of both directions. DL4J
     * can initialize a bidirectional layer of last time steps, but not train it.
     */
    @Test
    void theDirectionsHaveMasksOfTheirOwn() {
        for (Layer layer :
                List.of(
                        new Bidirectional(lstm()),
                        new Bidirectional(new LastTimeStep(lstm())),
                        new LastTimeStep(new Bidirectional(lstm())),
                        new MaskZeroLayer(new Bidirectional(lstm()), 0))) {
            MultiLayerNetwork network =
                    new MultiLayerNetwork(
                            new NeuralNetConfiguration.Builder()
                                    .list()
                                    .layer(layer)
                                    .setInputType(InputType.recurrent(4))
                                    .build());
            network.init();
            setFirstActive(network, 0);
            MultiLayerConfiguration configuration = network.getLayerWiseConfigurations();
            MultiLayerNetwork copy = initialized(configuration.clone());
            setFirstActive(copy, 10);
            assertFirstActive(network, 0);
            assertFirstActive(copy, 10);
            assertFirstActive(
                    initialized(MultiLayerConfiguration.fromJson(configuration.toJson())), 0);
        }
    }

    private static MultiLayerNetwork initialized(MultiLayerConfiguration configuration) {
        MultiLayerNetwork network = new MultiLayerNetwork(configuration);
        network.init();
        return network;
    }

    private static LSTM lstm() {
        return new LSTM.Builder()
                .nOut(3)
                .weightInit(WeightInit.XAVIER) // DL4J's defaults don't reach so deep
                .biasInit(0)
                .activation(Activation.TANH)
                .updater(new Sgd(0.1))
                .build();
    }

    private static void setFirstActive(MultiLayerNetwork network, int first) {
        List<MaskableWeights> all = MaskableWeights.of(network);
        assertThat(all)
                .extracting(MaskableWeights::parameter)
                .containsExactly("fW", "fRW", "bW", "bRW");
        for (int i = 0; i < 4; i++) {
            MaskableWeights weights = all.get(i);
            weights.setMask(SparseTopology.of(weights.rowLength(), weights.rows(), first + i));
        }
    }

    /** Each parameter has its one active weight in the configuration and after the constraint. */
    private static void assertFirstActive(MultiLayerNetwork network, int first) {
        network.params().assign(1);
        network.applyConstraints(0, 0);
        List<MaskableWeights> all = MaskableWeights.of(network);
        for (int i = 0; i < 4; i++) {
            assertThat(all.get(i).mask().orElseThrow().ids()).containsExactly(first + i);
            double[] values = Design.flat(all.get(i).array());
            assertThat(values[first + i]).isEqualTo(1);
            assertThat(DoubleStream.of(values).sum()).isEqualTo(1);
        }
    }
}
