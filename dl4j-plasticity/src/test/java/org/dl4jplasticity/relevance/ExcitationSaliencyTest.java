package org.dl4jplasticity.relevance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.dl4jplasticity.dropout.ExcitationDropout;
import org.dl4jplasticity.testing.NetworkClass;
import org.dl4jplasticity.testing.TinyNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

class ExcitationSaliencyTest {

    private static OutputLayer.Builder output(int classes) {
        return new OutputLayer.Builder(LossFunction.MCXENT)
                .nOut(classes)
                .activation(Activation.SOFTMAX)
                .dropOut(new ExcitationDropout(0.5, 2));
    }

    private static ExcitationDropout dropout(TinyNetwork network, int layer) {
        return (ExcitationDropout) network.layers().get(layer).conf().getLayer().getIDropout();
    }

    /** Two inputs, three hidden units, two classes, with weights that can be followed by hand. */
    private static TinyNetwork network(NetworkClass type) {
        TinyNetwork network =
                Networks.chain(
                        type,
                        NetworkClass.settings(DataType.DOUBLE, new Sgd(0), 5)
                                .activation(Activation.RELU),
                        InputType.feedForward(2),
                        Networks.dense(3).dropOut(new ExcitationDropout(0.5, 1)).build(),
                        output(2).build());
        network.layers()
                .get(0)
                .getParam("W")
                .assign(Nd4j.createFromArray(new double[][] {{0.5, 0, 0}, {0.25, 1, -1}}));
        network.layers()
                .get(1)
                .getParam("W")
                .assign(Nd4j.createFromArray(new double[][] {{2, 3}, {1, -4}, {5, 1}}));
        return network;
    }

    private static DataSet examples() {
        return new DataSet(
                Nd4j.createFromArray(new double[][] {{1, 2}, {1, 2}}),
                Nd4j.createFromArray(new double[][] {{1, 0}, {0, 1}}));
    }

    /**
     * Hidden units are 0.5 + 0.5, 2 and 0. For class 0 they count 2, 2 and 0, half the relevance
     * each of the first two; for class 1 only the first speaks: on average 3/4, 1/4, 0. The first
     * unit hands on halves, the second all to input 1: 3/8 and 3/8 + 1/4.
     */
    @ParameterizedTest
    @EnumSource(
            value = NetworkClass.class,
            names = {"SEQUENTIAL", "GRAPH"})
    void sharesAreThoseOfExcitationBackpropagation(NetworkClass type) {
        TinyNetwork network = network(type);
        network.listen(ExcitationSaliency.of(network.model()));
        network.fit(examples());
        assertThat(dropout(network, 1).shares())
                .containsExactly(new double[] {.75, .25, 0}, within(1e-9));
        assertThat(dropout(network, 0).shares())
                .containsExactly(new double[] {.375, .625}, within(1e-9));
    }

    @Test
    void relevanceIsToldAfterSoManyIterationsOnly() {
        TinyNetwork network = network(NetworkClass.SEQUENTIAL);
        network.listen(ExcitationSaliency.of(network.model(), 2));
        network.fit(examples());
        assertThat(dropout(network, 1).shares()).isEmpty();
        network.fit(examples());
        assertThat(dropout(network, 1).shares()).hasSize(3);
    }

    @Test
    void aFlattenedImageHasAShareForEveryPosition() {
        TinyNetwork network =
                Networks.chain(
                        NetworkClass.SEQUENTIAL,
                        InputType.convolutional(5, 5, 2),
                        Networks.convolution(3, 2, 2).build(),
                        output(3).build());
        network.listen(ExcitationSaliency.of(network.model()));
        network.fit(new DataSet(Networks.gaussian(1, 6, 2, 5, 5), Networks.labels(6, 3)));
        assertThat(dropout(network, 1).shares()).hasSize(3 * 4 * 4);
        assertThat(Arrays.stream(dropout(network, 1).shares()).sum()).isCloseTo(1, within(1e-9));
    }

    @Test
    void withoutTheListenerNothingIsTrained() {
        TinyNetwork network = network(NetworkClass.SEQUENTIAL);
        assertThatIllegalStateException()
                .isThrownBy(() -> network.fit(examples()))
                .withMessage(
                        "ExcitationDropout: relevance comes from a listener, add one:"
                                + " model.addListeners(ExcitationSaliency.of(model))");
    }

    @Test
    void refusesALookAfterNoIteration() {
        TinyNetwork network = network(NetworkClass.SEQUENTIAL);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ExcitationSaliency.of(network.model(), 0))
                .withMessage(
                        "the iterations between two looks at relevance must be at least 1, got 0");
    }
}
