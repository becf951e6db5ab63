package org.dl4jplasticity.dropout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jplasticity.layers.SparseDenseLayer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

class GaussianMomentsTest {
    private static final int SAMPLES = 1_000;

    /** Two inputs, one hidden unit with weights 3 and -1, and an output that passes it on. */
    private static MultiLayerNetwork network(boolean sparse, double keep) {
        FeedForwardLayer.Builder<?> hidden =
                sparse ? new SparseDenseLayer.Builder() : new DenseLayer.Builder();
        hidden.nIn(2)
                .nOut(1)
                .activation(new GaussianMoments(new ActivationReLU(), SAMPLES, 4))
                .weightNoise(new MaskedDropConnect(keep, 1));
        MultiLayerNetwork network =
                new MultiLayerNetwork(
                        new NeuralNetConfiguration.Builder()
                                .dataType(DataType.DOUBLE)
                                .list()
                                .layer(hidden.build())
                                .layer(
                                        new OutputLayer.Builder(LossFunction.MSE)
                                                .nIn(1)
                                                .nOut(1)
                                                .activation(Activation.IDENTITY)
                                                .build())
                                .build());
        network.init();
        network.setParams(
                Nd4j.createFromArray(new double[][] {{3, -1, 0.5, 1, 0}}).castTo(DataType.DOUBLE));
        return network;
    }

    /**
     * For x = (1, 2): mean 3 - 2 + 0.5 = 1.5, variance (9 + 4) (1 - p) / p = 13 for p = 1/2. Of the
     * rectified normal the mean is {@code mu Phi(mu / s) + s phi(mu / s)} with mu / s = 0.41603:
     * 1.5 * 0.66130 + 3.60555 * 0.36587 = 2.31110.
     */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void inferenceIsTheMeanOfTheFunctionOfANormalSum(boolean sparse) {
        MultiLayerNetwork network = network(sparse, 0.5);
        // Equal examples draw differently.
        INDArray examples = Nd4j.ones(DataType.DOUBLE, 20, 2);
        examples.getColumn(1).assign(2);
        double output = network.output(examples).meanNumber().doubleValue();
        // Standard error: at most 3.6 / sqrt(20 * 1000) = 0.025.
        assertThat(output).isCloseTo(2.3111, within(0.127));
        assertThat(network.output(examples).meanNumber().doubleValue()).isEqualTo(output);
    }

    @Test
    void withEveryWeightKeptItIsTheFunctionItself() {
        INDArray example = Nd4j.createFromArray(new double[][] {{1, 2}});
        assertThat(network(false, 1).output(example).getDouble(0)).isCloseTo(1.5, within(1e-9));
    }

    @Test
    void trainingIsTheFunctionOfTheDroppedWeights() {
        MultiLayerNetwork network = network(false, 0.5);
        network.setListeners(DropoutTraining.of(network));
        INDArray example = Nd4j.createFromArray(new double[][] {{1, 2}});
        // Weights 6 or 0, and -2 or 0: relu of 6.5, 2.5, 0.5 or -3.5.
        assertThat(network.output(example, true).getDouble(0)).isIn(6.5, 2.5, 0.5, 0.0);
    }

    @Test
    void travelsWithTheConfiguration() {
        MultiLayerConfiguration conf = network(true, 0.5).getLayerWiseConfigurations();
        for (MultiLayerConfiguration read :
                List.of(
                        MultiLayerConfiguration.fromJson(conf.toJson()),
                        MultiLayerConfiguration.fromYaml(conf.toYaml()),
                        conf.clone())) {
            assertThat(((BaseLayer) read.getConf(0).getLayer()).getActivationFn())
                    .isEqualTo(new GaussianMoments(new ActivationReLU(), SAMPLES, 4));
        }
    }

    @Test
    void refusesOtherLayersAndNoSamples() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new GaussianMoments(new ActivationReLU(), 0, 1))
                .withMessage("GaussianMoments: the number of samples must be at least 1, got 0");
        MultiLayerNetwork network =
                new MultiLayerNetwork(
                        new NeuralNetConfiguration.Builder()
                                .list()
                                .layer(
                                        new OutputLayer.Builder(LossFunction.MSE)
                                                .nIn(2)
                                                .nOut(1)
                                                .name("last")
                                                .activation(
                                                        new GaussianMoments(
                                                                new ActivationSigmoid(), 2, 1))
                                                .weightNoise(new MaskedDropConnect(0.5, 1))
                                                .build())
                                .build());
        network.init();
        assertThatIllegalStateException()
                .isThrownBy(() -> network.output(Nd4j.ones(1, 2)))
                .withMessage(
                        "Layer 0 (last): GaussianMoments is for dense and sparse dense layers, got"
                                + " OutputLayer");
    }
}
