package org.dl4jplasticity.experiments.grow;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jplasticity.experiments.run.FixedWidths;
import org.dl4jplasticity.experiments.run.Network;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

class FixedWidthsTest {
    private static Network sequence(int first, int second) {
        MultiLayerNetwork network =
                new MultiLayerNetwork(
                        new NeuralNetConfiguration.Builder()
                                .seed(3)
                                .list()
                                .layer(new DenseLayer.Builder().nIn(4).nOut(first).build())
                                .layer(new DenseLayer.Builder().nIn(first).nOut(second).build())
                                .layer(output(second))
                                .build());
        network.init();
        return new Network(network);
    }

    private static OutputLayer output(int inputs) {
        return new OutputLayer.Builder(LossFunction.MCXENT)
                .activation(Activation.SOFTMAX)
                .nIn(inputs)
                .nOut(2)
                .build();
    }

    private static Network graph(int first, int second) {
        ComputationGraphConfiguration conf =
                new NeuralNetConfiguration.Builder()
                        .seed(3)
                        .graphBuilder()
                        .addInputs("in")
                        .addLayer("a", new DenseLayer.Builder().nIn(4).nOut(first).build(), "in")
                        .addLayer(
                                "b", new DenseLayer.Builder().nIn(first).nOut(second).build(), "a")
                        .addLayer("out", output(second), "b")
                        .setOutputs("out")
                        .build();
        ComputationGraph network = new ComputationGraph(conf);
        network.init();
        return new Network(network);
    }

    @Test
    void aNetworkOfOtherWidthsIsTheOneThatHasThemFromTheStart() {
        assertThat(FixedWidths.fresh(sequence(5, 3), Map.of("0", 4, "1", 7)).model().params())
                .isEqualTo(sequence(4, 7).model().params());
        assertThat(FixedWidths.fresh(graph(5, 3), Map.of("a", 4, "b", 7)).model().params())
                .isEqualTo(graph(4, 7).model().params());
    }

    @Test
    void aNetworkOfTheSameWidthsIsTheSame() {
        assertThat(FixedWidths.fresh(sequence(5, 3), Map.of("0", 5, "1", 3)).model().params())
                .isEqualTo(sequence(5, 3).model().params());
    }

    /** Of width w there are 4w + w + w*w + w + 2w + 2 = w*w + 8w + 2 parameters: 86 and 107. */
    @Test
    void layersOfOneWidthComeAsNearToANumberOfParametersAsTheyCan() {
        assertThat(FixedWidths.of(FixedWidths.equal(sequence(5, 3), 96)))
                .isEqualTo(Map.of("0", 6, "1", 6));
        assertThat(FixedWidths.of(FixedWidths.equal(sequence(5, 3), 97)))
                .isEqualTo(Map.of("0", 7, "1", 7));
        assertThat(FixedWidths.of(FixedWidths.equal(graph(9, 3), 1)))
                .isEqualTo(Map.of("a", 1, "b", 1));
    }

    @Test
    void widthsAreThoseOfHiddenLayersInTheirOrder() {
        assertThat(List.copyOf(FixedWidths.of(graph(5, 3)).entrySet()))
                .isEqualTo(List.of(Map.entry("a", 5), Map.entry("b", 3)));
    }
}
