package org.dl4jplasticity.growth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.dl4jplasticity.growth.GrowthNetworks.IMAGES;
import static org.dl4jplasticity.growth.GrowthNetworks.SIX;
import static org.dl4jplasticity.growth.GrowthNetworks.activations;
import static org.dl4jplasticity.growth.GrowthNetworks.batches;
import static org.dl4jplasticity.growth.GrowthNetworks.chain;
import static org.dl4jplasticity.growth.GrowthNetworks.convolution;
import static org.dl4jplasticity.growth.GrowthNetworks.dense;
import static org.dl4jplasticity.growth.GrowthNetworks.id;
import static org.dl4jplasticity.growth.GrowthNetworks.kill;
import static org.dl4jplasticity.growth.GrowthNetworks.largestDifference;
import static org.dl4jplasticity.growth.GrowthNetworks.layer;
import static org.dl4jplasticity.growth.GrowthNetworks.output;
import static org.dl4jplasticity.growth.GrowthNetworks.units;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.dl4jplasticity.layers.Sparsity;
import org.dl4jplasticity.surgery.NetworkSurgery;
import org.dl4jplasticity.surgery.UnitVectors;
import org.dl4jplasticity.surgery.Units;
import org.dl4jplasticity.testing.NetworkClass;
import org.dl4jplasticity.testing.ResizableNetwork;
import org.dl4jplasticity.testing.TinyNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.Sgd;

class DormantUnitsTest {

    /** {@return a listener that recycles at iteration 1 and writes down what} */
    private static DormantUnits atTheSecondStep(double threshold, List<RecycledUnits> recycled) {
        DormantUnits listener = DormantUnits.every(1).until(1).threshold(threshold).build();
        listener.journal().tell(recycled::add);
        return listener;
    }

    private static double[] column(INDArray matrix, int column) {
        return matrix.getColumn(column).dup().toDoubleVector();
    }

    private static double[] row(INDArray matrix, int row) {
        return matrix.getRow(row).dup().toDoubleVector();
    }

    @ParameterizedTest
    @EnumSource(names = {"SEQUENTIAL", "GRAPH"})
    void aDeadUnitStartsAnewAndNothingElseChanges(NetworkClass type) {
        List<DataSet> batches = batches(SIX, DataType.DOUBLE, 2);
        TinyNetwork network = dense(type, new Adam(0.01));
        kill(units(network, type, 0), 2);
        TinyNetwork twin = dense(type, new Adam(0.01));
        kill(units(twin, type, 0), 2);
        List<RecycledUnits> recycled = new ArrayList<>();
        network.listen(atTheSecondStep(0, recycled));
        network.fit(batches, 1);
        twin.fit(batches, 1);

        assertThat(recycled).hasSize(1);
        assertThat(recycled.get(0).layerId()).isEqualTo(id(type, 0));
        assertThat(recycled.get(0).units()).containsExactly(2);
        assertThat(recycled.get(0).iteration()).isEqualTo(1);
        assertThat(recycled.get(0).scores())
                .isEqualTo(Map.of("threshold", 0.0, "highestScore", 0.0));

        INDArray in = layer(network, 0).getParam("W");
        assertThat(column(in, 2)).doesNotContain(0).isNotEqualTo(column(param(twin, 0, "W"), 2));
        assertThat(layer(network, 0).getParam("b").toDoubleVector()[2]).isEqualTo(0.5);
        assertThat(row(layer(network, 1).getParam("W"), 2)).containsOnly(0);
        for (int unit : new int[] {0, 1, 3, 4}) {
            assertThat(column(in, unit)).isEqualTo(column(param(twin, 0, "W"), unit));
            assertThat(row(param(network, 1, "W"), unit)).isEqualTo(row(param(twin, 1, "W"), unit));
        }
        assertThat(param(network, 1, "b")).isEqualTo(param(twin, 1, "b"));
        assertThat(param(network, 2, "W")).isEqualTo(param(twin, 2, "W"));

        INDArray features = batches.get(0).getFeatures();
        assertThat(largestDifference(network.output(features), twin.output(features)))
                .isLessThan(1e-15);
        network.fit(batches, 1);
        assertThat(row(param(network, 1, "W"), 2)).as("it learns again").doesNotContain(0);
    }

    private static INDArray param(TinyNetwork network, int layer, String name) {
        return layer(network, layer).getParam(name);
    }

    /** 30 weights and 5 biases, 20 and 4, 12 and 3: 74 parameters with two slots each. */
    @ParameterizedTest
    @EnumSource(names = {"SEQUENTIAL", "GRAPH"})
    void theOptimizersSlotsOfARecycledUnitAreZero(NetworkClass type) {
        TinyNetwork network = dense(type, new Adam(0.01));
        kill(units(network, type, 0), 2);
        DataSet batch = batches(SIX, DataType.DOUBLE, 1).get(0);
        network.fit(batch);
        network.listen(atTheSecondStep(0, new ArrayList<>()));
        network.markState();
        network.fit(batch);
        double[] state = network.state().toDoubleVector();
        List<Integer> cleared = new ArrayList<>();
        for (int component : new int[] {0, 74}) {
            IntStream.range(12, 18).forEach(i -> cleared.add(component + i)); // fan-in
            cleared.add(component + 30 + 2); // bias
            IntStream.range(0, 4).forEach(i -> cleared.add(component + 35 + 2 + 5 * i)); // fan-out
        }
        assertThat(IntStream.range(0, 148).filter(i -> state[i] == 0).boxed().toList())
                .isEqualTo(cleared);
    }

    @ParameterizedTest
    @EnumSource(names = {"SEQUENTIAL", "GRAPH"})
    void unitsBelowTheThresholdInTheMinibatchAreRecycled(NetworkClass type) {
        List<DataSet> batches = batches(SIX, DataType.DOUBLE, 2);
        TinyNetwork network = dense(type, new Sgd(0.1));
        TinyNetwork twin = dense(type, new Sgd(0.1));
        twin.fit(batches.get(0)); // the parameters that the second forward pass is made with
        double tau = 0.8;
        List<List<Integer>> expected = new ArrayList<>();
        for (int layer = 0; layer < 2; layer++) {
            INDArray outputs = activations(twin, layer, batches.get(1).getFeatures());
            double mean = outputs.ameanNumber().doubleValue();
            List<Integer> dormant = new ArrayList<>();
            for (int unit = 0; unit < outputs.columns(); unit++) {
                if (outputs.getColumn(unit).dup().ameanNumber().doubleValue() <= tau * mean) {
                    dormant.add(unit);
                }
            }
            expected.add(dormant);
        }
        assertThat(expected).allSatisfy(units -> assertThat(units).isNotEmpty());

        List<RecycledUnits> recycled = new ArrayList<>();
        DormantUnits listener = atTheSecondStep(tau, recycled);
        network.listen(listener);
        network.fit(batches, 1);
        assertThat(recycled.stream().map(it -> Arrays.stream(it.units()).boxed().toList()))
                .isEqualTo(expected);
        assertThat(listener.recycled())
                .isEqualTo(expected.get(0).size() + (long) expected.get(1).size());
        assertThat(recycled)
                .allSatisfy(
                        it -> assertThat(it.scores().get("highestScore")).isLessThanOrEqualTo(tau));
    }

    private static TinyNetwork withTwoDeadChannels(NetworkClass type) {
        TinyNetwork network =
                chain(
                        type,
                        IMAGES,
                        DataType.DOUBLE,
                        new Adam(0.01),
                        convolution(3),
                        new SubsamplingLayer.Builder(SubsamplingLayer.PoolingType.MAX)
                                .kernelSize(2, 2)
                                .stride(1, 1)
                                .build(),
                        convolution(4),
                        new DenseLayer.Builder().nOut(5).activation(Activation.TANH).build(),
                        output());
        kill(units(network, type, 0), 1);
        kill(units(network, type, 2), 3);
        return network;
    }

    private static double[] kernel(INDArray weights, int out, int in) {
        int from = (int) (out * weights.size(1) + in) * 9;
        return Arrays.copyOfRange(weights.dup('c').data().asDouble(), from, from + 9);
    }

    @ParameterizedTest
    @EnumSource(names = {"SEQUENTIAL", "GRAPH"})
    void channelsAreRecycledWithAllTheirEntries(NetworkClass type) {
        TinyNetwork network = withTwoDeadChannels(type);
        List<DataSet> batches = batches(IMAGES, DataType.DOUBLE, 2);
        TinyNetwork twin = withTwoDeadChannels(type);
        List<RecycledUnits> recycled = new ArrayList<>();
        network.listen(atTheSecondStep(0, recycled));
        network.fit(batches, 1);
        twin.fit(batches, 1);

        assertThat(recycled).hasSize(2);
        assertThat(recycled.get(0).units()).containsExactly(1);
        assertThat(recycled.get(1).units()).containsExactly(3);
        // Kernels are [outputs, inputs, 3, 3]; a channel of 3 x 3 pixels has 9 rows behind.
        INDArray first = param(network, 0, "W");
        assertThat(first.get(NDArrayIndex.point(1)).dup().reshape(18).toDoubleVector())
                .doesNotContain(0);
        INDArray second = param(network, 2, "W");
        for (int out = 0; out < 3; out++) {
            assertThat(kernel(second, out, 1)).containsOnly(0);
            assertThat(kernel(second, out, 0)).isEqualTo(kernel(param(twin, 2, "W"), out, 0));
        }
        INDArray behind = param(network, 3, "W");
        for (int row = 0; row < 36; row++) {
            if (row >= 27) {
                assertThat(row(behind, row)).containsOnly(0);
            } else {
                assertThat(row(behind, row)).isEqualTo(row(param(twin, 3, "W"), row));
            }
        }
        INDArray features = batches.get(0).getFeatures();
        assertThat(largestDifference(network.output(features), twin.output(features)))
                .isLessThan(1e-12);
    }

    @ParameterizedTest
    @EnumSource(names = {"SEQUENTIAL", "GRAPH"})
    void unitsAreJudgedBehindTheirActivationAndNormalizedAnew(NetworkClass type) {
        TinyNetwork network =
                chain(
                        type,
                        IMAGES,
                        DataType.DOUBLE,
                        new Adam(0.01),
                        new ConvolutionLayer.Builder(3, 3)
                                .nOut(3)
                                .activation(Activation.IDENTITY)
                                .build(),
                        new BatchNormalization.Builder().build(),
                        new ActivationLayer(Activation.RELU),
                        convolution(2),
                        output());
        // Of the linear channel, a shift far below 0 leaves nothing.
        param(network, 1, "beta").putScalar(2, -1000);
        List<RecycledUnits> recycled = new ArrayList<>();
        network.listen(atTheSecondStep(0, recycled));
        network.fit(batches(IMAGES, DataType.DOUBLE, 2), 1);

        assertThat(recycled.get(0).layerId()).isEqualTo(id(type, 0));
        assertThat(recycled.get(0).units()).containsExactly(2);
        assertThat(param(network, 1, "gamma").toDoubleVector()[2]).isEqualTo(1);
        assertThat(param(network, 1, "beta").toDoubleVector()[2]).isZero();
        assertThat(param(network, 1, "mean").toDoubleVector()[2]).isZero();
        assertThat(param(network, 1, "log10stdev").toDoubleVector()[2]).isZero();
        assertThat(param(network, 1, "mean").toDoubleVector()[1]).isNotZero();
        for (int out = 0; out < 2; out++) {
            assertThat(kernel(param(network, 3, "W"), out, 2)).containsOnly(0);
        }
    }

    @ParameterizedTest
    @EnumSource
    void sparseWeightsKeepTheirConnections(NetworkClass type) {
        TinyNetwork network = type.ofDoubles(new Adam(0.01));
        var before = network.topologies();
        List<RecycledUnits> recycled = new ArrayList<>();
        network.listen(atTheSecondStep(100, recycled)); // all units of both hidden layers
        network.fit(batches(SIX, DataType.DOUBLE, 2), 1);
        assertThat(recycled.stream().map(it -> it.units().length)).containsExactly(9, 7);
        assertThat(network.topologies()).isEqualTo(before);
        assertThat(network.inactive())
                .allSatisfy(numbers -> assertThat(numbers.get(0) == 0).isTrue());
        // Fresh incoming weights of both layers; only the outputs' are 0.
        assertThat(network.snapshot().layer(0).values()).noneMatch(it -> it.get(0) == 0);
        assertThat(network.snapshot().layer(1).values()).noneMatch(it -> it.get(0) == 0);
        assertThat(network.snapshot().layer(2).values())
                .allSatisfy(numbers -> assertThat(numbers).containsOnly(0.0));
    }

    @Test
    void aMaskLaidWhileItTrainsIsRespected() {
        TinyNetwork network = dense(NetworkClass.SEQUENTIAL, new Adam(0.01));
        List<DataSet> batches = batches(SIX, DataType.DOUBLE, 2);
        network.listen(DormantUnits.every(1).threshold(100).build());
        network.fit(batches, 1);
        Sparsity.of(0.5).seed(3).applyTo(network.model());
        network.fit(batches, 1);
        assertThat(network.inactive()).isNotEmpty();
        assertThat(network.inactive())
                .allSatisfy(numbers -> assertThat(numbers.get(0) == 0).isTrue());
    }

    @Test
    void newWeightsHaveTheSpreadOfTheFirstOnes() {
        TinyNetwork network =
                chain(
                        NetworkClass.SEQUENTIAL,
                        SIX,
                        DataType.DOUBLE,
                        new Sgd(0.1),
                        dense(400),
                        new DenseLayer.Builder().nOut(4).biasInit(0.25).build(),
                        output());
        double first = param(network, 0, "W").std().getDouble(0);
        network.listen(DormantUnits.every(1).threshold(1000).seed(3).build());
        network.fit(batches(SIX, DataType.DOUBLE, 2), 2);
        // 2,400 weights: five standard errors are 0.072 of the spread.
        assertThat(param(network, 0, "W").std().getDouble(0)).isBetween(first * 0.92, first * 1.08);
        assertThat(param(network, 1, "b").toDoubleVector()).containsOnly(0.25);
    }

    @Test
    void theSameSeedGivesTheSameRun() {
        List<DataSet> batches = batches(SIX, DataType.DOUBLE, 3);
        List<INDArray> ends = new ArrayList<>();
        for (long seed : new long[] {1, 1, 2}) {
            TinyNetwork network = dense(NetworkClass.SEQUENTIAL, new Adam(0.01));
            network.listen(DormantUnits.every(2).threshold(0.9).seed(seed).build());
            network.fit(batches, 2);
            ends.add(network.parameters().dup());
        }
        assertThat(ends.get(1)).isEqualTo(ends.get(0));
        assertThat(ends.get(2)).isNotEqualTo(ends.get(0));
    }

    @Test
    void eachTimeAndLayerDrawsOtherWeights() {
        TinyNetwork network =
                chain(
                        NetworkClass.SEQUENTIAL,
                        SIX,
                        DataType.DOUBLE,
                        new Sgd(0),
                        dense(6),
                        dense(6),
                        output());
        network.listen(DormantUnits.every(1).threshold(100).build());
        DataSet batch = batches(SIX, DataType.DOUBLE, 1).get(0);
        network.fit(batch);
        network.fit(batch);
        double[] first = column(param(network, 0, "W"), 0);
        network.fit(batch);
        double[] second = column(param(network, 0, "W"), 0);
        double ratio = second[0] / first[0];
        assertThat(second[1] / first[1]).isNotEqualTo(ratio);
        double[] below = column(param(network, 1, "W"), 0);
        assertThat(below[1] / second[1]).isNotEqualTo(below[0] / second[0]);
    }

    @ParameterizedTest
    @EnumSource(names = {"SEQUENTIAL", "GRAPH"})
    void recyclesAtItsTimesAlone(NetworkClass type) {
        TinyNetwork network = dense(type, new Sgd(0.1));
        List<RecycledUnits> recycled = new ArrayList<>();
        DormantUnits listener = DormantUnits.every(3).until(8).threshold(100).build();
        listener.journal().tell(recycled::add);
        network.listen(listener);
        network.fit(batches(SIX, DataType.DOUBLE, 6), 2);
        assertThat(recycled.stream().map(RecycledUnits::iteration)).containsExactly(3, 3, 6, 6);
        assertThat(recycled.stream().map(RecycledUnits::epoch)).containsExactly(0, 0, 1, 1);
        assertThat(listener.recycled()).isEqualTo(18);
    }

    @Test
    void unitsWhoseOutputsAreAddedAreRecycledTogether() {
        TinyNetwork network = ResizableNetwork.RESIDUAL.build(true, DataType.DOUBLE, new Sgd(0.01));
        List<RecycledUnits> recycled = new ArrayList<>();
        network.listen(atTheSecondStep(100, recycled));
        network.fit(batches(SIX, DataType.DOUBLE, 2), 1);
        assertThat(recycled.stream().map(RecycledUnits::layerId)).containsExactly("a", "c");
        assertThat(recycled.get(0).units()).hasSize(5);
        Units shared = NetworkSurgery.of(network.model()).units("a");
        assertThat(shared.incoming().stream().map(UnitVectors::id)).contains("a/W", "b/W");
    }

    @Test
    void refusesANetworkWithoutHiddenUnits() {
        TinyNetwork network =
                chain(NetworkClass.SEQUENTIAL, SIX, DataType.DOUBLE, new Sgd(0.1), output());
        network.listen(DormantUnits.every(1).build());
        DataSet batch = batches(SIX, DataType.DOUBLE, 1).get(0);
        assertThatThrownBy(() -> network.fit(batch))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "DormantUnits found no hidden layer whose units it could recycle in the"
                                + " network; recurrent layers are left alone");
    }

    @Test
    void servesOneNetwork() {
        DormantUnits listener = DormantUnits.every(1).build();
        TinyNetwork first = dense(NetworkClass.SEQUENTIAL, new Sgd(0.1));
        TinyNetwork second = dense(NetworkClass.SEQUENTIAL, new Sgd(0.1));
        first.listen(listener);
        second.listen(listener);
        DataSet batch = batches(SIX, DataType.DOUBLE, 1).get(0);
        first.fit(batch);
        assertThatThrownBy(() -> second.fit(batch))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(
                        "a DormantUnits listener serves one network and was called for a second;"
                                + " give each network its own");
    }

    @Test
    void refusesSettingsOutOfTheirRange() {
        assertThatThrownBy(() -> DormantUnits.every(0))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> DormantUnits.every(1).threshold(-0.5))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "the threshold of dormant units must be finite and at least 0, got -0.5");
        assertThatThrownBy(() -> DormantUnits.every(1).threshold(Double.NaN))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
