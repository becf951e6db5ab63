package org.dl4jplasticity.relevance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Collections;
import java.util.List;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.dl4jplasticity.testing.NetworkClass;
import org.dl4jplasticity.testing.TinyNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;

/** The scores that growth and pruning choose by. */
class LayerRelevanceTest {

    @Test
    void scoresAreMeanAmountsPerNeuron() {
        TinyNetwork network =
                Networks.chain(
                        NetworkClass.SEQUENTIAL,
                        InputType.feedForward(2),
                        Networks.dense(2).hasBias(false).build(),
                        Networks.logits(2).hasBias(false).build());
        network.layers().get(0).getParam("W").assign(Nd4j.eye(2));
        network.layers().get(1).getParam("W").assign(Nd4j.create(new double[][] {{3, 1}, {-1, 1}}));
        // Hidden (1, 2): logits (1, 3). Hidden (4, 0): logits (12, 4).
        DataSet examples =
                new DataSet(
                        Nd4j.createFromArray(new double[][] {{1, 2}, {4, 0}}),
                        Networks.labels(2, 2));
        // True logits 1 = 3 - 2 and 4 = 4 + 0: amounts (3, 2) and (4, 0), means (3.5, 1).
        LayerRelevance hidden = LayerRelevance.of(network.model(), examples).get(0);
        assertThat(hidden.layerId()).isEqualTo("0");
        Networks.assertClose(hidden.perNeuron(), new double[] {3.5, 1}, 1e-5);
        assertThat(hidden.score()).isCloseTo(2.25, within(1e-5));
        assertThat(hidden.utilisation()).isCloseTo(4.5 * 4.5 / (2 * 13.25), within(1e-5));
    }

    @ParameterizedTest
    @EnumSource(names = {"SEQUENTIAL", "GRAPH"})
    void hiddenLayersWithUnitsAreScoredInTheNetworksOrder(NetworkClass type) {
        TinyNetwork network =
                Networks.shaken(
                        Networks.chain(
                                type,
                                InputType.convolutional(6, 6, 2),
                                Networks.convolution(3, 3, 3).build(),
                                new SubsamplingLayer.Builder(PoolingType.MAX, new int[] {2, 2})
                                        .build(),
                                Networks.dense(5).build(),
                                NetworkClass.sparse(5, 4, 0.5).build(),
                                Networks.logits(3).build()));
        INDArray features = Networks.gaussian(2, 6, 2, 6, 6);
        INDArray labels = Networks.labels(6, 3);
        List<LayerRelevance> layers =
                LayerRelevance.of(network.model(), new DataSet(features, labels));
        assertThat(layers)
                .extracting(LayerRelevance::layerId)
                .containsExactly(Networks.id(type, 0), Networks.id(type, 2), Networks.id(type, 3));

        Explanation explanation =
                Relevance.of(network.model())
                        .withNeurons()
                        .explain(features, RelevanceStart.trueLabel(labels));
        for (LayerRelevance layer : layers) {
            INDArray neurons = explanation.neurons(layer.layerId());
            double[] values = Networks.values(neurons);
            int units = (int) neurons.size(1);
            double[] expected = new double[units];
            int positions = values.length / 6 / units;
            for (int example = 0; example < 6; example++) {
                for (int unit = 0; unit < units; unit++) {
                    for (int position = 0; position < positions; position++) {
                        expected[unit] +=
                                Math.abs(values[(example * units + unit) * positions + position])
                                        / 6;
                    }
                }
            }
            Networks.assertClose(layer.perNeuron(), expected, 1e-12);
            double sum = 0;
            for (double each : expected) {
                sum += each;
            }
            assertThat(layer.score()).isCloseTo(sum / units, within(1e-12 * sum));
        }
    }

    @Test
    void manyExamplesAreScoredAsFew() {
        TinyNetwork network =
                NetworkClass.SEQUENTIAL.of(
                        NetworkClass.settings(DataType.DOUBLE, new Sgd(0.1), 7),
                        NetworkClass.threeSparseLayers());
        INDArray few = Networks.gaussian(2, 3, 6);
        List<LayerRelevance> ofFew =
                LayerRelevance.of(network.model(), new DataSet(few, Networks.labels(3, 3)));
        List<LayerRelevance> ofMany =
                LayerRelevance.of(
                        network.model(),
                        new DataSet(
                                Nd4j.vstack(Collections.nCopies(500, few)),
                                Networks.labels(1500, 3)));
        assertThat(ofMany).hasSize(2);
        for (int layer = 0; layer < 2; layer++) {
            Networks.assertClose(
                    ofMany.get(layer).perNeuron(), ofFew.get(layer).perNeuron(), 1e-11);
        }
    }

    @Test
    void aLayerWithoutAnyRelevanceHasNoUtilisation() {
        TinyNetwork network =
                Networks.chain(
                        NetworkClass.SEQUENTIAL,
                        InputType.feedForward(2),
                        Networks.dense(3).build(),
                        Networks.logits(2).build());
        network.parameters().assign(0);
        LayerRelevance hidden =
                LayerRelevance.of(
                                network.model(),
                                new DataSet(Networks.gaussian(1, 2, 2), Networks.labels(2, 2)))
                        .get(0);
        assertThat(hidden.score()).isZero();
        assertThat(hidden.utilisation()).isZero();
        assertThat(hidden.perNeuron()).containsOnly(0);
    }

    @Test
    void duplicatedUnitsHalveTheScoreAndKeepTheUtilisation() {
        TinyNetwork small =
                Networks.chain(
                        NetworkClass.SEQUENTIAL,
                        InputType.feedForward(2),
                        Networks.dense(1).hasBias(false).build(),
                        Networks.logits(1).hasBias(false).build());
        TinyNetwork wide =
                Networks.chain(
                        NetworkClass.SEQUENTIAL,
                        InputType.feedForward(2),
                        Networks.dense(2).hasBias(false).build(),
                        Networks.logits(1).hasBias(false).build());
        small.parameters().assign(Nd4j.createFromArray(1.0, 2.0, 6.0));
        wide.parameters().assign(Nd4j.createFromArray(1.0, 2.0, 1.0, 2.0, 3.0, 3.0));
        DataSet examples =
                new DataSet(Nd4j.createFromArray(new double[][] {{1, 1}}), Networks.labels(1, 1));
        LayerRelevance before = LayerRelevance.of(small.model(), examples).get(0);
        LayerRelevance after = LayerRelevance.of(wide.model(), examples).get(0);
        assertThat(before.score()).isCloseTo(18, within(1e-5));
        assertThat(after.score()).isCloseTo(9, within(1e-5));
        assertThat(after.utilisation()).isCloseTo(1, within(1e-12));
    }
}
