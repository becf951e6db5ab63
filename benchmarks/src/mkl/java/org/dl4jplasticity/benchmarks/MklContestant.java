package org.dl4jplasticity.benchmarks;

import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.mkl.global.mkl_rt;
import org.dl4jplasticity.datasets.DatasetCatalog;
import org.dl4jplasticity.datasets.ExampleIterator;
import org.dl4jplasticity.datasets.TrainTest;
import org.dl4jplasticity.experiments.bench.StepContestants;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;

/** A perceptron of {@link MklLayer}s in the arena, found by name. */
final class MklContestant implements Contestant {
    private final int[] widths;
    private final float rate;
    private final MklLayer[] layers;
    private final FloatPointer[] activations;
    private final FloatPointer minibatch;
    private final int[] labels;
    private final Path dataDir;
    private final int batch;
    private TrainTest mnist;
    private ExampleIterator training;

    MklContestant(int[] widths, double density, int batch, double rate, Path dataDir) {
        this.widths = widths.clone();
        this.rate = (float) rate;
        this.batch = batch;
        this.dataDir = dataDir;
        SplittableRandom random = new SplittableRandom(1);
        layers = new MklLayer[widths.length - 1];
        for (int i = 0; i < layers.length; i++) {
            boolean relu = i < layers.length - 1;
            layers[i] = new MklLayer(widths[i], widths[i + 1], density, relu, random);
        }
        activations = new FloatPointer[widths.length];
        DataSet examples = StepContestants.minibatch(widths, batch);
        minibatch = featureMajor(examples.getFeatures());
        labels = examples.getLabels().argMax(1).toIntVector();
    }

    private static FloatPointer featureMajor(INDArray features) {
        return new FloatPointer(features.dup('f').data().asFloat());
    }

    @Override
    public String state() {
        byte[] version = new byte[200];
        mkl_rt.MKL_Get_Version_String(version, version.length);
        return new String(version, StandardCharsets.US_ASCII).replace('\0', ' ').strip();
    }

    /** {@return class probabilities, feature-major} */
    private FloatPointer forward(FloatPointer x, int examples) {
        activations[0] = x;
        for (int i = 0; i < layers.length; i++) {
            activations[i + 1] = layers[i].forward(activations[i], examples);
        }
        FloatPointer output = activations[layers.length];
        FloatBuffer p = output.asBuffer();
        int classes = widths[widths.length - 1];
        for (int e = 0; e < examples; e++) {
            float max = Float.NEGATIVE_INFINITY;
            for (int c = 0; c < classes; c++) {
                max = Math.max(max, p.get(c * examples + e));
            }
            double sum = 0;
            for (int c = 0; c < classes; c++) {
                double exponential = Math.exp(p.get(c * examples + e) - max);
                p.put(c * examples + e, (float) exponential);
                sum += exponential;
            }
            for (int c = 0; c < classes; c++) {
                p.put(c * examples + e, (float) (p.get(c * examples + e) / sum));
            }
        }
        return output;
    }

    private void learn(FloatPointer x, int[] classes) {
        int examples = classes.length;
        FloatPointer delta = forward(x, examples);
        FloatBuffer d = delta.asBuffer();
        for (int e = 0; e < examples; e++) {
            d.put(classes[e] * examples + e, d.get(classes[e] * examples + e) - 1);
        }
        for (int i = 0; i < widths[widths.length - 1] * examples; i++) {
            d.put(i, d.get(i) / examples);
        }
        for (int i = layers.length - 1; i >= 0; i--) {
            delta = layers[i].backward(activations[i], delta, examples, rate, i == 0);
        }
    }

    @Override
    public void step() {
        learn(minibatch, labels);
    }

    @Override
    public Runnable inference(int examples) {
        FloatPointer x = featureMajor(StepContestants.minibatch(widths, examples).getFeatures());
        return () -> forward(x, examples);
    }

    @Override
    public Epoch epoch() {
        if (mnist == null) {
            mnist = DatasetCatalog.load("mnist", dataDir);
            training = mnist.train().iterator(batch, 1).reusingArrays();
        }
        long begin = System.nanoTime();
        for (training.reset(); training.hasNext(); ) {
            DataSet examples = training.next();
            try (FloatPointer x = featureMajor(examples.getFeatures())) {
                learn(x, examples.getLabels().argMax(1).toIntVector());
            }
        }
        double seconds = (System.nanoTime() - begin) / 1e9;
        return new Epoch(seconds, accuracy());
    }

    private double accuracy() {
        int right = 0;
        ExampleIterator test = mnist.test().iterator(500).reusingArrays();
        while (test.hasNext()) {
            DataSet examples = test.next();
            int[] classes = examples.getLabels().argMax(1).toIntVector();
            try (FloatPointer x = featureMajor(examples.getFeatures())) {
                FloatBuffer p = forward(x, classes.length).asBuffer();
                for (int e = 0; e < classes.length; e++) {
                    right += best(p, classes.length, e) == classes[e] ? 1 : 0;
                }
            }
        }
        return right / (double) mnist.test().size();
    }

    private int best(FloatBuffer p, int examples, int example) {
        int best = 0;
        for (int c = 1; c < widths[widths.length - 1]; c++) {
            if (p.get(c * examples + example) > p.get(best * examples + example)) {
                best = c;
            }
        }
        return best;
    }
}
