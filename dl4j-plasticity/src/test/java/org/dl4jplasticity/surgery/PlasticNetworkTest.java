package org.dl4jplasticity.surgery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.dl4jplasticity.testing.DenseTwin;
import org.dl4jplasticity.testing.Examples;
import org.dl4jplasticity.testing.Hooks;
import org.dl4jplasticity.testing.NetworkClass;
import org.dl4jplasticity.testing.TinyNetwork;
import org.dl4jplasticity.updater.FusedUpdater;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.Sgd;

class PlasticNetworkTest {

    @ParameterizedTest
    @EnumSource
    void showsTheNetworkItself(NetworkClass type) {
        TinyNetwork network = type.ofDoubles(new Adam(0.03));
        network.fit(Examples.batches(3), 2);
        PlasticNetwork view = PlasticNetwork.of(network.model());
        assertThat(view.iteration()).isEqualTo(6);
        assertThat(view.epoch()).isEqualTo(2);
        assertThat(view.layers()).containsExactlyElementsOf(network.layers());
        view.parameters().putScalar(0, 77);
        assertThat(network.parameters().getDouble(0)).isEqualTo(77);
        view.updater().getStateViewArray().putScalar(0, 33);
        assertThat(network.state().getDouble(0)).isEqualTo(33);
    }

    @ParameterizedTest
    @EnumSource(names = {"SEQUENTIAL", "GRAPH"})
    void rebuildsWithParametersAndStateOfAnotherLength(NetworkClass type) {
        TinyNetwork network = type.ofDoubles(new Adam(0.03));
        List<Integer> iterations = new ArrayList<>();
        network.listen(Hooks.iterationDone(() -> iterations.add(network.iteration())));
        network.fit(Examples.batches(3), 1);

        network.sparse(1).setTopology(network.topology(1).without(new int[] {0, 5, 37}));
        INDArray parameters = Nd4j.linspace(-1, 1, 99 - 3, parameters(network).dataType());
        INDArray state = Nd4j.linspace(1, 2, 2 * (99 - 3), parameters(network).dataType());
        PlasticNetwork.of(network.model()).rebuild(parameters, state);

        assertThat(network.parameters()).isEqualTo(parameters);
        assertThat(network.state()).isEqualTo(state);
        assertThat(network.gradientLength()).isEqualTo(96);
        INDArray features = Examples.batches(1).get(0).getFeatures();
        assertThat(network.output(features).dup('c').data().asDouble())
                .containsExactly(
                        DenseTwin.of(network).output(features).dup('c').data().asDouble(),
                        within(1e-12));
        network.fit(Examples.batches(3), 1);
        assertThat(iterations).containsExactly(0, 1, 2, 3, 4, 5);
        assertThat(network.epoch()).isEqualTo(2);
        assertThat(parameters.toDoubleVector())
                .as("the given vector is the network's")
                .containsExactly(network.parameters().toDoubleVector());
    }

    @ParameterizedTest
    @EnumSource(names = {"SEQUENTIAL", "GRAPH"})
    void rebuildsANetworkWhoseUpdaterHasNoState(NetworkClass type) {
        TinyNetwork network = type.ofDoubles(new Sgd(0.1));
        network.fit(Examples.batches(3), 1);
        network.sparse(0).setTopology(network.topology(0).without(new int[] {3}));
        double[] shorter = Arrays.copyOf(network.parameters().toDoubleVector(), 98);
        PlasticNetwork.of(network.model()).rebuild(Nd4j.createFromArray(shorter), null);
        assertThat(network.state()).isNull();
        assertThat(network.parameters().toDoubleVector()).containsExactly(shorter);
        network.fit(Examples.batches(3), 1);
        assertThat(network.parameters().toDoubleVector()).hasSize(98).isNotEqualTo(shorter);
    }

    @ParameterizedTest
    @EnumSource(names = {"SEQUENTIAL", "GRAPH"})
    void aRebuiltNetworkIsUpdatedAsBefore(NetworkClass type) {
        TinyNetwork network = type.ofDoubles(new Adam(0.03));
        network.fit(Examples.batches(3), 1);
        INDArray parameters = network.parameters().dup();
        PlasticNetwork view = PlasticNetwork.of(network.model());
        view.rebuild(parameters, network.state().dup());
        assertThat(FusedUpdater.isInstalled(network.model())).isFalse();
        FusedUpdater.install(network.model());
        view.rebuild(parameters.dup(), network.state().dup());
        assertThat(FusedUpdater.isInstalled(network.model())).isTrue();
        assertThat(network.parameters().toDoubleVector())
                .containsExactly(parameters.toDoubleVector());
    }

    private static INDArray parameters(TinyNetwork network) {
        return network.parameters();
    }
}
