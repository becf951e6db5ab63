package org.dl4jplasticity.surgery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.stream.Stream;
import org.deeplearning4j.nn.api.OptimizationAlgorithm;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.L2NormalizeVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LocalResponseNormalization;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jplasticity.dropout.ControlledDenseLayer;
import org.dl4jplasticity.dropout.FastDropoutLayer;
import org.dl4jplasticity.dropout.MaxoutLayer;
import org.dl4jplasticity.dropout.VariationalDenseLayer;
import org.dl4jplasticity.testing.ResizableNetwork;
import org.dl4jplasticity.testing.TinyNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** What can't be widened is refused with a sentence before anything changes. */
class SurgeryRefusalTest {
    private static final UnitInitialization NOTHING =
            (site, added, random) -> (units, firstNew) -> {};

    private static DenseLayer dense(Activation activation) {
        return new DenseLayer.Builder().nOut(4).activation(activation).build();
    }

    private static OutputLayer output() {
        return new OutputLayer.Builder(LossFunction.MSE).nOut(2).build();
    }

    private static MultiLayerNetwork chain(InputType input, Layer... layers) {
        NeuralNetConfiguration.ListBuilder list =
                new NeuralNetConfiguration.Builder().updater(new Sgd(0.1)).seed(1).list();
        for (Layer layer : layers) {
            list.layer(layer);
        }
        MultiLayerNetwork network = new MultiLayerNetwork(list.setInputType(input).build());
        network.init();
        return network;
    }

    private static ComputationGraph graph(ElementWiseVertex.Op op) {
        ComputationGraph network =
                new ComputationGraph(
                        new NeuralNetConfiguration.Builder()
                                .updater(new Sgd(0.1))
                                .graphBuilder()
                                .addInputs("in")
                                .addLayer("a", dense(Activation.TANH), "in")
                                .addVertex(
                                        "x",
                                        op == null
                                                ? new L2NormalizeVertex()
                                                : new ElementWiseVertex(op),
                                        op == null ? new String[] {"a"} : new String[] {"a", "in"})
                                .addLayer("out", output(), "x")
                                .setOutputs("out")
                                .setInputTypes(InputType.feedForward(4))
                                .build());
        network.init();
        return network;
    }

    static Stream<Arguments> refused() {
        InputType flat = InputType.feedForward(3);
        return Stream.of(
                Arguments.of(
                        chain(flat, dense(Activation.TANH), output()),
                        "1",
                        "Layer 1 (layer1) (OutputLayer): its width can't change: its units are the"
                                + " network's outputs"),
                Arguments.of(
                        chain(flat, dense(Activation.SOFTMAX), output()),
                        "0",
                        "softmax makes the output of each unit depend on all of them"),
                Arguments.of(
                        chain(
                                flat,
                                dense(Activation.TANH),
                                new FrozenLayer(dense(Activation.TANH)),
                                output()),
                        "0",
                        "(FrozenLayer): its width can't change: nothing is known of what a change"
                                + " before it does to its type"),
                Arguments.of(
                        chain(
                                InputType.convolutional(6, 6, 1),
                                new ConvolutionLayer.Builder(3, 3).nOut(3).build(),
                                new LocalResponseNormalization.Builder().build(),
                                output()),
                        "0",
                        "(LocalResponseNormalization): its width can't change"),
                Arguments.of(
                        graph(ElementWiseVertex.Op.Add),
                        "a",
                        "Vertex x (ElementWiseVertex): its width can't change: input in of the"
                                + " network can't change"),
                Arguments.of(graph(null), "a", "Vertex x (L2NormalizeVertex)"),
                Arguments.of(
                        chain(flat, dense(Activation.TANH), output()),
                        "7",
                        "expected one of the layers [0, 1], got '7'"));
    }

    /** Layers with a dropout inside keep their width, and that of what comes before them. */
    static Stream<Arguments> builtInDropouts() {
        return Stream.of(
                        new ControlledDenseLayer.Builder(),
                        new VariationalDenseLayer.Builder().trainingExamples(10),
                        new MaxoutLayer.Builder(),
                        new FastDropoutLayer.Builder().sampled(1))
                .<Layer>map(builder -> builder.nOut(3).build())
                .flatMap(
                        layer ->
                                Stream.of(
                                        Arguments.of(
                                                withSecond(layer),
                                                "0",
                                                "(%s): its width can't change: nothing is known of what a change before it does to its type"
                                                        .formatted(
                                                                layer.getClass().getSimpleName())),
                                        Arguments.of(
                                                withSecond(layer),
                                                "1",
                                                "a %s has no units of its own"
                                                        .formatted(
                                                                layer.getClass()
                                                                        .getSimpleName()))));
    }

    private static MultiLayerNetwork withSecond(Layer layer) {
        return chain(InputType.feedForward(3), dense(Activation.TANH), layer.clone(), output());
    }

    @ParameterizedTest
    @MethodSource({"refused", "builtInDropouts"})
    void whatCantBeWidenedIsRefusedAndUnchanged(
            org.deeplearning4j.nn.api.NeuralNetwork model, String layer, String sentence) {
        TinyNetwork network = new TinyNetwork(model);
        double[] before = network.parameters().toDoubleVector();
        NetworkSurgery surgery = NetworkSurgery.of(network.model());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> surgery.widen(layer, 2, NOTHING, 1))
                .withMessageContaining(sentence);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> surgery.narrow(layer, 0))
                .withMessageContaining(sentence);
        assertThat(network.parameters().toDoubleVector()).isEqualTo(before);
        assertThat(surgery.layers()).doesNotContain(layer);
    }

    @Test
    void anInitializationThatRefusesLeavesTheNetworkAsItWas() {
        TinyNetwork network = ResizableNetwork.DENSE.trained(false, DataType.DOUBLE);
        double[] before = network.parameters().toDoubleVector();
        UnitInitialization refusing =
                (site, added, random) -> {
                    throw new IllegalArgumentException("no");
                };
        assertThatIllegalArgumentException()
                .isThrownBy(() -> NetworkSurgery.of(network.model()).widen("0", 1, refusing, 1))
                .withMessage("no");
        assertThat(network.parameters().toDoubleVector()).isEqualTo(before);
    }

    @Test
    void numbersOfUnitsOutOfRangeAreRefused() {
        TinyNetwork network = ResizableNetwork.DENSE.trained(false, DataType.DOUBLE);
        NetworkSurgery surgery = NetworkSurgery.of(network.model());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> surgery.widen("0", 0, NOTHING, 1))
                .withMessage("a width grows by at least 1 from at least 1, got 0 more than 5");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> surgery.narrow("0", 0, 0))
                .withMessage("units to remove must be different and in [0, 5), got [0, 0]");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> surgery.narrow("0", 0, 1, 2, 3, 4))
                .withMessage("expected 1 to 4 units to remove, got 5");
    }

    @Test
    void otherOptimizationAlgorithmsAreRefused() {
        MultiLayerNetwork network =
                new MultiLayerNetwork(
                        new NeuralNetConfiguration.Builder()
                                .optimizationAlgo(OptimizationAlgorithm.CONJUGATE_GRADIENT)
                                .list()
                                .layer(dense(Activation.TANH))
                                .layer(output())
                                .setInputType(InputType.feedForward(3))
                                .build());
        network.init();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> NetworkSurgery.of(network))
                .withMessageContaining("a change of structure needs STOCHASTIC_GRADIENT_DESCENT");
    }
}
