package org.dl4jplasticity.sparse;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.dl4jplasticity.testing.Examples;
import org.dl4jplasticity.testing.NetworkClass;
import org.dl4jplasticity.testing.TinyNetwork;
import org.dl4jplasticity.topology.SparseTopology;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.Adam;

/** A network that is saved or cloned in the middle continues as if nothing had happened. */
class ContinuationTest {
    private static final List<DataSet> BATCHES = Examples.batches(4, 8, 6, DataType.FLOAT);

    enum Method {
        SET {
            @Override
            SparseTrainingBuilder builder() {
                return DynamicSparseTraining.set().until(5);
            }
        },
        SET_BY_ITERATIONS {
            @Override
            SparseTrainingBuilder builder() {
                return DynamicSparseTraining.set()
                        .updateEvery(3)
                        .startingWith(GrowthInitialization.layerDefault());
            }
        },
        RIGL {
            @Override
            SparseTrainingBuilder builder() {
                return DynamicSparseTraining.rigl().updateEvery(2).until(20);
            }
        };

        abstract SparseTrainingBuilder builder();
    }

    static Stream<Arguments> methodsOnBothClasses() {
        return Arrays.stream(NetworkClass.values())
                .flatMap(
                        type ->
                                Arrays.stream(Method.values())
                                        .map(method -> Arguments.of(type, method)));
    }

    /** Another network, with a listener, trained from the start. */
    private static TinyNetwork trained(NetworkClass type, Method method, int epochs) {
        TinyNetwork network =
                type.of(
                        NetworkClass.settings(DataType.FLOAT, new Adam(0.03), 11),
                        NetworkClass.threeSparseLayers());
        network.listen(method.builder().build());
        network.fit(BATCHES, epochs);
        return network;
    }

    private static void assertContinues(
            TinyNetwork continued, TinyNetwork uninterrupted, Method method) {
        continued.listen(method.builder().build());
        continued.fit(BATCHES, 3);
        assertThat(continued.snapshot()).isEqualTo(uninterrupted.snapshot());
        assertThat(continued.iteration()).isEqualTo(24);
    }

    @ParameterizedTest
    @MethodSource("methodsOnBothClasses")
    void aLoadedNetworkTakesTheSameStepsBitForBit(
            NetworkClass type, Method method, @TempDir File folder) throws IOException {
        TinyNetwork loaded = trained(type, method, 3).savedAndLoaded(folder);
        assertContinues(loaded, trained(type, method, 6), method);
    }

    @ParameterizedTest
    @MethodSource("methodsOnBothClasses")
    void aClonedNetworkTakesTheSameStepsBitForBit(NetworkClass type, Method method) {
        TinyNetwork original = trained(type, method, 3);
        List<SparseTopology> topologies = original.topologies();
        assertContinues(original.copy(), trained(type, method, 6), method);
        assertThat(original.topologies()).as("of the original").isEqualTo(topologies);
    }

    @ParameterizedTest
    @EnumSource
    void theConfigurationCarriesTheTopologyOfNow(NetworkClass type) {
        List<SparseTopology> first = trained(type, Method.RIGL, 0).topologies();
        TinyNetwork network = trained(type, Method.RIGL, 3);
        assertThat(network.topologiesThroughJson())
                .isEqualTo(network.topologies())
                .doesNotContainAnyElementsOf(first);
    }
}
