package org.dl4jplasticity.mask;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.FrozenVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.layers.BaseRecurrentLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional;
import org.deeplearning4j.nn.conf.layers.recurrent.LastTimeStep;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jplasticity.testing.ModelCopies;
import org.dl4jplasticity.topology.SparseTopology;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Finding and choosing the weights of a network, and sharing their masks. */
class MaskableWeightsTest {
    private static DenseLayer dense(String name, int inputs, int outputs) {
        return new DenseLayer.Builder().name(name).nIn(inputs).nOut(outputs).build();
    }

    private static OutputLayer output(int inputs) {
        return new OutputLayer.Builder(LossFunction.MCXENT)
                .nIn(inputs)
                .nOut(3)
                .activation(Activation.SOFTMAX)
                .build();
    }

    private static MultiLayerNetwork named(String first, String second) {
        MultiLayerNetwork network =
                new MultiLayerNetwork(
                        new NeuralNetConfiguration.Builder()
                                .list()
                                .layer(dense(first, 2, 4))
                                .layer(dense(second, 4, 4))
                                .layer(output(4))
                                .build());
        network.init();
        return network;
    }

    private static List<String> chosen(MultiLayerNetwork network, WeightFilter filter) {
        return MaskableWeights.of(network).stream()
                .filter(filter::accepts)
                .map(it -> it.layerId() + "/" + it.parameter())
                .toList();
    }

    @Test
    void layersOfAGraphAreNamedByTheirVertexInTopologicalOrder() {
        ComputationGraph graph =
                new ComputationGraph(
                        new NeuralNetConfiguration.Builder()
                                .graphBuilder()
                                .addInputs("in")
                                .addLayer("out", output(9), "left", "right")
                                .addLayer("right", dense(null, 2, 4), "in")
                                .addLayer("left", dense(null, 2, 5), "in")
                                .setOutputs("out")
                                .build());
        graph.init();
        List<MaskableWeights> all = MaskableWeights.of(graph);
        assertThat(all)
                .extracting(MaskableWeights::layerId)
                .containsExactlyInAnyOrder("left", "right", "out")
                .endsWith("out");
        for (MaskableWeights weights : all) {
            assertThat(weights.layer()).isSameAs(graph.getLayer(weights.layerId()));
            assertThat(weights.layerName()).isEqualTo(weights.layerId());
            assertThat(weights.shape().name()).isEqualTo(weights.layerId());
        }
    }

    @Test
    void aFrozenVertexHasNothingToMask() {
        ComputationGraphConfiguration configuration =
                new NeuralNetConfiguration.Builder()
                        .graphBuilder()
                        .addInputs("in")
                        .addLayer("hidden", dense(null, 2, 4), "in")
                        .addLayer("out", output(4), "hidden")
                        .setOutputs("out")
                        .build();
        LayerVertex hidden = (LayerVertex) configuration.getVertices().get("hidden");
        configuration.getVertices().put("hidden", new FrozenVertex(hidden));
        ComputationGraph graph = new ComputationGraph(configuration);
        graph.init();
        assertThat(MaskableWeights.of(graph))
                .extracting(MaskableWeights::layerId)
                .containsExactly("out");
    }

    @Test
    void anUninitializedNetworkIsRefused() {
        MultiLayerNetwork network =
                new MultiLayerNetwork(
                        new NeuralNetConfiguration.Builder().list().layer(output(2)).build());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MaskableWeights.of(network))
                .withMessage("expected an initialized network: call its init() first");
        ComputationGraph graph =
                new ComputationGraph(
                        new NeuralNetConfiguration.Builder()
                                .graphBuilder()
                                .addInputs("in")
                                .addLayer("out", output(2), "in")
                                .setOutputs("out")
                                .build());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MaskableWeights.of(graph))
                .withMessage("expected an initialized network: call its init() first");
    }

    @Test
    void anythingElseIsRefused() {
        MultiLayerNetwork network = named("a", "b");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MaskableWeights.of(network.getLayer(0)))
                .withMessageStartingWith(
                        "expected a MultiLayerNetwork or a ComputationGraph, got org.deeplearning4j");
    }

    @Test
    void aMaskOfAnotherShapeIsRefused() {
        MultiLayerNetwork network = named("a", "b");
        MaskableWeights weights = MaskableWeights.of(network).get(0);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> weights.setMask(SparseTopology.dense(4, 2)))
                .withMessage("Layer a, parameter W: the mask must be 2 x 4, got 4 x 2");
        assertThat(weights.mask()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "stem, 0",
        "s*, 0",
        "*.b1, 1",
        "block?b1, 1",
        "block.b1, 1",
        "b*b*, 1",
        "*, 0 1 2",
        "block, ''",
        "blockXb1, ''",
        "?, ''"
    })
    void globsChooseByName(String glob, String expected) {
        assertThat(chosen(named("stem", "block.b1"), WeightFilter.layerNamed(glob)))
                .extracting(it -> it.replace("/W", ""))
                .isEqualTo(expected.isEmpty() ? List.of() : List.of(expected.split(" ")));
    }

    @ParameterizedTest
    @CsvSource({"a+(b)[c]", "x\\Qy\\Ez", "$^|{1}", "\\d"})
    void charactersOfRegularExpressionsStandForThemselves(String name) {
        MultiLayerNetwork network = named(name, "other");
        assertThat(chosen(network, WeightFilter.layerNamed(name))).containsExactly("0/W");
        assertThat(chosen(network, WeightFilter.layerNamed(name.substring(0, 1) + "*")))
                .containsExactly("0/W");
        assertThat(chosen(named("1", "aab"), WeightFilter.layerNamed(name))).isEmpty();
    }

    @Test
    void typesChooseWrappedLayersAndTheirWrappers() {
        MultiLayerNetwork network = Design.NESTED.multiLayer(new Sgd(0.1));
        String[] recurrent = {"0/fW", "0/fRW", "0/bW", "0/bRW"};
        assertThat(chosen(network, WeightFilter.ofType(LSTM.class))).containsExactly(recurrent);
        assertThat(chosen(network, WeightFilter.ofType(BaseRecurrentLayer.class)))
                .containsExactly(recurrent);
        assertThat(chosen(network, WeightFilter.ofType(LastTimeStep.class)))
                .containsExactly(recurrent);
        assertThat(chosen(network, WeightFilter.ofType(Bidirectional.class)))
                .containsExactly(recurrent);
        assertThat(chosen(network, WeightFilter.ofType(OutputLayer.class))).containsExactly("1/W");
        assertThat(chosen(network, WeightFilter.ofType(DenseLayer.class))).isEmpty();
    }

    @Test
    void parametersAreChosenByEitherName() {
        MultiLayerNetwork network = Design.NESTED.multiLayer(new Sgd(0.1));
        assertThat(chosen(network, WeightFilter.parameter("W")))
                .containsExactly("0/fW", "0/bW", "1/W");
        assertThat(chosen(network, WeightFilter.parameter("bRW"))).containsExactly("0/bRW");
    }

    @Test
    void filtersCombine() {
        MultiLayerNetwork network = Design.NESTED.multiLayer(new Sgd(0.1));
        WeightFilter lstm = WeightFilter.ofType(LSTM.class);
        WeightFilter inputs = WeightFilter.parameter("W");
        assertThat(chosen(network, lstm.and(inputs))).containsExactly("0/fW", "0/bW");
        assertThat(chosen(network, lstm.and(inputs.negate()))).containsExactly("0/fRW", "0/bRW");
        assertThat(chosen(network, lstm.negate().or(WeightFilter.parameter("fRW"))))
                .containsExactly("0/fRW", "1/W");
        assertThat(chosen(network, WeightFilter.all())).hasSize(5);
        assertThat(chosen(network, WeightFilter.all().negate())).isEmpty();
    }

    @Test
    void networksOfOtherPrecisionShareAMask() {
        MultiLayerNetwork network = Design.RECURRENT.maskedMultiLayer();
        MultiLayerNetwork converted = network.convertDataType(DataType.DOUBLE);
        assertThat(Masked.masks(converted)).isEqualTo(Masked.masks(network));
        List<MaskableWeights> singles = MaskableWeights.of(network);
        List<MaskableWeights> doubles = MaskableWeights.of(converted);
        for (int i = 0; i < singles.size(); i++) {
            INDArray single = singles.get(i).maskArray();
            INDArray twice = doubles.get(i).maskArray();
            assertThat(single.dataType()).isEqualTo(DataType.FLOAT);
            assertThat(twice.dataType()).isEqualTo(DataType.DOUBLE);
            assertThat(twice.toDoubleVector()).isEqualTo(single.toDoubleVector());
            assertThat(singles.get(i).maskArray()).isSameAs(single);
            assertThat(doubles.get(i).maskArray()).isSameAs(twice);
        }
    }

    /** The clones share the masks, and all are the first to need their arrays. */
    @Test
    void networksThatShareMasksTrainInParallelAsTheyDoAlone() throws Exception {
        for (int round = 0; round < 5; round++) {
            MultiLayerNetwork alone = Design.RECURRENT.maskedMultiLayer();
            MultiLayerNetwork network = readBack(alone);
            List<Callable<double[]>> trainings = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                MultiLayerNetwork copy = network.clone();
                assertThat(WeightMask.find(output(copy))).containsSame(mask(network));
                trainings.add(() -> train(copy));
            }
            double[] expected = train(alone);
            ExecutorService threads = Executors.newFixedThreadPool(4);
            try {
                for (Future<double[]> result : threads.invokeAll(trainings)) {
                    assertThat(result.get()).isEqualTo(expected);
                }
            } finally {
                threads.shutdown();
            }
        }
    }

    private static Layer output(MultiLayerNetwork network) {
        return network.getOutputLayer().conf().getLayer();
    }

    private static WeightMask mask(MultiLayerNetwork network) {
        return WeightMask.find(output(network)).orElseThrow();
    }

    /** {@return a copy with masks that have no arrays yet} */
    private static MultiLayerNetwork readBack(MultiLayerNetwork network) {
        return ModelCopies.rebuilt(
                network,
                MultiLayerConfiguration.fromJson(network.getLayerWiseConfigurations().toJson()));
    }

    private static double[] train(MultiLayerNetwork network) {
        for (int step = 1; step < 6; step++) {
            network.fit(Design.RECURRENT.minibatch(step));
        }
        return Design.flat(network.params());
    }
}
