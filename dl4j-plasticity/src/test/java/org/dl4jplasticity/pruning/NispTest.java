package org.dl4jplasticity.pruning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jplasticity.mask.MaskableWeights;
import org.dl4jplasticity.testing.NetworkClass;
import org.dl4jplasticity.testing.ResizableNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Importance that comes back from the outputs. */
class NispTest {

    private static double[][] scores(Model network, InputType... inputs) {
        return UnitScore.nisp(inputs).of(network, UnitGroup.of(network));
    }

    /** {@return |W| s} */
    private static double[] back(INDArray w, double[] s) {
        double[] sums = new double[(int) w.size(0)];
        Arrays.setAll(
                sums,
                input -> {
                    double sum = 0;
                    for (int output = 0; output < s.length; output++) {
                        sum += Math.abs(w.getDouble(input, output)) * s[output];
                    }
                    return sum;
                });
        return sums;
    }

    @ParameterizedTest
    @EnumSource(names = {"SEQUENTIAL", "GRAPH"})
    void importanceIsMultipliedByAbsoluteWeights(NetworkClass type) {
        Model network = Networks.perceptron(type);
        List<INDArray> w =
                MaskableWeights.of(network).stream().map(MaskableWeights::array).toList();
        double[] second = back(w.get(2), new double[] {1, 1, 1});
        double[] first = back(w.get(1), second);

        double[][] scores = scores(network);

        assertThat(scores[0]).containsExactly(first, within(1e-6));
        assertThat(scores[1]).containsExactly(second, within(1e-6));
    }

    /** Signs don't matter: the output's weights are 2 and -3. */
    @Test
    void byHand() {
        Model network = Networks.byHand(NetworkClass.GRAPH, DataType.DOUBLE);
        assertThat(scores(network)[0]).containsExactly(2, 3);
    }

    /** A unit that no input reaches passes importance on all the same. */
    @Test
    void whatComesInDoesNotMatter() {
        Model network = Networks.byHand(NetworkClass.SEQUENTIAL, DataType.DOUBLE);
        Networks.setWeights(network, 0, 0, 0, 0, 0);
        assertThat(scores(network)[0]).containsExactly(2, 3);
    }

    /** The second convolution's kernel covers all that pooling leaves: each place once. */
    @Test
    void kernelsAndPoolingPassImportanceToChannels() {
        MultiLayerNetwork network = Networks.convolutional();
        double[] second = back(network.getParam("4_W"), new double[] {1, 1, 1});
        INDArray kernel = network.getParam("3_W");
        double[] first = new double[6];
        for (int channel = 0; channel < 6; channel++) {
            for (int output = 0; output < 4; output++) {
                for (int place = 0; place < 9; place++) {
                    first[channel] +=
                            second[output]
                                    * Math.abs(
                                            kernel.getDouble(
                                                    output, channel, place / 3, place % 3));
                }
            }
        }

        double[][] scores = scores(network, InputType.convolutional(8, 8, 2));

        assertThat(scores[0]).containsExactly(first, within(1e-6));
        assertThat(scores[1]).containsExactly(second, within(1e-6));
    }

    @Test
    void refusesNetworksThatAreNotLinearButForActivation() {
        Model network = ResizableNetwork.LSTM_BEFORE_LSTM.trained(false, DataType.DOUBLE).model();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> scores(network, InputType.recurrent(3, 5)))
                .withMessageContaining("NISP needs layers that are linear")
                .withMessageContaining("LSTM");
    }
}
