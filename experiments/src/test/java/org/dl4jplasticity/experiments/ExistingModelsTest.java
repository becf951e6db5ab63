package org.dl4jplasticity.experiments;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.recurrent.LastTimeStep;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.dl4jplasticity.datasets.DatasetCatalog;
import org.dl4jplasticity.datasets.TrainTest;
import org.dl4jplasticity.layers.Sparsity;
import org.dl4jplasticity.packing.Packing;
import org.dl4jplasticity.schedule.SparsityDistribution;
import org.dl4jplasticity.sparse.DynamicSparseTraining;
import org.dl4jplasticity.surgery.NetworkParameter;
import org.dl4jplasticity.surgery.PlasticNetwork;
import org.dl4jplasticity.topology.SparseTopology;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Models built with DL4J's classes alone, made sparse with three lines. */
class ExistingModelsTest {
    @TempDir private File folder;

    /** LeNet-5 as DL4J's own examples have it. */
    private static MultiLayerConfiguration leNet5() {
        return new NeuralNetConfiguration.Builder()
                .seed(123)
                .l2(0.0005)
                .weightInit(WeightInit.XAVIER)
                .updater(new Adam(1e-3))
                .list()
                .layer(
                        new ConvolutionLayer.Builder(5, 5)
                                .nIn(1)
                                .stride(1, 1)
                                .nOut(20)
                                .activation(Activation.IDENTITY)
                                .build())
                .layer(
                        new SubsamplingLayer.Builder(SubsamplingLayer.PoolingType.MAX)
                                .kernelSize(2, 2)
                                .stride(2, 2)
                                .build())
                .layer(
                        new ConvolutionLayer.Builder(5, 5)
                                .stride(1, 1)
                                .nOut(50)
                                .activation(Activation.IDENTITY)
                                .build())
                .layer(
                        new SubsamplingLayer.Builder(SubsamplingLayer.PoolingType.MAX)
                                .kernelSize(2, 2)
                                .stride(2, 2)
                                .build())
                .layer(new DenseLayer.Builder().activation(Activation.RELU).nOut(500).build())
                .layer(
                        new OutputLayer.Builder(LossFunction.NEGATIVELOGLIKELIHOOD)
                                .nOut(10)
                                .activation(Activation.SOFTMAX)
                                .build())
                .setInputType(InputType.convolutionalFlat(28, 28, 1))
                .build();
    }

    /** Reads an image from top to bottom, four rows at a time. */
    private static MultiLayerConfiguration rowReader() {
        return new NeuralNetConfiguration.Builder()
                .seed(5)
                .weightInit(WeightInit.XAVIER)
                .updater(new Adam(1e-2))
                .list()
                .layer(new LastTimeStep(new LSTM.Builder().nIn(112).nOut(64).build()))
                .layer(
                        new OutputLayer.Builder(LossFunction.MCXENT)
                                .nIn(64)
                                .nOut(10)
                                .activation(Activation.SOFTMAX)
                                .build())
                .build();
    }

    /** Weights: 20*25, 50*20*25, 800*500, 500*10; and 112*256, 64*256, 64*10. */
    static Stream<Arguments> models() {
        return Stream.of(
                Arguments.of(leNet5(), false, 430_500L, 0.85),
                Arguments.of(rowReader(), true, 45_696L, 0.6));
    }

    private static List<DataSet> batches(DataSetIterator examples, boolean asRows) {
        List<DataSet> batches = new ArrayList<>();
        while (examples.hasNext()) {
            DataSet batch = examples.next();
            INDArray features = batch.getFeatures();
            batches.add(
                    asRows
                            ? new DataSet(
                                    features.reshape('c', features.size(0), 7, 112)
                                            .permute(0, 2, 1)
                                            .dup(),
                                    batch.getLabels())
                            : batch);
        }
        return batches;
    }

    @ParameterizedTest
    @MethodSource("models")
    void areSparsifiedTrainedSavedAndLoadedByPlainDl4j(
            MultiLayerConfiguration configuration, boolean asRows, long weights, double accuracy)
            throws IOException {
        TrainTest mnist = DatasetCatalog.load("mnist-sample", null);
        List<DataSet> train = batches(mnist.train().iterator(50, 1), asRows).subList(0, 60);
        MultiLayerNetwork network = new MultiLayerNetwork(configuration);
        network.init();

        Sparsity.of(0.9)
                .by(SparsityDistribution.erdosRenyiKernel())
                .seed(1)
                .rescaling()
                .applyTo(network);
        DynamicSparseTraining rigl =
                DynamicSparseTraining.rigl().updateEvery(20).until(170).build();
        network.addListeners(rigl);

        long active = Math.round(0.1 * weights);
        assertThat(active(network)).isEqualTo(active);
        Map<String, SparseTopology> before = PlasticNetwork.of(network).topologies();
        for (int epoch = 0; epoch < 3; epoch++) {
            for (DataSet batch : train) {
                network.fit(batch);
                assertThat(active(network)).isEqualTo(active);
            }
            assertInactiveAreZero(network, PlasticNetwork.of(network).topologies());
        }
        assertThat(rigl.updates()).isEqualTo(8); // 20, 40, ... 160 of 180
        Map<String, SparseTopology> after = PlasticNetwork.of(network).topologies();
        assertThat(after).isNotEqualTo(before);

        DataSet test = DataSet.merge(batches(mnist.test().iterator(500), asRows));
        INDArray output = network.output(test.getFeatures());
        assertThat(accuracy(output, test.getLabels())).isGreaterThan(accuracy);

        File saved = new File(folder, "saved.zip");
        network.save(saved, true);
        MultiLayerNetwork loaded = MultiLayerNetwork.load(saved, true);
        assertThat(PlasticNetwork.of(loaded).topologies()).isEqualTo(after);
        assertThat(loaded.output(test.getFeatures()).toFloatMatrix())
                .isDeepEqualTo(output.toFloatMatrix());

        File exported = new File(folder, "exported.zip");
        Packing.export(network).save(exported, false);
        try (ZipFile zip = new ZipFile(exported)) {
            byte[] json = zip.getInputStream(zip.getEntry("configuration.json")).readAllBytes();
            assertThat(new String(json, StandardCharsets.UTF_8)).doesNotContain("dl4jplasticity");
        }
        MultiLayerNetwork plain = MultiLayerNetwork.load(exported, false);
        assertInactiveAreZero(plain, after);
        assertThat(plain.output(test.getFeatures()).toFloatMatrix())
                .isDeepEqualTo(output.toFloatMatrix());
    }

    private static long active(MultiLayerNetwork network) {
        return PlasticNetwork.of(network).topologies().values().stream()
                .mapToLong(SparseTopology::activeCount)
                .sum();
    }

    private static void assertInactiveAreZero(
            MultiLayerNetwork network, Map<String, SparseTopology> topologies) {
        PlasticNetwork view = PlasticNetwork.of(network);
        int seen = 0;
        for (NetworkParameter parameter : view.table()) {
            SparseTopology topology =
                    topologies.get(view.layerId(parameter.layer()) + "/" + parameter.name());
            if (topology != null) {
                seen++;
                double[] values = parameter.values().toDoubleVector();
                for (int id = 0; id < values.length; id++) {
                    if (!topology.contains(id)) {
                        assertThat(values[id]).isZero();
                    }
                }
            }
        }
        assertThat(seen).isEqualTo(topologies.size());
    }

    private static double accuracy(INDArray output, INDArray labels) {
        return output.argMax(1)
                .eq(labels.argMax(1))
                .castTo(output.dataType())
                .meanNumber()
                .doubleValue();
    }
}
