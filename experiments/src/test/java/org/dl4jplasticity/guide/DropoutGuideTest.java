package org.dl4jplasticity.guide;

import static org.assertj.core.api.Assertions.assertThat;

import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.dropout.Dropout;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jplasticity.dropout.ConcreteDropout;
import org.dl4jplasticity.dropout.CurriculumKeep;
import org.dl4jplasticity.dropout.DropoutTraining;
import org.dl4jplasticity.layers.SparseDenseLayer;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** The code of {@code docs/dropout.md}. */
class DropoutGuideTest {

    // spotless:off
    static MultiLayerNetwork build() {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(1)
                .updater(new Adam(0.003))
                .activation(Activation.RELU)
                .list()
                .layer(new SparseDenseLayer.Builder().nOut(60).sparsity(0.8)
                        .dropOut(ConcreteDropout.builder().dropoutRegularizer(1e-5).build()).build())    // learned
                .layer(new SparseDenseLayer.Builder().nOut(40).sparsity(0.8)
                        .dropOut(new Dropout(CurriculumKeep.over(0.8, 100))).build())                    // more and more of it
                .layer(new OutputLayer.Builder(LossFunction.MCXENT).nOut(10).activation(Activation.SOFTMAX).build())
                .setInputType(InputType.feedForward(784))
                .build());
        network.init();
        return network;
    }

    static void train(MultiLayerNetwork network, DataSetIterator data) {
        network.addListeners(DropoutTraining.of(network));   // what learns needs it, and refuses to train without
        network.fit(data, 5);
    }
    // spotless:on

    @Test
    void aNetworkLearnsUnderBothKinds() {
        MultiLayerNetwork network = build();
        train(network, GuideModels.digits().iterator(50, 1));
        assertThat(network.evaluate(GuideModels.digits().iterator(500)).accuracy())
                .isGreaterThan(0.5);
    }
}
