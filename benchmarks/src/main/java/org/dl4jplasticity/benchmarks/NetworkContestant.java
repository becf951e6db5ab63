package org.dl4jplasticity.benchmarks;

import java.nio.file.Path;
import java.util.SplittableRandom;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jplasticity.datasets.DatasetCatalog;
import org.dl4jplasticity.datasets.ExampleIterator;
import org.dl4jplasticity.datasets.TrainTest;
import org.dl4jplasticity.experiments.bench.StepContestants;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/** A DL4J network in the arena, of its own layers or of packed ones. */
final class NetworkContestant implements Contestant {
    private final String state;
    private final MultiLayerNetwork network;
    private final int[] widths;
    private final int batch;
    private final Path dataDir;
    private final DataSet minibatch;
    private TrainTest mnist;
    private ExampleIterator training;

    /**
     * @param state what {@link #state} says
     * @param network to train
     * @param widths its sizes from inputs to classes
     * @param batch examples of a minibatch
     * @param dataDir where MNIST is, or null for the usual places
     */
    NetworkContestant(
            String state, MultiLayerNetwork network, int[] widths, int batch, Path dataDir) {
        this.state = state;
        this.network = network;
        this.widths = widths.clone();
        this.batch = batch;
        this.dataDir = dataDir;
        this.minibatch = StepContestants.minibatch(widths, batch);
    }

    @Override
    public String state() {
        return state;
    }

    @Override
    public void step() {
        network.fit(minibatch);
    }

    @Override
    public Runnable inference(int examples) {
        SplittableRandom random = new SplittableRandom(2);
        float[] values = new float[examples * widths[0]];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextDouble();
        }
        INDArray features = Nd4j.create(values, new long[] {examples, widths[0]}, 'c');
        return () -> network.output(features);
    }

    @Override
    public Epoch epoch() {
        if (mnist == null) {
            mnist = DatasetCatalog.load("mnist", dataDir);
            training = mnist.train().iterator(batch, 1).reusingArrays();
        }
        long begin = System.nanoTime();
        network.fit(training);
        double seconds = (System.nanoTime() - begin) / 1e9;
        double accuracy = network.evaluate(mnist.test().iterator(500).reusingArrays()).accuracy();
        return new Epoch(seconds, accuracy);
    }
}
