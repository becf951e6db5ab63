package org.dl4jplasticity.experiments.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.deeplearning4j.arbiter.MultiLayerSpace;
import org.deeplearning4j.arbiter.conf.updater.NesterovsSpace;
import org.deeplearning4j.arbiter.layers.LayerSpace;
import org.deeplearning4j.arbiter.optimize.generator.RandomSearchGenerator;
import org.deeplearning4j.arbiter.optimize.parameter.FixedValue;
import org.deeplearning4j.arbiter.optimize.parameter.continuous.ContinuousParameterSpace;
import org.deeplearning4j.arbiter.optimize.parameter.discrete.DiscreteParameterSpace;
import org.deeplearning4j.arbiter.optimize.parameter.integer.IntegerParameterSpace;
import org.deeplearning4j.arbiter.optimize.serde.jackson.JsonMapper;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jplasticity.datasets.ExampleShape;
import org.dl4jplasticity.datasets.LabeledExamples;
import org.dl4jplasticity.experiments.train.ModelSpec;
import org.dl4jplasticity.experiments.train.Sparsification;
import org.dl4jplasticity.experiments.train.TrainSettings;
import org.dl4jplasticity.layers.SparseConvolutionLayer;
import org.dl4jplasticity.layers.SparseDenseLayer;
import org.dl4jplasticity.layers.SparseOutputLayer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;
import org.nd4j.shade.jackson.core.JsonProcessingException;

/** The spaces of our layers in Arbiter's own networks, and in those of a search. */
class LayerSpacesTest {
    private final ContinuousParameterSpace sparsity = new ContinuousParameterSpace(0.5, 0.9);
    private final IntegerParameterSpace width = new IntegerParameterSpace(4, 8);

    private SparseDenseLayerSpace dense() {
        return new SparseDenseLayerSpace.Builder()
                .nOut(width)
                .sparsity(sparsity)
                .hasBias(new DiscreteParameterSpace<>(List.of(true, false)))
                .inputGradient(true)
                .build();
    }

    private SparseConvolutionLayerSpace convolution() {
        return new SparseConvolutionLayerSpace.Builder()
                .nOut(3)
                .sparsity(sparsity)
                .kernelSize(new FixedValue<>(new int[] {2, 2}))
                .stride(new FixedValue<>(new int[] {1, 1}))
                .dilation(new FixedValue<>(new int[] {1, 1}))
                .padding(new FixedValue<>(new int[] {0, 0}))
                .convolutionMode(ConvolutionMode.Truncate)
                .hasBias(new FixedValue<>(true))
                .build();
    }

    private SparseOutputLayerSpace output() {
        return new SparseOutputLayerSpace.Builder()
                .nOut(3)
                .sparsity(sparsity)
                .lossFunction(LossFunction.MCXENT)
                .build();
    }

    private MultiLayerSpace network() {
        return new MultiLayerSpace.Builder()
                .seed(1)
                .updater(new NesterovsSpace(new ContinuousParameterSpace(0.01, 0.1)))
                .addLayer(convolution())
                .addLayer(dense(), new IntegerParameterSpace(1, 2))
                .addLayer(output())
                .setInputType(InputType.convolutional(5, 5, 1))
                .build();
    }

    @Test
    void takeTheirValuesFromThePoint() {
        SparseDenseLayerSpace space = dense();
        // Width and sparsity, shared by whoever uses them, and the bias.
        assertThat(space.numParameters()).isEqualTo(3);
        RandomSearchGenerator numbers = new RandomSearchGenerator(space);
        assertThat(numbers.getParameterSpace().numParameters()).isEqualTo(3);
        List<?> leaves = space.collectLeaves();
        double[] point = new double[3];
        point[leaves.indexOf(width)] = 1;
        point[leaves.indexOf(sparsity)] = 0.25;
        SparseDenseLayer layer = space.getValue(point);
        assertThat(layer.getNOut()).isEqualTo(8);
        assertThat(layer.getSparsity()).isEqualTo(0.6);
        assertThat(layer.hasBias()).isTrue();
        assertThat(layer.hasInputGradient()).isTrue();
    }

    @Test
    void makeNetworksThatLearnInArbitersOwnSpace() {
        MultiLayerSpace space = network();
        RandomSearchGenerator generator = new RandomSearchGenerator(space);
        generator.setRngSeed(3);
        double[] point = generator.getCandidate().getFlatParameters();
        MultiLayerConfiguration configuration = space.getValue(point).getMultiLayerConfiguration();
        MultiLayerNetwork network = new MultiLayerNetwork(configuration);
        network.init();
        assertThat(network.getLayer(0).conf().getLayer())
                .isInstanceOfSatisfying(
                        SparseConvolutionLayer.class,
                        layer -> {
                            assertThat(layer.getKernelSize()).containsExactly(2, 2);
                            assertThat(layer.getTopology().nOut()).isEqualTo(3);
                        });
        assertThat(network.getOutputLayer().conf().getLayer())
                .isInstanceOf(SparseOutputLayer.class);
        network.fit(Nd4j.rand(new int[] {6, 1, 5, 5}), Nd4j.vstack(Nd4j.eye(3), Nd4j.eye(3)));
        assertThat(network.score()).isFinite();
    }

    @Test
    void surviveArbitersJson() {
        MultiLayerSpace space = network();
        MultiLayerSpace read = MultiLayerSpace.fromJson(json(space));
        for (int i = 0; i < 3; i++) {
            LayerSpace<?> layer = space.getLayerSpace(i);
            assertThat(read.getLayerSpace(i)).isInstanceOf(layer.getClass());
            assertThat(read.getLayerSpace(i).numParameters()).isEqualTo(layer.numParameters());
        }
        assertThat(json(read)).isEqualTo(json(space));
    }

    private static String json(MultiLayerSpace space) {
        try {
            return JsonMapper.getMapper().writeValueAsString(space);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static LabeledExamples images() {
        byte[] pixels = new byte[20 * 64];
        new SplittableRandom(1).nextBytes(pixels);
        int[] labels = IntStream.range(0, 20).map(i -> i % 2).toArray();
        return LabeledExamples.ofImages(
                new ExampleShape(1, 8, 8), pixels, labels, List.of("a", "b"));
    }

    @ParameterizedTest
    @CsvSource({
        "mlp:12-8, rigl",
        "mlp:12-8, dense",
        "mlp:12-8, snip",
        "conv-2, set",
        "conv-2, dense"
    })
    void theDefaultSettingsMakeTheNetworkThatTrainMakes(String model, String method) {
        SearchSpace space =
                new SearchSpace(
                        Map.of(
                                Parameter.MODEL, model,
                                Parameter.METHOD, method,
                                Parameter.SPARSITY, 0.5),
                        Map.of(Parameter.MOMENTUM, new Dimension.Choice(List.of(0.5))));
        SearchSettings settings =
                new SearchSettings("images", null, null, Generator.RANDOM, 3, 1, 1, 1, null);
        TrainSettings training = CandidateSettings.of(space.control(), settings, null).training();
        LabeledExamples examples = images();
        var ofTrain =
                new Sparsification(training)
                        .apply(ModelSpec.parse(model).create(training, examples, 100), examples);
        var ofSearch =
                CandidateNetwork.of(new ArbiterExplorer().control(space), training, examples, 100);
        assertThat(((MultiLayerNetwork) ofSearch.model()).getLayerWiseConfigurations().toJson())
                .isEqualTo(
                        ((MultiLayerNetwork) ofTrain.model())
                                .getLayerWiseConfigurations()
                                .toJson());
        assertThat(ofSearch.model().params()).isEqualTo(ofTrain.model().params());
    }

    @Test
    void widthsLayersAndChannelsAreTakenFromTheSpace() {
        SearchSpace space =
                new SearchSpace(
                        Map.of(Parameter.MODEL, "conv-4", Parameter.SPARSITY, 0.5),
                        Map.of(
                                Parameter.CHANNELS, new Dimension.Choice(List.of(3, 5)),
                                Parameter.WIDTH, new Dimension.Range(6, 7, false, true),
                                Parameter.LAYERS, new Dimension.Choice(List.of(1, 3))));
        CandidateSpace candidates = new CandidateSpace(space);
        RandomSearchGenerator generator = new RandomSearchGenerator(candidates);
        generator.setRngSeed(1);
        for (int i = 0; i < 8; i++) {
            double[] point = generator.getCandidate().getFlatParameters();
            Values values = candidates.getValue(point);
            List<Long> widths =
                    candidates.layers(values).layers(point, 2).stream()
                            .filter(FeedForwardLayer.class::isInstance)
                            .map(layer -> ((FeedForwardLayer) layer).getNOut())
                            .toList();
            long channels = values.integer(Parameter.CHANNELS);
            long width = values.integer(Parameter.WIDTH);
            List<Long> expected = new ArrayList<>();
            expected.addAll(List.of(channels, channels, 2 * channels, 2 * channels));
            for (int layer = 0; layer < values.integer(Parameter.LAYERS); layer++) {
                expected.add(width);
            }
            expected.add(2L);
            assertThat(widths).isEqualTo(expected);
        }
    }
}
