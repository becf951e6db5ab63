package org.dl4jplasticity.dropout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.dropout.IDropout;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.dl4jplasticity.testing.ModelCopies;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** What every technique of the package does, in both network classes and both kinds of layer. */
class DropoutContractTest {

    @BeforeAll
    static void useDoubles() {
        Nd4j.setDefaultDataTypes(DataType.DOUBLE, DataType.DOUBLE);
    }

    @AfterAll
    static void useFloats() {
        Nd4j.setDefaultDataTypes(DataType.FLOAT, DataType.FLOAT);
    }

    static Stream<Arguments> everywhere() {
        return crossed(Technique.all());
    }

    static Stream<Arguments> learning() {
        return crossed(Technique.all(0.1));
    }

    static Stream<Arguments> keepingAll() {
        return crossed(Technique.keepingAll());
    }

    static Stream<Arguments> droppingAll() {
        return crossed(Technique.droppingAll());
    }

    private static Stream<Arguments> crossed(Stream<Technique> techniques) {
        return techniques.flatMap(
                technique ->
                        Stream.of(Trial.values()).map(trial -> Arguments.of(technique, trial)));
    }

    /**
     * With a linear network the mean of the outputs is the output of the mean. Examples are equal,
     * so that their mean at one iteration is one sample.
     */
    @ParameterizedTest
    @MethodSource("everywhere")
    void theMeanInTrainingIsTheValueAtInference(Technique technique, Trial trial) {
        Model model = trial.network(technique, Activation.IDENTITY);
        int samples = 200;
        INDArray example = Trial.numbers(1, 1, 6);
        INDArray examples = Nd4j.concat(0, example, example, example, example);
        double[] sums = new double[3];
        double[] squares = new double[3];
        for (int sample = 0; sample < samples; sample++) {
            Trial.setIteration(model, sample);
            redraw(model, sample);
            double[] outputs = Trial.output(model, examples, true);
            for (int unit = 0; unit < 3; unit++) {
                double mean = 0;
                for (int i = unit; i < outputs.length; i += 3) {
                    mean += outputs[i] * 3 / outputs.length;
                }
                sums[unit] += mean;
                squares[unit] += mean * mean;
            }
        }
        double[] expected = Trial.output(model, example, false);
        for (int unit = 0; unit < 3; unit++) {
            double mean = sums[unit] / samples;
            double variance = (squares[unit] / samples - mean * mean) / (samples - 1);
            assertThat(variance).isPositive();
            // Without biases a factor of the inputs is one of the outputs.
            assertThat(mean)
                    .isCloseTo(expected[unit] * technique.mean(), within(5 * Math.sqrt(variance)));
        }
    }

    /** Interval dropout draws by pre-activations, which here never change. */
    private static void redraw(Model model, int sample) {
        if (Trial.second(model).getActivationFn() instanceof IntervalDropout intervals) {
            Trial.second(model)
                    .setActivationFn(
                            new IntervalDropout(intervals.borders(), intervals.keeps(), sample));
        }
    }

    @ParameterizedTest
    @MethodSource("everywhere")
    void gradientsAreThoseOfFiniteDifferences(Technique technique, Trial trial) {
        Model model = trial.network(technique, Activation.TANH);
        if (Trial.second(model).getActivationFn() instanceof IntervalDropout intervals) {
            Trial.second(model).setActivationFn(intervals.frozen());
        }
        assertThat(Trial.gradientsAreRight(model, Trial.examples(1))).isTrue();
    }

    @ParameterizedTest
    @MethodSource("everywhere")
    void inferenceIsDeterministic(Technique technique, Trial trial) {
        Model model = trial.network(technique, Activation.TANH);
        INDArray features = Trial.numbers(1, 5, 6);
        double[] outputs = Trial.output(model, features, false);
        assertThat(Trial.output(model, features, true)).isNotEqualTo(outputs);
        Trial.setIteration(model, 7);
        assertThat(Trial.output(model, features, false)).isEqualTo(outputs);
    }

    @ParameterizedTest
    @MethodSource("everywhere")
    void anotherIterationDrawsDifferentlyAndTheSameOneTheSame(Technique technique, Trial trial) {
        Model model = trial.network(technique, Activation.TANH);
        if (Trial.second(model).getActivationFn() instanceof IntervalDropout) {
            return; // draws by what the iteration changes, see IntervalDropoutTest
        }
        INDArray features = Trial.numbers(1, 5, 6);
        Trial.setIteration(model, 3);
        double[] outputs = Trial.output(model, features, true);
        assertThat(Trial.output(model, features, true)).isEqualTo(outputs);
        Trial.setIteration(model, 4);
        assertThat(Trial.output(model, features, true)).isNotEqualTo(outputs);
    }

    @ParameterizedTest
    @MethodSource("learning")
    void copiesGoOnTheSame(Technique technique, Trial trial, @TempDir Path folder)
            throws IOException {
        Model model = trial.network(technique, Activation.TANH);
        Trial.fit(model, 1);
        List<? extends Model> copies = ModelCopies.of(model, folder);
        Trial.fit(model, 2);
        for (Model copy : copies) {
            Trial.attend(copy);
            Trial.fit(copy, 2);
            assertThat(copy.params()).isEqualTo(model.params());
            assertEqualTechniques(copy, model);
        }
    }

    @ParameterizedTest
    @EnumSource(Trial.class)
    void whatLearnsIsAnotherAfterAnIteration(Trial trial) {
        for (Technique technique : Technique.all(0.1).toList()) {
            Model model = trial.network(technique, Activation.TANH);
            IDropout there = Trial.second(model).getIDropout();
            IDropout before = there == null ? null : there.clone();
            Trial.fit(model, 1);
            IDropout after = Trial.second(model).getIDropout();
            assertThat(Objects.equals(after, before)).isEqualTo(!(after instanceof LearnedDropout));
        }
    }

    private static void assertEqualTechniques(Model actual, Model expected) {
        BaseLayer layer = Trial.second(actual);
        BaseLayer other = Trial.second(expected);
        assertThat(layer.getIDropout()).isEqualTo(other.getIDropout());
        assertThat(layer.getWeightNoise()).isEqualTo(other.getWeightNoise());
        assertThat(layer.getActivationFn()).isEqualTo(other.getActivationFn());
    }

    @ParameterizedTest
    @MethodSource("learning")
    void aCopySharesNothingThatChanges(Technique technique, Trial trial) {
        Model model = trial.network(technique, Activation.TANH);
        Model undisturbed = trial.network(technique, Activation.TANH);
        Model copy = Trial.copy(model);
        Trial.attend(copy);
        NeuralNetConfiguration before = Layers.of(model).get(0).conf().clone();
        for (int step = 0; step < 3; step++) {
            Trial.fit(copy, 10 + step);
        }
        assertThat(Layers.of(model).get(0).conf()).isEqualTo(before);
        Trial.fit(model, 1);
        Trial.fit(undisturbed, 1);
        assertThat(model.params()).isEqualTo(undisturbed.params());
        assertEqualTechniques(model, undisturbed);
    }

    @ParameterizedTest
    @MethodSource("keepingAll")
    void keepingAllIsInference(Technique technique, Trial trial) {
        Model model = trial.network(technique, Activation.TANH);
        INDArray features = Trial.numbers(1, 5, 6);
        assertThat(Trial.output(model, features, true))
                .isEqualTo(Trial.output(model, features, false));
    }

    @ParameterizedTest
    @MethodSource("droppingAll")
    void droppingAllLeavesTheBiases(Technique technique, Trial trial) {
        Model model = trial.network(technique, Activation.TANH);
        double[] outputs = Trial.output(model, Trial.numbers(1, 5, 6), true);
        assertThat(outputs).containsExactly(new double[15], within(0.0));
    }
}
