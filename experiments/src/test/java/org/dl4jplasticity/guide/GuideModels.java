package org.dl4jplasticity.guide;

import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jplasticity.datasets.DatasetCatalog;
import org.dl4jplasticity.datasets.LabeledExamples;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Small networks and few digits to run the guides' code with. */
final class GuideModels {
    private GuideModels() {}

    /** A thousand digits. */
    static LabeledExamples digits() {
        return DatasetCatalog.load("mnist-sample", null).test();
    }

    /** A network of DL4J's own layers, 784-30-20-10. */
    static MultiLayerNetwork dense(double learningRate) {
        MultiLayerNetwork network =
                new MultiLayerNetwork(
                        new NeuralNetConfiguration.Builder()
                                .seed(1)
                                .updater(new Adam(learningRate))
                                .activation(Activation.RELU)
                                .list()
                                .layer(new DenseLayer.Builder().nOut(30).build())
                                .layer(new DenseLayer.Builder().nOut(20).build())
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

    /** The same, having seen the digits twice. */
    static MultiLayerNetwork trained() {
        MultiLayerNetwork network = dense(0.003);
        network.fit(digits().iterator(50, 1), 2);
        return network;
    }
}
