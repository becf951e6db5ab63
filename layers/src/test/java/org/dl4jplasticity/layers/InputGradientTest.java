package org.dl4jplasticity.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** A first layer without the gradient at its input learns what it learns with it. */
class InputGradientTest {
    private static final DataSet EXAMPLES =
            new DataSet(
                    Nd4j.linspace(-1, 1, 5 * 6)
                            .castTo(Nd4j.defaultFloatingPointType())
                            .reshape(5, 6),
                    Nd4j.createFromArray(new float[][] {{1, 0}, {0, 1}, {1, 0}, {1, 0}, {0, 1}}));

    private static SparseDenseLayer.Builder first(boolean inputGradient) {
        return new SparseDenseLayer.Builder()
                .nIn(6)
                .nOut(7)
                .sparsity(0.5)
                .activation(Activation.TANH)
                .inputGradient(inputGradient);
    }

    private static SparseOutputLayer output(int nIn) {
        return new SparseOutputLayer.Builder(LossFunction.MCXENT)
                .nIn(nIn)
                .nOut(2)
                .sparsity(0.2)
                .activation(Activation.SOFTMAX)
                .build();
    }

    private static NeuralNetConfiguration.Builder recipe() {
        return new NeuralNetConfiguration.Builder().seed(3).updater(new Nesterovs(0.1));
    }

    private static MultiLayerNetwork sequence(boolean inputGradient) {
        MultiLayerNetwork network =
                new MultiLayerNetwork(
                        recipe().list()
                                .layer(first(inputGradient).build())
                                .layer(output(7))
                                .build());
        network.init();
        return network;
    }

    /** Its input feeds two layers. */
    private static ComputationGraph graph(boolean inputGradient) {
        ComputationGraph network =
                new ComputationGraph(
                        recipe().graphBuilder()
                                .addInputs("in")
                                .addLayer("left", first(inputGradient).build(), "in")
                                .addLayer("right", first(inputGradient).build(), "in")
                                .addVertex("both", new MergeVertex(), "left", "right")
                                .addLayer("out", output(14), "both")
                                .setOutputs("out")
                                .build());
        network.init();
        return network;
    }

    @Test
    void aSequenceLearnsTheSame() {
        MultiLayerNetwork with = sequence(true);
        MultiLayerNetwork without = sequence(false);
        for (int step = 0; step < 3; step++) {
            with.fit(EXAMPLES);
            without.fit(EXAMPLES);
        }
        assertThat(without.params().toDoubleVector())
                .containsExactly(with.params().toDoubleVector());
    }

    @Test
    void aGraphLearnsTheSame() {
        ComputationGraph with = graph(true);
        ComputationGraph without = graph(false);
        for (int step = 0; step < 3; step++) {
            with.fit(EXAMPLES);
            without.fit(EXAMPLES);
        }
        assertThat(without.params().toDoubleVector())
                .containsExactly(with.params().toDoubleVector());
    }

    @Test
    void thereIsNoGradientAtTheInput() {
        assertThat(inputGradient(sequence(false))).isNull();
        assertThat(inputGradient(sequence(true)).shape()).containsExactly(5, 6);
    }

    private static INDArray inputGradient(MultiLayerNetwork network) {
        return network.calculateGradients(EXAMPLES.getFeatures(), EXAMPLES.getLabels(), null, null)
                .getSecond();
    }

    @Test
    void aSavedConfigurationKeepsIt() {
        SparseDenseLayer layer = first(false).build();
        assertThat(
                        ((SparseDenseLayer)
                                        NeuralNetConfiguration.fromJson(
                                                        recipe().layer(layer).build().toJson())
                                                .getLayer())
                                .hasInputGradient())
                .isFalse();
        assertThat(layer).isNotEqualTo(first(true).build());
    }

    @Test
    void dropoutIsRefusedWithoutIt() {
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () ->
                                new MultiLayerNetwork(
                                                recipe().list()
                                                        .layer(first(false).dropOut(0.5).build())
                                                        .layer(output(7))
                                                        .build())
                                        .init())
                .withMessageContaining("dropout needs the gradient at the layer's input");
    }
}
