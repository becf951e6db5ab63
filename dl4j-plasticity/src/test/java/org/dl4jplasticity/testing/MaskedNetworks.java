package org.dl4jplasticity.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jplasticity.layers.Sparsity;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Networks of DL4J's own layers, convolutional and recurrent, with masks over all weights. */
public enum MaskedNetworks {
    /** Images 5 x 5; kernels 36 and dense weights 360 and 30; normalization in between. */
    CONVOLUTIONAL {
        @Override
        MultiLayerNetwork dense(NeuralNetConfiguration.Builder settings) {
            return new MultiLayerNetwork(
                    settings.convolutionMode(ConvolutionMode.Truncate)
                            .list()
                            .layer(
                                    new ConvolutionLayer.Builder(3, 3)
                                            .nOut(4)
                                            .activation(Activation.IDENTITY)
                                            .build())
                            .layer(new BatchNormalization.Builder().build())
                            .layer(
                                    new DenseLayer.Builder()
                                            .nOut(10)
                                            .activation(Activation.LEAKYRELU)
                                            .build())
                            .layer(
                                    new OutputLayer.Builder(LossFunction.MCXENT)
                                            .nOut(3)
                                            .activation(Activation.SOFTMAX)
                                            .build())
                            .setInputType(InputType.convolutional(5, 5, 1))
                            .build());
        }

        @Override
        DataSet batch(Random random) {
            INDArray features = gaussians(random, 6, 1, 5, 5);
            INDArray labels = Nd4j.zeros(DataType.DOUBLE, 6, 3);
            for (int example = 0; example < 6; example++) {
                labels.putScalar(example, features.getDouble(example, 0, 2, 2) > 0 ? 0 : 2, 1);
            }
            return new DataSet(features, labels);
        }
    },

    /** Sequences of 4 steps with 5 inputs; weights 120, recurrent weights 144, output 18. */
    RECURRENT {
        @Override
        MultiLayerNetwork dense(NeuralNetConfiguration.Builder settings) {
            return new MultiLayerNetwork(
                    settings.list()
                            .layer(new LSTM.Builder().nIn(5).nOut(6).build())
                            .layer(
                                    new RnnOutputLayer.Builder(LossFunction.MCXENT)
                                            .nIn(6)
                                            .nOut(3)
                                            .activation(Activation.SOFTMAX)
                                            .build())
                            .setInputType(InputType.recurrent(5))
                            .build());
        }

        @Override
        DataSet batch(Random random) {
            INDArray features = gaussians(random, 6, 5, 4);
            INDArray labels = Nd4j.zeros(DataType.DOUBLE, 6, 3, 4);
            for (int example = 0; example < 6; example++) {
                for (int step = 0; step < 4; step++) {
                    int before = Math.max(0, step - 1);
                    int label = features.getDouble(example, 0, before) > 0 ? 1 : 2;
                    labels.putScalar(new int[] {example, label, step}, 1);
                }
            }
            return new DataSet(features, labels);
        }
    };

    abstract MultiLayerNetwork dense(NeuralNetConfiguration.Builder settings);

    abstract DataSet batch(Random random);

    private static INDArray gaussians(Random random, long... shape) {
        INDArray array = Nd4j.create(DataType.DOUBLE, shape);
        INDArray flat = array.reshape(array.length());
        for (long i = 0; i < array.length(); i++) {
            flat.putScalar(i, random.nextGaussian());
        }
        return array;
    }

    /** {@return an initialized network of doubles, without masks yet} */
    public TinyNetwork dense(NeuralNetConfiguration.Builder settings, boolean graph) {
        MultiLayerNetwork network = dense(settings);
        network.init();
        return new TinyNetwork(graph ? network.toComputationGraph() : network);
    }

    /** {@return a network of doubles with half of all weights active} */
    public TinyNetwork half(NeuralNetConfiguration.Builder settings, boolean graph) {
        TinyNetwork network = dense(settings, graph);
        Sparsity.of(0.5).seed(3).applyTo(network.model());
        return network;
    }

    /** {@return a network of doubles with half of all weights active} */
    public TinyNetwork half(IUpdater updater, boolean graph) {
        return half(NetworkClass.settings(DataType.DOUBLE, updater, 7), graph);
    }

    /** {@return minibatches of 6 examples} */
    public List<DataSet> batches(int count) {
        Random random = new Random(43);
        return new ArrayList<>(Stream.generate(() -> batch(random)).limit(count).toList());
    }
}
