package org.dl4jplasticity.layers;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.dl4jplasticity.topology.SparseTopology;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Nesterovs;

/** What is drawn at random when a network is initialized. */
class SeedTest {

    private static MultiLayerNetwork trained(DataType type, long seed) {
        MultiLayerNetwork network =
                new Design().type(type).seed(seed).updater(new Nesterovs(0.1, 0.9)).sparse();
        for (int step = 0; step < 5; step++) {
            network.fit(Examples.minibatch(type, step, 16));
        }
        return network;
    }

    @ParameterizedTest
    @EnumSource(
            value = DataType.class,
            names = {"FLOAT", "DOUBLE"})
    void theSameSeedTwiceTrainsTheSameBits(DataType type) {
        MultiLayerNetwork first = trained(type, 5);
        // Whatever was drawn from the global generator in between.
        Nd4j.getRandom().nextDouble();
        MultiLayerNetwork second = trained(type, 5);
        assertThat(Examples.elements(second.params())).isEqualTo(Examples.elements(first.params()));
        assertThat(SavingTest.topology(second, 0)).isEqualTo(SavingTest.topology(first, 0));
    }

    @Test
    void anotherSeedDrawsAnotherTopology() {
        SparseTopology topology = SavingTest.topology(new Design().seed(1).sparse(), 0);
        assertThat(SavingTest.topology(new Design().seed(2).sparse(), 0)).isNotEqualTo(topology);
        assertThat(SavingTest.topology(new Design().seed(1).sparse(), 0)).isEqualTo(topology);
    }

    private static MultiLayerNetwork equalLayers(long seed) {
        MultiLayerNetwork network =
                new MultiLayerNetwork(
                        new NeuralNetConfiguration.Builder()
                                .seed(seed)
                                .list()
                                .layer(square())
                                .layer(square())
                                .layer(square())
                                .build());
        network.init();
        return network;
    }

    private static SparseDenseLayer square() {
        return new SparseDenseLayer.Builder().nIn(40).nOut(40).sparsity(0.9).build();
    }

    @Test
    void layersOfTheSameShapeGetTopologiesThatShareNoMoreThanChanceLetsThem() {
        for (long seed : new long[] {0, 1, 12345}) {
            MultiLayerNetwork network = equalLayers(seed);
            for (int a = 0; a < 3; a++) {
                for (int b = 0; b < a; b++) {
                    long[] ids = SavingTest.topology(network, b).ids();
                    long shared =
                            Arrays.stream(SavingTest.topology(network, a).ids())
                                    .filter(id -> Arrays.binarySearch(ids, id) >= 0)
                                    .count();
                    // 160 of 1600 in each: 16 on average, standard deviation about 3.6.
                    assertThat(shared).as("seed %d, layers %d, %d", seed, a, b).isBetween(0L, 35L);
                }
            }
        }
    }

    /** Dense fan-ins and fan-outs would be 300 and 200; the active ones are 30 and 20. */
    @ParameterizedTest(name = "{0}: variance {1}")
    @CsvSource({"XAVIER, 0.04", "RELU, 0.066667", "LECUN_NORMAL, 0.033333", "XAVIER_UNIFORM, 0.04"})
    void weightsAreScaledToTheMeanNumberOfActiveConnections(WeightInit scheme, double variance) {
        MultiLayerNetwork network =
                new MultiLayerNetwork(
                        new NeuralNetConfiguration.Builder()
                                .seed(3)
                                .dataType(DataType.DOUBLE)
                                .weightInit(scheme)
                                .list()
                                .layer(
                                        new SparseDenseLayer.Builder()
                                                .nIn(300)
                                                .nOut(200)
                                                .sparsity(0.9)
                                                .biasInit(0.25)
                                                .build())
                                .build());
        network.init();
        // 6000 weights: the sample's variance is within 2 % of the distribution's (one sigma).
        assertThat(network.getParam("0_W").length()).isEqualTo(6_000);
        assertThat(network.getParam("0_W").varNumber().doubleValue() / variance)
                .isBetween(0.9, 1.1);
        assertThat(network.getParam("0_W").meanNumber().doubleValue()).isBetween(-0.02, 0.02);
        assertThat(network.getParam("0_b").toDoubleVector()).containsOnly(0.25);
    }
}
