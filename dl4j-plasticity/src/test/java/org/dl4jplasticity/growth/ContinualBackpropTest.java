package org.dl4jplasticity.growth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.dl4jplasticity.growth.GrowthNetworks.IMAGES;
import static org.dl4jplasticity.growth.GrowthNetworks.SIX;
import static org.dl4jplasticity.growth.GrowthNetworks.activations;
import static org.dl4jplasticity.growth.GrowthNetworks.batches;
import static org.dl4jplasticity.growth.GrowthNetworks.chain;
import static org.dl4jplasticity.growth.GrowthNetworks.convolution;
import static org.dl4jplasticity.growth.GrowthNetworks.dense;
import static org.dl4jplasticity.growth.GrowthNetworks.id;
import static org.dl4jplasticity.growth.GrowthNetworks.largestDifference;
import static org.dl4jplasticity.growth.GrowthNetworks.layer;
import static org.dl4jplasticity.growth.GrowthNetworks.makeConstant;
import static org.dl4jplasticity.growth.GrowthNetworks.output;
import static org.dl4jplasticity.growth.GrowthNetworks.units;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer.PoolingType;
import org.deeplearning4j.nn.conf.layers.ZeroPaddingLayer;
import org.dl4jplasticity.surgery.PlasticNetwork;
import org.dl4jplasticity.testing.NetworkClass;
import org.dl4jplasticity.testing.ResizableNetwork;
import org.dl4jplasticity.testing.TinyNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.Sgd;

class ContinualBackpropTest {
    private static final List<DataSet> BATCHES = batches(SIX, DataType.DOUBLE, 2);

    private static INDArray param(TinyNetwork network, int layer, String name) {
        return layer(network, layer).getParam(name);
    }

    /** {@return the mean magnitude of the entries of a vector} */
    private static double magnitude(INDArray vector) {
        return Arrays.stream(vector.dup().toDoubleVector()).map(Math::abs).average().orElseThrow();
    }

    /**
     * The moving average by its definition: a sum of all steps, of which each later one takes its
     * share away, over the sum of their shares.
     */
    private static double average(double decay, double... steps) {
        double sum = 0;
        double shares = 0;
        for (int i = 0; i < steps.length; i++) {
            double share = Math.pow(decay, steps.length - 1 - i);
            sum += share * steps[i];
            shares += share;
        }
        return sum / shares;
    }

    static Stream<Arguments> utilities() {
        return Stream.of(NetworkClass.SEQUENTIAL, NetworkClass.GRAPH)
                .flatMap(
                        type ->
                                Stream.of(UnitUtility.values())
                                        .map(utility -> Arguments.of(type, utility)));
    }

    @ParameterizedTest
    @MethodSource("utilities")
    void utilityIsTheAverageOfWhatUnitsWereWorth(NetworkClass type, UnitUtility utility) {
        TinyNetwork network = dense(type, new Sgd(0)); // weights stay as they are
        ContinualBackprop listener =
                ContinualBackprop.replacing(1e-6).decay(0.9).utility(utility).build();
        network.listen(listener);
        network.fit(BATCHES, 1);
        for (int layer = 0; layer < 2; layer++) {
            UnitWorth worth = listener.worth(id(type, layer));
            for (int unit = 0; unit < worth.units(); unit++) {
                double[] means = new double[2];
                double[] worths = new double[2];
                for (int step = 0; step < 2; step++) {
                    double[] h =
                            activations(network, layer, BATCHES.get(step).getFeatures())
                                    .getColumn(unit)
                                    .dup()
                                    .toDoubleVector();
                    means[step] = Arrays.stream(h).average().orElseThrow();
                    double f = average(0.9, Arrays.copyOf(means, step + 1));
                    double center = utility == UnitUtility.CONTRIBUTION ? 0 : f;
                    double distance =
                            Arrays.stream(h).map(it -> Math.abs(it - center)).sum() / h.length;
                    INDArray out = param(network, layer + 1, "W").getRow(unit);
                    double in = magnitude(param(network, layer, "W").getColumn(unit));
                    worths[step] =
                            switch (utility) {
                                case CONTRIBUTION -> distance * magnitude(out) * out.length();
                                case ZERO_CONTRIBUTION -> distance * magnitude(out);
                                case ADAPTABLE_CONTRIBUTION -> distance * magnitude(out) / in;
                            };
                }
                assertThat(worth.utility(unit)).isEqualTo(average(0.9, worths), within(1e-12));
                assertThat(worth.mean(0, unit)).isEqualTo(average(0.9, means), within(1e-12));
                assertThat(worth.ages()[unit]).isEqualTo(2);
            }
        }
    }

    /** {@return a listener that replaces one unit of 5 in its first step, and what it did} */
    private static ContinualBackprop one(UnitUtility utility, List<RecycledUnits> replaced) {
        ContinualBackprop listener =
                ContinualBackprop.replacing(0.2).maturity(0).utility(utility).build();
        listener.journal().tell(replaced::add);
        return listener;
    }

    @ParameterizedTest
    @EnumSource(names = {"SEQUENTIAL", "GRAPH"})
    void theUnitOfLeastUtilityStartsAnewAndHandsItsAverageOn(NetworkClass type) {
        TinyNetwork network = dense(type, new Sgd(0));
        DataSet batch = BATCHES.get(0);
        TinyNetwork before = dense(type, new Sgd(0));
        INDArray h = activations(before, 0, batch.getFeatures());
        int least = 0;
        double leastUtility = Double.MAX_VALUE;
        for (int unit = 0; unit < 5; unit++) {
            double utility =
                    magnitude(h.getColumn(unit))
                            * 4
                            * magnitude(param(before, 1, "W").getRow(unit));
            if (utility < leastUtility) {
                leastUtility = utility;
                least = unit;
            }
        }

        List<RecycledUnits> replaced = new ArrayList<>();
        ContinualBackprop listener = one(UnitUtility.CONTRIBUTION, replaced);
        network.listen(listener);
        network.fit(batch);
        assertThat(replaced).hasSize(1);
        assertThat(replaced.get(0).layerId()).isEqualTo(id(type, 0));
        assertThat(replaced.get(0).units()).containsExactly(least);
        assertThat(replaced.get(0).scores().get("lowestUtility"))
                .isEqualTo(leastUtility, within(1e-12));
        assertThat(listener.replaced()).isEqualTo(1);

        INDArray in = param(network, 0, "W");
        double bound = Math.sqrt(2) * Math.sqrt(3.0 / 6);
        for (int unit = 0; unit < 5; unit++) {
            double[] column = in.getColumn(unit).dup().toDoubleVector();
            double[] old = param(before, 0, "W").getColumn(unit).dup().toDoubleVector();
            double[] row = param(network, 1, "W").getRow(unit).dup().toDoubleVector();
            if (unit == least) {
                assertThat(column).isNotEqualTo(old).doesNotContain(0);
                assertThat(Arrays.stream(column).map(Math::abs).max().orElseThrow())
                        .isLessThanOrEqualTo(bound);
                assertThat(row).containsOnly(0);
            } else {
                assertThat(column).isEqualTo(old);
                assertThat(row).doesNotContain(0);
            }
            assertThat(param(network, 0, "b").toDoubleVector()[unit])
                    .isEqualTo(unit == least ? 0 : 0.5);
            assertThat(listener.worth(id(type, 0)).ages()[unit]).isEqualTo(unit == least ? 0 : 1);
        }
        double mean = h.getColumn(least).meanNumber().doubleValue();
        for (int next = 0; next < 4; next++) {
            assertThat(param(network, 1, "b").toDoubleVector()[next])
                    .isEqualTo(
                            0.5 + mean * param(before, 1, "W").getDouble(least, next),
                            within(1e-12));
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"SEQUENTIAL", "GRAPH"})
    void theOptimizersSlotsOfAReplacedUnitAreZero(NetworkClass type) {
        TinyNetwork network = dense(type, new Adam(0.01));
        DataSet batch = BATCHES.get(0);
        network.fit(batch);
        network.markState();
        List<RecycledUnits> replaced = new ArrayList<>();
        network.listen(one(UnitUtility.CONTRIBUTION, replaced));
        network.fit(batch);
        int unit = replaced.get(0).units()[0];
        double[] state = network.state().toDoubleVector();
        for (int component : new int[] {0, 74}) {
            for (int i = 0; i < 30 + 5 + 20; i++) {
                boolean isOfUnit =
                        i < 30 ? i / 6 == unit : i < 35 ? i - 30 == unit : (i - 35) % 5 == unit;
                assertThat(state[component + i] == 0).as("slot %d", i).isEqualTo(isOfUnit);
            }
        }
    }

    static Stream<Arguments> constants() {
        Layer tanh = new DenseLayer.Builder().nOut(4).activation(Activation.TANH).build();
        Layer pooling =
                new SubsamplingLayer.Builder(PoolingType.MAX).kernelSize(2, 2).stride(1, 1).build();
        List<List<Layer>> chains =
                List.of(
                        List.of(dense(5), tanh, output()),
                        List.of(convolution(5), convolution(3), output()),
                        List.of(convolution(5), pooling, convolution(3), output()),
                        List.of(convolution(5), pooling, tanh, output()),
                        List.of(convolution(5), output()));
        return Stream.of(NetworkClass.SEQUENTIAL, NetworkClass.GRAPH)
                .flatMap(type -> chains.stream().map(chain -> Arguments.of(type, chain)));
    }

    @ParameterizedTest
    @MethodSource("constants")
    void nothingChangesWhenAUnitOfConstantOutputIsReplaced(NetworkClass type, List<Layer> layers) {
        var input = layers.get(0) instanceof DenseLayer ? SIX : IMAGES;
        TinyNetwork network =
                chain(type, input, DataType.DOUBLE, new Sgd(0), layers.toArray(Layer[]::new));
        makeConstant(units(network, type, 0), 3, 0.75);
        DataSet batch = batches(input, DataType.DOUBLE, 1).get(0);
        INDArray before = network.output(batch.getFeatures());
        // By its distance from its average the constant unit is worth nothing.
        List<RecycledUnits> replaced = new ArrayList<>();
        network.listen(one(UnitUtility.ZERO_CONTRIBUTION, replaced));
        network.fit(batch);
        assertThat(replaced.get(0).units()).containsExactly(3);
        assertThat(replaced.get(0).layerId()).isEqualTo(id(type, 0));
        assertThat(units(network, type, 0).outgoing().get(0).get(3)).containsOnly(0);
        assertThat(units(network, type, 0).incoming().get(0).get(3)).doesNotContain(0);
        assertThat(largestDifference(network.output(batch.getFeatures()), before))
                .isLessThan(1e-12);
    }

    @ParameterizedTest
    @EnumSource(names = {"SEQUENTIAL", "GRAPH"})
    void nothingIsHandedOnWhereItWouldNotBeExact(NetworkClass type) {
        Layer padded =
                new ConvolutionLayer.Builder(3, 3).padding(1, 1).nOut(3).biasInit(0.25).build();
        Layer behindZeros = new ConvolutionLayer.Builder(3, 3).nOut(3).biasInit(0.25).build();
        for (List<Layer> layers :
                List.of(
                        List.of(convolution(5), padded, output()),
                        List.of(
                                convolution(5),
                                new ZeroPaddingLayer.Builder(1, 1).build(),
                                behindZeros,
                                output()))) {
            TinyNetwork network =
                    chain(type, IMAGES, DataType.DOUBLE, new Sgd(0), layers.toArray(Layer[]::new));
            makeConstant(units(network, type, 0), 3, 0.75);
            List<RecycledUnits> replaced = new ArrayList<>();
            network.listen(one(UnitUtility.ZERO_CONTRIBUTION, replaced));
            network.fit(batches(IMAGES, DataType.DOUBLE, 1).get(0));
            assertThat(replaced.get(0).units()).containsExactly(3);
            assertThat(param(network, layers.size() - 2, "b").toDoubleVector()).containsOnly(0.25);
        }
    }

    @Test
    void whatANextLayerGetsBehindAMergeIsTheUnitsOwn() {
        TinyNetwork network =
                ResizableNetwork.MERGED_CONVOLUTIONS.build(true, DataType.DOUBLE, new Sgd(0));
        List<HiddenUnits> layers = HiddenUnits.of(PlasticNetwork.of(network.model()));
        // a and c are averaged; b goes through the merge and the normalization behind it.
        assertThat(layers.stream().map(HiddenUnits::id)).containsExactlyInAnyOrder("a", "b");
    }

    @ParameterizedTest
    @EnumSource(names = {"SEQUENTIAL", "GRAPH"})
    void sharesOfMatureUnitsAddUp(NetworkClass type) {
        TinyNetwork network = dense(type, new Sgd(0.1));
        List<RecycledUnits> replaced = new ArrayList<>();
        ContinualBackprop listener = ContinualBackprop.replacing(0.125).maturity(3).build();
        listener.journal().tell(replaced::add);
        network.listen(listener);
        network.fit(BATCHES, 4);
        // Units are mature from the fourth step on, iteration 3. Of 5 units: 0.625, 1.25 less 1,
        // 0.25 + 0.125 * 4 = 0.75, 1.25 less 1, 0.25 + 0.125 * 3 = 0.625.
        // Of 4 units: 0.5, 1 less 1, 0.125 * 3 = 0.375, 0.75, 1.125 less 1.
        assertThat(replaced.stream().map(it -> it.layerId() + " at " + it.iteration()))
                .containsExactly(
                        id(type, 0) + " at 4",
                        id(type, 1) + " at 4",
                        id(type, 0) + " at 6",
                        id(type, 1) + " at 7");
        assertThat(replaced).allSatisfy(it -> assertThat(it.units()).hasSize(1));
        assertThat(listener.worth(id(type, 0)).waiting()).isEqualTo(0.625);
        assertThat(listener.worth(id(type, 1)).waiting()).isEqualTo(0.125);
        assertThat(listener.replaced()).isEqualTo(4);
    }

    @Test
    void theSameSeedGivesTheSameRun() {
        List<INDArray> ends = new ArrayList<>();
        for (long seed : new long[] {1, 1, 2}) {
            TinyNetwork network = dense(NetworkClass.SEQUENTIAL, new Adam(0.01));
            network.listen(ContinualBackprop.replacing(0.1).maturity(1).seed(seed).build());
            network.fit(BATCHES, 4);
            ends.add(network.parameters().dup());
        }
        assertThat(ends.get(1)).isEqualTo(ends.get(0));
        assertThat(ends.get(2)).isNotEqualTo(ends.get(0));
    }

    @ParameterizedTest
    @EnumSource
    void sparseWeightsKeepTheirConnections(NetworkClass type) {
        TinyNetwork network = type.ofDoubles(new Adam(0.01));
        var before = network.topologies();
        ContinualBackprop listener =
                ContinualBackprop.replacing(0.2)
                        .maturity(0)
                        .utility(UnitUtility.ADAPTABLE_CONTRIBUTION)
                        .build();
        network.listen(listener);
        network.fit(BATCHES, 5);
        assertThat(listener.replaced()).isGreaterThan(10);
        assertThat(network.topologies()).isEqualTo(before);
        assertThat(network.inactive())
                .allSatisfy(numbers -> assertThat(numbers.get(0) == 0).isTrue());
    }

    @Test
    void refusesSettingsOutOfTheirRange() {
        assertThatThrownBy(() -> ContinualBackprop.replacing(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the replacement rate of ContinualBackprop must be in (0, 1], got 0.0");
        assertThatThrownBy(() -> ContinualBackprop.replacing(1).maturity(-1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the maturity of ContinualBackprop must be at least 0 steps, got -1");
        assertThatThrownBy(() -> ContinualBackprop.replacing(1).decay(1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the decay of ContinualBackprop must be in [0, 1), got 1.0");
    }

    @Test
    void tellsItsSettings() {
        assertThat(
                        ContinualBackprop.replacing(1e-4)
                                .maturity(50)
                                .decay(0.9)
                                .utility(UnitUtility.ZERO_CONTRIBUTION)
                                .seed(3)
                                .build()
                                .method())
                .isEqualTo(
                        "continual-backprop; rate 1.0E-4; maturity 50; decay 0.9;"
                                + " utility ZERO_CONTRIBUTION; seed 3");
    }
}
