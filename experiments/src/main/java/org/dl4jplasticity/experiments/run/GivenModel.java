package org.dl4jplasticity.experiments.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipFile;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jplasticity.datasets.LabeledExamples;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A model of the user's own on disk, which stays as it is.
 *
 * @param name of the parameter that it was given by, as the user knows it
 * @param file where it is
 */
public record GivenModel(String name, Path file) {

    public GivenModel {
        if (!Files.isRegularFile(file)) {
            throw new IllegalArgumentException("%s: there is no file %s".formatted(name, file));
        }
    }

    /** The argument MODEL. */
    public GivenModel(Path file) {
        this("MODEL", file);
    }

    /**
     * {@return the model}
     *
     * @throws IllegalArgumentException if the file is none
     */
    public Network load() {
        try {
            return Network.load(file);
        } catch (IOException | RuntimeException e) {
            throw new IllegalArgumentException(
                    KerasModel.isOne(file)
                            ? "%s: %s".formatted(name, e.getMessage())
                            : "%s: %s is not a DL4J model: %s"
                                    .formatted(name, file, firstLine(e.getMessage())),
                    e);
        }
    }

    /**
     * {@return the network of a configuration, a file of JSON, with weights drawn at random}
     *
     * @throws IllegalArgumentException if the file is none
     */
    public Network initialize() {
        try {
            String json = Files.readString(file);
            if (Network.isGraph(json)) {
                ComputationGraph graph =
                        new ComputationGraph(ComputationGraphConfiguration.fromJson(json));
                graph.init();
                return new Network(graph);
            }
            MultiLayerNetwork network =
                    new MultiLayerNetwork(MultiLayerConfiguration.fromJson(json));
            network.init();
            return new Network(network);
        } catch (IOException | RuntimeException e) {
            throw new IllegalArgumentException(
                    "%s: %s is not a DL4J configuration: %s"
                            .formatted(name, file, firstLine(e.getMessage())),
                    e);
        }
    }

    /**
     * Refuses examples that the model isn't made for.
     *
     * @throws IllegalArgumentException if it can't take them, or puts out something else than one
     *     number for each class
     */
    public void requireFit(Network network, LabeledExamples examples, String dataset) {
        if (network.model() instanceof ComputationGraph graph
                && (graph.getNumInputArrays() != 1 || graph.getNumOutputArrays() != 1)) {
            throw new IllegalArgumentException(
                    "%s: %s has %d inputs and %d outputs, expected one of each"
                            .formatted(
                                    name,
                                    file,
                                    graph.getNumInputArrays(),
                                    graph.getNumOutputArrays()));
        }
        long[] shape = shapeOfOutput(network, examples, dataset);
        if (shape.length != 2 || shape[1] != examples.classes()) {
            throw new IllegalArgumentException(
                    "%s: %s has %s outputs, expected one for each of the %d classes of %s"
                            .formatted(
                                    name,
                                    file,
                                    shape.length == 2 ? shape[1] : "sequences or images as",
                                    examples.classes(),
                                    dataset));
        }
    }

    private long[] shapeOfOutput(Network network, LabeledExamples examples, String dataset) {
        INDArray first = examples.iterator(1).next().getFeatures();
        try {
            return network.output(first).shape();
        } catch (RuntimeException e) {
            throw new IllegalArgumentException(
                    "%s: %s can't take the examples of %s, %d values each: %s"
                            .formatted(
                                    name,
                                    file,
                                    dataset,
                                    examples.features(),
                                    firstLine(e.getMessage())),
                    e);
        }
    }

    private static String firstLine(String message) {
        return message == null ? "unreadable" : message.lines().findFirst().orElse("unreadable");
    }

    /** {@return whether the file holds the state of the optimizer, to go on training with} */
    public boolean hasOptimizer() {
        try (ZipFile zip = new ZipFile(file.toFile())) {
            return zip.getEntry("updaterState.bin") != null;
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    /** {@return the size of the file in bytes} */
    public long bytes() {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    /** Copies the file. */
    public void copyTo(Path target) {
        try {
            Files.write(target, Files.readAllBytes(file));
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    private UncheckedIOException unreadable(IOException e) {
        return new UncheckedIOException("can't read %s: %s".formatted(file, e.getMessage()), e);
    }
}
