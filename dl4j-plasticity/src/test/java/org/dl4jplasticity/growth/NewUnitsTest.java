package org.dl4jplasticity.growth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.dl4jplasticity.surgery.NetworkSurgery;
import org.dl4jplasticity.surgery.UnitInitialization;
import org.dl4jplasticity.surgery.UnitVectors;
import org.dl4jplasticity.surgery.Units;
import org.dl4jplasticity.testing.NetworkClass;
import org.dl4jplasticity.testing.ResizableNetwork;
import org.dl4jplasticity.testing.TinyNetwork;
import org.dl4jplasticity.topology.SparseTopology;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.Sgd;

class NewUnitsTest {

    static Stream<Arguments> networks() {
        return Stream.of(ResizableNetwork.values())
                .flatMap(
                        network ->
                                (network.isGraph() ? Stream.of(true) : Stream.of(false, true))
                                        .map(asGraph -> Arguments.of(network, asGraph)));
    }

    @ParameterizedTest
    @MethodSource("networks")
    void zeroOutgoingPairedAndCopiedUnitsLeaveTheOutputsAsTheyWere(
            ResizableNetwork kind, boolean asGraph) {
        for (UnitInitialization start :
                List.of(NewUnits.zeroOutgoing(), NewUnits.paired(), NewUnits.net2Wider())) {
            for (DataType type : List.of(DataType.DOUBLE, DataType.FLOAT)) {
                TinyNetwork network = kind.trained(asGraph, type);
                INDArray features = kind.batch(1, type).getFeatures();
                INDArray before = network.output(features);

                NetworkSurgery.of(network.model()).widen(kind.layer(asGraph), 4, start, 7);

                double most = network.output(features).sub(before).amaxNumber().doubleValue();
                assertThat(most)
                        .as("%s, %s", start, type)
                        .isLessThan(type == DataType.DOUBLE ? 1e-12 : 1e-6);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("networks")
    void randomUnitsChangeTheOutputs(ResizableNetwork kind, boolean asGraph) {
        TinyNetwork network = kind.trained(asGraph, DataType.DOUBLE);
        INDArray features = kind.batch(1, DataType.DOUBLE).getFeatures();
        INDArray before = network.output(features);
        NetworkSurgery.of(network.model()).widen(kind.layer(asGraph), 4, NewUnits.random(), 7);
        assertThat(network.output(features).sub(before).amaxNumber().doubleValue())
                .isGreaterThan(1e-4);
    }

    @Test
    void randomWeightsSpreadAsTheExistingOnesOfTheSameParameter() {
        Model network = wide(NetworkClass.SEQUENTIAL);
        network.paramTable().get("0_W").muli(3);
        NetworkSurgery surgery = NetworkSurgery.of(network);
        Units before = surgery.units("0");
        double[] incoming = all(before.incoming().get(0), 0, 20);
        double[] outgoing = all(before.outgoing().get(0), 0, 20);

        surgery.widen("0", 2000, NewUnits.random(), 3);

        Units after = surgery.units("0");
        requireNormal(all(after.incoming().get(0), 20, 2020), deviation(incoming));
        requireNormal(all(after.outgoing().get(0), 20, 2020), deviation(outgoing));
        assertThat(deviation(incoming)).isGreaterThan(2 * deviation(outgoing));
        assertThat(all(after.biases().get(0), 20, 2020)).containsOnly(0);
        assertThat(all(after.incoming().get(0), 0, 20)).containsExactly(incoming);
    }

    @Test
    void weightsThatAreAllTheSameGiveWayToHesSpread() {
        Model network = wide(NetworkClass.SEQUENTIAL);
        network.paramTable().get("0_W").assign(0);
        network.paramTable().get("1_W").assign(0.5);
        NetworkSurgery surgery = NetworkSurgery.of(network);
        surgery.widen("0", 2000, NewUnits.random(), 3);
        Units after = surgery.units("0");
        // 10 inputs of the layer, 20 of the next
        requireNormal(all(after.incoming().get(0), 20, 2020), Math.sqrt(2.0 / 10));
        requireNormal(all(after.outgoing().get(0), 20, 2020), Math.sqrt(2.0 / 20));
    }

    /** 2000 times as many numbers as a unit has weights: mean, spread and tails. */
    private static void requireNormal(double[] drawn, double deviation) {
        double error = deviation / Math.sqrt(drawn.length);
        assertThat(Arrays.stream(drawn).average().orElseThrow()).isEqualTo(0, within(4 * error));
        assertThat(deviation(drawn)).isEqualTo(deviation, within(4 * error));
        double beyond = Arrays.stream(drawn).filter(it -> Math.abs(it) > 2 * deviation).count();
        assertThat(beyond / drawn.length).isEqualTo(0.0455, within(0.008));
    }

    private static double deviation(double[] numbers) {
        double mean = Arrays.stream(numbers).average().orElseThrow();
        return Math.sqrt(
                Arrays.stream(numbers)
                        .map(it -> (it - mean) * (it - mean))
                        .average()
                        .orElseThrow());
    }

    @ParameterizedTest
    @EnumSource(names = {"SEQUENTIAL", "GRAPH"})
    void zeroOutgoingUnitsHaveAGradientByTheirOutgoingWeightsAlone(NetworkClass type) {
        Model network = wide(type);
        DataSet batch = GrowingNetworks.classified(3, 8, 10);
        NetworkSurgery.of(network).widen("0", 3, NewUnits.zeroOutgoing(), 3);
        Networks.computeGradient(network, batch.toMultiDataSet());
        for (int unit = 20; unit < 23; unit++) {
            double[] incoming = column(network.gradient().getGradientFor("0_W"), unit);
            double[] outgoing = row(network.gradient().getGradientFor("1_W"), unit);
            assertThat(incoming).containsOnly(0);
            assertThat(outgoing).doesNotContain(0);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"SEQUENTIAL", "GRAPH"})
    void pairsHaveGradientsByAllTheirWeights(NetworkClass type) {
        Model network = wide(type);
        DataSet batch = GrowingNetworks.classified(3, 8, 10);
        NetworkSurgery surgery = NetworkSurgery.of(network);
        surgery.widen("0", 4, NewUnits.paired(), 3);
        Units units = surgery.units("0");
        for (int first : new int[] {20, 22}) {
            double[] incoming = units.incoming().get(0).get(first);
            double[] outgoing = units.outgoing().get(0).get(first);
            assertThat(units.incoming().get(0).get(first + 1)).containsExactly(incoming);
            assertThat(units.outgoing().get(0).get(first + 1))
                    .containsExactly(Arrays.stream(outgoing).map(it -> -it).toArray());
        }
        Networks.computeGradient(network, batch.toMultiDataSet());
        for (int unit = 20; unit < 24; unit++) {
            assertThat(column(network.gradient().getGradientFor("0_W"), unit)).doesNotContain(0);
            assertThat(row(network.gradient().getGradientFor("1_W"), unit)).doesNotContain(0);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"SEQUENTIAL", "GRAPH"})
    void anOddNumberOfUnitsInPairsIsRefused(NetworkClass type) {
        Model network = wide(type);
        INDArray before = network.params().dup();
        NetworkSurgery surgery = NetworkSurgery.of(network);
        assertThatThrownBy(() -> surgery.widen("0", 3, NewUnits.paired(), 3))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "Layer 0: units that start in pairs are added by an even number, got 3");
        assertThat(network.params()).isEqualTo(before);
        assertThat(surgery.width("0")).isEqualTo(20);
    }

    /** With one unit there is one source: all weights are known. */
    @Test
    void copiesOfOneUnitShareItsOutgoingWeights() {
        Model network =
                GrowingNetworks.chain(
                        NetworkClass.SEQUENTIAL,
                        DataType.DOUBLE,
                        InputType.feedForward(2),
                        GrowingNetworks.dense(1, Activation.TANH),
                        GrowingNetworks.numbers(2));
        set(network, "0_W", 3, -5);
        set(network, "0_b", 7);
        set(network, "1_W", 6, -9);
        NetworkSurgery surgery = NetworkSurgery.of(network);
        surgery.widen("0", 2, NewUnits.net2Wider(), 1);
        Units units = surgery.units("0");
        for (int unit = 0; unit < 3; unit++) {
            assertThat(units.incoming().get(0).get(unit)).containsExactly(3, -5);
            assertThat(units.biases().get(0).get(unit)).containsExactly(7);
            assertThat(units.outgoing().get(0).get(unit)).containsExactly(2, -3);
        }
    }

    @Test
    void sourcesOfCopiesAreDrawnEvenly() {
        Model network = wide(NetworkClass.SEQUENTIAL);
        NetworkSurgery surgery = NetworkSurgery.of(network);
        double[][] original =
                IntStream.range(0, 20)
                        .mapToObj(unit -> surgery.units("0").incoming().get(0).get(unit))
                        .toArray(double[][]::new);
        surgery.widen("0", 2000, NewUnits.net2Wider(), 3);
        UnitVectors incoming = surgery.units("0").incoming().get(0);
        int[] copies = new int[20];
        for (int unit = 20; unit < 2020; unit++) {
            double[] weights = incoming.get(unit);
            int source =
                    IntStream.range(0, 20)
                            .filter(it -> Arrays.equals(original[it], weights))
                            .findFirst()
                            .orElseThrow();
            copies[source]++;
        }
        // 100 each, give or take four standard deviations of the binomial distribution
        assertThat(Arrays.stream(copies).boxed()).allMatch(it -> Math.abs(it - 100) < 39);
    }

    @Test
    void noiseDisturbsTheCopiesIncomingWeightsAlone() {
        Model network = wide(NetworkClass.SEQUENTIAL);
        NetworkSurgery surgery = NetworkSurgery.of(network);
        double[] before = all(surgery.units("0").incoming().get(0), 0, 20);
        Model twin = wide(NetworkClass.SEQUENTIAL);
        surgery.widen("0", 2000, NewUnits.net2Wider(0.01), 3);
        NetworkSurgery.of(twin).widen("0", 2000, NewUnits.net2Wider(), 3);
        Units noisy = surgery.units("0");
        Units exact = NetworkSurgery.of(twin).units("0");
        double[] with = all(noisy.incoming().get(0), 20, 2020);
        double[] without = all(exact.incoming().get(0), 20, 2020);
        double[] noise =
                IntStream.range(0, with.length).mapToDouble(i -> with[i] - without[i]).toArray();
        requireNormal(noise, 0.01 * deviation(before));
        assertThat(all(noisy.incoming().get(0), 0, 20)).containsExactly(before);
        assertThat(all(noisy.outgoing().get(0), 0, 2020))
                .containsExactly(all(exact.outgoing().get(0), 0, 2020));
    }

    @ParameterizedTest
    @EnumSource
    void copiesAndPairsHaveTheSameConnections(NetworkClass type) {
        for (UnitInitialization start : List.of(NewUnits.net2Wider(), NewUnits.paired())) {
            TinyNetwork network = type.ofDoubles(new Sgd(0.1));
            String layer =
                    type == NetworkClass.SEQUENTIAL || type == NetworkClass.MASKED_SEQUENTIAL
                            ? "1"
                            : "layer1";
            NetworkSurgery.of(network.model()).widen(layer, 2, start, 5);
            int firstWithTemplate = start.toString().equals("paired") ? 8 : 7;
            for (int unit = firstWithTemplate; unit < 9; unit++) {
                int last = unit;
                assertThat(IntStream.range(0, unit).anyMatch(it -> same(network, it, last)))
                        .as("%s: unit %d has another's connections", start, unit)
                        .isTrue();
            }
        }
    }

    /** Layer 1 has 9 inputs, the next one 3 outputs. */
    private static boolean same(TinyNetwork network, int one, int other) {
        SparseTopology into = network.topology(1);
        SparseTopology outOf = network.topology(2);
        return IntStream.range(0, 9)
                        .allMatch(in -> isActive(into, one, in) == isActive(into, other, in))
                && IntStream.range(0, 3)
                        .allMatch(out -> isActive(outOf, out, one) == isActive(outOf, out, other));
    }

    private static boolean isActive(SparseTopology topology, int output, int input) {
        return topology.contains((long) output * topology.nIn() + input);
    }

    @Test
    void theSameSeedGivesTheSameUnits() {
        for (UnitInitialization start :
                List.of(
                        NewUnits.random(),
                        NewUnits.zeroOutgoing(),
                        NewUnits.paired(),
                        NewUnits.net2Wider(0.1))) {
            Model one = wide(NetworkClass.SEQUENTIAL);
            Model two = wide(NetworkClass.SEQUENTIAL);
            Model other = wide(NetworkClass.SEQUENTIAL);
            NetworkSurgery.of(one).widen("0", 4, start, 3);
            NetworkSurgery.of(two).widen("0", 4, start, 3);
            NetworkSurgery.of(other).widen("0", 4, start, 4);
            assertThat(one.params()).isEqualTo(two.params()).isNotEqualTo(other.params());
        }
    }

    @Test
    void tellsMethodAndSettings() {
        assertThat(NewUnits.random()).hasToString("random");
        assertThat(NewUnits.zeroOutgoing()).hasToString("zero outgoing");
        assertThat(NewUnits.paired()).hasToString("paired");
        assertThat(NewUnits.net2Wider(0.25)).hasToString("Net2Wider(noise 0.25)");
        DataSet batch = GrowingNetworks.classified(3, 8, 10);
        assertThat(NewUnits.gradMax(batch)).hasToString("GradMax(scale 0.5)");
        assertThat(NewUnits.tiny(batch)).hasToString("TINY(threshold 0.001)");
        assertThat(NewUnits.orthogonal(batch)).hasToString("orthogonal");
    }

    @Test
    void settingsOutOfRangeAreRefused() {
        assertThatThrownBy(() -> NewUnits.net2Wider(-1))
                .hasMessage("noise must be at least 0, got -1.0");
        assertThatThrownBy(() -> NewUnits.gradMax(() -> null, 0))
                .hasMessage("scale must be greater than 0, got 0.0");
        assertThatThrownBy(() -> NewUnits.tiny(() -> null, Double.NaN))
                .hasMessage("the threshold of singular values must be at least 0, got NaN");
    }

    /** {@return 10 inputs, 20 hidden units, 3 classes} */
    private static Model wide(NetworkClass type) {
        return GrowingNetworks.chain(
                type,
                DataType.DOUBLE,
                InputType.feedForward(10),
                GrowingNetworks.dense(20, Activation.TANH),
                GrowingNetworks.classes(3));
    }

    private static void set(Model network, String key, double... values) {
        INDArray parameter = network.paramTable().get(key);
        for (int i = 0; i < values.length; i++) {
            parameter.reshape(parameter.length()).putScalar(i, values[i]);
        }
    }

    private static double[] all(UnitVectors vectors, int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(vectors::get)
                .flatMapToDouble(Arrays::stream)
                .toArray();
    }

    private static double[] column(INDArray matrix, int column) {
        return matrix.getColumn(column).dup().data().asDouble();
    }

    private static double[] row(INDArray matrix, int row) {
        return matrix.getRow(row).dup().data().asDouble();
    }
}
