package org.dl4jplasticity.growth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.dl4jplasticity.growth.GrowthNetworks.SIX;
import static org.dl4jplasticity.growth.GrowthNetworks.chain;
import static org.dl4jplasticity.growth.GrowthNetworks.dense;
import static org.dl4jplasticity.growth.GrowthNetworks.output;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.deeplearning4j.datasets.iterator.ExistingDataSetIterator;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.api.NeuralNetwork;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.dl4jplasticity.checkpoint.Checkpoint;
import org.dl4jplasticity.checkpoint.DataOrder;
import org.dl4jplasticity.checkpoint.Moment;
import org.dl4jplasticity.checkpoint.RemainingBatches;
import org.dl4jplasticity.checkpoint.ResumableTraining;
import org.dl4jplasticity.testing.NetworkClass;
import org.dl4jplasticity.testing.TinyNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.shade.jackson.databind.node.ObjectNode;

/** A run that goes on from a checkpoint ends, bit for bit, as the uninterrupted one does. */
class RecyclingResumptionTest {
    private static final int EPOCHS = 3;
    private static final List<DataSet> BATCHES = GrowthNetworks.batches(SIX, DataType.FLOAT, 4);

    enum Method {
        REDO {
            @Override
            ResumableTraining listener() {
                return DormantUnits.every(2).threshold(0.8).build();
            }
        },
        CONTINUAL_BACKPROP {
            @Override
            ResumableTraining listener() {
                return ContinualBackprop.replacing(0.11)
                        .maturity(2)
                        .utility(UnitUtility.ADAPTABLE_CONTRIBUTION)
                        .build();
            }
        };

        abstract ResumableTraining listener();
    }

    private static TinyNetwork network(NetworkClass type) {
        return chain(
                type,
                SIX,
                DataType.FLOAT,
                new Adam(0.02),
                dense(7),
                new BatchNormalization.Builder().build(),
                new DenseLayer.Builder().nOut(5).dropOut(0.8).activation(Activation.RELU).build(),
                output());
    }

    private record End(List<Float> parameters, List<Float> optimizer, String state) {}

    private static End end(TinyNetwork network, ResumableTraining listener) {
        return new End(
                floats(network.parameters().toFloatVector()),
                floats(network.state().toFloatVector()),
                listener.save().toString());
    }

    private static List<Float> floats(float[] values) {
        return IntStream.range(0, values.length).mapToObj(i -> values[i]).toList();
    }

    private static TrainingListener saving(Path folder, ResumableTraining training) {
        return new BaseTrainingListener() {
            @Override
            public void iterationDone(Model model, int iteration, int epoch) {
                try {
                    Checkpoint.of(model, Moment.ITERATION_DONE)
                            .training(training)
                            .at(new DataOrder(epoch, (iteration + 1) % BATCHES.size()))
                            .write(folder.resolve("after-" + (iteration + 1)));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        };
    }

    static Stream<Arguments> runs() {
        return Stream.of(NetworkClass.SEQUENTIAL, NetworkClass.GRAPH)
                .flatMap(type -> Stream.of(Method.values()).map(it -> Arguments.of(type, it)));
    }

    @ParameterizedTest
    @MethodSource("runs")
    void aRunGoesOnBitForBit(NetworkClass type, Method method, @TempDir Path folder)
            throws IOException {
        TinyNetwork uninterrupted = network(type);
        ResumableTraining alone = method.listener();
        uninterrupted.listen((TrainingListener) alone);
        uninterrupted.fit(BATCHES, EPOCHS);
        End expected = end(uninterrupted, alone);
        assertThat(recycled(alone)).isGreaterThan(4);

        TinyNetwork saved = network(type);
        ResumableTraining training = method.listener();
        saved.listen((TrainingListener) training, saving(folder, training));
        saved.fit(BATCHES, EPOCHS);
        assertThat(end(saved, training)).as("while it is saved").isEqualTo(expected);

        for (int done : new int[] {1, 3, 6, 7, 10, 11}) {
            Checkpoint checkpoint = Checkpoint.read(folder.resolve("after-" + done));
            TinyNetwork read = new TinyNetwork((NeuralNetwork) checkpoint.network());
            ResumableTraining resumed = method.listener();
            checkpoint.resume(resumed);
            read.listen((TrainingListener) resumed);
            Nd4j.getRandom().setSeed(999);
            checkpoint.restoreRandomState();
            DataOrder order = checkpoint.dataOrder().orElseThrow();
            ((NeuralNetwork) read.model())
                    .fit(
                            RemainingBatches.after(
                                    new ExistingDataSetIterator(BATCHES), order.batches()));
            read.fit(BATCHES, EPOCHS - order.epoch() - 1);
            assertThat(end(read, resumed)).as("after %d", done).isEqualTo(expected);
        }
    }

    private static long recycled(ResumableTraining listener) {
        return listener instanceof DormantUnits redo
                ? redo.recycled()
                : ((ContinualBackprop) listener).replaced();
    }

    @ParameterizedTest
    @MethodSource("runs")
    void aStateOfAnotherNetworkIsRefused(NetworkClass type, Method method) {
        TinyNetwork network = network(type);
        ResumableTraining listener = method.listener();
        network.listen((TrainingListener) listener);
        network.fit(BATCHES, 1);
        ObjectNode state = listener.save();
        assertThatThrownBy(() -> listener.restore(network.model(), state))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("serves a network already");
        ObjectNode empty = state.objectNode();
        assertThatThrownBy(() -> method.listener().restore(network.model(), empty))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageEndingWith("expected an integer of at least 0, got nothing");
    }

    @Test
    void utilitiesOfAnotherWidthAreRefused() {
        TinyNetwork network = network(NetworkClass.SEQUENTIAL);
        ContinualBackprop listener = ContinualBackprop.replacing(0.1).build();
        network.listen(listener);
        network.fit(BATCHES, 1);
        TinyNetwork wider =
                chain(
                        NetworkClass.SEQUENTIAL,
                        SIX,
                        DataType.FLOAT,
                        new Sgd(0.1),
                        dense(8),
                        output());
        ObjectNode state = listener.save();
        ContinualBackprop other = ContinualBackprop.replacing(0.1).build();
        assertThatThrownBy(() -> other.restore(wider.model(), state))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the state of layer 0: field 'units': expected 8, got 7");
        TinyNetwork shorter =
                chain(
                        NetworkClass.SEQUENTIAL,
                        SIX,
                        DataType.FLOAT,
                        new Sgd(0.1),
                        dense(7),
                        new BatchNormalization.Builder().build(),
                        output());
        assertThatThrownBy(() -> other.restore(shorter.model(), state))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "the state tells of layers [0, 2], but of these the network has only [0]");
        other.restore(network.model(), state);
        assertThat(other.save().toString()).isEqualTo(state.toString());
    }

    @ParameterizedTest
    @MethodSource("runs")
    void aStateIsNotSavedInTheMiddleOfAStep(NetworkClass type, Method method) {
        TinyNetwork network = network(type);
        ResumableTraining listener = method.listener();
        TrainingListener before =
                new BaseTrainingListener() {
                    @Override
                    public void iterationDone(Model model, int iteration, int epoch) {
                        listener.save();
                    }
                };
        network.listen(before, (TrainingListener) listener);
        assertThatThrownBy(() -> network.fit(BATCHES, 1))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("must come after it in the network's list of listeners");
    }
}
