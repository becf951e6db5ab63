package org.dl4jplasticity.sparse;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.GradientNormalization;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.dl4jplasticity.testing.Examples;
import org.dl4jplasticity.testing.Hooks;
import org.dl4jplasticity.testing.NetworkClass;
import org.dl4jplasticity.testing.Snapshot;
import org.dl4jplasticity.testing.TinyNetwork;
import org.dl4jplasticity.topology.SparseTopology;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.Nesterovs;

/** By every method, packed and masked weights of one network go the same way. */
class PackedEqualsMaskedTest {

    /** Both sum up the same terms, in another order; 40 steps amplify what that rounds. */
    private static final double TOLERANCE = 1e-8;

    static Stream<Arguments> methodsOnBothClasses() {
        return Arrays.stream(Method.values())
                .filter(Method::knowsPacked)
                .flatMap(
                        method ->
                                Stream.of(
                                        Arguments.of(
                                                method,
                                                NetworkClass.SEQUENTIAL,
                                                NetworkClass.MASKED_SEQUENTIAL),
                                        Arguments.of(
                                                method,
                                                NetworkClass.GRAPH,
                                                NetworkClass.MASKED_GRAPH)));
    }

    private record Moment(List<SparseTopology> topologies, Snapshot snapshot) {}

    private static List<Moment> run(
            Method method, NetworkClass type, NeuralNetConfiguration.Builder settings) {
        TinyNetwork network = type.of(settings, NetworkClass.threeSparseLayers());
        DynamicSparseTraining listener = method.builder().build();
        List<Moment> moments = new ArrayList<>();
        Runnable look = () -> moments.add(new Moment(network.topologies(), network.snapshot()));
        network.listen(listener, Hooks.iterationDone(look), Hooks.onEpochEnd(look));
        List<DataSet> batches = new ArrayList<>(Examples.batches(7));
        batches.add(Examples.batches(1, 5, 6, DataType.DOUBLE).get(0));
        network.fit(batches, 5);
        moments.add(new Moment(network.topologies(), network.snapshot()));
        assertThat(listener.updates()).isGreaterThanOrEqualTo(method == Method.STATIC ? 0 : 4);
        assertThat(network.inactive().stream().flatMap(List::stream)).allMatch(x -> x == 0);
        return moments;
    }

    private static void assertEqual(List<Moment> packed, List<Moment> masked) {
        assertThat(masked).hasSameSizeAs(packed);
        double largest = 0;
        for (int i = 0; i < packed.size(); i++) {
            assertThat(masked.get(i).topologies())
                    .as("moment %d", i)
                    .isEqualTo(packed.get(i).topologies());
            Snapshot one = packed.get(i).snapshot();
            Snapshot other = masked.get(i).snapshot();
            for (int layer = 0; layer < 3; layer++) {
                for (Map.Entry<Long, List<Double>> entry : one.layer(layer).entrySet()) {
                    List<Double> same = other.layer(layer).get(entry.getKey());
                    largest = Math.max(largest, difference(entry.getValue(), same));
                }
            }
            for (int p = 0; p < one.others().size(); p++) {
                double difference = difference(one.others().get(p), other.others().get(p));
                largest = Math.max(largest, difference);
            }
        }
        System.out.println("PackedEqualsMaskedTest: largest difference " + largest);
        assertThat(largest).isLessThan(TOLERANCE);
    }

    /** Relative to the larger number, or to 1 where both are less. */
    private static double difference(List<Double> one, List<Double> other) {
        assertThat(other).hasSameSizeAs(one);
        double largest = 0;
        for (int i = 0; i < one.size(); i++) {
            double scale = Math.max(1, Math.max(Math.abs(one.get(i)), Math.abs(other.get(i))));
            largest = Math.max(largest, Math.abs(one.get(i) - other.get(i)) / scale);
        }
        return largest;
    }

    @ParameterizedTest
    @MethodSource("methodsOnBothClasses")
    void atEveryStepWithMomentum(Method method, NetworkClass packed, NetworkClass masked) {
        assertEqual(
                run(method, packed, momentum()), //
                run(method, masked, momentum()));
    }

    private static NeuralNetConfiguration.Builder momentum() {
        return NetworkClass.settings(DataType.DOUBLE, new Nesterovs(0.05, 0.9), 7).l2(0.01);
    }

    @ParameterizedTest
    @MethodSource("methodsOnBothClasses")
    void atEveryStepWithAdamDecayAndClipping(
            Method method, NetworkClass packed, NetworkClass masked) {
        assertEqual(run(method, packed, adam()), run(method, masked, adam()));
    }

    private static NeuralNetConfiguration.Builder adam() {
        return NetworkClass.settings(DataType.DOUBLE, new Adam(0.02), 11)
                .weightDecay(0.02)
                .gradientNormalization(GradientNormalization.ClipL2PerLayer)
                .gradientNormalizationThreshold(0.5);
    }
}
