package org.dl4jplasticity.tour;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jplasticity.datasets.DatasetCatalog;
import org.dl4jplasticity.datasets.LabeledExamples;
import org.dl4jplasticity.growth.DropIn;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

class GrowingTourTest {
    @Test
    void theReadmeShowsTheLinesThatAreCompiledHere() throws IOException {
        Readme.assertShowsBodyOf("plugIn", GrowingTour.class);
    }

    @Test
    void aModelThatStallsGrows() throws IOException {
        LabeledExamples mnist = DatasetCatalog.load("mnist-sample", null).train();
        MultiLayerNetwork model =
                new MultiLayerNetwork(
                        new NeuralNetConfiguration.Builder()
                                .seed(1)
                                .updater(new Adam(1e-6)) // hardly moves
                                .list()
                                .layer(dense())
                                .layer(dense())
                                .layer(
                                        new OutputLayer.Builder(LossFunction.MCXENT)
                                                .nOut(10)
                                                .activation(Activation.SOFTMAX)
                                                .build())
                                .setInputType(InputType.feedForward(784))
                                .build());
        model.init();
        GrowingTour.plugIn(model, mnist.iterator(100).next(), mnist.iterator(1_000));
        model.fit(mnist.iterator(500, 1), 4);
        DropIn dropIn =
                model.getListeners().stream()
                        .filter(DropIn.class::isInstance)
                        .map(DropIn.class::cast)
                        .findFirst()
                        .orElseThrow();
        assertThat(dropIn.growths()).hasSize(1);
        assertThat(dropIn.growths().get(0).epoch()).isEqualTo(3);
        assertThat(model.layerSize(0) + model.layerSize(1)).isEqualTo(20 + 20 + 2);
    }

    private static DenseLayer dense() {
        return new DenseLayer.Builder().nOut(20).activation(Activation.RELU).build();
    }
}
