package org.dl4jplasticity.experiments.bench;

import java.util.SplittableRandom;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.dl4jplasticity.experiments.run.Backend;
import org.dl4jplasticity.layers.SparseDenseLayer;
import org.dl4jplasticity.layers.SparseOutputLayer;
import org.dl4jplasticity.updater.FusedUpdater;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/**
 * The networks whose training step is timed, dense and packed: perceptrons of ReLU units with
 * softmax, cross-entropy and Nesterov momentum, and a minibatch for them. Call {@link Backend#tune}
 * before, for all of them gain.
 */
public final class StepContestants {
    private StepContestants() {}

    private static NeuralNetConfiguration.Builder recipe(double learningRate) {
        return new NeuralNetConfiguration.Builder()
                .seed(1)
                .weightInit(WeightInit.RELU)
                .activation(Activation.RELU)
                .updater(new Nesterovs(learningRate, 0.9));
    }

    /**
     * {@return a network of DL4J's own layers}
     *
     * @param widths sizes from inputs to classes, at least two
     * @param learningRate of Nesterov momentum 0.9
     */
    public static MultiLayerNetwork dense(int[] widths, double learningRate) {
        NeuralNetConfiguration.ListBuilder layers = recipe(learningRate).list();
        int last = widths.length - 2;
        for (int i = 0; i < last; i++) {
            layers.layer(new DenseLayer.Builder().nIn(widths[i]).nOut(widths[i + 1]).build());
        }
        layers.layer(
                new OutputLayer.Builder(LossFunction.MCXENT)
                        .nIn(widths[last])
                        .nOut(widths[last + 1])
                        .activation(Activation.SOFTMAX)
                        .build());
        return initialized(layers);
    }

    /**
     * {@return a network of packed layers}
     *
     * @param widths sizes from inputs to classes, at least two
     * @param density active over possible connections of every layer, in (0, 1]
     * @param learningRate of Nesterov momentum 0.9
     */
    public static MultiLayerNetwork packed(int[] widths, double density, double learningRate) {
        NeuralNetConfiguration.ListBuilder layers = recipe(learningRate).list();
        int last = widths.length - 2;
        for (int i = 0; i < last; i++) {
            layers.layer(
                    new SparseDenseLayer.Builder()
                            .nIn(widths[i])
                            .nOut(widths[i + 1])
                            .sparsity(1 - density)
                            .inputGradient(i > 0)
                            .build());
        }
        layers.layer(
                new SparseOutputLayer.Builder(LossFunction.MCXENT)
                        .nIn(widths[last])
                        .nOut(widths[last + 1])
                        .sparsity(1 - density)
                        .activation(Activation.SOFTMAX)
                        .build());
        MultiLayerNetwork network = initialized(layers);
        FusedUpdater.install(network);
        return network;
    }

    private static MultiLayerNetwork initialized(NeuralNetConfiguration.ListBuilder layers) {
        MultiLayerNetwork network = new MultiLayerNetwork(layers.build());
        network.init();
        return network;
    }

    /**
     * {@return a minibatch of uniform features in [0, 1) and random classes, always the same}
     *
     * @param widths sizes from inputs to classes
     * @param batch number of examples, at least 1
     */
    public static DataSet minibatch(int[] widths, int batch) {
        SplittableRandom random = new SplittableRandom(1);
        float[] features = new float[batch * widths[0]];
        for (int i = 0; i < features.length; i++) {
            features[i] = (float) random.nextDouble();
        }
        int classes = widths[widths.length - 1];
        float[] labels = new float[batch * classes];
        for (int example = 0; example < batch; example++) {
            labels[example * classes + random.nextInt(classes)] = 1;
        }
        INDArray x = Nd4j.create(features, new long[] {batch, widths[0]}, 'c');
        return new DataSet(x, Nd4j.create(labels, new long[] {batch, classes}, 'c'));
    }
}
