package org.dl4jplasticity.benchmarks;

import java.util.Locale;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jplasticity.datasets.DatasetCatalog;
import org.dl4jplasticity.datasets.LabeledExamples;
import org.dl4jplasticity.datasets.TrainTest;
import org.dl4jplasticity.dropout.LinearKeep;
import org.dl4jplasticity.dropout.VariationalDenseLayer;
import org.dl4jplasticity.dropout.VariationalNoise;
import org.dl4jplasticity.dropout.VariationalPruning;
import org.dl4jplasticity.mask.MaskableWeights;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.linalg.schedule.PolySchedule;
import org.nd4j.linalg.schedule.ScheduleType;

/**
 * Trains LeNet-300-100 on MNIST twice, dense and with sparse variational dropout (Molchanov et al.
 * 2017, sec. 6.3), and tells how many weights the second one does without, and at what loss of
 * accuracy. Both have the same epochs, minibatches of 100 and Adam with a learning rate that falls
 * linearly from 0.001 to 0.
 */
public final class VariationalPruningRun {
    private static final int[] WIDTHS = {784, 300, 100, 10};
    private static final int BATCH = 100;
    private static final double LEARNING_RATE = 1e-3;

    private VariationalPruningRun() {}

    /**
     * What came out.
     *
     * @param dense accuracy of the dense network on the test images
     * @param pruned accuracy of the pruned one
     * @param active how many weights it has left
     * @param possible how many there were
     */
    record Outcome(double dense, double pruned, long active, long possible) {
        double sparsity() {
            return 1 - (double) active / possible;
        }
    }

    /**
     * Trains and prints.
     *
     * @param args the number of epochs and the seed, or nothing for 20 and 1
     */
    public static void main(String[] args) {
        int epochs = args.length > 0 ? Integer.parseInt(args[0]) : 20;
        long seed = args.length > 1 ? Long.parseLong(args[1]) : 1;
        TrainTest mnist = DatasetCatalog.load("mnist", DatasetCatalog.defaultDataDir());
        Outcome outcome = run(mnist.train(), mnist.test(), epochs, seed);
        System.out.printf(
                Locale.ROOT,
                "dense %.2f %%, pruned %.2f %% with %d of %d weights: %.2f %% removed%n",
                100 * outcome.dense(),
                100 * outcome.pruned(),
                outcome.active(),
                outcome.possible(),
                100 * outcome.sparsity());
        System.exit(0); // ND4J's threads live on
    }

    /** {@return what comes of both trainings} */
    static Outcome run(LabeledExamples train, LabeledExamples test, int epochs, long seed) {
        MultiLayerNetwork dense = network(false, train.size(), epochs, seed);
        MultiLayerNetwork variational = network(true, train.size(), epochs, seed);
        for (int epoch = 0; epoch < epochs; epoch++) {
            dense.fit(train.iterator(BATCH, seed + epoch).reusingArrays());
            variational.fit(train.iterator(BATCH, seed + epoch).reusingArrays());
            if (epoch % 10 == 9) {
                System.err.printf(
                        Locale.ROOT,
                        "epoch %d: dense %.4f, variational %.4f%n",
                        epoch + 1,
                        accuracy(dense, test),
                        accuracy(variational, test));
            }
        }
        VariationalPruning.mask(variational);
        long active = 0;
        long possible = 0;
        for (MaskableWeights weights : MaskableWeights.of(variational)) {
            active += weights.mask().orElseThrow().activeCount();
            possible += weights.array().length();
        }
        return new Outcome(accuracy(dense, test), accuracy(variational, test), active, possible);
    }

    private static double accuracy(MultiLayerNetwork network, LabeledExamples examples) {
        return network.evaluate(examples.iterator(500).reusingArrays()).accuracy();
    }

    private static MultiLayerNetwork network(
            boolean variational, int examples, int epochs, long seed) {
        int steps = epochs * ((examples + BATCH - 1) / BATCH);
        NeuralNetConfiguration.ListBuilder list =
                new NeuralNetConfiguration.Builder()
                        .seed(seed)
                        .updater(new Adam(falling(steps)))
                        .list();
        for (int i = 0; i + 1 < WIDTHS.length; i++) {
            boolean last = i + 2 == WIDTHS.length;
            FeedForwardLayer.Builder<?> layer =
                    variational ? variational(examples, epochs, seed) : new DenseLayer.Builder();
            list.layer(
                    layer.nIn(WIDTHS[i])
                            .nOut(WIDTHS[i + 1])
                            .activation(last ? Activation.IDENTITY : Activation.RELU)
                            .build());
        }
        list.layer(
                new LossLayer.Builder(LossFunction.MCXENT).activation(Activation.SOFTMAX).build());
        MultiLayerNetwork network = new MultiLayerNetwork(list.build());
        network.init();
        return network;
    }

    /** The divergence grows over the first fifth of the epochs. */
    private static VariationalDenseLayer.Builder variational(int examples, int epochs, long seed) {
        return new VariationalDenseLayer.Builder()
                .noise(VariationalNoise.sparse())
                .trainingExamples(examples)
                .warmUp(new LinearKeep(ScheduleType.EPOCH, 0, 1, Math.max(1, epochs / 5)))
                .seed(seed);
    }

    private static ISchedule falling(int steps) {
        return new PolySchedule(ScheduleType.ITERATION, LEARNING_RATE, 1, steps);
    }
}
