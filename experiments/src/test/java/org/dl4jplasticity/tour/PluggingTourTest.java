package org.dl4jplasticity.tour;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jplasticity.checkpoint.CheckpointWriter;
import org.dl4jplasticity.datasets.DatasetCatalog;
import org.dl4jplasticity.datasets.LabeledExamples;
import org.dl4jplasticity.dropout.ConcreteDropout;
import org.dl4jplasticity.dropout.DropoutTraining;
import org.dl4jplasticity.layers.SparseOutputLayer;
import org.dl4jplasticity.layers.Sparsity;
import org.dl4jplasticity.pruning.LotteryTicket;
import org.dl4jplasticity.sparse.DynamicSparseTraining;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

class PluggingTourTest {
    private final LabeledExamples digits = DatasetCatalog.load("mnist-sample", null).test();

    private static MultiLayerNetwork network() {
        MultiLayerNetwork network =
                new MultiLayerNetwork(
                        new NeuralNetConfiguration.Builder()
                                .seed(1)
                                .updater(new Adam(0.003))
                                .list()
                                .layer(
                                        new DenseLayer.Builder()
                                                .nOut(20)
                                                .activation(Activation.RELU)
                                                .build())
                                .layer(
                                        new OutputLayer.Builder(LossFunction.MCXENT)
                                                .nOut(10)
                                                .activation(Activation.SOFTMAX)
                                                .build())
                                .setInputType(InputType.feedForward(784))
                                .build());
        network.init();
        return network;
    }

    @Test
    void aNetworkOfDl4jsOwnLayersTrainsUnderMasks() {
        MultiLayerNetwork network = network();
        PluggingTour.masks(network, digits.iterator(100, 1));
        assertThat(LotteryTicket.of(network).activeWeights()).isEqualTo((784 * 20 + 20 * 10) / 10);
    }

    @Test
    void aRuleOfOnesOwnIsOneLambda() {
        MultiLayerNetwork network = network();
        Sparsity.of(0.9).seed(1).applyTo(network);
        PluggingTour.ownRule(network);
        network.fit(digits.iterator(100), 1);
        assertThat(network.getListeners()).hasSize(1);
    }

    @Test
    void aCheckpointWrittenIsReadAndResumed(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("checkpoint.zip");
        Path journal = folder.resolve("journal.jsonl");
        MultiLayerNetwork network = network();
        Sparsity.of(0.9).seed(1).applyTo(network);
        DynamicSparseTraining before = DynamicSparseTraining.rigl().until(3_500).build();
        network.addListeners(before, CheckpointWriter.to(file).eachEpoch());
        network.fit(digits.iterator(100), 1);
        PluggingTour.journal(
                network(),
                DynamicSparseTraining.rigl().until(3_500).build(),
                DynamicSparseTraining.rigl().until(3_500).build(),
                journal,
                file);
        assertThat(Files.exists(journal)).isTrue();
    }

    @Test
    void dropoutThatLearnsHasItsListener() {
        NeuralNetConfiguration.ListBuilder conf =
                new NeuralNetConfiguration.Builder().seed(1).updater(new Adam(0.003)).list();
        MultiLayerNetwork first = network();
        PluggingTour.dropout(conf, first);
        assertThat(first.getListeners()).hasAtLeastOneElementOfType(DropoutTraining.class);

        MultiLayerNetwork network =
                new MultiLayerNetwork(
                        conf.layer(
                                        new SparseOutputLayer.Builder(LossFunction.MCXENT)
                                                .nOut(10)
                                                .build())
                                .setInputType(InputType.feedForward(784))
                                .build());
        network.init();
        network.addListeners(DropoutTraining.of(network));
        network.fit(digits.iterator(100), 1);
        assertThat(network.getLayer(0).conf().getLayer().getIDropout())
                .isInstanceOf(ConcreteDropout.class);
    }
}
