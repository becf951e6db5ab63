package org.dl4jplasticity.pruning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.dl4jplasticity.pruning.DeepNetworks.id;
import static org.dl4jplasticity.pruning.DeepNetworks.ids;
import static org.dl4jplasticity.pruning.Networks.dense;
import static org.dl4jplasticity.pruning.Networks.settings;
import static org.dl4jplasticity.pruning.Networks.softmax;

import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.api.NeuralNetwork;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jplasticity.layers.Sparsity;
import org.dl4jplasticity.surgery.NetworkParameter;
import org.dl4jplasticity.surgery.PlasticNetwork;
import org.dl4jplasticity.testing.Examples;
import org.dl4jplasticity.testing.NetworkClass;
import org.dl4jplasticity.testing.TinyNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Layers and branches are taken out, and everything else stays. */
class LayerRemovalTest {

    private static TinyNetwork without(TinyNetwork network, String... ids) {
        return new TinyNetwork((NeuralNetwork) LayerRemoval.remove(network.model(), ids));
    }

    private static List<String> candidates(Model network) {
        return LayerRemoval.candidates(network).stream().map(Removable::id).toList();
    }

    /** {@return by id, values and then each component of the optimizer's state} */
    private static List<List<double[]>> numbers(TinyNetwork network, String... layers) {
        List<List<double[]>> numbers = new ArrayList<>();
        for (String layer : layers) {
            for (NetworkParameter parameter : PlasticNetwork.of(network.model()).table()) {
                if (parameter.id().startsWith(layer + "/")) {
                    List<double[]> of = new ArrayList<>();
                    of.add(parameter.values().toDoubleVector());
                    parameter.slots().forEach(slot -> of.add(slot.toDoubleVector()));
                    numbers.add(of);
                }
            }
        }
        return numbers;
    }

    private static void assertSame(List<List<double[]>> actual, List<List<double[]>> expected) {
        assertThat(actual).usingRecursiveComparison().isEqualTo(expected);
        assertThat(expected).isNotEmpty();
    }

    /** The small network is built with its own layers and given the numbers of the large one. */
    @ParameterizedTest
    @EnumSource(names = {"SEQUENTIAL", "GRAPH"})
    void theNextStepIsThatOfANetworkBuiltSmaller(NetworkClass type) {
        TinyNetwork network = DeepNetworks.chain(type);
        List<DataSet> batches = Examples.batches(4);
        network.fit(batches.subList(0, 3), 1);

        TinyNetwork removed = without(network, ids(type, 1, 3));

        Map<String, String> origins = Map.of(id(type, 1), id(type, 2), id(type, 2), id(type, 4));
        assertThat(removed.iteration()).isEqualTo(3);
        assertThat(removed.epoch()).isEqualTo(1);
        String[] then = type == NetworkClass.GRAPH ? ids(type, 0, 2, 4) : ids(type, 0, 1, 2);
        assertSame(numbers(removed, then), numbers(network, ids(type, 0, 2, 4)));
        removed.fit(batches.get(3));
        TinyNetwork built = DeepNetworks.shortChain(type);
        DeepNetworks.take(built, network, origins);
        takeState(built, network, origins);
        count(built, 3);
        built.fit(batches.get(3));
        assertThat(removed.snapshot()).isEqualTo(built.snapshot());
    }

    private static void count(TinyNetwork network, int iterations) {
        if (network.model() instanceof MultiLayerNetwork sequential) {
            sequential.setIterationCount(iterations);
            sequential.setEpochCount(1);
        } else {
            ComputationGraph graph = (ComputationGraph) network.model();
            graph.getConfiguration().setIterationCount(iterations);
            graph.getConfiguration().setEpochCount(1);
        }
    }

    private static void takeState(TinyNetwork to, TinyNetwork from, Map<String, String> origins) {
        List<NetworkParameter> before = PlasticNetwork.of(from.model()).table();
        for (NetworkParameter parameter : PlasticNetwork.of(to.model()).table()) {
            String[] id = parameter.id().split("/", 2);
            String origin = origins.getOrDefault(id[0], id[0]) + "/" + id[1];
            NetworkParameter source =
                    before.stream().filter(each -> each.id().equals(origin)).findAny().get();
            for (int i = 0; i < source.slots().size(); i++) {
                parameter.slots().get(i).assign(source.slots().get(i));
            }
        }
    }

    @Test
    void branchesGoWithTheirNumbersAndNothingElseChanges() {
        TinyNetwork network = DeepNetworks.residual();
        network.fit(Examples.batches(3), 1);

        TinyNetwork removed = without(network, "add-b/b2");

        ComputationGraph graph = (ComputationGraph) removed.model();
        assertThat(graph.getConfiguration().getVertices().keySet())
                .containsExactly(
                        "stem", "a", "add-a", "relu-a", "relu-b", "c1", "c2", "add-c", "out");
        assertThat(graph.getConfiguration().getVertexInputs().get("relu-b"))
                .containsExactly("relu-a");
        String[] layers = {"stem", "a", "c1", "c2", "out"};
        assertSame(numbers(removed, layers), numbers(network, layers));
        assertThat(removed.iteration()).isEqualTo(3);
        removed.fit(Examples.batches(4).get(3));
    }

    @Test
    void residualBranchesAndLayersOfOneShapeAreCandidates() {
        assertThat(candidates(DeepNetworks.residual().model()))
                .containsExactly("add-a/a", "add-b/b2", "add-c/c2");
        assertThat(candidates(DeepNetworks.chain(NetworkClass.SEQUENTIAL).model()))
                .containsExactly("1", "2", "3");
    }

    /** Once one of two is gone the other is the whole branch. */
    @Test
    void layersThatMakeAWholeBranchDontGoOneByOne() {
        ComputationGraph graph =
                graph(
                        settings(DataType.DOUBLE)
                                .graphBuilder()
                                .addInputs("in")
                                .addLayer("stem", dense(6, 5, Activation.RELU).build(), "in")
                                .addLayer("one", dense(5, 5, Activation.RELU).build(), "stem")
                                .addLayer("two", dense(5, 5, Activation.RELU).build(), "one")
                                .addVertex("sum", DeepNetworks.add(), "two", "stem")
                                .addLayer("out", softmax(5, 3), "sum")
                                .setOutputs("out"));

        assertThat(candidates(graph)).containsExactly("one", "two", "sum/two");
        assertThatThrownBy(() -> LayerRemoval.remove(graph, "one", "two"))
                .hasMessage(
                        "Layer two (DenseLayer) can't be removed: Vertex sum gets its input as well;"
                                + " a residual branch goes as a whole, as sum/two");
        ComputationGraph both = LayerRemoval.remove(graph, "one", "sum/two");
        assertThat(both.getConfiguration().getVertices().keySet()).containsExactly("stem", "out");
    }

    private static ComputationGraph graph(GraphBuilder builder) {
        ComputationGraph graph = new ComputationGraph(builder.build());
        graph.init();
        return graph;
    }

    /** Of three things added, two stay; of a sum of two, the sum goes. */
    @Test
    void aSumOfWhatIsLeftStays() {
        ComputationGraph graph =
                graph(
                        settings(DataType.DOUBLE)
                                .graphBuilder()
                                .addInputs("in")
                                .addLayer("stem", dense(6, 5, Activation.RELU).build(), "in")
                                .addLayer("left", dense(5, 5, Activation.RELU).build(), "stem")
                                .addLayer("right", dense(5, 5, Activation.RELU).build(), "stem")
                                .addVertex("sum", DeepNetworks.add(), "left", "stem", "right")
                                .addLayer("out", softmax(5, 3), "sum")
                                .setOutputs("out"));

        ComputationGraph one = LayerRemoval.remove(graph, "sum/left");
        assertThat(one.getConfiguration().getVertexInputs().get("sum"))
                .containsExactly("stem", "right");
        ComputationGraph none = LayerRemoval.remove(graph, "sum/left", "sum/right");
        assertThat(none.getConfiguration().getVertexInputs().get("out")).containsExactly("stem");
    }

    /** Both ways of a projected shortcut have weights, and a branch with an output is needed. */
    @Test
    void whatIsNoResidualBranchIsNone() {
        ComputationGraph graph =
                graph(
                        settings(DataType.DOUBLE)
                                .graphBuilder()
                                .addInputs("in")
                                .addLayer("stem", dense(6, 4, Activation.RELU).build(), "in")
                                .addLayer("main", dense(4, 5, Activation.RELU).build(), "stem")
                                .addLayer("cut", dense(4, 5, Activation.RELU).build(), "stem")
                                .addVertex("sum", DeepNetworks.add(), "main", "cut")
                                .addLayer("seen", dense(5, 5, Activation.RELU).build(), "sum")
                                .addLayer("out", softmax(5, 3), "seen")
                                .addVertex("sum2", DeepNetworks.add(), "seen", "sum")
                                .addLayer("out2", softmax(5, 3), "sum2")
                                .setOutputs("out", "out2"));

        assertThat(candidates(graph)).isEmpty();
    }

    private static ConvolutionLayer convolution(int kernel, int padding, int channels) {
        return new ConvolutionLayer.Builder(kernel, kernel)
                .padding(padding, padding)
                .nOut(channels)
                .activation(Activation.IDENTITY)
                .build();
    }

    private static TinyNetwork convolutional() {
        MultiLayerNetwork network =
                new MultiLayerNetwork(
                        settings(DataType.DOUBLE)
                                .list()
                                .layer(convolution(3, 1, 3)) // 2 channels in
                                .layer(convolution(3, 1, 3)) // keeps the shape
                                .layer(new BatchNormalization())
                                .layer(new ActivationLayer(Activation.RELU))
                                .layer(convolution(3, 0, 3)) // smaller images
                                .layer(
                                        new ConvolutionLayer.Builder(2, 2)
                                                .convolutionMode(ConvolutionMode.Same)
                                                .nOut(3)
                                                .activation(Activation.RELU)
                                                .build())
                                .layer(
                                        new ConvolutionLayer.Builder(3, 3)
                                                .convolutionMode(ConvolutionMode.Same)
                                                .stride(2, 2)
                                                .nOut(3)
                                                .build())
                                .layer(dense(12, 12, Activation.RELU).build())
                                .layer(
                                        new OutputLayer.Builder(LossFunction.MCXENT)
                                                .nOut(3)
                                                .activation(Activation.SOFTMAX)
                                                .build())
                                .setInputType(InputType.convolutional(6, 6, 2))
                                .build());
        network.init();
        return new TinyNetwork(network);
    }

    @Test
    void aConvolutionGoesWithItsNormalizationAndActivation() {
        TinyNetwork network = convolutional();

        assertThat(LayerRemoval.candidates(network.model()))
                .containsExactly(
                        new Removable("1", List.of("1", "2", "3")),
                        new Removable("5", List.of("5")),
                        new Removable("7", List.of("7")));
        TinyNetwork removed = without(network, "1");
        assertThat(removed.layers()).hasSize(6);
        assertSame(numbers(removed, "0", "1", "5"), numbers(network, "0", "4", "8"));
    }

    /** Flattening comes before layer 7: what was there before the output layer. */
    @Test
    void thePreprocessorOfALayerThatGoesIsGivenToTheNext() {
        TinyNetwork network = convolutional();
        DeepNetworks.makeIdentity(network, "7");
        // ReLU of what the convolution before it gives: make that positive
        DeepNetworks.parameter(network, "6", "b").assign(50);
        DataSet images =
                new DataSet(
                        Networks.gaussian(3, 4, 2, 6, 6).castTo(DataType.DOUBLE),
                        Networks.classes(4).castTo(DataType.DOUBLE));

        TinyNetwork removed = without(network, "7");

        INDArray before = network.output(images.getFeatures());
        assertThat(removed.output(images.getFeatures()).sub(before).amaxNumber().doubleValue())
                .isLessThan(1e-12);
        removed.fit(images);
    }

    @ParameterizedTest
    @EnumSource(NetworkClass.class)
    void masksAndSparseConnectionsStay(NetworkClass type) {
        TinyNetwork network =
                type.of(
                        NetworkClass.settings(DataType.DOUBLE, new Nesterovs(0.1, 0.9), 7),
                        NetworkClass.sparse(6, 9, 0.5).build(),
                        NetworkClass.sparse(9, 9, 0.4).build(),
                        NetworkClass.sparse(9, 7, 0.4).build(),
                        NetworkClass.sparseOutput(7, 3, 0.3).build());
        network.fit(Examples.batches(3), 1);

        TinyNetwork removed = without(network, id(type, 1));

        assertThat(removed.topologies())
                .containsExactly(
                        network.topologies().get(0),
                        network.topologies().get(2),
                        network.topologies().get(3));
        assertThat(removed.snapshot().layer(0)).isEqualTo(network.snapshot().layer(0));
        assertThat(removed.snapshot().connections().get(2).values())
                .containsExactlyElementsOf(network.snapshot().connections().get(3).values());
        removed.fit(Examples.batches(4).get(3));
        assertThat(removed.inactive()).allMatch(numbers -> numbers.get(0) == 0);
    }

    @Test
    void aMaskedLayerInTheMiddleGoesWithItsMask() {
        TinyNetwork network = DeepNetworks.chain(NetworkClass.SEQUENTIAL);
        Sparsity.of(0.5).seed(3).applyTo(network.model());

        TinyNetwork removed = without(network, "2");

        assertThat(removed.topologies()).hasSize(4);
        assertThat(removed.topologies().get(2)).isEqualTo(network.topologies().get(3));
    }

    @ParameterizedTest
    @EnumSource(names = {"SEQUENTIAL", "GRAPH"})
    void theNewNetworkSharesNothingWithTheGivenOne(NetworkClass type) {
        TinyNetwork network = DeepNetworks.chain(type);
        network.fit(Examples.batches(3), 1);
        var before = network.snapshot();
        long random = Nd4j.getRandom().rootState();

        TinyNetwork removed = without(network, id(type, 2));
        assertThat(Nd4j.getRandom().rootState()).isEqualTo(random);
        removed.fit(Examples.batches(3), 2);

        assertThat(network.snapshot()).isEqualTo(before);
        assertThat(network.iteration()).isEqualTo(3);
        assertThat(removed.iteration()).isEqualTo(9);
    }

    @ParameterizedTest
    @EnumSource(names = {"SEQUENTIAL", "GRAPH"})
    void canBeSavedAndLoaded(NetworkClass type, @TempDir File folder) throws IOException {
        TinyNetwork network = DeepNetworks.chain(type);
        network.fit(Examples.batches(3), 1);

        TinyNetwork removed = without(network, ids(type, 3, 1));
        TinyNetwork loaded = removed.savedAndLoaded(folder);

        assertThat(loaded.snapshot()).isEqualTo(removed.snapshot());
        DataSet next = Examples.batches(4).get(3);
        loaded.fit(next);
        removed.fit(next);
        assertThat(loaded.snapshot()).isEqualTo(removed.snapshot());
    }

    @Test
    void differentUpdatersKeepTheirStates() {
        DenseLayer other = dense(5, 5, Activation.RELU).updater(new Nesterovs(0.1, 0.9)).build();
        TinyNetwork network =
                NetworkClass.SEQUENTIAL.of(
                        NetworkClass.settings(DataType.DOUBLE, new Adam(0.01), 5),
                        dense(6, 5, Activation.RELU).build(),
                        other,
                        dense(5, 5, Activation.RELU).build(),
                        softmax(5, 3));
        network.fit(Examples.batches(3), 1);

        // Two blocks of Adam become one.
        TinyNetwork removed = without(network, "1");

        assertSame(numbers(removed, "0", "1", "2"), numbers(network, "0", "2", "3"));
    }

    @Test
    void refusesWhatItCantRemove() {
        MultiLayerNetwork chain =
                (MultiLayerNetwork) DeepNetworks.chain(NetworkClass.SEQUENTIAL).model();
        assertThatThrownBy(() -> LayerRemoval.remove(chain, "0"))
                .hasMessage(
                        "Layer 0 (layer0) (DenseLayer) can't be removed: expected as many outputs as inputs,"
                                + " got 6 inputs and 5 outputs");
        assertThatThrownBy(() -> LayerRemoval.remove(chain, "4"))
                .hasMessageStartingWith(
                        "Layer 4 (layer4) (OutputLayer) can't be removed: it is none of");
        assertThatThrownBy(() -> LayerRemoval.remove(chain, "9"))
                .hasMessage("expected one of [1, 2, 3], which can be removed, got '9'");
        assertThatThrownBy(() -> LayerRemoval.remove(chain, "1", "1"))
                .hasMessage("expected one of [2, 3], which can be removed, got '1'");
        MultiLayerNetwork images = (MultiLayerNetwork) convolutional().model();
        assertThatThrownBy(() -> LayerRemoval.remove(images, "4"))
                .hasMessageContaining("as high and wide as its inputs, got kernel [3, 3]")
                .hasMessageContaining("padding [0, 0]");
        assertThatThrownBy(() -> LayerRemoval.remove(images, "6"))
                .hasMessageContaining("stride [2, 2]");
        MultiLayerNetwork empty = new MultiLayerNetwork(chain.getLayerWiseConfigurations().clone());
        assertThatThrownBy(() -> LayerRemoval.candidates(empty))
                .hasMessageContaining("call init() first");
    }

    @Test
    void refusesALayerWhosePreprocessorNobodyCouldTake() {
        ComputationGraph graph =
                graph(
                        settings(DataType.DOUBLE)
                                .graphBuilder()
                                .addInputs("in")
                                .addLayer("conv", convolution(3, 0, 3), "in")
                                .addLayer("flat", dense(12, 12, Activation.RELU).build(), "conv")
                                .addLayer("side", dense(12, 4, Activation.RELU).build(), "flat")
                                .addVertex("both", new MergeVertex(), "flat", "side")
                                .addLayer("out", softmax(16, 3), "both")
                                .setOutputs("out")
                                .setInputTypes(InputType.convolutional(4, 4, 1)));

        assertThatThrownBy(() -> LayerRemoval.remove(graph, "flat"))
                .hasMessage(
                        "Layer flat (DenseLayer) can't be removed: its preprocessor can't be given"
                                + " to Vertex both, which is no layer");
    }
}
