package org.dl4jplasticity.relevance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Collections;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.dl4jplasticity.testing.NetworkClass;
import org.dl4jplasticity.testing.TinyNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Properties that hold of whole networks. */
class RelevanceTest {
    private static final InputType IMAGE = InputType.convolutional(8, 8, 2);

    static void assertBalanced(LayerBalance layer) {
        double accounted = layer.kept() + layer.bias() + layer.stabilizer();
        double size =
                Math.max(
                        1,
                        Math.abs(layer.received())
                                + Math.abs(layer.kept())
                                + Math.abs(layer.bias())
                                + Math.abs(layer.stabilizer()));
        assertThat(accounted)
                .as(layer.toString())
                .isCloseTo(layer.received(), within(1e-10 * size));
    }

    private static Layer[] convolutional(boolean hasBias) {
        return new Layer[] {
            Networks.convolution(4, 3, 3).hasBias(hasBias).build(),
            new SubsamplingLayer.Builder(PoolingType.MAX, new int[] {2, 2}).build(),
            Networks.convolution(5, 2, 2).hasBias(hasBias).build(),
            new SubsamplingLayer.Builder(PoolingType.AVG, new int[] {2, 2}).stride(1, 1).build(),
            Networks.dense(7).hasBias(hasBias).build(),
            Networks.logits(3).hasBias(hasBias).build()
        };
    }

    /** A residual block on convolutions, and two branches that are merged. */
    private static TinyNetwork branching(boolean hasBias) {
        return Networks.graph(
                Networks.settings(DataType.DOUBLE)
                        .graphBuilder()
                        .addInputs("in")
                        .setInputTypes(IMAGE)
                        .addLayer("a", same(4, hasBias), "in")
                        .addLayer("b", same(4, hasBias), "a")
                        .addVertex("sum", new ElementWiseVertex(ElementWiseVertex.Op.Add), "a", "b")
                        .addLayer("relu", new ActivationLayer(Activation.RELU), "sum")
                        .addLayer("c", same(3, hasBias), "relu")
                        .addVertex("both", new MergeVertex(), "relu", "c")
                        .addLayer("pooled", new GlobalPoolingLayer(PoolingType.AVG), "both")
                        .addLayer("hidden", Networks.dense(6).hasBias(hasBias).build(), "pooled")
                        .addVertex("merged", new MergeVertex(), "pooled", "hidden")
                        .addLayer("out", Networks.logits(3).hasBias(hasBias).build(), "merged")
                        .setOutputs("out"));
    }

    private static Layer same(int channels, boolean hasBias) {
        return Networks.convolution(channels, 3, 3)
                .convolutionMode(ConvolutionMode.Same)
                .hasBias(hasBias)
                .activation(Activation.RELU)
                .build();
    }

    static Stream<TinyNetwork> withoutBias() {
        return Stream.of(
                Networks.chain(NetworkClass.SEQUENTIAL, IMAGE, convolutional(false)),
                Networks.chain(NetworkClass.GRAPH, IMAGE, convolutional(false)),
                branching(false));
    }

    static Stream<TinyNetwork> withBias() {
        return Stream.of(
                Networks.shaken(
                        Networks.chain(NetworkClass.SEQUENTIAL, IMAGE, convolutional(true))),
                Networks.shaken(Networks.chain(NetworkClass.GRAPH, IMAGE, convolutional(true))),
                Networks.shaken(branching(true)));
    }

    @ParameterizedTest
    @MethodSource("withoutBias")
    void lrpZeroIsGradientTimesInputWithoutBiases(TinyNetwork network) {
        INDArray features = Networks.gaussian(2, 3, 2, 8, 8);
        INDArray labels = Networks.labels(3, 3);

        Explanation explanation =
                Relevance.of(network.model())
                        .rules(RelevanceComposite.zero())
                        .explain(features, RelevanceStart.trueLabel(labels));

        // Such a network is linear around every point, so that differences are exact.
        double step = 1e-5;
        double[] expected = new double[(int) features.length()];
        for (int i = 0; i < expected.length; i++) {
            double value = features.getDouble(i);
            features.putScalar(i, value + step);
            double above = network.output(features).mul(labels).sumNumber().doubleValue();
            features.putScalar(i, value - step);
            double below = network.output(features).mul(labels).sumNumber().doubleValue();
            features.putScalar(i, value);
            expected[i] = (above - below) / (2 * step) * value;
        }
        Networks.assertClose(Networks.values(explanation.inputs()), expected, 1e-9);
    }

    @ParameterizedTest
    @MethodSource("withoutBias")
    void nothingIsLostWithoutBiasAndStabilizer(TinyNetwork network) {
        INDArray features = Networks.gaussian(2, 3, 2, 8, 8);
        Explanation explanation =
                Relevance.of(network.model())
                        .rules(RelevanceComposite.zero())
                        .explain(features, RelevanceStart.allLogits());
        double start = network.output(features).sumNumber().doubleValue();
        assertThat(explanation.inputs().sumNumber().doubleValue()).isCloseTo(start, within(1e-10));
    }

    static Stream<RelevanceComposite> composites() {
        return Stream.concat(
                Stream.of(
                        RelevanceComposite.relativeEpsilon(0.25),
                        RelevanceComposite.epsilon(0.01),
                        RelevanceComposite.epsilonPlus(1e-6),
                        RelevanceComposite.epsilonGammaBox(1e-6, -4, 4)),
                RulesTest.rules().map(rule -> layer -> rule));
    }

    @ParameterizedTest
    @MethodSource("composites")
    void whatALayerReceivesIsKeptOrAbsorbed(RelevanceComposite composite) {
        withBias()
                .forEach(
                        network -> {
                            Explanation explanation =
                                    Relevance.of(network.model())
                                            .rules(composite)
                                            .explain(
                                                    Networks.gaussian(2, 3, 2, 8, 8),
                                                    RelevanceStart.predictedClass());
                            assertThat(explanation.balance()).hasSizeGreaterThan(5);
                            explanation.balance().forEach(RelevanceTest::assertBalanced);
                        });
    }

    @ParameterizedTest
    @MethodSource("composites")
    void relevanceIsLinearInTheStart(RelevanceComposite composite) {
        withBias()
                .forEach(
                        network -> {
                            INDArray features = Networks.gaussian(2, 3, 2, 8, 8);
                            INDArray one = Networks.gaussian(3, 3, 3);
                            INDArray other = Networks.gaussian(4, 3, 3);
                            Relevance relevance = Relevance.of(network.model()).rules(composite);
                            INDArray sum =
                                    relevance.explain(features, RelevanceStart.of(one)).inputs();
                            sum.addi(
                                    relevance
                                            .explain(features, RelevanceStart.of(other))
                                            .inputs()
                                            .muli(2));
                            INDArray together =
                                    relevance
                                            .explain(
                                                    features,
                                                    RelevanceStart.of(one.add(other.mul(2))))
                                            .inputs();
                            double size = together.amaxNumber().doubleValue();
                            Networks.assertClose(together.divi(size), sum.divi(size), 1e-9);
                        });
    }

    @ParameterizedTest
    @MethodSource("withBias")
    void anExampleIsExplainedAsIfItWereAlone(TinyNetwork network) {
        INDArray features = Networks.gaussian(2, 5, 2, 8, 8);
        Relevance relevance = Relevance.of(network.model()).rules(RelevanceComposite.epsilon(0.1));
        INDArray together = relevance.explain(features, RelevanceStart.predictedClass()).inputs();
        for (int i = 0; i < 5; i++) {
            INDArray alone =
                    relevance
                            .explain(
                                    features.get(Values.some(features, i, i + 1)).dup(),
                                    RelevanceStart.predictedClass())
                            .inputs();
            Networks.assertClose(alone, together.get(Values.some(together, i, i + 1)), 1e-11);
        }
    }

    @Test
    void aBatchOfAnySizeIsExplained() {
        TinyNetwork network =
                Networks.shaken(
                        Networks.chain(
                                NetworkClass.SEQUENTIAL,
                                InputType.feedForward(4),
                                Networks.dense(5).build(),
                                Networks.logits(3).build()));
        INDArray few = Networks.gaussian(2, 3, 4);
        INDArray many = Nd4j.vstack(Collections.nCopies(400, few));
        Relevance relevance = Relevance.of(network.model()).withNeurons().withWeights();
        Explanation ofFew = relevance.explain(few, RelevanceStart.trueLabel(Networks.labels(3, 3)));
        Explanation ofMany =
                relevance.explain(many, RelevanceStart.trueLabel(Networks.labels(1200, 3)));
        Networks.assertClose(
                ofMany.inputs(), Nd4j.vstack(Collections.nCopies(400, ofFew.inputs())), 1e-12);
        Networks.assertClose(
                ofMany.neurons("0"),
                Nd4j.vstack(Collections.nCopies(400, ofFew.neurons("0"))),
                1e-12);
        Networks.assertClose(
                ofMany.weights("0").meanAbsolute(), ofFew.weights("0").meanAbsolute(), 1e-12);
    }

    @Test
    void permutedUnitsHavePermutedRelevance() {
        TinyNetwork network =
                Networks.shaken(
                        Networks.chain(
                                NetworkClass.SEQUENTIAL,
                                InputType.feedForward(4),
                                Networks.dense(5).build(),
                                Networks.logits(3).build()));
        TinyNetwork permuted = network.copy();
        int[] order = {3, 0, 4, 1, 2};
        for (int j = 0; j < 5; j++) {
            INDArray from = network.layers().get(0).getParam("W").getColumn(order[j]);
            permuted.layers().get(0).getParam("W").getColumn(j).assign(from);
            INDArray bias = network.layers().get(0).getParam("b");
            INDArray permutedBias = permuted.layers().get(0).getParam("b");
            permutedBias.putScalar(j, bias.getDouble(order[j]));
            INDArray out = network.layers().get(1).getParam("W").getRow(order[j]);
            permuted.layers().get(1).getParam("W").getRow(j).assign(out);
        }
        INDArray features = Networks.gaussian(2, 6, 4);
        RelevanceStart start = RelevanceStart.allLogits();
        Explanation plain = Relevance.of(network.model()).withNeurons().explain(features, start);
        Explanation other = Relevance.of(permuted.model()).withNeurons().explain(features, start);
        Networks.assertClose(other.inputs(), plain.inputs(), 1e-11);
        for (int j = 0; j < 5; j++) {
            Networks.assertClose(
                    other.neurons("0").getColumn(j).dup(),
                    plain.neurons("0").getColumn(order[j]).dup(),
                    1e-11);
        }
    }

    @Test
    void duplicatedUnitsSplitTheirRelevanceAndLeaveTheRestAsItWas() {
        TinyNetwork small =
                Networks.shaken(
                        Networks.chain(
                                NetworkClass.SEQUENTIAL,
                                InputType.feedForward(4),
                                Networks.dense(3).build(),
                                Networks.logits(2).build()));
        TinyNetwork wide =
                Networks.chain(
                        NetworkClass.SEQUENTIAL,
                        InputType.feedForward(4),
                        Networks.dense(5).build(),
                        Networks.logits(2).build());
        int[] source = {0, 1, 2, 1, 1};
        int[] copies = {1, 3, 1, 3, 3};
        for (int j = 0; j < 5; j++) {
            for (int i = 0; i < 4; i++) {
                put(wide, 0, i, j, small.layers().get(0).getParam("W").getDouble(i, source[j]));
            }
            wide.layers()
                    .get(0)
                    .getParam("b")
                    .putScalar(j, small.layers().get(0).getParam("b").getDouble(source[j]));
            for (int k = 0; k < 2; k++) {
                put(
                        wide,
                        1,
                        j,
                        k,
                        small.layers().get(1).getParam("W").getDouble(source[j], k) / copies[j]);
            }
        }
        wide.layers().get(1).getParam("b").assign(small.layers().get(1).getParam("b"));

        INDArray features = Networks.gaussian(2, 6, 4);
        RelevanceStart start = RelevanceStart.allLogits();
        Explanation before = Relevance.of(small.model()).withNeurons().explain(features, start);
        Explanation after = Relevance.of(wide.model()).withNeurons().explain(features, start);
        Networks.assertClose(after.inputs(), before.inputs(), 1e-10);
        for (int j = 0; j < 5; j++) {
            Networks.assertClose(
                    after.neurons("0").getColumn(j).dup(),
                    before.neurons("0").getColumn(source[j]).div(copies[j]),
                    1e-10);
        }
        for (int layer = 0; layer < 2; layer++) {
            assertThat(after.balance().get(layer).received())
                    .isCloseTo(before.balance().get(layer).received(), within(1e-10));
        }
    }

    private static void put(TinyNetwork network, int layer, int i, int j, double value) {
        network.layers().get(layer).getParam("W").putScalar(i, j, value);
    }

    @ParameterizedTest
    @EnumSource(names = {"SEQUENTIAL", "GRAPH"})
    void aSmallNetworkIsExplainedAsByHand(NetworkClass type) {
        TinyNetwork network =
                Networks.chain(
                        type,
                        InputType.feedForward(2),
                        Networks.dense(2).build(),
                        Networks.logits(1).build());
        // Hidden: z = (1*1 + 2*2 + 1, 1*3 - 2*2 + 0) = (6, -1), a = (6, 0); logit 6*2 + 0*5 = 12.
        network.layers().get(0).getParam("W").assign(Nd4j.create(new double[][] {{1, 3}, {2, -2}}));
        network.layers().get(0).getParam("b").putScalar(0, 1).putScalar(1, 0);
        network.layers().get(1).getParam("W").assign(Nd4j.create(new double[][] {{2}, {5}}));
        network.layers().get(1).getParam("b").putScalar(0, 0);
        Explanation explanation =
                Relevance.of(network.model())
                        .rules(RelevanceComposite.zero())
                        .withNeurons()
                        .withWeights()
                        .explain(
                                Nd4j.createFromArray(new double[][] {{1, 2}}),
                                RelevanceStart.predictedClass());

        String hidden = Networks.id(type, 0);
        // 12 goes to the first hidden unit: 1/6 to the first input, 4/6 to the second, 1/6 to b.
        assertThat(Networks.values(explanation.inputs())).containsExactly(2, 8);
        assertThat(Networks.values(explanation.neurons(hidden))).containsExactly(12, 0);
        assertThat(Networks.values(explanation.weights(hidden).mean())).containsExactly(2, 0, 8, 0);
        assertThat(explanation.balance())
                .containsExactly(
                        new LayerBalance(hidden, 12, 10, 2, 0),
                        new LayerBalance(Networks.id(type, 1), 12, 12, 0, 0));
    }

    @Test
    void relevanceOfUnitsWithoutAnythingToSumUpCountsAsAbsorbedByTheStabilizer() {
        TinyNetwork network =
                Networks.chain(
                        NetworkClass.SEQUENTIAL,
                        InputType.feedForward(2),
                        Networks.dense(2).build(),
                        Networks.logits(2).build());
        network.parameters().assign(0);
        for (RelevanceRule rule : RulesTest.rules().toList()) {
            Explanation explanation =
                    Relevance.of(network.model())
                            .rules(layer -> rule)
                            .explain(
                                    Networks.gaussian(1, 1, 2),
                                    RelevanceStart.of(
                                            Nd4j.createFromArray(new double[][] {{3, -1}})));
            explanation.balance().forEach(RelevanceTest::assertBalanced);
            assertThat(Networks.values(explanation.inputs()))
                    .as(rule.toString())
                    .doesNotContain(Double.NaN);
        }
        Explanation zero =
                Relevance.of(network.model())
                        .explain(
                                Networks.gaussian(1, 1, 2),
                                RelevanceStart.of(Nd4j.createFromArray(new double[][] {{3, -1}})));
        assertThat(zero.balance().get(1)).isEqualTo(new LayerBalance("1", 2, 0, 0, 2));
    }

    @Test
    void aLayerThatLeadsToNoOutputHasNoRelevance() {
        TinyNetwork network =
                Networks.graph(
                        Networks.settings(DataType.DOUBLE)
                                .graphBuilder()
                                .addInputs("in")
                                .allowDisconnected(true)
                                .setInputTypes(InputType.feedForward(3))
                                .addLayer("used", Networks.dense(4).build(), "in")
                                .addLayer("unused", Networks.dense(4).build(), "in")
                                .addLayer("out", Networks.logits(2).build(), "used")
                                .setOutputs("out"));
        Explanation explanation =
                Relevance.of(network.model())
                        .withNeurons()
                        .explain(Networks.gaussian(1, 2, 3), RelevanceStart.allLogits());
        assertThat(Networks.values(explanation.neurons("unused"))).containsOnly(0);
        assertThat(explanation.neurons("used").amaxNumber().doubleValue()).isPositive();
    }

    @Test
    void everyInputOfANetworkIsExplained() {
        TinyNetwork network =
                Networks.graph(
                        Networks.settings(DataType.DOUBLE)
                                .graphBuilder()
                                .addInputs("left", "right")
                                .setInputTypes(InputType.feedForward(3), InputType.feedForward(2))
                                .addVertex("both", new MergeVertex(), "left", "right")
                                .addLayer("out", Networks.logits(2).hasBias(false).build(), "both")
                                .setOutputs("out"));
        TinyNetwork joined =
                Networks.chain(
                        NetworkClass.SEQUENTIAL,
                        InputType.feedForward(5),
                        Networks.logits(2).hasBias(false).build());
        joined.parameters().assign(network.parameters());
        INDArray left = Networks.gaussian(1, 4, 3);
        INDArray right = Networks.gaussian(2, 4, 2);
        RelevanceStart start = RelevanceStart.allLogits();
        Explanation explanation =
                Relevance.of(network.model()).explain(new INDArray[] {left, right}, start);
        INDArray expected =
                Relevance.of(joined.model()).explain(Nd4j.hstack(left, right), start).inputs();
        Networks.assertClose(
                Nd4j.hstack(explanation.inputs(0), explanation.inputs(1)), expected, 1e-12);
    }

    @ParameterizedTest
    @EnumSource(names = {"SEQUENTIAL", "GRAPH"})
    void networksOfFloatsAreExplainedAsTheirTwinsOfDoubles(NetworkClass type) {
        TinyNetwork floats =
                Networks.chain(type, Networks.settings(DataType.FLOAT), IMAGE, convolutional(true));
        TinyNetwork doubles = Networks.chain(type, IMAGE, convolutional(true));
        doubles.parameters().assign(floats.parameters().castTo(DataType.DOUBLE));
        INDArray features = Networks.gaussian(2, 3, 2, 8, 8).castTo(DataType.FLOAT);
        INDArray ofFloats =
                Relevance.of(floats.model())
                        .explain(features, RelevanceStart.predictedClass())
                        .inputs();
        INDArray ofDoubles =
                Relevance.of(doubles.model())
                        .explain(features.castTo(DataType.DOUBLE), RelevanceStart.predictedClass())
                        .inputs();
        assertThat(ofFloats.dataType()).isEqualTo(DataType.DOUBLE);
        assertThat(Networks.values(ofFloats)).isEqualTo(Networks.values(ofDoubles));
    }
}
