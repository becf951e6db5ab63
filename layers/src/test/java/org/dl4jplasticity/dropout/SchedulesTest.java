package org.dl4jplasticity.dropout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.Stream;
import org.deeplearning4j.datasets.iterator.utilty.ListDataSetIterator;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.dropout.Dropout;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.linalg.schedule.ScheduleType;

class SchedulesTest {

    @Test
    void theCurriculumBeginsWithoutDropoutAndComesToItsProbability() {
        ISchedule curriculum = CurriculumKeep.over(0.5, 1_000);
        assertThat(curriculum.valueAt(0, 0)).isEqualTo(1);
        // 0.5 exp(-10 / 10) + 0.5
        assertThat(curriculum.valueAt(100, 3)).isCloseTo(0.683939721, within(1e-9));
        // 0.5 exp(-10) + 0.5
        assertThat(curriculum.valueAt(1_000, 9)).isCloseTo(0.500022700, within(1e-9));
    }

    @Test
    void theLineGoesFromTheFirstToTheLastProbabilityAndStays() {
        ISchedule epochs = new LinearKeep(ScheduleType.EPOCH, 0.5, 0.9, 4);
        assertThat(epochs.valueAt(1_000, 0)).isEqualTo(0.5);
        assertThat(epochs.valueAt(1_000, 1)).isCloseTo(0.6, within(1e-12));
        assertThat(epochs.valueAt(0, 4)).isEqualTo(0.9);
        assertThat(epochs.valueAt(0, 5)).isEqualTo(0.9);
        assertThat(new LinearKeep(ScheduleType.ITERATION, 1, 0, 10).valueAt(3, 50))
                .isCloseTo(0.7, within(1e-12));
    }

    @Test
    void theRateToDropDecaysExponentially() {
        ISchedule epochs = new ExponentialKeep(ScheduleType.EPOCH, 0.6, 0.5);
        assertThat(epochs.valueAt(9, 0)).isEqualTo(0.6);
        assertThat(epochs.valueAt(9, 1)).isCloseTo(0.8, within(1e-12));
        assertThat(epochs.valueAt(9, 3)).isCloseTo(0.95, within(1e-12));
        assertThat(new ExponentialKeep(ScheduleType.ITERATION, 0.6, 0.5).valueAt(2, 0))
                .isCloseTo(0.9, within(1e-12));
    }

    @Test
    void onlyALowerValidationLossThanEverLowersTheRate() {
        ValidationKeep keep = new ValidationKeep(0.5, 0.5);
        keep.attend();
        double[] losses = {1, 1, 0.8, 0.9, Double.NaN, 0.79};
        double[] expected = {0.5, 0.5, 0.75, 0.75, 0.75, 0.875};
        for (int epoch = 0; epoch < losses.length; epoch++) {
            keep.observe(losses[epoch]);
            assertThat(keep.valueAt(0, epoch)).isEqualTo(expected[epoch]);
        }
        assertThat(keep.best()).isEqualTo(0.79);
    }

    private static MultiLayerNetwork network(ISchedule keep) {
        MultiLayerNetwork network =
                new MultiLayerNetwork(
                        new NeuralNetConfiguration.Builder()
                                .list()
                                .layer(
                                        new OutputLayer.Builder(LossFunction.MSE)
                                                .nIn(4)
                                                .nOut(2)
                                                .activation(Activation.IDENTITY)
                                                .dropOut(new Dropout(keep))
                                                .build())
                                .build());
        network.init();
        return network;
    }

    private static ListDataSetIterator<org.nd4j.linalg.dataset.DataSet> twoBatches() {
        return new ListDataSetIterator<>(
                List.of(new org.nd4j.linalg.dataset.DataSet(Nd4j.ones(4, 4), Nd4j.ones(4, 2))), 2);
    }

    private static ValidationKeep of(MultiLayerNetwork network) {
        return (ValidationKeep)
                ((Dropout) network.getLayer(0).conf().getLayer().getIDropout()).getPSchedule();
    }

    @Test
    void theValidationLossOfEveryEpochReachesTheScheduleThatRuns() {
        MultiLayerNetwork network = network(new ValidationKeep(0.5, 0.5));
        network.setListeners(
                DropoutTraining.of(
                        network, model -> 3 - ((MultiLayerNetwork) model).getEpochCount()));
        network.fit(twoBatches(), 3);
        // Losses 3, 2, 1: two improvements.
        assertThat(of(network).keep()).isEqualTo(0.875);
        assertThat(of(network.clone())).isEqualTo(of(network)).isNotSameAs(of(network));
    }

    @Test
    void withoutTheListenerOrItsLossNothingIsTrained() {
        MultiLayerNetwork network = network(new ValidationKeep(0.5, 0.5));
        INDArray before = network.params().dup();
        assertThatIllegalStateException()
                .isThrownBy(() -> network.fit(twoBatches()))
                .withMessage(
                        "ValidationKeep: the validation loss comes from a listener, add one:"
                                + " model.addListeners(DropoutTraining.of(model, validationLoss))");
        assertThat(network.params()).isEqualTo(before);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DropoutTraining.of(network))
                .withMessageContaining("ValidationKeep needs the validation loss");
    }

    static Stream<ISchedule> all() {
        return Stream.of(
                CurriculumKeep.over(0.5, 100),
                new LinearKeep(ScheduleType.EPOCH, 0.5, 0.9, 4),
                new ExponentialKeep(ScheduleType.ITERATION, 0.6, 0.5),
                new ValidationKeep(0.5, 0.5, 0.25),
                new ValidationKeep(0.5, 0.5));
    }

    @ParameterizedTest
    @MethodSource("all")
    void schedulesTravelWithTheConfiguration(ISchedule keep) {
        MultiLayerConfiguration conf = network(keep).getLayerWiseConfigurations();
        for (MultiLayerConfiguration read :
                List.of(
                        MultiLayerConfiguration.fromJson(conf.toJson()),
                        MultiLayerConfiguration.fromYaml(conf.toYaml()),
                        conf.clone())) {
            Dropout dropout = (Dropout) read.getConf(0).getLayer().getIDropout();
            assertThat(dropout.getPSchedule()).isEqualTo(keep);
        }
    }

    @Test
    void dropoutsOfThisPackageFollowASchedule() {
        ControlledDropout dropout =
                new ControlledDropout(new LinearKeep(ScheduleType.ITERATION, 1, 0, 10), 1);
        INDArray ones = Nd4j.ones(DataType.FLOAT, 1, 50);
        assertThat(at(dropout, ones, 0)).isEqualTo(ones);
        assertThat(at(dropout, ones, 5).maxNumber().doubleValue()).isEqualTo(2);
        assertThat(at(dropout, ones, 10).maxNumber().doubleValue()).isZero();
    }

    private static INDArray at(ControlledDropout dropout, INDArray input, int iteration) {
        return dropout.applyDropout(
                input, input.dup(), iteration, 0, LayerWorkspaceMgr.noWorkspaces());
    }

    @Test
    void numbersOutOfRangeAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new CurriculumKeep(1.5, 1))
                .withMessage("CurriculumKeep: the probability to keep must be in [0, 1], got 1.5");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CurriculumKeep.over(0.5, 0))
                .withMessage(
                        "CurriculumKeep: the number of iterations must be in (0, infinity), got 0.0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new LinearKeep(ScheduleType.EPOCH, -0.1, 1, 3))
                .withMessage(
                        "LinearKeep: the first probability to keep must be in [0, 1], got -0.1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ExponentialKeep(ScheduleType.EPOCH, 0.5, 1.1))
                .withMessage("ExponentialKeep: the decay must be in [0, 1], got 1.1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ValidationKeep(Double.NaN, 0.5))
                .withMessage("ValidationKeep: the probability to keep must be in [0, 1], got NaN");
    }
}
