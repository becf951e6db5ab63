package org.dl4jplasticity.tour;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jplasticity.datasets.DatasetCatalog;
import org.dl4jplasticity.datasets.TrainTest;
import org.dl4jplasticity.pruning.LotteryTicket;
import org.dl4jplasticity.sparse.DynamicSparseTraining;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

class PruningTourTest {

    @Test
    void theReadmeShowsTheLinesThatAreCompiledHere() throws IOException {
        Readme.assertShowsBodyOf("shrink", PruningTour.class);
        Readme.assertShowsBodyOf("lottery", PruningTour.class);
    }

    private static MultiLayerNetwork network() {
        MultiLayerNetwork network =
                new MultiLayerNetwork(
                        new NeuralNetConfiguration.Builder()
                                .seed(1)
                                .updater(new Adam(1e-3))
                                .list()
                                .layer(
                                        new DenseLayer.Builder()
                                                .nOut(40)
                                                .activation(Activation.RELU)
                                                .build())
                                .layer(
                                        new OutputLayer.Builder(LossFunction.MCXENT)
                                                .nOut(10)
                                                .activation(Activation.SOFTMAX)
                                                .build())
                                .setInputType(InputType.feedForward(784))
                                .build());
        network.init();
        return network;
    }

    @Test
    void aTrainedModelGetsSmaller() {
        TrainTest mnist = DatasetCatalog.load("mnist-sample", null);
        MultiLayerNetwork model = network();
        model.fit(mnist.train().iterator(50, 1), 2);
        PruningTour.shrink(
                model, mnist.train().iterator(100).next(), mnist.train().iterator(50, 1));
        assertThat(model.layerSize(0)).isEqualTo(20);
        // A tenth of 784 * 20 + 20 * 10 weights.
        assertThat(LotteryTicket.of(model).activeWeights()).isEqualTo(1588);
        assertThat(model.evaluate(mnist.test().iterator(500)).accuracy()).isGreaterThan(0.8);
    }

    @Test
    void aTicketIsLeftAfterTwelveLevels() {
        MultiLayerNetwork network = network();
        network.addListeners(DynamicSparseTraining.fixed().build());
        PruningTour.lottery(
                network, DatasetCatalog.load("mnist-sample", null).test().iterator(500, 1), 1);
        // 31,360 weights, of which a level takes the rounded fifth: 25,088, 20,070, 16,056, 12,845,
        // 10,276, 8,221, 6,577, 5,262, 4,210, 3,368, 2,694, 2,155; and 400 of the output layer, of
        // which it takes a tenth: 360, 324, 292, 263, 237, 213, 192, 173, 156, 140, 126, 113.
        assertThat(LotteryTicket.of(network).activeWeights()).isEqualTo(2155 + 113);
    }
}
