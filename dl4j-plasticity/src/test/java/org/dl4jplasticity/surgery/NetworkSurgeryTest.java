package org.dl4jplasticity.surgery;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.dl4jplasticity.testing.ResizableNetwork;
import org.dl4jplasticity.testing.TinyNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.AMSGrad;
import org.nd4j.linalg.learning.config.AdaDelta;
import org.nd4j.linalg.learning.config.AdaGrad;
import org.nd4j.linalg.learning.config.AdaMax;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nadam;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.learning.config.RmsProp;
import org.nd4j.linalg.learning.config.Sgd;

/** Widening and narrowing of every kind of layer, before every kind of layer. */
class NetworkSurgeryTest {

    /** Random incoming weights, outgoing ones 0. */
    private static final UnitInitialization ZERO_OUTGOING =
            (site, added, random) ->
                    (units, firstNew) -> {
                        for (int unit = firstNew; unit < units.count(); unit++) {
                            for (UnitVectors weights : units.incoming()) {
                                weights.set(
                                        unit, random.doubles(weights.length(), -1, 1).toArray());
                            }
                            for (UnitVectors weights : units.outgoing()) {
                                weights.set(unit, new double[weights.length()]);
                            }
                        }
                    };

    static Stream<Arguments> networks() {
        return Stream.of(ResizableNetwork.values())
                .flatMap(
                        network ->
                                (network.isGraph() ? Stream.of(true) : Stream.of(false, true))
                                        .map(asGraph -> Arguments.of(network, asGraph)));
    }

    @ParameterizedTest
    @MethodSource("networks")
    void newUnitsWithoutOutgoingWeightsLeaveTheOutputsAsTheyWere(
            ResizableNetwork kind, boolean asGraph) {
        for (DataType type : List.of(DataType.DOUBLE, DataType.FLOAT)) {
            TinyNetwork network = kind.trained(asGraph, type);
            INDArray features = kind.batch(1, type).getFeatures();
            INDArray before = network.output(features);
            NetworkSurgery surgery = NetworkSurgery.of(network.model());
            String layer = kind.layer(asGraph);
            int width = surgery.width(layer);

            Resized resized = surgery.widen(layer, 3, ZERO_OUTGOING, 4);

            assertThat(surgery.width(layer)).isEqualTo(width + 3);
            assertThat(resized.change().added()).containsExactly(width, width + 1, width + 2);
            double most = network.output(features).sub(before).amaxNumber().doubleValue();
            assertThat(most).isLessThan(type == DataType.DOUBLE ? 1e-12 : 1e-6);
        }
    }

    @ParameterizedTest
    @MethodSource("networks")
    void narrowingByTheSameUnitsGivesEverythingBack(ResizableNetwork kind, boolean asGraph) {
        TinyNetwork network = kind.trained(asGraph, DataType.FLOAT);
        TinyNetwork before = network.copy();
        String configuration = configuration(network);
        NetworkSurgery surgery = NetworkSurgery.of(network.model());

        Resized wide = surgery.widen(kind.layer(asGraph), 3, ZERO_OUTGOING, 4);
        assertThat(network.parameters().length()).isGreaterThan(before.parameters().length());
        Resized narrow = surgery.narrow(kind.layer(asGraph), wide.change().added());

        assertThat(narrow.change().removed()).isEqualTo(wide.change().added());
        assertThat(bits(network.parameters())).isEqualTo(bits(before.parameters()));
        assertThat(bits(network.state())).isEqualTo(bits(before.state()));
        assertThat(network.iteration()).isEqualTo(2);
        assertThat(network.epoch()).isEqualTo(before.epoch());
        assertThat(network.topologies()).isEqualTo(before.topologies());
        assertThat(configuration(network)).isEqualTo(configuration);
    }

    @ParameterizedTest
    @MethodSource("networks")
    void oneStepWithFrozenNewUnitsIsTheStepWithoutThem(ResizableNetwork kind, boolean asGraph) {
        TinyNetwork small = kind.trained(asGraph, DataType.DOUBLE);
        TinyNetwork large = small.copy();
        NetworkSurgery surgery = NetworkSurgery.of(large.model());
        int width = surgery.width(kind.layer(asGraph));
        surgery.widen(kind.layer(asGraph), 2, ZERO_OUTGOING, 4);
        large.listen(new FreezeUnits(kind.layer(asGraph), width));

        small.fit(kind.batch(21, DataType.DOUBLE));
        large.fit(kind.batch(21, DataType.DOUBLE));

        surgery.narrow(kind.layer(asGraph), width, width + 1);
        assertThat(largestDifference(large.parameters(), small.parameters())).isLessThan(1e-12);
        assertThat(largestDifference(large.state(), small.state())).isLessThan(1e-12);
    }

    static Stream<IUpdater> updaters() {
        return Stream.of(
                new Sgd(0.05),
                new Nesterovs(0.05, 0.9),
                new Adam(0.01),
                new AdaMax(0.01),
                new Nadam(0.01),
                new AMSGrad(0.01),
                new AdaGrad(0.01),
                new AdaDelta(),
                new RmsProp(0.01),
                new NoOp());
    }

    @ParameterizedTest
    @MethodSource("updaters")
    void aSixthStepAfterWideningIsTheSixthStepWithEveryUpdater(IUpdater updater) {
        for (boolean asGraph : new boolean[] {false, true}) {
            for (ResizableNetwork kind :
                    List.of(
                            ResizableNetwork.DENSE,
                            ResizableNetwork.CONVOLUTION,
                            ResizableNetwork.SPARSE)) {
                TinyNetwork small = kind.build(asGraph, DataType.DOUBLE, updater);
                for (int step = 0; step < 5; step++) {
                    small.fit(kind.batch(step, DataType.DOUBLE));
                }
                TinyNetwork large = small.copy();
                NetworkSurgery surgery = NetworkSurgery.of(large.model());
                String layer = kind.layer(asGraph);
                int width = surgery.width(layer);
                surgery.widen(layer, 2, ZERO_OUTGOING, 4);
                large.listen(new FreezeUnits(layer, width));

                small.fit(kind.batch(5, DataType.DOUBLE));
                large.fit(kind.batch(5, DataType.DOUBLE));

                assertThat(large.iteration()).isEqualTo(6);
                surgery.narrow(layer, width, width + 1);
                assertThat(largestDifference(large.parameters(), small.parameters()))
                        .isLessThan(1e-12);
                if (small.state() != null) {
                    assertThat(largestDifference(large.state(), small.state())).isLessThan(1e-12);
                }
            }
        }
    }

    /** It normalizes over its new units too, so outputs do change. */
    @Test
    void aLayerWithLayerNormalizationOfItsOwnGetsGainsOfOne() {
        TinyNetwork network =
                ResizableNetwork.BEFORE_LAYER_NORMALIZATION.trained(false, DataType.DOUBLE);
        NetworkSurgery surgery = NetworkSurgery.of(network.model());
        double[] gains = network.layers().get(1).getParam("g").toDoubleVector();

        surgery.widen("1", 2, ZERO_OUTGOING, 4);

        double[] after = network.layers().get(1).getParam("g").toDoubleVector();
        assertThat(after).hasSize(6).startsWith(gains).endsWith(1.0, 1.0);
        network.fit(ResizableNetwork.DENSE.batch(3, DataType.DOUBLE));
        surgery.narrow("1", 4, 5);
        assertThat(surgery.width("1")).isEqualTo(4);
    }

    private static double largestDifference(INDArray a, INDArray b) {
        return a.sub(b).amaxNumber().doubleValue();
    }

    private static List<Long> bits(INDArray array) {
        List<Long> bits = new ArrayList<>();
        IntStream.range(0, (int) array.length())
                .forEach(i -> bits.add(Double.doubleToRawLongBits(array.getDouble(i))));
        return bits;
    }

    private static String configuration(TinyNetwork network) {
        return network.model()
                        instanceof org.deeplearning4j.nn.multilayer.MultiLayerNetwork sequential
                ? sequential.getLayerWiseConfigurations().toJson()
                : ((org.deeplearning4j.nn.graph.ComputationGraph) network.model())
                        .getConfiguration()
                        .toJson();
    }
}
