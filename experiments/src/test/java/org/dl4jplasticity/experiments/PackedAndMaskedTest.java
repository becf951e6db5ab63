package org.dl4jplasticity.experiments;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.dl4jplasticity.datasets.DatasetCatalog;
import org.dl4jplasticity.layers.SparseDenseLayer;
import org.dl4jplasticity.layers.SparseOutputLayer;
import org.dl4jplasticity.layers.Sparsity;
import org.dl4jplasticity.packing.Packing;
import org.dl4jplasticity.schedule.SparsityDistribution;
import org.dl4jplasticity.sparse.DynamicSparseTraining;
import org.dl4jplasticity.surgery.NetworkParameter;
import org.dl4jplasticity.surgery.PlasticNetwork;
import org.dl4jplasticity.topology.SparseTopology;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** LeNet-300-100 by RigL on MNIST, packed and masked, side by side. */
class PackedAndMaskedTest {
    private static final int STEPS = 200;

    private static MultiLayerNetwork packed(DataType type) {
        MultiLayerConfiguration configuration =
                new NeuralNetConfiguration.Builder()
                        .seed(1)
                        .dataType(type)
                        .weightInit(WeightInit.RELU)
                        .activation(Activation.RELU)
                        .l2(1e-4)
                        .updater(new Nesterovs(0.05, 0.9))
                        .list()
                        .layer(new SparseDenseLayer.Builder().nOut(300).build())
                        .layer(new SparseDenseLayer.Builder().nOut(100).build())
                        .layer(new SparseOutputLayer.Builder(LossFunction.MCXENT).nOut(10).build())
                        .setInputType(InputType.feedForward(784))
                        .build();
        Sparsity.of(0.95).by(SparsityDistribution.erdosRenyiKernel()).applyTo(configuration);
        MultiLayerNetwork network = new MultiLayerNetwork(configuration);
        network.init();
        return network;
    }

    /** Rounding differs, for the sums are taken in another order, and grows from step to step. */
    @ParameterizedTest
    @CsvSource({"DOUBLE, 1e-10", "FLOAT, 0.05"})
    void goTheSameWayForTwoHundredSteps(DataType type, double tolerance) {
        MultiLayerNetwork packed = packed(type);
        MultiLayerNetwork masked = Packing.unpack(packed);
        packed.addListeners(rigl());
        masked.addListeners(rigl());
        DataSetIterator batches = DatasetCatalog.load("mnist-sample", null).train().iterator(64, 1);
        double largest = 0;
        int sameTopologies = 0;
        for (int step = 0; step < STEPS; step++) {
            if (!batches.hasNext()) {
                batches.reset();
            }
            DataSet batch = batches.next();
            packed.fit(
                    new DataSet(batch.getFeatures().castTo(type), batch.getLabels().castTo(type)));
            masked.fit(
                    new DataSet(batch.getFeatures().castTo(type), batch.getLabels().castTo(type)));
            largest = Math.max(largest, relativeDifference(packed, masked));
            sameTopologies +=
                    PlasticNetwork.of(packed)
                                    .topologies()
                                    .equals(PlasticNetwork.of(masked).topologies())
                            ? 1
                            : 0;
        }
        System.out.printf(
                "packed and masked RigL, %s, %d steps: largest relative difference %.3g, same"
                        + " topologies after %d steps%n",
                type, STEPS, largest, sameTopologies);
        assertThat(largest).isLessThan(tolerance);
        if (type == DataType.DOUBLE) {
            assertThat(sameTopologies).isEqualTo(STEPS);
        }
    }

    private static DynamicSparseTraining rigl() {
        return DynamicSparseTraining.rigl().updateEvery(20).until(STEPS).seed(1).build();
    }

    /** The largest difference of weights and biases of a layer over its largest weight or bias. */
    private static double relativeDifference(MultiLayerNetwork packed, MultiLayerNetwork masked) {
        Map<String, SparseTopology> topologies = PlasticNetwork.of(packed).topologies();
        Map<String, SparseTopology> masks = PlasticNetwork.of(masked).topologies();
        PlasticNetwork view = PlasticNetwork.of(packed);
        double largest = 0;
        var table = view.table();
        var maskedTable = PlasticNetwork.of(masked).table();
        for (int i = 0; i < table.size(); i++) {
            NetworkParameter parameter = table.get(i);
            String id = view.layerId(parameter.layer()) + "/" + parameter.name();
            double[] dense = maskedTable.get(i).values().toDoubleVector();
            double[] sparse = dense(parameter, topologies.get(id), dense.length);
            double magnitude = 0;
            double difference = 0;
            for (int j = 0; j < dense.length; j++) {
                magnitude = Math.max(magnitude, Math.abs(dense[j]));
                difference = Math.max(difference, Math.abs(dense[j] - sparse[j]));
            }
            largest = Math.max(largest, difference / Math.max(magnitude, Double.MIN_NORMAL));
            assertThat(masks.containsKey(id)).isEqualTo(topologies.containsKey(id));
        }
        return largest;
    }

    private static double[] dense(NetworkParameter parameter, SparseTopology topology, int length) {
        double[] values = parameter.values().toDoubleVector();
        if (topology == null) {
            return values;
        }
        double[] dense = new double[length];
        long[] ids = topology.ids();
        for (int position = 0; position < ids.length; position++) {
            dense[(int) ids[position]] = values[position];
        }
        return dense;
    }
}
