package org.dl4jplasticity.surgery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jplasticity.adapter.LowRankDenseLayer;
import org.dl4jplasticity.dropout.ConditioningDropoutVertex;
import org.dl4jplasticity.dropout.RecurrentDropoutLSTM;
import org.dl4jplasticity.dropout.SeededKeep;
import org.dl4jplasticity.kan.KolmogorovArnoldLayer;
import org.dl4jplasticity.packing.Packing;
import org.dl4jplasticity.transformer.TransformerBlockLayer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** What surgery and packing do with layers that have a dropout of their own. */
class LayersThatDropTest {
    private static final UnitInitialization NOTHING =
            (site, added, random) -> (units, firstNew) -> {};
    private static final SeededKeep HALF = new SeededKeep(0.5, 1);

    private static OutputLayer output() {
        return new OutputLayer.Builder(LossFunction.MSE)
                .nOut(2)
                .activation(Activation.IDENTITY)
                .build();
    }

    private static NeuralNetConfiguration.Builder builder() {
        return new NeuralNetConfiguration.Builder()
                .seed(1)
                .dataType(DataType.DOUBLE)
                .activation(Activation.TANH)
                .updater(new Sgd(0.1));
    }

    private static MultiLayerNetwork network(InputType input, Layer... layers) {
        NeuralNetConfiguration.ListBuilder list = builder().list();
        for (Layer layer : layers) {
            list.layer(layer);
        }
        MultiLayerNetwork network = new MultiLayerNetwork(list.setInputType(input).build());
        network.init();
        return network;
    }

    private static INDArray numbers(long... shape) {
        double[] values = new SplittableRandom(1).doubles(Nd4j.create(shape).length()).toArray();
        return Nd4j.createFromArray(values).reshape('c', shape);
    }

    private static double[] values(INDArray array) {
        return array.dup('c').data().asDouble();
    }

    @Test
    void anLstmIsWidenedAndNarrowedAndGoesOnDropping() {
        LSTM lstm =
                new RecurrentDropoutLSTM.Builder(RecurrentDropoutLSTM.Mask.PER_STEP, HALF)
                        .nOut(4)
                        .build();
        MultiLayerNetwork network =
                network(InputType.recurrent(3), lstm, new GlobalPoolingLayer(), output());
        INDArray x = numbers(5, 3, 6);
        double[] before = values(network.output(x));
        double[] parameters = values(network.params());
        NetworkSurgery surgery = NetworkSurgery.of(network);
        surgery.widen("0", 2, NOTHING, 1);
        assertThat(values(network.output(x))).containsExactly(before, within(1e-12));
        RecurrentDropoutLSTM wide = (RecurrentDropoutLSTM) network.getLayer(0).conf().getLayer();
        assertThat(wide.getNOut()).isEqualTo(6);
        assertThat(wide.candidates()).isEqualTo(HALF);
        assertThat(network.output(x, true)).isNotEqualTo(network.output(x));
        surgery.narrow("0", 4, 5);
        assertThat(values(network.params())).containsExactly(parameters);
        network.fit(new DataSet(x, numbers(5, 2)));
        assertThat(values(network.params())).isNotEqualTo(parameters);
    }

    @Test
    void aChangeOfWidthGoesThroughAVertexThatDropsTheMainInput() {
        ComputationGraph graph =
                new ComputationGraph(
                        builder()
                                .graphBuilder()
                                .addInputs("sample", "condition")
                                .addLayer(
                                        "main", new DenseLayer.Builder().nOut(4).build(), "sample")
                                .addLayer(
                                        "given",
                                        new DenseLayer.Builder().nOut(2).build(),
                                        "condition")
                                .addVertex(
                                        "joined",
                                        new ConditioningDropoutVertex(HALF),
                                        "main",
                                        "given")
                                .addLayer("out", output(), "joined")
                                .setOutputs("out")
                                .setInputTypes(InputType.feedForward(3), InputType.feedForward(2))
                                .build());
        graph.init();
        INDArray[] x = {numbers(5, 3), numbers(5, 2)};
        double[] before = values(graph.outputSingle(x));
        NetworkSurgery.of(graph).widen("main", 2, NOTHING, 1);
        assertThat(values(graph.outputSingle(x))).containsExactly(before, within(1e-12));
        assertThat(graph.feedForward(x, true).get("joined").shape()).containsExactly(5, 8);
        assertThat(graph.output(true, x)[0]).isNotEqualTo(graph.outputSingle(x));
    }

    static Stream<Layer> refused() {
        return Stream.of(
                new LowRankDenseLayer.Builder(1).nOut(4).keeping(HALF).build(),
                new KolmogorovArnoldLayer.Builder()
                        .nOut(4)
                        .dropping(KolmogorovArnoldLayer.Drop.POST_SPLINES, HALF)
                        .build());
    }

    @ParameterizedTest
    @MethodSource("refused")
    void otherLayersAreRefusedWithASentence(Layer layer) {
        MultiLayerNetwork network =
                network(
                        InputType.feedForward(3),
                        new DenseLayer.Builder().nOut(4).build(),
                        layer,
                        output());
        assertRefused(network, layer, List.of("0", "1"));
    }

    @Test
    void aTransformerBlockIsRefusedWithASentence() {
        FeedForwardLayer block =
                new TransformerBlockLayer.Builder(2).keepingAttention(HALF).build();
        MultiLayerNetwork network =
                network(
                        InputType.recurrent(3),
                        new LSTM.Builder().nOut(4).build(),
                        block,
                        new GlobalPoolingLayer(),
                        output());
        assertRefused(network, block, List.of("0", "1"));
    }

    private static void assertRefused(MultiLayerNetwork network, Layer layer, List<String> ids) {
        double[] before = values(network.params());
        NetworkSurgery surgery = NetworkSurgery.of(network);
        for (String id : ids) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> surgery.widen(id, 2, NOTHING, 1))
                    .withMessageContaining(
                            "(%s): its width can't change", layer.getClass().getSimpleName());
        }
        assertThat(surgery.layers()).doesNotContainAnyElementsOf(ids);
        assertThat(Packing.pack(network).getLayer(1).conf().getLayer()).isEqualTo(layer(network));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Packing.export(network))
                .withMessage(
                        "the network can't be exported: expected a configuration of DL4J's own"
                                + " classes beside sparse layers and masks, got "
                                + layer.getClass().getName());
        assertThat(values(network.params())).containsExactly(before);
    }

    private static Layer layer(MultiLayerNetwork network) {
        return network.getLayer(1).conf().getLayer();
    }
}
