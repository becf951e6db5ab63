package org.dl4jplasticity.dropout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.deeplearning4j.gradientcheck.GradientCheckUtil;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

class FastDropoutTest {

    @BeforeAll
    static void useDoubles() {
        Nd4j.setDefaultDataTypes(DataType.DOUBLE, DataType.DOUBLE);
    }

    @AfterAll
    static void useFloats() {
        Nd4j.setDefaultDataTypes(DataType.FLOAT, DataType.FLOAT);
    }

    private static MultiLayerNetwork network(
            FastDropoutLayer.Builder layer, IActivation activation) {
        MultiLayerNetwork network =
                new MultiLayerNetwork(
                        new NeuralNetConfiguration.Builder()
                                .seed(3)
                                .dataType(DataType.DOUBLE)
                                .updater(new NoOp())
                                .list()
                                .layer(layer.activation(activation).build())
                                .layer(
                                        new LossLayer.Builder(LossFunction.MSE)
                                                .activation(Activation.IDENTITY)
                                                .build())
                                .build());
        network.init();
        return network;
    }

    private static FastDropoutLayer.Builder layer(int inputs, int units) {
        return new FastDropoutLayer.Builder().nIn(inputs).nOut(units).keep(0.6);
    }

    /** What 20,000 masks of the inputs come to, for sums of 100 inputs. */
    @ParameterizedTest
    @EnumSource(
            value = Activation.class,
            names = {"IDENTITY", "SIGMOID", "RELU"})
    void theMeanIsThatOfManyMasks(Activation activation) {
        MultiLayerNetwork network = network(layer(100, 2), activation.getActivationFunction());
        double[][] w = network.getParam("0_W").muli(3).toDoubleMatrix();
        double[] x = Trial.numbers(1, 1, 100).toDoubleVector();
        SplittableRandom random = new SplittableRandom(4);
        int masks = 20_000;
        INDArray sums = Nd4j.zeros(DataType.DOUBLE, masks, 2);
        for (int mask = 0; mask < masks; mask++) {
            double[] sum = new double[2];
            for (int i = 0; i < 100; i++) {
                if (random.nextDouble() < 0.6) {
                    sum[0] += x[i] * w[i][0] / 0.6;
                    sum[1] += x[i] * w[i][1] / 0.6;
                }
            }
            sums.putRow(mask, Nd4j.createFromArray(sum));
        }
        double[] expected =
                activation
                        .getActivationFunction()
                        .getActivation(sums, true)
                        .mean(0)
                        .toDoubleVector();
        double[] trained =
                network.output(Nd4j.createFromArray(new double[][] {x}), true).toDoubleVector();
        assertThat(trained).containsExactly(expected, within(0.03));
    }

    /** mu 0 and s 2: ReLU's mean is 2 phi(0), a sigmoid's is 1/2; mu 6 and s 2 for slopes. */
    @Test
    void meansOfActivationsAreTheFormulas() {
        INDArray mean = Nd4j.createFromArray(0.0, 6.0);
        INDArray variance = Nd4j.createFromArray(4.0, 4.0);
        double[] relu = MeanActivation.RELU.at(mean, variance).mean().toDoubleVector();
        // Phi(3) = 0.9986501, phi(3) = 0.0044318484
        assertThat(relu)
                .containsExactly(
                        new double[] {2 * 0.39894228, 6 * 0.9986501 + 2 * 0.0044318484},
                        within(1e-6));
        double[] sigmoid = MeanActivation.SIGMOID.at(mean, variance).mean().toDoubleVector();
        // 1 + pi / 2 = 2.5707963, 6 / sqrt of it = 3.7421039
        assertThat(sigmoid)
                .containsExactly(new double[] {0.5, 1 / (1 + Math.exp(-3.7421039))}, within(1e-6));
    }

    @ParameterizedTest
    @EnumSource(
            value = Activation.class,
            names = {"IDENTITY", "SIGMOID", "RELU"})
    void gradientsOfMeansAreThoseOfFiniteDifferences(Activation activation) {
        MultiLayerNetwork network = network(layer(6, 4), activation.getActivationFunction());
        assertThat(
                        GradientCheckUtil.checkGradients(
                                new GradientCheckUtil.MLNConfig()
                                        .net(network)
                                        .input(Trial.numbers(1, 5, 6))
                                        .labels(Trial.numbers(2, 5, 4))))
                .isTrue();
    }

    @ParameterizedTest
    @EnumSource(
            value = Activation.class,
            names = {"SIGMOID", "TANH"})
    void keepingAllIsInference(Activation activation) {
        FastDropoutLayer.Builder all = layer(6, 4).keep(1);
        if (activation == Activation.TANH) {
            all.sampled(1);
        }
        MultiLayerNetwork network = network(all, activation.getActivationFunction());
        INDArray x = Trial.numbers(1, 5, 6);
        assertThat(network.output(x, true)).isEqualTo(network.output(x, false));
        assertThat(
                        GradientCheckUtil.checkGradients(
                                new GradientCheckUtil.MLNConfig()
                                        .net(network)
                                        .input(x)
                                        .labels(Trial.numbers(2, 5, 4))))
                .isTrue();
    }

    /** Averaged over many draws, inference comes to the mean that needs none. */
    @Test
    void inferenceCanAverageToo() {
        MultiLayerNetwork averaging =
                network(
                        layer(6, 4).sampled(1),
                        new GaussianMoments(new ActivationReLU(), 5_000, 2));
        MultiLayerNetwork exact = network(layer(6, 4), new ActivationReLU());
        INDArray x = Trial.numbers(1, 5, 6);
        double difference =
                averaging.output(x, false).sub(exact.output(x, true)).amaxNumber().doubleValue();
        assertThat(difference).isLessThan(0.05);
        assertThat(averaging.output(x, false)).isNotEqualTo(exact.output(x, false));
    }

    @Test
    void whatIsNotDefinedIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () ->
                                network(
                                        layer(6, 4).name("fast"),
                                        Activation.TANH.getActivationFunction()))
                .withMessage(
                        "Layer fast: fast dropout without draws is for identity, sigmoid and ReLU,"
                                + " got tanh; use sampled(seed)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> layer(6, 4).keep(0))
                .withMessage(
                        "FastDropoutLayer: the probability to keep an input must be in (0, 1], got"
                                + " 0.0");
    }
}
