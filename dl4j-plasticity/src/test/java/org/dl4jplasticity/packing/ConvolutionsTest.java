package org.dl4jplasticity.packing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jplasticity.growth.NewUnits;
import org.dl4jplasticity.layers.SparseConvolutionLayer;
import org.dl4jplasticity.relevance.Explanation;
import org.dl4jplasticity.relevance.Relevance;
import org.dl4jplasticity.relevance.RelevanceStart;
import org.dl4jplasticity.sparse.DynamicSparseTraining;
import org.dl4jplasticity.surgery.NetworkSurgery;
import org.dl4jplasticity.surgery.PlasticNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;

/** Convolutions of active weights alone go the way of masked ones, by every rule. */
class ConvolutionsTest {
    private static final int SIZE = 5;

    private static MultiLayerNetwork network() {
        MultiLayerNetwork network =
                new MultiLayerNetwork(
                        new NeuralNetConfiguration.Builder()
                                .seed(3)
                                .dataType(DataType.DOUBLE)
                                .updater(new Adam(0.01))
                                .activation(Activation.TANH)
                                .convolutionMode(ConvolutionMode.Same)
                                .list()
                                .layer(
                                        new SparseConvolutionLayer.Builder(3, 3)
                                                .nOut(4)
                                                .sparsity(0.5)
                                                .build())
                                .layer(
                                        new SparseConvolutionLayer.Builder(2, 3)
                                                .stride(2, 1)
                                                .nOut(6)
                                                .sparsity(0.8)
                                                .build())
                                .layer(
                                        new OutputLayer.Builder()
                                                .nOut(3)
                                                .activation(Activation.SOFTMAX)
                                                .build())
                                .setInputType(InputType.convolutional(SIZE, SIZE, 2))
                                .build());
        network.init();
        return network;
    }

    private static DataSet batch(int seed) {
        SplittableRandom random = new SplittableRandom(seed);
        INDArray images = Nd4j.zeros(DataType.DOUBLE, 8, 2, SIZE, SIZE);
        INDArray labels = Nd4j.zeros(DataType.DOUBLE, 8, 3);
        for (int i = 0; i < images.length(); i++) {
            images.putScalar(i, random.nextDouble(-1, 1));
        }
        for (int i = 0; i < 8; i++) {
            labels.putScalar(i, random.nextInt(3), 1);
        }
        return new DataSet(images, labels);
    }

    private static void train(MultiLayerNetwork network, int steps) {
        for (int step = 0; step < steps; step++) {
            network.fit(batch(step));
        }
    }

    private static void assertSameNumbers(MultiLayerNetwork one, MultiLayerNetwork other) {
        INDArray images = batch(99).getFeatures();
        assertThat(one.output(images).equalsWithEps(other.output(images), 1e-9)).isTrue();
    }

    @Test
    void theyKeepValuesAndSlotsWhenUnpackedAndPackedAgain() {
        MultiLayerNetwork packed = network();
        train(packed, 3);
        MultiLayerNetwork masked = Packing.unpack(packed);
        assertThat(masked.getLayer(1).conf().getLayer().getClass())
                .isEqualTo(ConvolutionLayer.class);
        assertThat(masked.getLayer(1).getParam("W").shape()).containsExactly(6, 4, 2, 3);
        assertSameNumbers(masked, packed);
        MultiLayerNetwork again = Packing.pack(masked);
        assertThat(again.params()).isEqualTo(packed.params());
        assertThat(again.getUpdater().getStateViewArray())
                .isEqualTo(packed.getUpdater().getStateViewArray());
        assertThat(again.getLayerWiseConfigurations())
                .isEqualTo(packed.getLayerWiseConfigurations());
    }

    static Stream<Supplier<DynamicSparseTraining>> rules() {
        return Stream.of(
                () -> DynamicSparseTraining.set().updateEvery(3).until(20).build(),
                () -> DynamicSparseTraining.rigl().updateEvery(3).until(20).build());
    }

    @ParameterizedTest
    @MethodSource("rules")
    void theyTrainAsMaskedOnes(Supplier<DynamicSparseTraining> rule) {
        MultiLayerNetwork packed = network();
        MultiLayerNetwork masked = Packing.unpack(packed);
        var before = PlasticNetwork.of(packed).topologies();
        packed.addListeners(rule.get());
        masked.addListeners(rule.get());
        for (int step = 0; step < 14; step++) {
            packed.fit(batch(step));
            masked.fit(batch(step));
            assertThat(PlasticNetwork.of(masked).topologies())
                    .as("after step %d", step)
                    .isEqualTo(PlasticNetwork.of(packed).topologies());
            assertSameNumbers(packed, masked);
        }
        assertThat(PlasticNetwork.of(packed).topologies()).isNotEqualTo(before);
    }

    @Test
    void theyWidenWithTheOutputsAsTheyWere() {
        MultiLayerNetwork network = network();
        train(network, 2);
        INDArray images = batch(50).getFeatures();
        INDArray before = network.output(images).dup();
        NetworkSurgery.of(network).widen("0", 2, NewUnits.zeroOutgoing(), 1);
        assertThat(network.getLayer(0).getParam("b").length()).isEqualTo(6);
        SparseConvolutionLayer next =
                (SparseConvolutionLayer) network.getLayer(1).conf().getLayer();
        assertThat(next.getTopology().nIn()).isEqualTo(6 * 2 * 3);
        assertThat(network.output(images).equalsWithEps(before, 1e-12)).isTrue();
        train(network, 2);
    }

    @Test
    void theyHaveTheRelevanceOfMaskedOnes() {
        MultiLayerNetwork packed = network();
        INDArray images = batch(7).getFeatures();
        Explanation ofPacked = Relevance.of(packed).explain(images, RelevanceStart.allLogits());
        Explanation ofMasked =
                Relevance.of(Packing.unpack(packed)).explain(images, RelevanceStart.allLogits());
        assertThat(ofPacked.inputs().equalsWithEps(ofMasked.inputs(), 1e-9)).isTrue();
    }

    @Test
    void theyHaveOneParameterPerActiveWeight() {
        List<String> lengths =
                PlasticNetwork.of(network()).table().stream()
                        .map(parameter -> parameter.id() + " " + parameter.length())
                        .toList();
        // Half of 2 x 4 x 9 weights and a fifth of 4 x 6 x 6.
        assertThat(lengths).contains("0/W 36", "0/b 4", "1/W 29", "1/b 6");
    }
}
