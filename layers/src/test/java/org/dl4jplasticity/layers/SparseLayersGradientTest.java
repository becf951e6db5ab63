package org.dl4jplasticity.layers;

import static org.assertj.core.api.Assertions.assertThat;

import org.deeplearning4j.gradientcheck.GradientCheckUtil;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

class SparseLayersGradientTest {

    @BeforeAll
    static void useDoubles() {
        Nd4j.setDefaultDataTypes(DataType.DOUBLE, DataType.DOUBLE);
    }

    @AfterAll
    static void useFloats() {
        Nd4j.setDefaultDataTypes(DataType.FLOAT, DataType.FLOAT);
    }

    @ParameterizedTest
    @CsvSource({
        "TANH, SOFTMAX, MCXENT, true, 0, 5",
        "SIGMOID, SOFTMAX, MCXENT, false, 0.01, 5",
        "IDENTITY, IDENTITY, MSE, true, 0.01, 3",
        "SOFTPLUS, SIGMOID, XENT, true, 0, 17",
        "ELU, SOFTMAX, NEGATIVELOGLIKELIHOOD, false, 0, 1",
        "LEAKYRELU, TANH, L2, true, 0.01, 8"
    })
    void gradientsAreThoseOfFiniteDifferences(
            Activation hidden,
            Activation output,
            LossFunction loss,
            boolean bias,
            double l2,
            int batch) {
        MultiLayerNetwork network =
                new MultiLayerNetwork(
                        new NeuralNetConfiguration.Builder()
                                .seed(7)
                                .dataType(DataType.DOUBLE)
                                .updater(new NoOp())
                                .l2(l2)
                                .list()
                                .layer(
                                        new SparseDenseLayer.Builder()
                                                .nIn(9)
                                                .nOut(11)
                                                .sparsity(0.6)
                                                .hasBias(bias)
                                                .activation(hidden)
                                                .build())
                                .layer(
                                        new SparseDenseLayer.Builder()
                                                .nIn(11)
                                                .nOut(1)
                                                .sparsity(0.3)
                                                .hasBias(bias)
                                                .activation(hidden)
                                                .build())
                                .layer(
                                        new SparseOutputLayer.Builder(loss)
                                                .nIn(1)
                                                .nOut(3)
                                                .hasBias(bias)
                                                .activation(output)
                                                .build())
                                .build());
        network.init();
        Nd4j.getRandom().setSeed(11);
        INDArray input = Nd4j.rand(DataType.DOUBLE, batch, 9).subi(0.5);
        INDArray labels = Nd4j.zeros(DataType.DOUBLE, batch, 3);
        for (int i = 0; i < batch; i++) {
            labels.putScalar(i, i % 3, 1);
        }
        assertThat(
                        GradientCheckUtil.checkGradients(
                                new GradientCheckUtil.MLNConfig()
                                        .net(network)
                                        .input(input)
                                        .labels(labels)))
                .isTrue();
    }
}
