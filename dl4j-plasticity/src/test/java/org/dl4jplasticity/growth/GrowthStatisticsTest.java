package org.dl4jplasticity.growth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.Stream;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jplasticity.layers.SparseDenseLayer;
import org.dl4jplasticity.layers.SparseLayer;
import org.dl4jplasticity.layers.SparseOutputLayer;
import org.dl4jplasticity.testing.NetworkClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;

class GrowthStatisticsTest {

    /** What a chain of layers is, and where it grows. */
    @SuppressWarnings("ArrayRecordComponent") // handed on, compared by nobody
    record Chain(
            String name, InputType input, long[] inputShape, int grows, int next, Layer... layers) {

        GrowthSite site(NetworkClass type) {
            return site(type, DataType.DOUBLE);
        }

        GrowthSite site(NetworkClass type, DataType dataType) {
            Model model = GrowingNetworks.chain(type, dataType, input, layers);
            String id = Integer.toString(grows);
            IActivation function =
                    ((BaseLayer) Networks.layer(model, id).conf().getLayer()).getActivationFn();
            return new GrowthSite(
                    model,
                    id,
                    Integer.toString(next),
                    new UnitFunction(
                            next == grows + 3
                                    ? List.of(function, Activation.TANH.getActivationFunction())
                                    : List.of(function)));
        }

        MultiDataSet batch() {
            return GrowingNetworks.classified(3, inputShape).toMultiDataSet();
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private static Chain images(String name, int grows, int next, Layer... layers) {
        return new Chain(
                name,
                InputType.convolutional(7, 6, 2),
                new long[] {4, 2, 7, 6},
                grows,
                next,
                layers);
    }

    private static Chain vectors(String name, int grows, int next, Layer... layers) {
        return new Chain(name, InputType.feedForward(5), new long[] {8, 5}, grows, next, layers);
    }

    private static ConvolutionLayer convolution(int channels, int kernel) {
        return GrowingNetworks.convolution(channels, kernel, Activation.TANH).build();
    }

    static Stream<Chain> chains() {
        return Stream.of(
                vectors(
                        "dense to dense",
                        0,
                        1,
                        GrowingNetworks.dense(4, Activation.TANH),
                        GrowingNetworks.dense(6, Activation.SIGMOID),
                        GrowingNetworks.classes(3)),
                vectors(
                        "dense to output",
                        1,
                        2,
                        GrowingNetworks.dense(4, Activation.TANH),
                        GrowingNetworks.dense(6, Activation.RELU),
                        GrowingNetworks.classes(3)),
                vectors(
                        "through activation and dropout",
                        0,
                        3,
                        GrowingNetworks.dense(4, Activation.IDENTITY),
                        new ActivationLayer.Builder().activation(Activation.TANH).build(),
                        new DropoutLayer.Builder(0.5).build(),
                        GrowingNetworks.classes(3)),
                vectors(
                        "sparse to sparse",
                        0,
                        1,
                        sparse(5, 4),
                        sparse(4, 6),
                        new SparseOutputLayer.Builder().nIn(6).nOut(3).sparsity(0.3).build()),
                vectors(
                        "sparse to sparse output",
                        1,
                        2,
                        sparse(5, 4),
                        sparse(4, 6),
                        new SparseOutputLayer.Builder().nIn(6).nOut(3).sparsity(0.3).build()),
                images(
                        "convolution to convolution",
                        0,
                        1,
                        convolution(3, 3),
                        convolution(2, 2),
                        GrowingNetworks.classes(3)),
                images(
                        "convolutions with stride, padding and dilation",
                        0,
                        1,
                        GrowingNetworks.convolution(3, 3, Activation.TANH)
                                .padding(2, 1)
                                .stride(1, 2)
                                .build(),
                        GrowingNetworks.convolution(2, 2, Activation.SIGMOID)
                                .stride(2, 1)
                                .padding(1, 1)
                                .dilation(2, 1)
                                .build(),
                        GrowingNetworks.classes(3)),
                images(
                        "convolutions of the same size",
                        0,
                        1,
                        GrowingNetworks.convolution(3, 2, Activation.TANH)
                                .convolutionMode(ConvolutionMode.Same)
                                .build(),
                        GrowingNetworks.convolution(2, 3, Activation.TANH)
                                .convolutionMode(ConvolutionMode.Same)
                                .stride(2, 2)
                                .build(),
                        GrowingNetworks.classes(3)),
                images(
                        "convolution through flattening to dense",
                        0,
                        1,
                        convolution(3, 3),
                        GrowingNetworks.dense(4, Activation.TANH),
                        GrowingNetworks.classes(3)),
                images(
                        "convolution through flattening to output",
                        1,
                        2,
                        convolution(3, 3),
                        GrowingNetworks.convolution(2, 3, Activation.RELU).stride(2, 2).build(),
                        GrowingNetworks.classes(3)));
    }

    private static SparseDenseLayer sparse(int nIn, int nOut) {
        return NetworkClass.sparse(nIn, nOut, 0.4).build();
    }

    static Stream<Arguments> chainsOfBothClasses() {
        return ofBothClasses(chains());
    }

    /** Where weights are a matrix or a kernel. */
    static Stream<Arguments> chainsWithoutSparseLayers() {
        return ofBothClasses(chains().filter(chain -> !(chain.layers()[0] instanceof SparseLayer)));
    }

    private static Stream<Arguments> ofBothClasses(Stream<Chain> chains) {
        return chains.flatMap(
                chain ->
                        Stream.of(
                                Arguments.of(chain, NetworkClass.SEQUENTIAL),
                                Arguments.of(chain, NetworkClass.GRAPH)));
    }

    @ParameterizedTest
    @MethodSource("chainsWithoutSparseLayers")
    void rowsTimesWeightsAreTheWeightedSums(Chain chain, NetworkClass type) {
        GrowthSite site = chain.site(type);
        Recording recording = Recording.of(site.model(), site.id(), site.nextId(), chain.batch());
        var layer = Networks.layer(recording.copy(), site.id());
        INDArray sums = recording.preActivation();
        LayerRows rows = LayerRows.of(layer.conf().getLayer(), recording.input(), sums.shape());
        INDArray weights = layer.getParam("W");
        INDArray flat = weights.rank() == 4 ? weights : weights.transpose();
        double[] byUnit = flat.dup('c').data().asDouble();
        double[] biases = layer.getParam("b").dup('c').data().asDouble();
        double[] expected = sums.data().asDouble();
        int units = (int) sums.size(1);
        int place = 0;
        for (int example = 0; example < sums.size(0); example++) {
            double[] some = rows.of(example, true);
            for (int unit = 0; unit < units; unit++) {
                for (int position = 0; position < rows.perExample(); position++) {
                    double sum = 0;
                    for (int i = 0; i < rows.length(); i++) {
                        sum +=
                                some[position * (rows.length() + 1) + i]
                                        * byUnit[unit * rows.length() + i];
                    }
                    assertThat(some[position * (rows.length() + 1) + rows.length()]).isOne();
                    assertThat(sum + biases[unit]).isEqualTo(expected[place++], within(1e-12));
                }
            }
        }
        assertThat(place).isEqualTo(expected.length);
    }

    /** The gradient of the next layer's weights is its rows times its errors. */
    @ParameterizedTest
    @MethodSource("chainsOfBothClasses")
    void errorsGiveDl4jsOwnGradient(Chain chain, NetworkClass type) {
        GrowthSite site = chain.site(type);
        Recording recording = Recording.of(site.model(), site.id(), site.nextId(), chain.batch());
        var next = Networks.layer(recording.copy(), site.nextId());
        INDArray errors = recording.error();
        LayerRows rows =
                LayerRows.of(next.conf().getLayer(), recording.nextInput(), errors.shape());
        int units = (int) errors.size(1);
        double[] product = new double[units * rows.length()];
        double[] biases = new double[units];
        double[] numbers = errors.data().asDouble();
        int place = 0;
        for (int example = 0; example < errors.size(0); example++) {
            double[] some = rows.of(example, false);
            for (int unit = 0; unit < units; unit++) {
                for (int position = 0; position < rows.perExample(); position++) {
                    double error = numbers[place++];
                    biases[unit] += error;
                    for (int i = 0; i < rows.length(); i++) {
                        product[unit * rows.length() + i] +=
                                error * some[position * rows.length() + i];
                    }
                }
            }
        }
        var gradient = recording.copy().gradient();
        assertThat(gradient.getGradientFor(site.nextId() + "_b").dup('c').data().asDouble())
                .containsExactly(biases, within(1e-12));
        if (next.conf().getLayer() instanceof SparseLayer sparse) {
            double[] active = gradient.getGradientFor(site.nextId() + "_W").data().asDouble();
            long[] ids = sparse.getTopology().ids();
            for (int i = 0; i < ids.length; i++) {
                assertThat(active[i]).isEqualTo(product[(int) ids[i]], within(1e-12));
            }
            return;
        }
        INDArray weights = gradient.getGradientFor(site.nextId() + "_W");
        INDArray byUnit = weights.rank() == 4 ? weights : weights.transpose();
        assertThat(byUnit.dup('c').data().asDouble()).containsExactly(product, within(1e-12));
    }

    /**
     * The gradient of each entry of the auxiliary map is what the loss would change by, to first
     * order, with a linear unit of one incoming and one outgoing weight.
     */
    @ParameterizedTest
    @MethodSource("chainsOfBothClasses")
    void gradientIsThatOfEachLinearUnitOfTwoWeights(Chain chain, NetworkClass type) {
        GrowthSite site = chain.site(type);
        GrowthStatistics statistics = GrowthStatistics.of(site, chain.batch());
        Recording recording = Recording.of(site.model(), site.id(), site.nextId(), chain.batch());
        double[] gradient = statistics.gradient();
        int examples = (int) chain.inputShape()[0];
        assertThat(gradient)
                .hasSize(statistics.incomingLength() * statistics.outgoingLength())
                .isNotEqualTo(new double[gradient.length]);
        var first = LinearUnit.of(site.model(), site.id());
        var second = LinearUnit.of(site.model(), site.nextId());
        long[] unitShape = recording.preActivation().shape().clone();
        unitShape[1] = 1;
        for (int in = 0; in < statistics.incomingLength(); in++) {
            INDArray output = first.fromAll(recording.input(), in, unitShape);
            for (int out = 0; out < statistics.outgoingLength(); out++) {
                INDArray change = second.toAll(output, out, recording.error().shape());
                double expected =
                        change.mul(recording.error()).sumNumber().doubleValue() / examples;
                assertThat(gradient[in * statistics.outgoingLength() + out])
                        .as("%d to %d", in, out)
                        .isEqualTo(expected, within(1e-12));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"SEQUENTIAL", "GRAPH"})
    void leavesTheNetworkAsItIs(NetworkClass type) {
        Chain chain = chains().findFirst().orElseThrow();
        GrowthSite site = chain.site(type, DataType.FLOAT);
        INDArray parameters = site.model().params().dup();
        String configuration = json(site.model());
        long random = Nd4j.getRandom().nodeState();
        GrowthStatistics.of(site, chain.batch()).gradient();
        assertThat(site.model().params()).isEqualTo(parameters);
        assertThat(json(site.model())).isEqualTo(configuration);
        assertThat(Nd4j.getRandom().nodeState()).isEqualTo(random);
    }

    private static String json(Model model) {
        return model instanceof MultiLayerNetwork sequential
                ? sequential.getLayerWiseConfigurations().toJson()
                : ((ComputationGraph) model).getConfiguration().toJson();
    }
}
