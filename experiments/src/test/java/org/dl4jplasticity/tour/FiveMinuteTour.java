package org.dl4jplasticity.tour;

import java.io.File;
import org.deeplearning4j.nn.conf.*;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jplasticity.datasets.*;
import org.dl4jplasticity.layers.*;
import org.dl4jplasticity.schedule.SparsityDistribution;
import org.dl4jplasticity.sparse.DynamicSparseTraining;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

public class FiveMinuteTour {
    public static void main(String[] args) throws Exception {
        TrainTest mnist = DatasetCatalog.load("mnist-sample", null);
        MultiLayerNetwork net = train(mnist.train());
        System.out.println(net.evaluate(mnist.test().iterator(1000)).accuracy());
        net.save(new File(args[0]));
    }

    static MultiLayerNetwork train(LabeledExamples examples) {
        MultiLayerConfiguration conf =
                new NeuralNetConfiguration.Builder()
                        .seed(1)
                        .updater(new Nesterovs(0.05, 0.9))
                        .activation(Activation.RELU)
                        .list()
                        .layer(new SparseDenseLayer.Builder().nOut(1000).build())
                        .layer(new SparseDenseLayer.Builder().nOut(1000).build())
                        .layer(new SparseOutputLayer.Builder(LossFunction.MCXENT).nOut(10).build())
                        .setInputType(InputType.feedForward(784))
                        .build();
        Sparsity.of(0.95).by(SparsityDistribution.erdosRenyiKernel()).applyTo(conf);
        MultiLayerNetwork net = new MultiLayerNetwork(conf);
        net.init();
        net.addListeners(DynamicSparseTraining.rigl().updateEvery(20).until(300).build());
        net.fit(examples.iterator(128, 1), 10);
        return net;
    }
}
