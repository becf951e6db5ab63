package org.dl4jplasticity.packing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.dl4jplasticity.packing.Networks.copy;

import java.io.File;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jplasticity.layers.SparseDenseLayer;
import org.dl4jplasticity.layers.SparseOutputLayer;
import org.dl4jplasticity.mask.MaskableWeights;
import org.dl4jplasticity.packing.Networks.Copying;
import org.dl4jplasticity.packing.Networks.GradientMask;
import org.dl4jplasticity.testing.Examples;
import org.dl4jplasticity.testing.NetworkClass;
import org.dl4jplasticity.testing.Snapshot;
import org.dl4jplasticity.testing.TinyNetwork;
import org.dl4jplasticity.topology.SparseTopology;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.AMSGrad;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.learning.config.Sgd;

/** A masked network and a packed one become each other with all their numbers. */
class PackAndUnpackTest {

    /** The network's three dense layers, and the number of their weights. */
    private static final Map<Integer, Integer> DENSE = Map.of(0, 54, 2, 63, 3, 21);

    private static DataSet batch(TinyNetwork network, int number) {
        return Examples.batches(number + 1, 8, 6, network.parameters().dataType()).get(number);
    }

    static IUpdater updater(String name) {
        return switch (name) {
            case "Sgd" -> new Sgd(0.1);
            case "Nesterovs" -> new Nesterovs(0.05, 0.9);
            case "Adam" -> new Adam(0.01);
            default -> new AMSGrad(0.01);
        };
    }

    @ParameterizedTest
    @CsvSource({"SEQUENTIAL, FLOAT", "GRAPH, FLOAT", "SEQUENTIAL, DOUBLE", "GRAPH, DOUBLE"})
    void outputsStayTheSame(NetworkClass type, DataType dataType) {
        TinyNetwork masked = Networks.masked(type, dataType, new Adam(0.01));
        TinyNetwork packed = copy(masked, Copying.PACK);
        TinyNetwork unpacked = copy(packed, Copying.UNPACK);
        INDArray features = batch(masked, 3).getFeatures();
        assertThat(Networks.layerClasses(packed.model()))
                .isEqualTo(
                        List.of(
                                SparseDenseLayer.class,
                                BatchNormalization.class,
                                SparseDenseLayer.class,
                                SparseOutputLayer.class));
        assertThat(Networks.layerClasses(unpacked.model()))
                .isEqualTo(
                        List.of(
                                DenseLayer.class,
                                BatchNormalization.class,
                                DenseLayer.class,
                                OutputLayer.class));
        double tolerance = dataType == DataType.FLOAT ? 1e-5 : 1e-13;
        assertClose(packed.output(features), masked.output(features), tolerance);
        assertThat(unpacked.output(features)).isEqualTo(masked.output(features));
        assertThat(packed.loss(batch(masked, 4)))
                .isCloseTo(masked.loss(batch(masked, 4)), within(10 * tolerance));
    }

    private static void assertClose(INDArray actual, INDArray expected, double tolerance) {
        assertThat(actual.shape()).isEqualTo(expected.shape());
        double[] numbers = actual.ravel().toDoubleVector();
        double[] wanted = expected.ravel().toDoubleVector();
        for (int i = 0; i < wanted.length; i++) {
            assertThat(numbers[i]).isCloseTo(wanted[i], within(tolerance * Math.abs(wanted[i])));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "SEQUENTIAL, Sgd",
        "SEQUENTIAL, Nesterovs",
        "SEQUENTIAL, AMSGrad",
        "GRAPH, Nesterovs",
        "GRAPH, Adam"
    })
    void everyActiveWeightKeepsItsValueAndItsSlots(NetworkClass type, String updater) {
        TinyNetwork masked = Networks.masked(type, DataType.FLOAT, updater(updater));
        masked.markState();
        Snapshot before = masked.snapshot();
        TinyNetwork packed = copy(masked, Copying.PACK);
        Snapshot after = packed.snapshot();
        for (int layer = 0; layer < 4; layer++) {
            assertThat(after.active(layer))
                    .isEqualTo(DENSE.containsKey(layer) ? packedCount(masked, layer) : 0);
            assertThat(after.layer(layer)).isEqualTo(before.layer(layer));
        }
        assertThat(after.others()).isEqualTo(before.others());
        assertThat(packed.iteration()).isEqualTo(5);
        assertThat(packed.epoch()).isEqualTo(2);
    }

    private static int packedCount(TinyNetwork masked, int layer) {
        return mask(masked, layer).activeCount();
    }

    private static SparseTopology mask(TinyNetwork masked, int layer) {
        return MaskableWeights.of(masked.model()).stream()
                .filter(weights -> weights.layer() == masked.layers().get(layer))
                .findFirst()
                .orElseThrow()
                .mask()
                .orElseThrow();
    }

    /** An entry of DL4J's matrix [inputs, outputs] is the weight of that input and output. */
    @ParameterizedTest
    @EnumSource(names = {"SEQUENTIAL", "GRAPH"})
    void weightsStayBetweenTheSameUnits(NetworkClass type) {
        TinyNetwork masked = Networks.masked(type, DataType.DOUBLE, new Sgd(0.1));
        TinyNetwork packed = copy(masked, Copying.PACK);
        INDArray matrix = masked.layers().get(0).getParam("W");
        INDArray vector = packed.layers().get(0).getParam("W");
        SparseTopology topology = packed.topology(0);
        assertThat(topology).isEqualTo(mask(masked, 0));
        int position = 0;
        for (int output = 0; output < 9; output++) {
            for (; position < topology.rowStarts()[output + 1]; position++) {
                assertThat(vector.getDouble(position))
                        .isEqualTo(matrix.getDouble(topology.columns()[position], output));
            }
        }
        assertThat(position).isEqualTo(topology.activeCount());
    }

    @ParameterizedTest
    @CsvSource({
        "SEQUENTIAL, Sgd",
        "SEQUENTIAL, Nesterovs",
        "SEQUENTIAL, Adam",
        "GRAPH, AMSGrad",
        "GRAPH, Adam"
    })
    void thereAndBackAgainNothingHasChanged(NetworkClass type, String updater) {
        TinyNetwork masked = Networks.masked(type, DataType.FLOAT, updater(updater));
        TinyNetwork packed = copy(masked, Copying.PACK);
        TinyNetwork unpacked = copy(packed, Copying.UNPACK);
        TinyNetwork again = copy(unpacked, Copying.PACK);
        assertSameWhereActive(unpacked, masked);
        assertIdentical(again, packed);
    }

    /** Inactive weights may have been -0.0, and slots something that an updater begins with. */
    private static void assertSameWhereActive(TinyNetwork unpacked, TinyNetwork masked) {
        List<List<Double>> actual = unpacked.snapshot().others();
        List<List<Double>> expected = masked.snapshot().others();
        assertThat(actual).hasSameSizeAs(expected);
        for (int i = 0; i < actual.size(); i++) {
            if (expected.get(i).get(0) == 0) {
                assertThat(actual.get(i)).containsOnly(0.0);
            } else {
                assertThat(actual.get(i)).isEqualTo(expected.get(i));
            }
        }
        assertThat(unpacked.iteration()).isEqualTo(masked.iteration());
        assertThat(unpacked.epoch()).isEqualTo(masked.epoch());
        assertThat(NetworkCopy.json(unpacked.model())).isEqualTo(NetworkCopy.json(masked.model()));
    }

    /** Parameters, state and counters bit for bit, and every setting of every layer. */
    private static void assertIdentical(TinyNetwork actual, TinyNetwork expected) {
        assertThat(actual.snapshot()).isEqualTo(expected.snapshot());
        assertThat(actual.iteration()).isEqualTo(expected.iteration());
        assertThat(actual.epoch()).isEqualTo(expected.epoch());
        assertThat(NetworkCopy.json(actual.model())).isEqualTo(NetworkCopy.json(expected.model()));
    }

    @ParameterizedTest
    @CsvSource({
        "SEQUENTIAL, Nesterovs, DOUBLE",
        "SEQUENTIAL, Adam, FLOAT",
        "SEQUENTIAL, Adam, DOUBLE",
        "GRAPH, Nesterovs, FLOAT",
        "GRAPH, Adam, DOUBLE"
    })
    void bothTakeTheSameNextSteps(NetworkClass type, String updater, DataType dataType) {
        TinyNetwork masked = Networks.masked(type, dataType, updater(updater));
        TinyNetwork packed = copy(masked, Copying.PACK);
        double tolerance = dataType == DataType.FLOAT ? 2e-4 : 1e-10;
        for (int step = 0; step < 5; step++) {
            DataSet batch = batch(masked, step);
            Nd4j.getRandom().setSeed(step + 1); // for dropout; 0 would mean the time
            masked.fit(batch);
            Nd4j.getRandom().setSeed(step + 1);
            packed.fit(batch);
            TinyNetwork repacked = copy(masked, Copying.PACK);
            assertAllClose(packed.parameters(), repacked.parameters(), tolerance);
            assertAllClose(packed.state(), repacked.state(), tolerance);
            assertThat(packed.iteration()).isEqualTo(repacked.iteration());
        }
    }

    private static void assertAllClose(INDArray actual, INDArray expected, double tolerance) {
        double scale = expected.amaxNumber().doubleValue();
        assertThat(actual.distance1(expected) / (actual.length() * scale)).isLessThan(tolerance);
        assertThat(actual.sub(expected).amaxNumber().doubleValue()).isLessThan(tolerance * scale);
    }

    @ParameterizedTest
    @EnumSource(names = {"SEQUENTIAL", "GRAPH"})
    void aPackedNetworkIsSavedAndLoaded(NetworkClass type, @TempDir File folder)
            throws IOException {
        TinyNetwork packed =
                copy(Networks.masked(type, DataType.FLOAT, new Adam(0.01)), Copying.PACK);
        TinyNetwork loaded = packed.savedAndLoaded(folder);
        assertIdentical(loaded, packed);
        DataSet batch = batch(packed, 2);
        Nd4j.getRandom().setSeed(1);
        packed.fit(batch);
        Nd4j.getRandom().setSeed(1);
        loaded.fit(batch);
        assertIdentical(loaded, packed);
    }

    @ParameterizedTest
    @CsvSource({
        "SEQUENTIAL, PACK",
        "SEQUENTIAL, UNPACK",
        "SEQUENTIAL, EXPORT",
        "GRAPH, PACK",
        "GRAPH, UNPACK",
        "GRAPH, EXPORT"
    })
    void theGivenNetworkIsLeftAsItIs(NetworkClass type, Copying copying) {
        TinyNetwork masked = Networks.masked(type, DataType.FLOAT, new Adam(0.01));
        TinyNetwork given = copying == Copying.UNPACK ? copy(masked, Copying.PACK) : masked;
        given.listen(new GradientMask());
        int listeners = listeners(given);
        String configuration = NetworkCopy.json(given.model());
        Snapshot numbers = given.snapshot();
        TinyNetwork copied = copy(given, copying);
        assertThat(listeners(copied)).isZero();
        copied.layers()
                .forEach(
                        layer -> {
                            if (layer.paramTable().containsKey("W")) {
                                layer.getConfig().getUpdaterByParam("W").setLrAndSchedule(5, null);
                            }
                        });
        copied.fit(batch(given, 0));
        assertThat(given.snapshot()).isEqualTo(numbers);
        assertThat(NetworkCopy.json(given.model())).isEqualTo(configuration);
        assertThat(listeners(given)).isEqualTo(listeners);
    }

    private static int listeners(TinyNetwork network) {
        return network.model() instanceof MultiLayerNetwork sequential
                ? sequential.getListeners().size()
                : ((org.deeplearning4j.nn.graph.ComputationGraph) network.model())
                        .getListeners()
                        .size();
    }
}
