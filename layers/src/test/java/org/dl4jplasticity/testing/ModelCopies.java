package org.dl4jplasticity.testing;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A model in every way in which DL4J copies one. */
public final class ModelCopies {
    private ModelCopies() {}

    /**
     * {@return its clone, the model saved and loaded, and two built from its JSON and from its YAML
     * with its parameters and its updater's state, all at its iteration}
     */
    public static List<MultiLayerNetwork> of(MultiLayerNetwork network, Path folder)
            throws IOException {
        MultiLayerConfiguration conf = network.getLayerWiseConfigurations();
        List<MultiLayerNetwork> copies =
                List.of(
                        network.clone(),
                        ModelSerializer.restoreMultiLayerNetwork(saved(network, folder), true),
                        rebuilt(network, MultiLayerConfiguration.fromJson(conf.toJson())),
                        rebuilt(network, MultiLayerConfiguration.fromYaml(conf.toYaml())));
        for (MultiLayerNetwork copy : copies) {
            copy.setIterationCount(network.getIterationCount());
        }
        return copies;
    }

    /** As {@link #of(MultiLayerNetwork, Path)} for a graph. */
    public static List<ComputationGraph> of(ComputationGraph graph, Path folder)
            throws IOException {
        ComputationGraphConfiguration conf = graph.getConfiguration();
        List<ComputationGraph> copies =
                List.of(
                        graph.clone(),
                        ModelSerializer.restoreComputationGraph(saved(graph, folder), true),
                        rebuilt(graph, ComputationGraphConfiguration.fromJson(conf.toJson())),
                        rebuilt(graph, ComputationGraphConfiguration.fromYaml(conf.toYaml())));
        for (ComputationGraph copy : copies) {
            copy.getConfiguration().setIterationCount(conf.getIterationCount());
        }
        return copies;
    }

    /** As {@link #of(MultiLayerNetwork, Path)} for either. */
    public static List<? extends Model> of(Model model, Path folder) throws IOException {
        return model instanceof ComputationGraph graph
                ? of(graph, folder)
                : of((MultiLayerNetwork) model, folder);
    }

    private static File saved(Model model, Path folder) throws IOException {
        File file = folder.resolve("model.zip").toFile();
        ModelSerializer.writeModel(model, file, true);
        return file;
    }

    /**
     * {@return a network of a configuration that was read back}
     *
     * @param network whose parameters and updater's state it is given copies of
     */
    public static MultiLayerNetwork rebuilt(
            MultiLayerNetwork network, MultiLayerConfiguration conf) {
        MultiLayerNetwork rebuilt = new MultiLayerNetwork(conf);
        rebuilt.init(network.params().dup(), false);
        INDArray state = network.getUpdater().getStateViewArray();
        if (state != null) { // SGD has none
            rebuilt.getUpdater().setStateViewArray(rebuilt, state.dup(), false);
        }
        return rebuilt;
    }

    /** As {@link #rebuilt(MultiLayerNetwork, MultiLayerConfiguration)} for a graph. */
    public static ComputationGraph rebuilt(
            ComputationGraph graph, ComputationGraphConfiguration conf) {
        ComputationGraph rebuilt = new ComputationGraph(conf);
        rebuilt.init(graph.params().dup(), false);
        INDArray state = graph.getUpdater().getStateViewArray();
        if (state != null) {
            rebuilt.getUpdater().setStateViewArray(state.dup());
        }
        return rebuilt;
    }
}
