package org.dl4jplasticity.experiments;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
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
 * Times one training step, {@code fit} of one minibatch with Nesterov momentum, of a dense DL4J
 * network and of packed ones. All contestants live in one process and take turns, so that a slow
 * spell of the machine hits all alike.
 */
final class StepBenchmark {
    /** Steps a contestant makes before it is the next one's turn. */
    private static final int TURN = 10;

    private final int[] widths;
    private final int batch;
    private final int steps;
    private final int warmup;

    StepBenchmark(int[] widths, int batch, int steps, int warmup) {
        this.widths = widths;
        this.batch = batch;
        this.steps = steps;
        this.warmup = warmup;
    }

    /**
     * How one contestant did.
     *
     * @param contestant {@code dense} or {@code packed}
     * @param density active over possible weights of every layer; 1 for dense
     * @param medianMs median time of a step, milliseconds
     * @param minMs shortest time of a step, milliseconds
     * @param ratioToDense times as fast as dense: the dense median over this one
     */
    record Result(
            String contestant,
            double density,
            double medianMs,
            double minMs,
            double ratioToDense) {}

    /** {@return the results, dense first} */
    List<Result> run(double[] densities) {
        Backend.tune();
        List<MultiLayerNetwork> networks = new ArrayList<>();
        networks.add(dense());
        for (double density : densities) {
            networks.add(packed(density));
        }
        DataSet minibatch = minibatch();
        for (MultiLayerNetwork network : networks) {
            for (int step = 0; step < warmup; step++) {
                network.fit(minibatch);
            }
        }
        double[][] times = new double[networks.size()][steps];
        for (int first = 0; first < steps; first += TURN) {
            for (int i = 0; i < times.length; i++) {
                for (int step = first; step < Math.min(first + TURN, steps); step++) {
                    long begin = System.nanoTime();
                    networks.get(i).fit(minibatch);
                    times[i][step] = (System.nanoTime() - begin) / 1e6;
                }
            }
        }
        List<Result> results = new ArrayList<>();
        double denseMedian = median(times[0]);
        for (int i = 0; i < times.length; i++) {
            double median = median(times[i]);
            results.add(
                    new Result(
                            i == 0 ? "dense" : "packed",
                            i == 0 ? 1 : densities[i - 1],
                            median,
                            Arrays.stream(times[i]).min().orElseThrow(),
                            denseMedian / median));
        }
        return results;
    }

    static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    private static NeuralNetConfiguration.Builder recipe() {
        return new NeuralNetConfiguration.Builder()
                .seed(1)
                .weightInit(WeightInit.RELU)
                .activation(Activation.RELU)
                .updater(new Nesterovs(0.01, 0.9));
    }

    private MultiLayerNetwork dense() {
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
        return initialized(layers);
    }

    private MultiLayerNetwork packed(double density) {
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
        MultiLayerNetwork network = initialized(layers);
        FusedUpdater.install(network);
        return network;
    }

    private static MultiLayerNetwork initialized(NeuralNetConfiguration.ListBuilder layers) {
        MultiLayerNetwork network = new MultiLayerNetwork(layers.build());
        network.init();
        return network;
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
