package org.dl4jplasticity.experiments.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
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
import org.junit.jupiter.api.Test;
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

    /** In double precision, from the same start and with the same seed, on their own. */
    @Test
    void goTheSameWayForTwoHundredSteps() {
        MultiLayerNetwork packed = packed(DataType.DOUBLE);
        MultiLayerNetwork masked = Packing.unpack(packed);
        packed.addListeners(rigl());
        masked.addListeners(rigl());
        double largest = 0;
        for (DataSet batch : batches(DataType.DOUBLE)) {
            packed.fit(batch);
            masked.fit(batch);
            largest = Math.max(largest, relativeDifference(packed, masked));
            assertThat(PlasticNetwork.of(masked).topologies())
                    .isEqualTo(PlasticNetwork.of(packed).topologies());
        }
        tell(DataType.DOUBLE, largest);
        assertThat(largest).isLessThan(1e-10);
    }

    /**
     * In single precision rounding soon makes one of two gradients that are all but equal the
     * larger, and the two go different ways from there: so each step starts from the same place.
     */
    @Test
    void takeTheSameStepFromEveryPlaceOfTwoHundred() {
        MultiLayerNetwork packed = packed(DataType.FLOAT);
        packed.addListeners(rigl());
        double largest = 0;
        for (DataSet batch : batches(DataType.FLOAT)) {
            MultiLayerNetwork masked = Packing.unpack(packed);
            masked.addListeners(rigl());
            packed.fit(batch);
            masked.fit(batch);
            largest = Math.max(largest, relativeDifference(packed, masked));
        }
        tell(DataType.FLOAT, largest);
        assertThat(largest).isLessThan(1e-4);
    }

    private static void tell(DataType type, double largest) {
        System.out.printf(
                "packed and masked RigL, %s, %d steps: largest relative difference %.3g%n",
                type, STEPS, largest);
    }

    private static List<DataSet> batches(DataType type) {
        DataSetIterator examples =
                DatasetCatalog.load("mnist-sample", null).train().iterator(64, 1);
        List<DataSet> batches = new ArrayList<>();
        while (batches.size() < STEPS) {
            if (!examples.hasNext()) {
                examples.reset();
            }
            DataSet batch = examples.next();
            batches.add(
                    new DataSet(batch.getFeatures().castTo(type), batch.getLabels().castTo(type)));
        }
        return batches;
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
