package org.dl4jplasticity.guide;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jplasticity.checkpoint.Checkpoint;
import org.dl4jplasticity.checkpoint.CheckpointWriter;
import org.dl4jplasticity.datasets.LabeledExamples;
import org.dl4jplasticity.journal.MutationJournal;
import org.dl4jplasticity.layers.SparseConvolutionLayer;
import org.dl4jplasticity.layers.SparseDenseLayer;
import org.dl4jplasticity.layers.SparseOutputLayer;
import org.dl4jplasticity.layers.Sparsity;
import org.dl4jplasticity.schedule.SparsityDistribution;
import org.dl4jplasticity.sparse.DynamicSparseTraining;
import org.dl4jplasticity.sparse.SparsityReport;
import org.dl4jplasticity.updater.FusedUpdater;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** The code of {@code docs/train-sparse.md}. */
class TrainSparseGuideTest {
    private static final int ITERATIONS = 20;

    // spotless:off
    static MultiLayerNetwork build() {
        MultiLayerConfiguration conf = new NeuralNetConfiguration.Builder()
                .seed(1)
                .updater(new Nesterovs(0.05, 0.9))
                .l2(1e-5)
                .activation(Activation.RELU)
                .list()
                .layer(new SparseDenseLayer.Builder().nOut(300).inputGradient(false).build())
                .layer(new SparseDenseLayer.Builder().nOut(100).build())
                .layer(new SparseOutputLayer.Builder(LossFunction.MCXENT).nOut(10).build())
                .setInputType(InputType.feedForward(784))
                .build();
        Sparsity.of(0.95).by(SparsityDistribution.erdosRenyiKernel()).applyTo(conf);
        MultiLayerNetwork network = new MultiLayerNetwork(conf);
        network.init();
        return network;
    }

    static SparsityReport train(MultiLayerNetwork network, DataSetIterator data, int epochs, int iterationsPerEpoch) {
        DynamicSparseTraining rigl = DynamicSparseTraining.rigl()
                .updateEvery(20)
                .until(epochs * iterationsPerEpoch * 3 / 4)   // connections settle in the last quarter
                .build();
        network.addListeners(rigl);
        FusedUpdater.install(network);                        // the same numbers, faster
        network.fit(data, epochs);
        return rigl.report();
    }

    static MultiLayerConfiguration images() {
        MultiLayerConfiguration conf = new NeuralNetConfiguration.Builder()
                .seed(1)
                .updater(new Nesterovs(0.05, 0.9))
                .activation(Activation.RELU)
                .convolutionMode(ConvolutionMode.Same)
                .list()
                .layer(new SparseConvolutionLayer.Builder(3, 3).nOut(16).build())
                .layer(new SubsamplingLayer.Builder().kernelSize(2, 2).stride(2, 2).build())
                .layer(new SparseConvolutionLayer.Builder(3, 3).nOut(32).sparsity(0.8).build())
                .layer(new SubsamplingLayer.Builder().kernelSize(2, 2).stride(2, 2).build())
                .layer(new SparseDenseLayer.Builder().nOut(100).sparsity(0.95).build())
                .layer(new SparseOutputLayer.Builder(LossFunction.MCXENT).nOut(10).build())
                .setInputType(InputType.convolutionalFlat(28, 28, 1))
                .build();
        return conf;
    }

    static void record(MultiLayerNetwork network, DataSetIterator data, Path folder) throws IOException {
        DynamicSparseTraining set = DynamicSparseTraining.set().build();
        try (MutationJournal journal = MutationJournal.create(folder.resolve("journal.jsonl"))) {
            set.recordTo(journal);
            network.addListeners(set, CheckpointWriter.to(folder.resolve("checkpoint.zip")).eachEpoch().journal(journal));
            network.fit(data, 2);
        }
    }

    static MultiLayerNetwork goOn(Path folder, DataSetIterator data) throws IOException {
        Checkpoint checkpoint = Checkpoint.read(folder.resolve("checkpoint.zip"));
        MultiLayerNetwork network = (MultiLayerNetwork) checkpoint.network();
        DynamicSparseTraining set = DynamicSparseTraining.set().build();   // built as before
        checkpoint.resume(set);
        network.addListeners(set);
        network.fit(data, 1);
        return network;
    }
    // spotless:on

    @Test
    void aSparseNetworkLearnsDigitsAndKeepsItsNumberOfConnections() {
        LabeledExamples digits = GuideModels.digits();
        MultiLayerNetwork network = build();
        SparsityReport report = train(network, digits.iterator(50, 1), 10, ITERATIONS);
        assertThat(report.updates()).isEqualTo(7); // 20 to 140, 150 is the end
        assertThat(report.sparsity()).isBetween(0.9499, 0.9501);
        assertThat(network.evaluate(digits.iterator(500)).accuracy()).isGreaterThan(0.9);
    }

    @Test
    void convolutionsAreSparseToo() {
        MultiLayerNetwork network = new MultiLayerNetwork(images());
        network.init();
        network.fit(GuideModels.digits().iterator(100, 1));
        assertThat(network.getLayer(2).getParam("W").length())
                .isEqualTo(922); // a fifth of 16 * 32 * 9
        assertThat(network.evaluate(GuideModels.digits().iterator(500)).accuracy())
                .isGreaterThan(0.3);
    }

    @Test
    void aRunGoesOnFromItsCheckpoint(@TempDir Path folder) throws IOException {
        MultiLayerNetwork whole = build();
        whole.addListeners(DynamicSparseTraining.set().build());
        DataSetIterator data = GuideModels.digits().iterator(100);
        whole.fit(data, 3);

        record(build(), data, folder);
        assertThat(Files.readAllLines(folder.resolve("journal.jsonl"))).hasSize(2 * 3);
        assertThat(goOn(folder, data).params()).isEqualTo(whole.params());
    }
}
