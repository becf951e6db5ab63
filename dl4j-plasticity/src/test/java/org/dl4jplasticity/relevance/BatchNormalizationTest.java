package org.dl4jplasticity.relevance;

import static org.assertj.core.api.Assertions.assertThat;

import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.dl4jplasticity.testing.NetworkClass;
import org.dl4jplasticity.testing.TinyNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Batch normalization is the linear map it is at inference. */
class BatchNormalizationTest {
    private static final InputType IMAGE = InputType.convolutional(5, 5, 2);
    private static final INDArray FEATURES = Networks.gaussian(2, 4, 2, 5, 5);
    private static final RelevanceStart START = RelevanceStart.allLogits();

    private static double scale(org.deeplearning4j.nn.api.Layer norm, int channel) {
        double deviation = Math.pow(10, norm.getParam("log10stdev").getDouble(channel));
        return norm.getParam("gamma").getDouble(channel) / Math.sqrt(deviation * deviation + 1e-5);
    }

    private static double shift(org.deeplearning4j.nn.api.Layer norm, int channel) {
        return norm.getParam("beta").getDouble(channel)
                - norm.getParam("mean").getDouble(channel) * scale(norm, channel);
    }

    private static TinyNetwork normalized(NetworkClass type) {
        return Networks.shaken(
                Networks.chain(
                        type,
                        IMAGE,
                        linear(Networks.convolution(3, 3, 3)),
                        new BatchNormalization(),
                        new ActivationLayer(Activation.RELU),
                        linear(Networks.dense(4)),
                        new BatchNormalization(),
                        new ActivationLayer(Activation.RELU),
                        Networks.logits(3).build()));
    }

    private static Layer linear(FeedForwardLayer.Builder<?> layer) {
        return layer.activation(Activation.IDENTITY).build();
    }

    /** The same network with its normalization multiplied out. */
    private static TinyNetwork merged(TinyNetwork normalized) {
        TinyNetwork merged =
                Networks.chain(
                        NetworkClass.SEQUENTIAL,
                        IMAGE,
                        Networks.convolution(3, 3, 3).activation(Activation.RELU).build(),
                        Networks.dense(4).build(),
                        Networks.logits(3).build());
        for (int layer = 0; layer < 3; layer++) {
            for (String key : new String[] {"W", "b"}) {
                merged.layers()
                        .get(layer)
                        .getParam(key)
                        .assign(normalized.layers().get(3 * layer).getParam(key));
            }
        }
        for (int layer = 0; layer < 2; layer++) {
            org.deeplearning4j.nn.api.Layer norm = normalized.layers().get(3 * layer + 1);
            INDArray weights = merged.layers().get(layer).getParam("W");
            INDArray bias = merged.layers().get(layer).getParam("b");
            for (int unit = 0; unit < bias.length(); unit++) {
                INDArray fanIn = weights.slice(unit, layer == 0 ? 0 : 1);
                fanIn.muli(scale(norm, unit));
                bias.putScalar(unit, bias.getDouble(unit) * scale(norm, unit) + shift(norm, unit));
            }
        }
        return merged;
    }

    @ParameterizedTest
    @MethodSource("org.dl4jplasticity.relevance.RulesTest#rules")
    void afterALinearLayerItIsPartOfThatLayer(RelevanceRule rule) {
        for (NetworkClass type : new NetworkClass[] {NetworkClass.SEQUENTIAL, NetworkClass.GRAPH}) {
            TinyNetwork network = normalized(type);
            TinyNetwork merged = merged(network);
            Networks.assertClose(network.output(FEATURES), merged.output(FEATURES), 1e-12);

            Explanation explanation = explain(network, rule);
            Explanation expected = explain(merged, rule);

            Networks.assertClose(explanation.inputs(), expected.inputs(), 1e-8);
            for (int i = 0; i < 3; i++) {
                String id = Networks.id(type, 3 * i);
                Networks.assertClose(explanation.neurons(id), expected.neurons("" + i), 1e-8);
                Networks.assertClose(
                        explanation.weights(id).mean(), expected.weights("" + i).mean(), 1e-8);
            }
        }
    }

    private static Explanation explain(TinyNetwork network, RelevanceRule rule) {
        return Relevance.of(network.model())
                .rules(layer -> rule)
                .withNeurons()
                .withWeights()
                .explain(FEATURES, START);
    }

    @Test
    void afterAnActivationItIsWorthWhatMergingItIntoTheNextLayerIs() {
        TinyNetwork network =
                Networks.shaken(
                        Networks.chain(
                                NetworkClass.SEQUENTIAL,
                                InputType.feedForward(4),
                                Networks.dense(5).build(),
                                new BatchNormalization(),
                                Networks.logits(3).build()));
        TinyNetwork merged =
                Networks.chain(
                        NetworkClass.SEQUENTIAL,
                        InputType.feedForward(4),
                        Networks.dense(5).build(),
                        Networks.logits(3).build());
        org.deeplearning4j.nn.api.Layer norm = network.layers().get(1);
        for (int i = 0; i < 2; i++) {
            for (String key : new String[] {"W", "b"}) {
                merged.layers()
                        .get(i)
                        .getParam(key)
                        .assign(network.layers().get(2 * i).getParam(key));
            }
        }
        INDArray weights = merged.layers().get(1).getParam("W");
        INDArray bias = merged.layers().get(1).getParam("b");
        for (int unit = 0; unit < 5; unit++) {
            INDArray row = weights.getRow(unit);
            bias.addi(row.mul(shift(norm, unit)));
            row.muli(scale(norm, unit));
        }
        INDArray features = Networks.gaussian(2, 4, 4);
        Networks.assertClose(network.output(features), merged.output(features), 1e-12);

        INDArray expected =
                Relevance.of(merged.model())
                        .rules(RelevanceComposite.zero())
                        .explain(features, START)
                        .inputs();
        Explanation explanation =
                Relevance.of(network.model())
                        .rules(RelevanceComposite.zero())
                        .withNeurons()
                        .explain(features, START);
        Networks.assertClose(explanation.inputs(), expected, 1e-9);
        explanation.balance().forEach(RelevanceTest::assertBalanced);
        assertThat(explanation.balance().get(1).bias()).isNotZero();
    }

    @Test
    void itIsNotMergedIntoALayerThatOthersUse() {
        TinyNetwork network =
                Networks.shaken(
                        Networks.graph(
                                Networks.settings(DataType.DOUBLE)
                                        .graphBuilder()
                                        .addInputs("in")
                                        .setInputTypes(InputType.feedForward(4))
                                        .addLayer("a", linear(Networks.dense(5)), "in")
                                        .addLayer("norm", new BatchNormalization(), "a")
                                        .addVertex("both", new MergeVertex(), "a", "norm")
                                        .addLayer("out", Networks.logits(3).build(), "both")
                                        .setOutputs("out")));
        INDArray features = Networks.gaussian(2, 4, 4);
        Explanation explanation =
                Relevance.of(network.model()).withNeurons().explain(features, START);
        Networks.assertClose(explanation.neurons("out"), network.output(features), 1e-12);
        explanation.balance().forEach(RelevanceTest::assertBalanced);
    }
}
