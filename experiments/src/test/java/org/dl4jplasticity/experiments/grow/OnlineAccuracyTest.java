package org.dl4jplasticity.experiments.grow;

import static org.assertj.core.api.Assertions.assertThat;

import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jplasticity.datasets.DatasetCatalog;
import org.dl4jplasticity.datasets.ExampleIterator;
import org.dl4jplasticity.datasets.LabeledExamples;
import org.dl4jplasticity.experiments.run.Network;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

class OnlineAccuracyTest {
    private static Network network(int inputs, int outputs) {
        MultiLayerNetwork network =
                new MultiLayerNetwork(
                        new NeuralNetConfiguration.Builder()
                                .seed(5)
                                .updater(new Nesterovs(0.1, 0.9))
                                .list()
                                .layer(new DenseLayer.Builder().nIn(inputs).nOut(outputs).build())
                                .layer(
                                        new OutputLayer.Builder(LossFunction.MCXENT)
                                                .activation(Activation.SOFTMAX)
                                                .nIn(outputs)
                                                .nOut(outputs)
                                                .build())
                                .build());
        network.init();
        return new Network(network);
    }

    /** Two layers that hand their inputs on: the largest input is the most probable class. */
    private static Network identity() {
        Network network = network(3, 3);
        for (int layer = 0; layer < 2; layer++) {
            ((MultiLayerNetwork) network.model())
                    .getLayer(layer)
                    .setParam("W", Nd4j.eye(3).castTo(Nd4j.defaultFloatingPointType()));
        }
        return network;
    }

    private static DataSet batch(float[][] features, int... labels) {
        INDArray oneHot = Nd4j.zeros(labels.length, 3);
        for (int i = 0; i < labels.length; i++) {
            oneHot.putScalar(i, labels[i], 1);
        }
        return new DataSet(Nd4j.createFromArray(features), oneHot);
    }

    @Test
    void countsWhatIsRightOverAllBatches() {
        OnlineAccuracy accuracy = new OnlineAccuracy(identity());
        accuracy.preProcess(batch(new float[][] {{3, 1, 2}, {0, 1, 2}, {0, 5, 2}}, 0, 1, 1));
        assertThat(accuracy.share()).isEqualTo(2 / 3.0);
        accuracy.preProcess(batch(new float[][] {{1, 0, 0}}, 2));
        assertThat(accuracy.share()).isEqualTo(2 / 4.0);
    }

    @Test
    void lookingDoesNotChangeTraining() {
        LabeledExamples examples = DatasetCatalog.load("mnist-sample", null).train().first(300);
        Network watched = network(784, 10);
        Network alone = network(784, 10);
        ExampleIterator batches = examples.iterator(50, 3).reusingArrays();
        alone.fit(batches);
        batches.moveTo(0, 0);
        OnlineAccuracy accuracy = new OnlineAccuracy(watched);
        batches.setPreProcessor(accuracy);
        watched.fit(batches);
        assertThat(watched.model().params()).isEqualTo(alone.model().params());
        assertThat(accuracy.share()).isBetween(0.05, 0.95);
    }
}
