package org.dl4jplasticity.surgery;

import java.util.Map;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A network's structure, parameters and optimizer state at one moment, to go back to. Counts of
 * iterations and epochs aren't among them: they only go on.
 *
 * @param configuration the network's configuration as JSON
 * @param parameters the flat parameters, a copy
 * @param updaterState the optimizer's state, a copy; null if it has none
 */
public record NetworkSnapshot(String configuration, INDArray parameters, INDArray updaterState) {

    /**
     * {@return a network as it is now}
     *
     * @param model an initialized MultiLayerNetwork or ComputationGraph
     */
    public static NetworkSnapshot of(Model model) {
        PlasticNetwork network = PlasticNetwork.of(model);
        INDArray state = network.updater().getStateViewArray();
        INDArray parameters = network.parameters();
        return new NetworkSnapshot(
                model instanceof MultiLayerNetwork sequential
                        ? sequential.getLayerWiseConfigurations().toJson()
                        : ((ComputationGraph) model).getConfiguration().toJson(),
                parameters.reshape(parameters.length()).dup(),
                state == null ? null : state.dup());
    }

    /**
     * Gives a network back the structure, parameters and optimizer state it had. Only for use at
     * rest, in {@code iterationDone} and in {@code onEpochEnd}.
     *
     * @param model the network that this is a snapshot of
     */
    public void restore(Model model) {
        PlasticNetwork network = PlasticNetwork.of(model);
        Map<String, NetworkNode> nodes = NetworkNode.of(network);
        if (model instanceof MultiLayerNetwork) {
            MultiLayerConfiguration then = MultiLayerConfiguration.fromJson(configuration);
            nodes.values()
                    .forEach(
                            node -> {
                                int index = Integer.parseInt(node.id());
                                node.conf().setLayer(then.getConf(index).getLayer());
                            });
            then.getInputPreProcessors()
                    .forEach((i, each) -> network.setPreProcessor(Integer.toString(i), each));
        } else {
            ComputationGraphConfiguration.fromJson(configuration)
                    .getVertices()
                    .forEach((name, then) -> restore(network, nodes.get(name), then));
        }
        network.rebuild(parameters.dup(), updaterState == null ? null : updaterState.dup());
    }

    private static void restore(PlasticNetwork network, NetworkNode node, GraphVertex then) {
        if (then instanceof LayerVertex layer) {
            node.conf().setLayer(layer.getLayerConf().getLayer());
            if (layer.getPreProcessor() != null) {
                network.setPreProcessor(node.id(), layer.getPreProcessor());
            }
        }
    }
}
