package org.dl4jplasticity.experiments.bench;

import java.util.Locale;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.dl4jplasticity.datasets.ExampleShape;
import org.dl4jplasticity.datasets.LabeledExamples;
import org.dl4jplasticity.experiments.run.Mode;
import org.dl4jplasticity.experiments.run.Network;
import org.dl4jplasticity.experiments.train.Method;
import org.dl4jplasticity.experiments.train.ModelSpec;
import org.dl4jplasticity.experiments.train.Rewiring;
import org.dl4jplasticity.experiments.train.Sparsification;
import org.dl4jplasticity.experiments.train.TrainSettings;
import org.dl4jplasticity.schedule.SparsityDistribution;
import org.nd4j.linalg.dataset.DataSet;

/**
 * A model of a name, or of a file, made sparse as {@code train} does it; its minibatch is noise in
 * the shape of CIFAR-10.
 *
 * @param model as {@code --model} takes it
 * @param distribution how the active connections are shared out over the layers
 * @param batch examples in the minibatch
 */
record ModelWorkload(String model, SparsityDistribution distribution, int batch)
        implements Workload {
    private static final ExampleShape SHAPE = new ExampleShape(3, 32, 32);
    private static final int CLASSES = 10;

    @Override
    public String title() {
        return "%s on %s images, %s".formatted(model, SHAPE, distribution.name());
    }

    @Override
    public Contestant dense() {
        return new NetworkContestant(network(Method.DENSE, 0), minibatch());
    }

    @Override
    public Contestant packed(double density) {
        return NetworkContestant.packed(network(Method.STATIC, 1 - density), minibatch());
    }

    private Network network(Method method, double sparsity) {
        TrainSettings settings =
                new TrainSettings(
                        "noise",
                        null,
                        model,
                        method,
                        Mode.PACKED,
                        sparsity,
                        distribution,
                        Rewiring.USUAL,
                        1,
                        batch,
                        1e-3,
                        0.9,
                        0,
                        0,
                        1,
                        null,
                        0,
                        false);
        LabeledExamples examples = noise();
        Network network = ModelSpec.parse(model).create(settings, examples, Integer.MAX_VALUE);
        return new Sparsification(settings).apply(network, examples);
    }

    private DataSet minibatch() {
        return noise().iterator(batch).next();
    }

    private LabeledExamples noise() {
        SplittableRandom random = new SplittableRandom(1);
        byte[] pixels = new byte[batch * SHAPE.size()];
        random.nextBytes(pixels);
        return LabeledExamples.ofImages(
                SHAPE,
                pixels,
                random.ints(batch, 0, CLASSES).toArray(),
                IntStream.range(0, CLASSES)
                        .mapToObj(i -> String.format(Locale.ROOT, "class %d", i))
                        .toList());
    }
}
