package org.dl4jplasticity.dropout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

class MaxoutTest {

    /** Two inputs, two units of two pieces; W and b are set, the loss is half the squared error. */
    private static MultiLayerNetwork network() {
        MultiLayerNetwork network =
                new MultiLayerNetwork(
                        new NeuralNetConfiguration.Builder()
                                .dataType(DataType.DOUBLE)
                                .updater(new Sgd(1))
                                .activation(Activation.TANH)
                                .list()
                                .layer(new MaxoutLayer.Builder().nIn(2).nOut(2).build())
                                .layer(
                                        new LossLayer.Builder(LossFunction.L2)
                                                .activation(Activation.IDENTITY)
                                                .build())
                                .build());
        network.init();
        network.getParam("0_W")
                .assign(Nd4j.createFromArray(new double[][] {{1, 2, 3, 4}, {5, 6, -7, -8}}));
        network.getParam("0_b").assign(Nd4j.createFromArray(0.5, 0, 0, 1));
        return network;
    }

    private static INDArray row(double... numbers) {
        return Nd4j.createFromArray(new double[][] {numbers});
    }

    /** Unit 0: max(x W_0 + b_0, x W_2 + b_2), unit 1: max(x W_1 + b_1, x W_3 + b_3). */
    @Test
    void aUnitIsTheLargestOfItsSums() {
        // (1, 1): sums 6.5, 8, -4, -3; (1, -1): sums -3.5, -4, 10, 13
        assertThat(network().output(row(1, 1))).isEqualTo(row(6.5, 8));
        assertThat(network().output(row(1, -1))).isEqualTo(row(10, 13));
    }

    /** The loss (h - y)^2 of labels that are 1 and 2 too high has the gradient -2 and -4. */
    @Test
    void onlyTheLargestSumLearns() {
        MultiLayerNetwork network = network();
        network.fit(new DataSet(row(1, -1), row(11, 15)));
        assertThat(network.getParam("0_W"))
                .isEqualTo(Nd4j.createFromArray(new double[][] {{1, 2, 5, 8}, {5, 6, -9, -12}}));
        assertThat(network.getParam("0_b")).isEqualTo(Nd4j.createFromArray(0.5, 0, 2, 5));
    }

    @Test
    void ofEqualSumsTheFirstOneLearns() {
        MultiLayerNetwork network = network();
        network.getParam("0_W").assign(0);
        network.getParam("0_b").assign(0);
        network.fit(new DataSet(row(1, 1), row(1, 2)));
        assertThat(network.getParam("0_b")).isEqualTo(Nd4j.createFromArray(2.0, 4, 0, 0));
    }

    @Test
    void theNetworksActivationFunctionIsNotItsOwn() {
        assertThat(((MaxoutLayer) network().getLayer(0).conf().getLayer()).getActivationFn())
                .isInstanceOf(ActivationIdentity.class);
    }

    @Test
    void noPiecesAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new MaxoutLayer.Builder().pieces(0))
                .withMessage("MaxoutLayer: the number of pieces must be at least 1, got 0");
    }
}
