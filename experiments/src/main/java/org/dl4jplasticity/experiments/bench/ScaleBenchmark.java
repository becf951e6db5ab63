package org.dl4jplasticity.experiments.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.dl4jplasticity.experiments.run.Network;
import org.dl4jplasticity.layers.SparseDenseLayer;
import org.dl4jplasticity.layers.SparseOutputLayer;
import org.dl4jplasticity.layers.Sparsity;
import org.dl4jplasticity.schedule.SparsityDistribution;
import org.dl4jplasticity.updater.FusedUpdater;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/**
 * Times a training step, {@code fit} of one minibatch with Nesterov momentum, of ever wider
 * networks with two hidden layers in SET's sparse form, 784-n-n-10 with epsilon 20: their active
 * weights grow as n, their possible ones as n squared.
 */
final class ScaleBenchmark {
    private static final int FEATURES = 784;
    private static final int CLASSES = 10;
    private static final double EPSILON = 20;

    private static final int WARMUP = 5;

    /** A width is timed for so many steps at least and at most, and so long in between. */
    private static final int LEAST_STEPS = 5;

    private static final int MOST_STEPS = 200;
    private static final double SECONDS = 2;

    private final int batch;

    ScaleBenchmark(int batch) {
        this.batch = batch;
    }

    /**
     * One width's times.
     *
     * @param width units of each hidden layer
     * @param activeWeights weights that exist
     * @param possibleWeights weights a dense network of the shape has
     * @param steps that were timed
     * @param medianMs median time of a step, milliseconds
     * @param minMs shortest time of a step, milliseconds
     */
    record Result(
            int width,
            long activeWeights,
            long possibleWeights,
            int steps,
            double medianMs,
            double minMs) {

        static final String HEADER =
                "width,activeWeights,possibleWeights,steps,medianMs,minMs,nsPerActiveWeight";

        double nsPerActiveWeight() {
            return 1e6 * medianMs / activeWeights;
        }

        String csv() {
            return String.format(
                    Locale.ROOT,
                    "%d,%d,%d,%d,%.4f,%.4f,%.4f",
                    width,
                    activeWeights,
                    possibleWeights,
                    steps,
                    medianMs,
                    minMs,
                    nsPerActiveWeight());
        }
    }

    /** {@return the times of one width} */
    Result run(int width) {
        MultiLayerNetwork network = network(width);
        DataSet minibatch = minibatch();
        for (int step = 0; step < WARMUP; step++) {
            network.fit(minibatch);
        }
        double[] times = new double[MOST_STEPS];
        int steps = 0;
        double seconds = 0;
        while (steps < LEAST_STEPS || (steps < MOST_STEPS && seconds < SECONDS)) {
            long begin = System.nanoTime();
            network.fit(minibatch);
            times[steps] = (System.nanoTime() - begin) / 1e6;
            seconds += times[steps++] / 1e3;
        }
        double[] timed = Arrays.copyOf(times, steps);
        Network weights = new Network(network);
        return new Result(
                width,
                weights.activeWeights(),
                weights.totalWeights(),
                steps,
                StepBenchmark.median(timed),
                Arrays.stream(timed).min().orElseThrow());
    }

    /**
     * {@return the exponent p of the power law {@code time = c * activeWeights^p} that fits the
     * medians best, by least squares of the logarithms; 1 is linear}
     */
    static double exponent(List<Result> results) {
        List<double[]> points = new ArrayList<>();
        for (Result result : results) {
            points.add(
                    new double[] {
                        Math.log((double) result.activeWeights()), Math.log(result.medianMs())
                    });
        }
        double meanX = mean(points, point -> point[0]);
        double meanY = mean(points, point -> point[1]);
        double covariance = mean(points, point -> (point[0] - meanX) * (point[1] - meanY));
        return covariance / mean(points, point -> (point[0] - meanX) * (point[0] - meanX));
    }

    private static double mean(List<double[]> points, ToDoubleFunction<double[]> number) {
        return points.stream().mapToDouble(number).average().orElseThrow();
    }

    private static MultiLayerNetwork network(int width) {
        MultiLayerConfiguration configuration =
                new NeuralNetConfiguration.Builder()
                        .seed(1)
                        .weightInit(WeightInit.RELU)
                        .activation(Activation.RELU)
                        .updater(new Nesterovs(0.01, 0.9))
                        .list()
                        .layer(hidden(FEATURES, width).inputGradient(false).build())
                        .layer(hidden(width, width).build())
                        .layer(
                                new SparseOutputLayer.Builder(LossFunction.MCXENT)
                                        .nIn(width)
                                        .nOut(CLASSES)
                                        .activation(Activation.SOFTMAX)
                                        .build())
                        .build();
        Sparsity.of(0).by(SparsityDistribution.parse("epsilon:" + EPSILON)).applyTo(configuration);
        MultiLayerNetwork network = new MultiLayerNetwork(configuration);
        network.init();
        FusedUpdater.install(network);
        return network;
    }

    private static SparseDenseLayer.Builder hidden(int inputs, int units) {
        return new SparseDenseLayer.Builder().nIn(inputs).nOut(units);
    }

    private DataSet minibatch() {
        SplittableRandom random = new SplittableRandom(1);
        float[] features = new float[batch * FEATURES];
        float[] labels = new float[batch * CLASSES];
        for (int i = 0; i < features.length; i++) {
            features[i] = (float) random.nextDouble();
        }
        for (int example = 0; example < batch; example++) {
            labels[example * CLASSES + random.nextInt(CLASSES)] = 1;
        }
        INDArray x = Nd4j.create(features, new long[] {batch, FEATURES}, 'c');
        return new DataSet(x, Nd4j.create(labels, new long[] {batch, CLASSES}, 'c'));
    }
}
