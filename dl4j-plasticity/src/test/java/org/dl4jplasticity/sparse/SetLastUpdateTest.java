package org.dl4jplasticity.sparse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.dl4jplasticity.testing.DenseTwin;
import org.dl4jplasticity.testing.Examples;
import org.dl4jplasticity.testing.Hooks;
import org.dl4jplasticity.testing.NetworkClass;
import org.dl4jplasticity.testing.Snapshot;
import org.dl4jplasticity.testing.TinyNetwork;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.AMSGrad;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.learning.config.Sgd;

/** After the last epoch SET drops and grows nothing, and the network becomes smaller. */
class SetLastUpdateTest {

    /** A network with an updater per layer, or one for all. */
    enum Updaters {
        ADAM(2) {
            @Override
            TinyNetwork network(NetworkClass type) {
                return type.ofDoubles(new Adam(0.03));
            }
        },
        SGD(0) {
            @Override
            TinyNetwork network(NetworkClass type) {
                return type.ofDoubles(new Sgd(0.3));
            }
        },
        MIXED(-1) {
            @Override
            TinyNetwork network(NetworkClass type) {
                NeuralNetConfiguration.Builder settings =
                        NetworkClass.settings(DataType.DOUBLE, new Adam(0.03), 7)
                                .biasUpdater(new Nesterovs(0.1, 0.9));
                Layer[] layers = {
                    NetworkClass.sparse(6, 9, 0.5).build(),
                    NetworkClass.sparse(9, 7, 0.4).updater(new AMSGrad(0.01)).build(),
                    NetworkClass.sparseOutput(7, 3, 0.3).updater(new Sgd(0.1)).build()
                };
                return type.of(settings, layers);
            }
        };

        /** State values per parameter; -1 where that differs. */
        final int components;

        Updaters(int components) {
            this.components = components;
        }

        abstract TinyNetwork network(NetworkClass type);
    }

    /** A network that has just been through its last update, and how it was before. */
    private record Finished(TinyNetwork network, Snapshot before, DenseTwin twin) {}

    private static Finished finished(NetworkClass type, Updaters updaters) {
        TinyNetwork network = updaters.network(type);
        List<Snapshot> before = new ArrayList<>();
        List<DenseTwin> twins = new ArrayList<>();
        network.listen(
                Hooks.onEpochEnd(
                        () -> {
                            if (network.epoch() == 2) {
                                network.markState();
                                before.add(network.snapshot());
                                twins.add(DenseTwin.of(network));
                            }
                        }),
                DynamicSparseTraining.set().until(2).build());
        network.fit(Examples.batches(3), 3);
        return new Finished(network, before.get(0), twins.get(0));
    }

    @ParameterizedTest
    @EnumSource
    void onlyDropsAndEverythingLeftKeepsValueAndSlots(NetworkClass type) {
        for (Updaters updaters : Updaters.values()) {
            Finished finished = finished(type, updaters);
            Snapshot after = finished.network().snapshot();
            assertThat(after.others()).isEqualTo(finished.before().others());
            for (int layer = 0; layer < 3; layer++) {
                Map<Long, List<Double>> expected = finished.before().layer(layer);
                expected.keySet().retainAll(SetTest.survivors(finished.before(), layer));
                assertThat(after.layer(layer)).as(updaters.name()).isEqualTo(expected);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"SEQUENTIAL", "GRAPH"})
    void parametersGradientAndStateShrinkToWhatIsLeft(NetworkClass type) {
        for (Updaters updaters : Updaters.values()) {
            Finished finished = finished(type, updaters);
            long weights = 0;
            for (int layer = 0; layer < 3; layer++) {
                Set<Long> left = SetTest.survivors(finished.before(), layer);
                assertThat(left.size()).isLessThan(finished.before().active(layer));
                assertThat(finished.network().topology(layer).activeCount()).isEqualTo(left.size());
                weights += left.size();
            }
            long parameters = weights + 19;
            assertThat(finished.network().parameters().length()).isEqualTo(parameters);
            assertThat(finished.network().gradientLength()).isEqualTo(parameters);
            if (updaters.components > 0) {
                assertThat(finished.network().state().length())
                        .isEqualTo(updaters.components * parameters);
            } else if (updaters.components == 0) {
                assertThat(finished.network().state()).isNull();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void predictsAsADenseNetworkWithTheDroppedOnesZeroed(NetworkClass type) {
        Finished finished = finished(type, Updaters.ADAM);
        for (int layer = 0; layer < 3; layer++) {
            for (long id : finished.before().layer(layer).keySet()) {
                if (!finished.network().snapshot().layer(layer).containsKey(id)) {
                    finished.twin().drop(layer, id);
                }
            }
        }
        INDArray features = Examples.batches(2).get(1).getFeatures();
        double[] expected = finished.twin().output(features).dup('c').data().asDouble();
        double[] actual = finished.network().output(features).dup('c').data().asDouble();
        assertThat(actual).containsExactly(expected, within(1e-12));
    }

    @ParameterizedTest
    @EnumSource
    void goesOnTrainingAsANetworkThatWasBuiltThatSmall(NetworkClass type) {
        for (Updaters updaters : List.of(Updaters.ADAM, Updaters.SGD)) {
            TinyNetwork network = finished(type, updaters).network();
            NeuralNetConfiguration.Builder settings =
                    NetworkClass.settings(
                            DataType.DOUBLE,
                            updaters == Updaters.ADAM ? new Adam(0.03) : new Sgd(0.3),
                            7);
            TinyNetwork small =
                    type.of(
                            settings,
                            NetworkClass.sparse(6, 9, 0).topology(network.topology(0)).build(),
                            NetworkClass.sparse(9, 7, 0).topology(network.topology(1)).build(),
                            NetworkClass.sparseOutput(7, 3, 0)
                                    .topology(network.topology(2))
                                    .build());
            small.become(network);
            for (DataSet batch : Examples.batches(4)) {
                network.fit(batch);
                small.fit(batch);
                assertThat(network.snapshot()).isEqualTo(small.snapshot());
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void canBeSavedLoadedAndClonedAndContinuesTheSame(NetworkClass type, @TempDir File folder)
            throws IOException {
        for (Updaters updaters : Updaters.values()) {
            TinyNetwork network = finished(type, updaters).network();
            TinyNetwork loaded = network.savedAndLoaded(folder);
            TinyNetwork copy = network.copy();
            for (TinyNetwork other : List.of(loaded, copy)) {
                assertThat(other.topologies()).isEqualTo(network.topologies());
                assertThat(other.epoch()).isEqualTo(3);
            }
            List<DataSet> batches = Examples.batches(3);
            network.fit(batches, 2);
            loaded.fit(batches, 2);
            copy.fit(batches, 2);
            assertThat(loaded.snapshot()).isEqualTo(network.snapshot());
            assertThat(copy.snapshot()).isEqualTo(network.snapshot());
        }
    }

    @ParameterizedTest
    @EnumSource
    void listenersAndCountersStayAndTopologiesNoLongerChange(NetworkClass type) {
        TinyNetwork network = type.ofDoubles(new Adam(0.03));
        DynamicSparseTraining set = DynamicSparseTraining.set().until(1).build();
        List<Integer> epochsSeen = new ArrayList<>();
        network.listen(set, Hooks.onEpochEnd(() -> epochsSeen.add(network.epoch())));
        network.fit(Examples.batches(3), 2);
        assertThat(network.iteration()).isEqualTo(6);
        assertThat(network.epoch()).isEqualTo(2);
        Object left = network.topologies();
        network.fit(Examples.batches(3), 2);
        assertThat(network.topologies()).isEqualTo(left);
        assertThat(set.updates()).isEqualTo(2);
        assertThat(epochsSeen).containsExactly(0, 1, 2, 3);
        assertThat(network.iteration()).isEqualTo(12);
    }

    @ParameterizedTest
    @EnumSource
    void mayFollowAnIterationInTheMiddleOfAnEpoch(NetworkClass type) {
        TinyNetwork network =
                type.of(
                        NetworkClass.settings(DataType.FLOAT, new Adam(0.03), 7),
                        NetworkClass.sparse(6, 9, 0.5).build(),
                        new DenseLayer.Builder().nIn(9).nOut(7).activation(Activation.RELU).build(),
                        NetworkClass.sparseOutput(7, 3, 0.3).build());
        DynamicSparseTraining set = DynamicSparseTraining.set().updateEvery(2).until(4).build();
        network.listen(set);
        List<Integer> active = new ArrayList<>();
        network.listen(Hooks.iterationDone(() -> active.add(network.topology(0).activeCount())));
        network.fit(Examples.batches(8, 8, 6, DataType.FLOAT), 1);
        assertThat(active.subList(0, 4)).containsOnly(27);
        // floor(0.3 n) of each sign of 27: 8 in all, or 7
        assertThat(active.subList(4, 8)).containsOnly(active.get(4));
        assertThat(active.get(4)).isBetween(19, 20);
        assertThat(set.updates()).isEqualTo(2);
        assertThat(network.parameters().toDoubleVector()).doesNotContain(Double.NaN);
    }

    @ParameterizedTest
    @EnumSource
    void theLastUpdateIsTheLastOneDueEvenIfTheScheduleEndsLater(NetworkClass type) {
        TinyNetwork network = type.ofDoubles(new Adam(0.03));
        DynamicSparseTraining set = DynamicSparseTraining.set().updateEvery(2).until(5).build();
        network.listen(set);
        network.fit(Examples.batches(8), 1);
        assertThat(network.topology(0).activeCount()).isBetween(19, 20);
        assertThat(set.updates()).isEqualTo(2);
    }
}
