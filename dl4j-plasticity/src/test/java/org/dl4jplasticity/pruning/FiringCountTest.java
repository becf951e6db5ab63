package org.dl4jplasticity.pruning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.dl4jplasticity.testing.ResizableNetwork.DENSE;
import static org.dl4jplasticity.testing.ResizableNetwork.FLATTENED_CONVOLUTION;

import java.util.List;
import java.util.stream.Stream;
import org.dl4jplasticity.growth.NewUnits;
import org.dl4jplasticity.surgery.NetworkSurgery;
import org.dl4jplasticity.testing.ResizableNetwork;
import org.dl4jplasticity.testing.TinyNetwork;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;

/** How often units are active while a network trains. */
class FiringCountTest {

    static Stream<Arguments> networks() {
        return Stream.of(DENSE, FLATTENED_CONVOLUTION).flatMap(CutNetworks::inItsClasses);
    }

    private static DataSet withoutError(double[]... features) {
        return new DataSet(
                Nd4j.createFromArray(features), Nd4j.zeros(DataType.DOUBLE, features.length, 2));
    }

    /**
     * Outputs and labels are 0, so nothing is learned. Units: x - y, -x - y and x + y with ReLU.
     */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void activeExamplesOfAllIterationsAreCounted(boolean asGraph) {
        TinyNetwork network =
                CutNetworks.dense(
                        asGraph,
                        Activation.RELU,
                        new double[][] {{1, -1, 1}, {-1, -1, 1}},
                        new double[3]);
        FiringCount firing = new FiringCount();
        network.listen(firing);

        network.fit(withoutError(new double[] {1, 2}, new double[] {2, 1}));
        network.fit(withoutError(new double[] {3, 1}, new double[] {5, 5}, new double[] {9, 1}));

        double[][] shares = firing.of(network.model(), UnitGroup.of(network.model()));
        assertThat(shares).hasDimensions(1, 3);
        assertThat(shares[0]).containsExactly(new double[] {0.6, 0, 1}, within(1e-15));
        Narrowed narrowed = Narrowing.by(firing).threshold(0.6).applyTo(network.model());
        assertThat(narrowed.resized().get(0).change().removed()).containsExactly(0, 1);
    }

    /** With a learning rate of 0 it is what inference says. */
    @ParameterizedTest
    @MethodSource("networks")
    void aNetworkThatDoesNotLearnFiresAsAtInference(ResizableNetwork kind, boolean asGraph) {
        TinyNetwork network = kind.build(asGraph, DataType.DOUBLE, new Sgd(0));
        FiringCount firing = new FiringCount();
        network.listen(firing);
        List<DataSet> batches =
                Stream.of(1, 2, 3).map(seed -> kind.batch(seed, DataType.DOUBLE)).toList();

        network.fit(batches, 1);

        List<UnitGroup> groups = UnitGroup.of(network.model());
        double[][] shares = firing.of(network.model(), groups);
        DataSet all = DataSet.merge(batches);
        double[][] expected = UnitScore.firing(all).of(network.model(), groups);
        for (int i = 0; i < shares.length; i++) {
            assertThat(shares[i]).containsExactly(expected[i], within(1e-12));
        }
        Networks.assertClose(
                Networks.scores(ConnectionScore.magnitudeTimesFiring(firing), network.model()),
                Networks.scores(ConnectionScore.magnitudeTimesFiring(all), network.model()),
                1e-12);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void countsStartAnewForALayerOfAnotherWidth(boolean asGraph) {
        TinyNetwork network = DENSE.trained(asGraph, DataType.DOUBLE);
        FiringCount firing = new FiringCount();
        network.listen(firing);
        assertThatThrownBy(() -> firing.of(network.model(), UnitGroup.of(network.model())))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("activity of 5 units, got that of 0; train");
        network.fit(DENSE.batch(1, DataType.DOUBLE));
        NetworkSurgery.of(network.model()).widen(DENSE.layer(asGraph), 2, NewUnits.net2Wider(), 9);
        assertThatThrownBy(() -> firing.of(network.model(), UnitGroup.of(network.model())))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("activity of 7 units, got that of 5; train");

        network.fit(DENSE.batch(2, DataType.DOUBLE));

        double[][] shares = firing.of(network.model(), UnitGroup.of(network.model()));
        assertThat(shares).hasNumberOfRows(2);
        assertThat(shares[0]).hasSize(7);
    }
}
