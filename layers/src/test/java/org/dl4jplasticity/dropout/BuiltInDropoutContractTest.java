package org.dl4jplasticity.dropout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.dl4jplasticity.testing.ModelCopies;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** What every layer with a dropout inside does, in both network classes. */
class BuiltInDropoutContractTest {

    @BeforeAll
    static void useDoubles() {
        Nd4j.setDefaultDataTypes(DataType.DOUBLE, DataType.DOUBLE);
    }

    @AfterAll
    static void useFloats() {
        Nd4j.setDefaultDataTypes(DataType.FLOAT, DataType.FLOAT);
    }

    static Stream<Arguments> everywhere() {
        return crossed(BuiltInDropout.all());
    }

    static Stream<Arguments> unbiased() {
        return crossed(BuiltInDropout.all().filter(BuiltInDropout::unbiased));
    }

    private static Stream<Arguments> crossed(Stream<BuiltInDropout> layers) {
        return layers.flatMap(
                layer -> Stream.of(Trial.values()).map(trial -> Arguments.of(layer, trial)));
    }

    private static Model network(BuiltInDropout layer, Trial trial, Activation activation) {
        return trial.network(layer.builder().apply(activation), activation);
    }

    /** Without biases a linear network's mean is what comes of the layer's mean. */
    @ParameterizedTest
    @MethodSource("unbiased")
    void theMeanInTrainingIsTheValueAtInference(BuiltInDropout layer, Trial trial) {
        Model model = network(layer, trial, Activation.IDENTITY);
        int samples = 400;
        INDArray example = Trial.numbers(1, 1, 6);
        double[] sums = new double[3];
        double[] squares = new double[3];
        for (int sample = 0; sample < samples; sample++) {
            Trial.setIteration(model, sample);
            double[] outputs = Trial.output(model, example, true);
            for (int unit = 0; unit < 3; unit++) {
                sums[unit] += outputs[unit];
                squares[unit] += outputs[unit] * outputs[unit];
            }
        }
        double[] expected = Trial.output(model, example, false);
        for (int unit = 0; unit < 3; unit++) {
            double mean = sums[unit] / samples;
            double variance = (squares[unit] / samples - mean * mean) / (samples - 1);
            assertThat(variance).isPositive();
            assertThat(mean).isCloseTo(expected[unit], within(5 * Math.sqrt(variance)));
        }
    }

    @ParameterizedTest
    @MethodSource("everywhere")
    void gradientsAreThoseOfFiniteDifferences(BuiltInDropout layer, Trial trial) {
        Model model = network(layer, trial, Activation.TANH);
        assertThat(Trial.gradientsAreRight(model, Trial.examples(1))).isTrue();
    }

    @ParameterizedTest
    @MethodSource("everywhere")
    void inferenceIsDeterministic(BuiltInDropout layer, Trial trial) {
        Model model = network(layer, trial, Activation.TANH);
        INDArray features = Trial.numbers(1, 5, 6);
        double[] outputs = Trial.output(model, features, false);
        assertThat(Trial.output(model, features, true)).isNotEqualTo(outputs);
        Trial.setIteration(model, 7);
        assertThat(Trial.output(model, features, false)).isEqualTo(outputs);
    }

    @ParameterizedTest
    @MethodSource("everywhere")
    void anotherIterationDrawsDifferentlyAndTheSameOneTheSame(BuiltInDropout layer, Trial trial) {
        Model model = network(layer, trial, Activation.TANH);
        INDArray features = Trial.numbers(1, 5, 6);
        Trial.setIteration(model, 3);
        double[] outputs = Trial.output(model, features, true);
        assertThat(Trial.output(model, features, true)).isEqualTo(outputs);
        Trial.setIteration(model, 4);
        assertThat(Trial.output(model, features, true)).isNotEqualTo(outputs);
    }

    @ParameterizedTest
    @MethodSource("everywhere")
    void copiesGoOnTheSame(BuiltInDropout layer, Trial trial, @TempDir Path folder)
            throws IOException {
        Model model = network(layer, trial, Activation.TANH);
        Trial.fit(model, 1);
        List<? extends Model> copies = ModelCopies.of(model, folder);
        Trial.fit(model, 2);
        for (Model copy : copies) {
            Trial.attend(copy);
            assertThat(Trial.second(copy)).isEqualTo(Trial.second(model));
            Trial.fit(copy, 2);
            assertThat(copy.params()).isEqualTo(model.params());
        }
    }

    @ParameterizedTest
    @MethodSource("everywhere")
    void aCopySharesNothingThatChanges(BuiltInDropout layer, Trial trial) {
        Model model = network(layer, trial, Activation.TANH);
        Model undisturbed = network(layer, trial, Activation.TANH);
        Model copy = Trial.copy(model);
        NeuralNetConfiguration before = Layers.of(model).get(1).conf().clone();
        for (int step = 0; step < 3; step++) {
            Trial.fit(copy, 10 + step);
        }
        assertThat(Layers.of(model).get(1).conf()).isEqualTo(before);
        Trial.fit(model, 1);
        Trial.fit(undisturbed, 1);
        assertThat(model.params()).isEqualTo(undisturbed.params());
    }
}
