package org.dl4jplasticity.sparse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.dl4jplasticity.sparse.LatentNetworks.ids;
import static org.dl4jplasticity.sparse.LatentNetworks.mask;
import static org.dl4jplasticity.sparse.LatentNetworks.settings;
import static org.dl4jplasticity.sparse.LatentNetworks.slots;
import static org.dl4jplasticity.sparse.LatentNetworks.support;
import static org.dl4jplasticity.sparse.LatentNetworks.weights;

import java.io.File;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.constraint.MaxNormConstraint;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.dl4jplasticity.mask.WeightFilter;
import org.dl4jplasticity.schedule.SparsityDistribution;
import org.dl4jplasticity.testing.Examples;
import org.dl4jplasticity.testing.Hooks;
import org.dl4jplasticity.testing.NetworkClass;
import org.dl4jplasticity.testing.Snapshot;
import org.dl4jplasticity.testing.TinyNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;
import org.nd4j.shade.jackson.databind.ObjectMapper;
import org.nd4j.shade.jackson.databind.node.ObjectNode;

/** What Top-KAST and STR have in common. */
class LatentWeightTrainingTest {

    /** The methods, by name. */
    enum Kind {
        TOP_KAST,
        STR;

        LatentWeightTraining make() {
            return this == TOP_KAST
                    ? TopKast.builder(0.7, 0.4).refreshEvery(4).build()
                    : SoftThreshold.builder(-2.5, 0.02).build();
        }
    }

    static Stream<Arguments> cases() {
        return Stream.of(NetworkClass.SEQUENTIAL, NetworkClass.GRAPH)
                .flatMap(type -> Stream.of(Kind.values()).map(kind -> Arguments.of(type, kind)));
    }

    private static TinyNetwork dense(NetworkClass type) {
        return LatentNetworks.dense(type, settings(new Adam(0.03)).l2(1e-3));
    }

    private static void assertSparse(TinyNetwork network, LatentWeightTraining training) {
        List<LatentWeights> all = training.weights();
        assertThat(all).isNotEmpty();
        for (LatentWeights each : all) {
            double[] values = weights(network, each.id());
            assertThat(values).isEqualTo(each.effective().toDoubleVector());
            assertThat(support(values).length).isLessThan(values.length);
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void theNetworkIsSparseWhoeverLooks(NetworkClass type, Kind kind) {
        TinyNetwork network = dense(type);
        LatentWeightTraining training = kind.make();
        List<String> looks = new ArrayList<>();
        network.listen(
                training,
                Hooks.onForwardPass(
                        () -> {
                            assertSparse(network, training);
                            looks.add("forward");
                        }),
                Hooks.iterationDone(
                        () -> {
                            assertSparse(network, training);
                            assertSparse(LatentNetworks.copy(network), training);
                            looks.add("done");
                        }),
                Hooks.onEpochEnd(
                        () -> {
                            assertSparse(network, training);
                            looks.add("epoch");
                        }));
        network.fit(Examples.batches(6), 2);
        assertThat(looks).hasSize(2 * (6 + 6 + 1));
        assertSparse(network, training);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void savingAndLoadingKeepsOutputsAndMasks(NetworkClass type, Kind kind, @TempDir File folder)
            throws Exception {
        TinyNetwork network = dense(type);
        LatentWeightTraining training = kind.make();
        network.listen(training);
        network.fit(Examples.batches(6), 2);
        TinyNetwork loaded = network.savedAndLoaded(folder);
        INDArray features = Examples.batches(1).get(0).getFeatures();
        assertThat(loaded.output(features)).isEqualTo(network.output(features));
        for (String id : ids(training)) {
            assertThat(mask(loaded, id).ids()).isEqualTo(support(weights(network, id)));
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void aResumedRunIsTheUninterruptedOneBitForBit(
            NetworkClass type, Kind kind, @TempDir File folder) throws Exception {
        List<DataSet> batches = Examples.batches(10);
        for (int stop : new int[] {0, 1, 4, 6}) {
            TinyNetwork network = dense(type);
            LatentWeightTraining training = kind.make();
            network.listen(training);
            training.prepare(network.model());
            batches.subList(0, stop).forEach(network::fit);
            TinyNetwork loaded = network.savedAndLoaded(folder);
            String text = training.save().toString();
            LatentWeightTraining resumed = kind.make();
            assertThat(resumed.method()).isEqualTo(training.method());
            loaded.listen(resumed);
            resumed.restore(loaded.model(), (ObjectNode) new ObjectMapper().readTree(text));
            assertThat(resumed.save()).hasToString(text);
            for (TinyNetwork each : List.of(network, loaded)) {
                each.fit(batches.subList(stop, 10), 2);
            }
            assertThat(loaded.snapshot()).isEqualTo(network.snapshot());
            assertThat(resumed.save()).hasToString(training.save().toString());
            assertThat(resumed.report()).isEqualTo(training.report());
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void aStateFromBeforeTheTrainingIsItsBeginning(NetworkClass type, Kind kind) {
        TinyNetwork network = dense(type);
        TinyNetwork again = dense(type);
        LatentWeightTraining training = kind.make();
        LatentWeightTraining resumed = kind.make();
        network.listen(training);
        again.listen(resumed);
        resumed.restore(again.model(), training.save());
        assertSparse(again, resumed);
        network.fit(Examples.batches(5), 2);
        again.fit(Examples.batches(5), 2);
        assertThat(again.snapshot()).isEqualTo(network.snapshot());
    }

    @ParameterizedTest
    @MethodSource("cases")
    void theSameSeedIsTheSameRun(NetworkClass type, Kind kind) {
        List<Snapshot> ends = new ArrayList<>();
        for (int run = 0; run < 2; run++) {
            TinyNetwork network = dense(type);
            network.listen(kind.make());
            network.fit(Examples.batches(8), 3);
            ends.add(network.snapshot());
        }
        assertThat(ends.get(1)).isEqualTo(ends.get(0));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void networksLearn(NetworkClass type, Kind kind) {
        TinyNetwork network =
                type.of(
                        NetworkClass.settings(DataType.FLOAT, new Nesterovs(0.05, 0.9), 3),
                        new DenseLayer.Builder()
                                .nIn(6)
                                .nOut(40)
                                .activation(Activation.LEAKYRELU)
                                .build(),
                        new DenseLayer.Builder()
                                .nIn(40)
                                .nOut(20)
                                .activation(Activation.LEAKYRELU)
                                .build(),
                        output(20));
        assertLearns(network, kind, Examples.batches(20, 32, 6, DataType.FLOAT), 10);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void convolutionalNetworksLearn(NetworkClass type, Kind kind) {
        TinyNetwork network = LatentNetworks.convolutional(type, settings(new Adam(0.02)));
        List<DataSet> batches = LatentNetworks.images(Examples.batches(20, 32, 6, DataType.DOUBLE));
        assertLearns(network, kind, batches, 20);
    }

    private static void assertLearns(
            TinyNetwork network, Kind kind, List<DataSet> batches, int epochs) {
        DataSet all = DataSet.merge(batches);
        LatentWeightTraining training = kind.make();
        network.listen(training);
        training.prepare(network.model());
        double untrained = network.loss(all);
        network.fit(batches, epochs);
        assertThat(network.loss(all)).isLessThan(untrained / 2);
        assertThat(training.report().sparsity()).isGreaterThan(0.2);
    }

    private static OutputLayer output(int inputs) {
        return new OutputLayer.Builder(LossFunction.MCXENT)
                .nIn(inputs)
                .nOut(3)
                .activation(Activation.SOFTMAX)
                .build();
    }

    @SuppressWarnings("deprecation") // Graves' LSTM is the layer with peepholes
    @ParameterizedTest
    @MethodSource("cases")
    void peepholesAreTrainedAsUsual(NetworkClass type, Kind kind) {
        TinyNetwork network =
                type.of(
                        settings(new Sgd(0.1)),
                        new org.deeplearning4j.nn.conf.layers.GravesLSTM.Builder()
                                .nIn(2)
                                .nOut(3)
                                .build(),
                        new GlobalPoolingLayer.Builder().build(),
                        output(3));
        LatentWeightTraining training = kind.make();
        network.listen(training);
        training.prepare(network.model());
        String id = ids(training).get(1);
        assertThat(id).endsWith("/RW");
        double[] before = weights(network, id);
        INDArray features = Nd4j.linspace(-1, 1, 24, DataType.DOUBLE).reshape(3, 2, 4);
        INDArray labels = Nd4j.eye(3).castTo(DataType.DOUBLE);
        network.fit(new DataSet(features, labels));
        double[] after = weights(network, id);
        assertThat(after).hasSize(3 * (4 * 3 + 3));
        for (int i = 36; i < 45; i++) {
            assertThat(after[i]).isNotZero().isNotEqualTo(before[i]);
            assertThat(after[i]).isEqualTo(training.latentWeights(id)[i]);
        }
        assertThat(support(Arrays.copyOf(after, 36)).length).isLessThan(36);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void aFinishedNetworkGoesOnWithoutTheListener(NetworkClass type, Kind kind) {
        TinyNetwork network = dense(type);
        LatentWeightTraining training = kind.make();
        network.listen(training);
        training.prepare(network.model());
        Examples.batches(5).forEach(network::fit);
        List<String> ids = ids(training);
        training.finish(network.model());
        for (String id : ids) {
            double[] values = weights(network, id);
            assertThat(mask(network, id).ids()).isEqualTo(support(values));
            for (double[] slot : slots(network, id)) {
                for (int i = 0; i < values.length; i++) {
                    assertThat(values[i] != 0 || slot[i] == 0).isTrue();
                }
            }
        }
        assertThatIllegalStateException()
                .isThrownBy(() -> network.fit(Examples.batches(1), 1))
                .withMessageContaining("finished");
        TinyNetwork alone = LatentNetworks.copy(network);
        DynamicSparseTraining fixed = DynamicSparseTraining.fixed().build();
        alone.listen(fixed);
        alone.fit(Examples.batches(5), 1);
        for (String id : ids) {
            assertThat(support(weights(alone, id))).isEqualTo(support(weights(network, id)));
        }
    }

    // What can't be done is refused and changes nothing.

    private static void refuses(TinyNetwork network, LatentWeightTraining training, String part) {
        network.listen(training);
        Snapshot before = network.snapshot();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> network.fit(Examples.batches(2), 1))
                .withMessageContaining(part)
                .withMessageNotContaining("\n");
        assertThat(network.snapshot()).isEqualTo(before);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void packedLayersAreRefused(NetworkClass type, Kind kind) {
        refuses(
                type.of(
                        settings(new Adam(0.03)),
                        NetworkClass.sparse(6, 9, 0.5).build(),
                        output(9)),
                kind.make(),
                "dense latent weights, which a packed layer never has");
    }

    @ParameterizedTest
    @MethodSource("cases")
    void otherConstraintsAreRefused(NetworkClass type, Kind kind) {
        refuses(
                LatentNetworks.dense(
                        type,
                        settings(new Adam(0.03)).constrainWeights(new MaxNormConstraint(1, 1))),
                kind.make(),
                "MaxNormConstraint can't hold");
    }

    @ParameterizedTest
    @MethodSource("cases")
    void anotherSparseTrainingIsRefused(NetworkClass type, Kind kind) {
        TinyNetwork network = dense(type);
        LatentWeightTraining training = kind.make();
        network.listen(training, DynamicSparseTraining.fixed().build());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> training.prepare(network.model()))
                .withMessageContaining("got DynamicSparseTraining as well");
    }

    @ParameterizedTest
    @MethodSource("cases")
    void aNetworkThatWasNotPreparedIsRefused(NetworkClass type, Kind kind) {
        TinyNetwork network = dense(type);
        network.listen(kind.make());
        Snapshot before = network.snapshot();
        assertThatIllegalStateException()
                .isThrownBy(() -> network.fit(Examples.batches(1).get(0)))
                .withMessageContaining("call prepare(network)");
        assertThat(network.snapshot()).isEqualTo(before);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void oneListenerServesOneNetwork(NetworkClass type, Kind kind) {
        TinyNetwork first = dense(type);
        TinyNetwork second = dense(type);
        LatentWeightTraining training = kind.make();
        training.prepare(first.model());
        Snapshot before = second.snapshot();
        assertThatIllegalStateException()
                .isThrownBy(() -> training.prepare(second.model()))
                .withMessageContaining("serves one network");
        assertThat(second.snapshot()).isEqualTo(before);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void aStepThatWasBrokenOffIsTakenBack(NetworkClass type, Kind kind) {
        TinyNetwork network = dense(type);
        LatentWeightTraining training = kind.make();
        boolean[] fail = {true};
        network.listen(
                training,
                Hooks.onGradientCalculation(
                        () -> {
                            if (fail[0]) {
                                throw new UnsupportedOperationException("broken off");
                            }
                        }));
        training.prepare(network.model());
        Snapshot before = network.snapshot();
        DataSet batch = Examples.batches(1).get(0);
        assertThatThrownBy(() -> network.fit(batch)).hasMessage("broken off");
        fail[0] = false;
        assertThatIllegalStateException()
                .isThrownBy(training::save)
                .withMessageContaining("a step is under way");
        assertThatIllegalStateException()
                .isThrownBy(() -> network.fit(batch))
                .withMessageContaining("call prepare(network) to go on");
        training.prepare(network.model());
        assertThat(network.snapshot()).isEqualTo(before);
        network.fit(batch);
        assertThat(network.snapshot()).isNotEqualTo(before);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void aStateOfAnotherMomentOrNetworkIsRefused(NetworkClass type, Kind kind) {
        TinyNetwork network = dense(type);
        LatentWeightTraining training = kind.make();
        network.listen(training);
        training.prepare(network.model());
        ObjectNode early = training.save();
        network.fit(Examples.batches(1).get(0));
        Snapshot before = network.snapshot();
        network.model().setListeners(List.of());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> kind.make().restore(network.model(), early))
                .withMessageContaining("at the same moment");
        assertThat(network.snapshot()).isEqualTo(before);
        ObjectNode incomplete = training.save();
        ((ObjectNode) incomplete.path("weights").path(ids(training).get(2))).remove("latent");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> kind.make().restore(network.model(), incomplete))
                .withMessageContaining("as 'latent' in the state, got none");
        TinyNetwork other = type.of(settings(new Adam(0.03)), output(6));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> kind.make().restore(other.model(), training.save()))
                .withMessageContaining("but those of the network are");
        assertThatIllegalStateException()
                .isThrownBy(() -> training.restore(network.model(), training.save()))
                .withMessageContaining("serves a network already");
    }

    @Test
    void aFilterThatChoosesNothingIsRefused() {
        refuses(
                dense(NetworkClass.SEQUENTIAL),
                TopKast.builder(0.5, 0.2).only(WeightFilter.layerNamed("none")).build(),
                "chooses none");
    }

    @Test
    void nothingIsToldBeforeTrainingBegins() {
        assertThatIllegalStateException()
                .isThrownBy(() -> TopKast.builder(0.5, 0.2).build().report())
                .withMessageContaining("before training began");
        TopKast training = TopKast.builder(0.5, 0.2).build();
        training.prepare(dense(NetworkClass.SEQUENTIAL).model());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> training.forwardSet("7/W"))
                .withMessageContaining("no latent weights 7/W, only [0/W, 1/W, 2/W]");
    }

    @ParameterizedTest
    @ValueSource(doubles = {-0.1, 1, Double.NaN})
    void aForwardSparsityOutOfRangeIsRefused(double sparsity) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TopKast.builder(sparsity, 0))
                .withMessage("forward sparsity must be in [0, 1), got " + sparsity);
    }

    @ParameterizedTest
    @ValueSource(doubles = {-0.1, 0.5, 0.6, Double.NaN})
    void aBackwardSparsityMustBeBelowTheForwardSparsity(double sparsity) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TopKast.builder(0.5, sparsity))
                .withMessageEndingWith("below the forward sparsity, got " + sparsity);
    }

    @Test
    void otherSettingsOutOfRangeAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TopKast.builder(0.5, 0.2).refreshEvery(0))
                .withMessageContaining("got 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TopKast.builder(0.5, 0.2).by(SparsityDistribution.epsilon(5)))
                .withMessageContaining("epsilon:5");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ExplorationPenalty.l2(-1))
                .withMessageEndingWith("got -1.0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SoftThreshold.builder(Double.NEGATIVE_INFINITY, 0))
                .withMessageContaining("finite");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SoftThreshold.builder(-5, -1))
                .withMessageEndingWith("got -1.0");
    }
}
