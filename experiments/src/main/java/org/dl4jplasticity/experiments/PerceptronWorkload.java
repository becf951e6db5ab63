package org.dl4jplasticity.experiments;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.dl4jplasticity.layers.SparseDenseLayer;
import org.dl4jplasticity.layers.SparseOutputLayer;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/**
 * A multi-layer perceptron with Nesterov momentum; every layer has the same density.
 *
 * @param widths sizes from inputs to classes, two or more
 * @param batch examples in the minibatch
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
record PerceptronWorkload(int[] widths, int batch) implements Workload {

    @Override
    public String title() {
        return Arrays.stream(widths).mapToObj(String::valueOf).collect(Collectors.joining("-"));
    }

    private static NeuralNetConfiguration.Builder recipe() {
        return new NeuralNetConfiguration.Builder()
                .seed(1)
                .weightInit(WeightInit.RELU)
                .activation(Activation.RELU)
                .updater(new Nesterovs(0.01, 0.9));
    }

    @Override
    public Contestant dense() {
        NeuralNetConfiguration.ListBuilder layers = recipe().list();
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
        return new NetworkContestant(initialized(layers), minibatch());
    }

    @Override
    public Contestant packed(double density) {
        NeuralNetConfiguration.ListBuilder layers = recipe().list();
        int last = widths.length - 2;
        for (int i = 0; i < last; i++) {
            layers.layer(
                    new SparseDenseLayer.Builder()
                            .nIn(widths[i])
                            .nOut(widths[i + 1])
                            .sparsity(1 - density)
                            .build());
        }
        layers.layer(
                new SparseOutputLayer.Builder(LossFunction.MCXENT)
                        .nIn(widths[last])
                        .nOut(widths[last + 1])
                        .sparsity(1 - density)
                        .activation(Activation.SOFTMAX)
                        .build());
        return NetworkContestant.packed(initialized(layers), minibatch());
    }

    private static Network initialized(NeuralNetConfiguration.ListBuilder layers) {
        MultiLayerNetwork network = new MultiLayerNetwork(layers.build());
        network.init();
        return new Network(network);
    }

    private DataSet minibatch() {
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
