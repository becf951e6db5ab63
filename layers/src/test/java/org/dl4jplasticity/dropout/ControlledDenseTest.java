package org.dl4jplasticity.dropout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import org.deeplearning4j.exception.DL4JInvalidInputException;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;
import org.nd4j.linalg.schedule.ScheduleType;

class ControlledDenseTest {
    private static final ControlledDropout FIRST = new ControlledDropout(0.5, 1);
    private static final ControlledDropout SECOND = new ControlledDropout(0.7, 2);

    private static MultiLayerNetwork network(DataType type, IUpdater updater, Layer... layers) {
        NeuralNetConfiguration.ListBuilder list =
                new NeuralNetConfiguration.Builder()
                        .seed(3)
                        .dataType(type)
                        .updater(updater)
                        .biasInit(0.1)
                        .activation(Activation.RELU)
                        .list();
        for (Layer layer : layers) {
            list.layer(layer);
        }
        MultiLayerNetwork network = new MultiLayerNetwork(list.build());
        network.init();
        return network;
    }

    private static OutputLayer.Builder output(int inputs) {
        return new OutputLayer.Builder(LossFunction.MCXENT)
                .nIn(inputs)
                .nOut(3)
                .activation(Activation.SOFTMAX);
    }

    private static ControlledDenseLayer.Builder controlled(int inputs, int units) {
        return new ControlledDenseLayer.Builder().nIn(inputs).nOut(units);
    }

    private static DenseLayer.Builder dense(int inputs, int units) {
        return new DenseLayer.Builder().nIn(inputs).nOut(units);
    }

    private static DataSet examples(DataType type, int seed) {
        INDArray labels = Nd4j.zeros(type, 7, 3);
        for (int i = 0; i < 7; i++) {
            labels.putScalar(i, i % 3, 1);
        }
        return new DataSet(Trial.numbers(seed, 7, 6).castTo(type), labels);
    }

    /** A width of 1000 is worked on by several threads. */
    @ParameterizedTest
    @CsvSource({"DOUBLE, 20, 30", "FLOAT, 20, 30", "DOUBLE, 1000, 500", "FLOAT, 1000, 500"})
    void aStepIsThatOfDenseLayersWhoseNextHasTheDropout(DataType type, int wide, int narrow) {
        MultiLayerNetwork smaller =
                network(
                        type,
                        new Sgd(0.1),
                        controlled(6, wide).dropUnits(FIRST).build(),
                        controlled(wide, narrow).droppedInputs(FIRST).dropUnits(SECOND).build(),
                        output(narrow).build());
        MultiLayerNetwork whole =
                network(
                        type,
                        new Sgd(0.1),
                        dense(6, wide).build(),
                        dense(wide, narrow).dropOut(FIRST).build(),
                        output(narrow).dropOut(SECOND).build());
        assertThat(smaller.params()).isEqualTo(whole.params());
        for (int step = 0; step < 4; step++) {
            smaller.fit(examples(type, step));
            whole.fit(examples(type, step));
            assertThat(smaller.score())
                    .isCloseTo(whole.score(), within(type == DataType.DOUBLE ? 1e-10 : 1e-5));
        }
        double difference = smaller.params().sub(whole.params()).amaxNumber().doubleValue();
        assertThat(difference).isLessThan(type == DataType.DOUBLE ? 1e-10 : 1e-5);
        INDArray features = examples(type, 9).getFeatures();
        assertThat(smaller.output(features).toDoubleMatrix()[3])
                .containsExactly(
                        whole.output(features).toDoubleMatrix()[3],
                        within(type == DataType.DOUBLE ? 1e-10 : 1e-5));
    }

    /** What one layer drops is 0 in all of the next one's inputs, told or not. */
    @Test
    void beingToldWhatWasDroppedChangesNothingButTheWork() {
        MultiLayerNetwork[] networks = new MultiLayerNetwork[2];
        for (int i = 0; i < 2; i++) {
            ControlledDenseLayer.Builder second = controlled(20, 10).dropUnits(SECOND);
            networks[i] =
                    network(
                            DataType.DOUBLE,
                            new Adam(0.01),
                            controlled(6, 20).dropUnits(FIRST).build(),
                            (i == 0 ? second : second.droppedInputs(FIRST)).build(),
                            output(10).build());
            for (int step = 0; step < 3; step++) {
                networks[i].fit(examples(DataType.DOUBLE, step));
            }
        }
        assertThat(networks[1].params().toDoubleVector())
                .containsExactly(networks[0].params().toDoubleVector(), within(1e-12));
    }

    /** x = (1, 2), W = [[1, 10, 100], [2, 20, 200]], b = (5, 6, 7); two of three units kept. */
    @Test
    void keptUnitsAreDividedByTheirProbabilityAndTheOthersAreZero() {
        ControlledDropout dropout = new ControlledDropout(0.5, 4);
        MultiLayerNetwork network =
                network(
                        DataType.DOUBLE,
                        new Sgd(1),
                        controlled(2, 3).activation(Activation.IDENTITY).dropUnits(dropout).build(),
                        output(3).build());
        network.getParam("0_W")
                .assign(Nd4j.createFromArray(new double[][] {{1, 10, 100}, {2, 20, 200}}));
        network.getParam("0_b").assign(Nd4j.createFromArray(5.0, 6.0, 7.0));
        double[] whole = {10, 56, 507};
        KeptUnits kept = dropout.kept(3, 0, 0);
        double[] expected = new double[3];
        for (int unit : kept.kept()) {
            expected[unit] = whole[unit] / 0.5;
        }
        INDArray x = Nd4j.createFromArray(new double[][] {{1, 2}});
        assertThat(kept.count()).isBetween(1, 2);
        assertThat(network.feedForwardToLayer(0, x, true).get(1).toDoubleVector())
                .containsExactly(expected, within(1e-12));
        assertThat(network.feedForwardToLayer(0, x, false).get(1).toDoubleVector())
                .containsExactly(whole, within(1e-12));
    }

    @Test
    void keepingAllIsADenseLayer() {
        ControlledDropout all = new ControlledDropout(1, 1);
        MultiLayerNetwork controlled =
                network(
                        DataType.DOUBLE,
                        new Sgd(0.1),
                        controlled(6, 8).dropUnits(all).build(),
                        controlled(8, 5).droppedInputs(all).build(),
                        output(5).build());
        MultiLayerNetwork dense =
                network(
                        DataType.DOUBLE,
                        new Sgd(0.1),
                        dense(6, 8).build(),
                        dense(8, 5).build(),
                        output(5).build());
        controlled.fit(examples(DataType.DOUBLE, 1));
        dense.fit(examples(DataType.DOUBLE, 1));
        assertThat(controlled.params().toDoubleVector())
                .containsExactly(dense.params().toDoubleVector(), within(1e-12));
    }

    /** With nothing to multiply, the biases of the last layers are all that learns. */
    @Test
    void droppingAllLeavesTheBiases() {
        ControlledDropout none = new ControlledDropout(0, 1);
        MultiLayerNetwork network =
                network(
                        DataType.DOUBLE,
                        new Sgd(0.1),
                        controlled(6, 8).dropUnits(none).build(),
                        controlled(8, 5)
                                .droppedInputs(none)
                                .activation(Activation.IDENTITY)
                                .build(),
                        output(5).build());
        INDArray before = network.params().dup();
        DataSet examples = examples(DataType.DOUBLE, 1);
        assertThat(network.feedForwardToLayer(1, examples.getFeatures(), true).get(2))
                .isEqualTo(Nd4j.valueArrayOf(new long[] {7, 5}, 0.1, DataType.DOUBLE));
        network.fit(examples);
        // 6 x 8 weights and 8 biases, 8 x 5 weights: none moves; then 5 biases, which do.
        double[] moved = network.params().sub(before).toDoubleVector();
        for (int i = 0; i < 48 + 8 + 40; i++) {
            assertThat(moved[i]).isZero();
        }
        for (int i = 96; i < 101; i++) {
            assertThat(moved[i]).isNotZero();
        }
    }

    @Test
    void aScheduleIsFollowed() {
        ControlledDropout fading =
                new ControlledDropout(new LinearKeep(ScheduleType.ITERATION, 0, 1, 2), 1);
        MultiLayerNetwork network =
                network(
                        DataType.DOUBLE,
                        new Sgd(0.1),
                        controlled(6, 8).dropUnits(fading).build(),
                        output(8).build());
        INDArray x = Trial.numbers(1, 1, 6);
        assertThat(network.feedForwardToLayer(0, x, true).get(1).sumNumber().doubleValue())
                .isZero();
        network.fit(examples(DataType.DOUBLE, 1));
        network.fit(examples(DataType.DOUBLE, 1));
        assertThat(network.feedForwardToLayer(0, x, true).get(1).toDoubleVector())
                .containsExactly(
                        network.feedForwardToLayer(0, x, false).get(1).toDoubleVector(),
                        within(1e-12));
    }

    @Test
    void theValidationLossDrivesItToo() {
        ControlledDropout driven = new ControlledDropout(new ValidationKeep(0.5, 0.5), 1);
        MultiLayerNetwork network =
                network(
                        DataType.DOUBLE,
                        new Sgd(0.1),
                        controlled(6, 8).dropUnits(driven).build(),
                        output(8).build());
        assertThatIllegalStateException()
                .isThrownBy(() -> network.fit(examples(DataType.DOUBLE, 1)))
                .withMessageContaining("the validation loss comes from a listener");
        network.setListeners(DropoutTraining.of(network, model -> 1));
        network.fit(examples(DataType.DOUBLE, 1));
    }

    @ParameterizedTest
    @EnumSource(
            value = DataType.class,
            names = {"FLOAT", "DOUBLE"})
    void inputsThatOughtToBeZeroAreChecked(DataType type) {
        MultiLayerNetwork network =
                network(
                        type,
                        new Sgd(0.1),
                        dense(6, 8).activation(Activation.SIGMOID).build(),
                        controlled(8, 5).name("second").droppedInputs(FIRST).build(),
                        output(5).build());
        INDArray before = network.params().dup();
        KeptUnits kept = FIRST.kept(8, 0, 0);
        int dropped = 0;
        while (dropped < kept.count() && kept.kept()[dropped] == dropped) {
            dropped++;
        }
        assertThatIllegalStateException()
                .isThrownBy(() -> network.fit(examples(type, 1)))
                .withMessage(
                        "Layer 1 (second): input "
                                + dropped
                                + " must be 0 where droppedInputs drops it, got another number;"
                                + " give the layer before a dropUnits that is equal");
        assertThat(network.params()).isEqualTo(before);
    }

    @Test
    void anInputOfAnotherWidthIsRefused() {
        MultiLayerNetwork network =
                network(
                        DataType.DOUBLE,
                        new Sgd(0.1),
                        controlled(5, 8).name("first").dropUnits(FIRST).build(),
                        output(8).build());
        assertThatExceptionOfType(DL4JInvalidInputException.class)
                .isThrownBy(() -> network.fit(examples(DataType.DOUBLE, 1)))
                .withMessage(
                        "expected an input of shape [minibatch, 5], got [7, 6] (layer name: first,"
                                + " layer index: 0, layer type: ControlledDense)");
    }

    @Test
    void biasesCanBeLeftOut() {
        MultiLayerNetwork network =
                network(
                        DataType.DOUBLE,
                        new Sgd(0.1),
                        controlled(6, 8).hasBias(false).dropUnits(FIRST).build(),
                        output(8).build());
        assertThat(network.getLayer(0).numParams()).isEqualTo(48);
        network.fit(examples(DataType.DOUBLE, 1));
        assertThat(network.getLayer(0).conf().getLayer())
                .isNotEqualTo(controlled(6, 8).dropUnits(FIRST).build());
    }
}
