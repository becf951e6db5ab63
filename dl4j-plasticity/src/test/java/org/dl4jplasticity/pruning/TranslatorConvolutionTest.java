package org.dl4jplasticity.pruning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.dl4jplasticity.pruning.DeepNetworks.parameter;

import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.api.NeuralNetwork;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jplasticity.layers.Sparsity;
import org.dl4jplasticity.surgery.NetworkParameter;
import org.dl4jplasticity.surgery.PlasticNetwork;
import org.dl4jplasticity.testing.TinyNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.impl.ActivationTanH;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** A convolution in place of a block of layers. */
class TranslatorConvolutionTest {
    private static final InputType IMAGES = InputType.convolutional(9, 8, 2);

    private static ConvolutionLayer.Builder same(int kernel, int channels) {
        return new ConvolutionLayer.Builder(kernel, kernel)
                .convolutionMode(ConvolutionMode.Same)
                .nOut(channels)
                .activation(Activation.RELU);
    }

    private static SubsamplingLayer pooling() {
        return new SubsamplingLayer.Builder(new int[] {2, 2}, new int[] {2, 2}).build();
    }

    private static OutputLayer output() {
        return new OutputLayer.Builder(LossFunction.MCXENT)
                .nOut(3)
                .activation(Activation.SOFTMAX)
                .build();
    }

    /** {@return 9 x 8 images; 3 channels, 4 and 5 of 4 x 4, 6 of 4 x 4, of 2 x 2; trained} */
    private static TinyNetwork chain() {
        MultiLayerNetwork network =
                new MultiLayerNetwork(
                        Networks.settings(DataType.DOUBLE)
                                .list()
                                .layer(same(3, 3).build())
                                .layer(same(3, 4).build())
                                .layer(pooling())
                                .layer(new BatchNormalization())
                                .layer(same(3, 5).build())
                                .layer(same(3, 6).build())
                                .layer(pooling())
                                .layer(output())
                                .setInputType(IMAGES)
                                .build());
        network.init();
        return trained(network);
    }

    private static TinyNetwork trained(NeuralNetwork network) {
        TinyNetwork trained = new TinyNetwork(network);
        trained.fit(List.of(batch(1), batch(2), batch(3)), 1);
        return trained;
    }

    private static DataSet batch(long seed) {
        return new DataSet(
                Networks.gaussian(seed, 5, 2, 9, 8).castTo(DataType.DOUBLE),
                Networks.classes(5).castTo(DataType.DOUBLE));
    }

    private static <N extends Model> TinyNetwork applied(
            TranslatorConvolution translator, N network) {
        return new TinyNetwork((NeuralNetwork) translator.inputs(IMAGES).applyTo(network));
    }

    private static Layer layer(TinyNetwork network, int layer) {
        return network.layers().get(layer).conf().getLayer();
    }

    private static void assertCarried(TinyNetwork now, TinyNetwork then, Map<String, String> ids) {
        int carried = 0;
        List<NetworkParameter> before = PlasticNetwork.of(then.model()).table();
        for (NetworkParameter parameter : PlasticNetwork.of(now.model()).table()) {
            String[] id = parameter.id().split("/", 2);
            if (ids.containsKey(id[0])) {
                String origin = ids.get(id[0]) + "/" + id[1];
                NetworkParameter from =
                        before.stream().filter(each -> each.id().equals(origin)).findAny().get();
                assertThat(parameter.values()).as(origin).isEqualTo(from.values());
                assertThat(parameter.slots()).as(origin).isEqualTo(from.slots());
                carried++;
            } else {
                assertThat(parameter.slots())
                        .allMatch(slot -> slot.amaxNumber().doubleValue() == 0);
            }
        }
        assertThat(carried).isPositive();
        assertThat(now.iteration()).isEqualTo(then.iteration());
    }

    /** 9 x 8 to 4 x 4: windows of 3 x 2, 2 apart. */
    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void translatesWhatTheOriginPutsOutToTheShapeOfTheDestination(int kernel) {
        TinyNetwork network = chain();

        TinyNetwork translated =
                applied(
                        TranslatorConvolution.from("0").to("4").kernel(kernel).seed(5),
                        network.model());

        assertThat(translated.model()).isInstanceOf(MultiLayerNetwork.class);
        assertThat(translated.layers()).hasSize(6);
        SubsamplingLayer pooling = (SubsamplingLayer) layer(translated, 1);
        assertThat(pooling.getKernelSize()).containsExactly(3, 2);
        assertThat(pooling.getStride()).containsExactly(2, 2);
        assertThat(pooling.getPoolingType().name()).isEqualTo("MAX");
        assertThat(parameter(translated, "2", "W").shape()).containsExactly(5, 3, kernel, kernel);
        assertThat(parameter(translated, "2", "W").norm2Number().doubleValue()).isPositive();
        assertCarried(translated, network, Map.of("0", "0", "3", "5", "5", "7"));
        INDArray before = translated.parameters().dup();
        translated.fit(batch(4));
        assertThat(translated.parameters().sub(before).norm2Number().doubleValue()).isPositive();
        assertThat(translated.loss(batch(4))).isFinite();
    }

    @Test
    void poolsOnlyWhereImagesAreLarger() {
        TinyNetwork network = chain();

        TinyNetwork translated =
                applied(
                        TranslatorConvolution.from("3").to("5").activation(Activation.TANH),
                        network.model());

        assertThat(translated.layers()).hasSize(7);
        ConvolutionLayer convolution = (ConvolutionLayer) layer(translated, 4);
        assertThat(convolution.getKernelSize()).containsExactly(1, 1);
        assertThat(convolution.getActivationFn()).isInstanceOf(ActivationTanH.class);
        assertThat(parameter(translated, "4", "W").shape()).containsExactly(6, 4, 1, 1);
        assertCarried(translated, network, Map.of("0", "0", "1", "1", "3", "3", "6", "7"));
    }

    /** 9 x 8 to 2 x 2: windows of 5 x 4, 4 apart. The input is the origin. */
    @Test
    void canBeginAtTheInputAndTakeMeans() {
        TinyNetwork network = chain();

        TinyNetwork translated =
                applied(TranslatorConvolution.from("input").to("6").averaging(), network.model());

        assertThat(translated.layers()).hasSize(3);
        SubsamplingLayer pooling = (SubsamplingLayer) layer(translated, 0);
        assertThat(pooling.getKernelSize()).containsExactly(5, 4);
        assertThat(pooling.getStride()).containsExactly(4, 4);
        assertThat(pooling.getPoolingType().name()).isEqualTo("AVG");
        assertCarried(translated, network, Map.of("2", "7"));
        translated.fit(batch(4));
    }

    @Test
    void theSeedDecidesTheKernelAndNothingElseIsDrawn() {
        Model network = chain().model();
        long random = Nd4j.getRandom().rootState();
        TranslatorConvolution translator = TranslatorConvolution.from("0").to("4");

        INDArray once = applied(translator.seed(1), network).parameters();
        INDArray again = applied(translator.seed(1), network).parameters();
        INDArray other = applied(translator.seed(2), network).parameters();

        assertThat(again).isEqualTo(once);
        assertThat(other).isNotEqualTo(once);
        assertThat(Nd4j.getRandom().rootState()).isEqualTo(random);
    }

    @Test
    void masksOfOtherLayersStayAndTheTranslatorHasNone() {
        TinyNetwork network = chain();
        Sparsity.of(0.5).seed(3).applyTo(network.model());

        TinyNetwork translated = applied(TranslatorConvolution.from("0").to("5"), network.model());

        assertThat(translated.topologies())
                .containsExactly(network.topologies().get(0), network.topologies().get(4));
        assertThat(layer(translated, 2).getConstraints()).isNull();
    }

    /** Two residual blocks; the first has a projection in its shortcut. */
    private static TinyNetwork graph() {
        ComputationGraph graph =
                new ComputationGraph(
                        Networks.settings(DataType.DOUBLE)
                                .graphBuilder()
                                .addInputs("in")
                                .addLayer("stem", same(3, 3).build(), "in")
                                .addLayer("a1", same(3, 4).stride(2, 2).build(), "stem")
                                .addLayer("a2", same(3, 4).build(), "a1")
                                .addLayer("cut", same(1, 4).stride(2, 2).build(), "stem")
                                .addVertex("add-a", DeepNetworks.add(), "a2", "cut")
                                .addLayer("b1", same(3, 4).build(), "add-a")
                                .addVertex("add-b", DeepNetworks.add(), "add-a", "b1")
                                .addLayer("out", output(), "add-b")
                                .setOutputs("out")
                                .setInputTypes(IMAGES)
                                .build());
        graph.init();
        return trained(graph);
    }

    @Test
    void inAGraphAllPathsBetweenGo() {
        TinyNetwork network = graph();

        TinyNetwork translated =
                applied(TranslatorConvolution.from("stem").to("add-a").kernel(3), network.model());

        ComputationGraph graph = (ComputationGraph) translated.model();
        assertThat(graph.getConfiguration().getVertices().keySet())
                .containsExactly(
                        "stem", "stem-to-add-a-pooling", "stem-to-add-a", "b1", "add-b", "out");
        assertThat(graph.getConfiguration().getVertexInputs().get("add-b"))
                .containsExactly("stem-to-add-a", "b1");
        assertThat(parameter(translated, "stem-to-add-a", "W").shape()).containsExactly(4, 3, 3, 3);
        assertCarried(translated, network, Map.of("stem", "stem", "b1", "b1", "out", "out"));
        translated.fit(batch(4));
    }

    @Test
    void pathsThatLeaveTheOriginForElsewhereStay() {
        TinyNetwork network = graph();

        TinyNetwork translated =
                applied(TranslatorConvolution.from("stem").to("a2"), network.model());

        ComputationGraph graph = (ComputationGraph) translated.model();
        assertThat(graph.getConfiguration().getVertexInputs().get("add-a"))
                .containsExactly("stem-to-a2", "cut");
        assertCarried(
                translated,
                network,
                Map.of("stem", "stem", "cut", "cut", "b1", "b1", "out", "out"));
    }

    @Test
    void aGraphsInputCanBeTheOrigin() {
        TinyNetwork translated =
                applied(TranslatorConvolution.from("in").to("add-b"), graph().model());

        assertThat(
                        ((ComputationGraph) translated.model())
                                .getConfiguration()
                                .getVertices()
                                .keySet())
                .containsExactly("in-to-add-b-pooling", "in-to-add-b", "out");
        translated.fit(batch(4));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "a1; add-a; Vertex add-a gets the output of cut, which isn't on a path between",
                "add-a; stem; expected a destination that comes after the origin",
                "a1; cut; expected a destination that comes after the origin",
                "a1; a1; expected a destination that comes after the origin",
                "nowhere; a2; expected a destination that comes after the origin",
                "stem; out; the destination is an output of the network",
                "stem; nowhere; got 'nowhere'",
            })
    void refusesBlocksThatPathsEnterOrLeaveElsewhere(String from, String to, String why) {
        Model graph = graph().model();
        TranslatorConvolution translator = TranslatorConvolution.from(from).to(to).inputs(IMAGES);

        assertThatThrownBy(() -> translator.applyTo(graph)).hasMessageContaining(why);
    }

    @Test
    void refusesABlockWhoseMiddleIsSeenElsewhere() {
        ComputationGraph graph =
                new ComputationGraph(
                        Networks.settings(DataType.DOUBLE)
                                .graphBuilder()
                                .addInputs("in")
                                .addLayer("one", same(3, 3).build(), "in")
                                .addLayer("two", same(3, 3).build(), "one")
                                .addLayer("three", same(3, 3).build(), "two")
                                .addVertex("sum", DeepNetworks.add(), "two", "three")
                                .addLayer("out", output(), "sum")
                                .setOutputs("out")
                                .setInputTypes(IMAGES)
                                .build());
        graph.init();
        TranslatorConvolution translator =
                TranslatorConvolution.from("one").to("three").inputs(IMAGES);

        assertThatThrownBy(() -> translator.applyTo(graph))
                .hasMessage(
                        "no translator from 'one' to 'three': Vertex sum, which isn't on a path"
                                + " between the two, gets the output of two");
    }

    @Test
    void refusesShapesThatCantBeMet() {
        MultiLayerNetwork network =
                new MultiLayerNetwork(
                        Networks.settings(DataType.DOUBLE)
                                .list()
                                .layer(same(3, 3).build())
                                .layer(
                                        new ConvolutionLayer.Builder(1, 1)
                                                .padding(1, 1)
                                                .nOut(3)
                                                .build())
                                .layer(Networks.dense(0, 5, Activation.RELU).build())
                                .layer(output())
                                .setInputType(IMAGES)
                                .build());
        network.init();
        assertThatThrownBy(() -> applied(TranslatorConvolution.from("0").to("1"), network))
                .hasMessage(
                        "no translator from '0' to '1': expected images of the destination that are"
                                + " no larger than those of the origin, got 11 x 10 of 9 x 8");
        assertThatThrownBy(() -> applied(TranslatorConvolution.from("0").to("2"), network))
                .hasMessageContaining("of '2', got the shape [1, 5]");
        assertThatThrownBy(() -> TranslatorConvolution.from("0").to("1").applyTo(network))
                .hasMessageContaining("name the types of the network's inputs");
        assertThatThrownBy(() -> TranslatorConvolution.from("0").to("1").kernel(2))
                .hasMessageEndingWith("got 2");
    }

    @Test
    void refusesImagesWithChannelsLast() {
        MultiLayerNetwork network =
                new MultiLayerNetwork(
                        Networks.settings(DataType.DOUBLE)
                                .list()
                                .layer(same(3, 3).dataFormat(CNN2DFormat.NHWC).build())
                                .layer(same(3, 3).dataFormat(CNN2DFormat.NHWC).build())
                                .layer(output())
                                .setInputType(InputType.convolutional(9, 8, 2, CNN2DFormat.NHWC))
                                .build());
        network.init();
        TranslatorConvolution translator =
                TranslatorConvolution.from("0")
                        .to("1")
                        .inputs(InputType.convolutional(9, 8, 2, CNN2DFormat.NHWC));

        assertThatThrownBy(() -> translator.applyTo(network))
                .hasMessageContaining("channels first (NCHW), got NHWC");
    }
}
