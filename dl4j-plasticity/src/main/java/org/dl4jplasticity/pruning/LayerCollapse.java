package org.dl4jplasticity.pruning;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jplasticity.mask.MaskableWeights;
import org.dl4jplasticity.surgery.PlasticNetwork;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A network that has fallen apart: a layer has no active connection left, or no path of active
 * connections leads from the inputs to an output (layer collapse; Tanaka et al. 2020,
 * arXiv:2006.05467). Paths are counted: inputs of ones go through a copy of the network whose
 * active weights are 1, without biases and activation functions. What weights happen to be 0
 * doesn't count.
 *
 * <p>In networks with gates, attention or layer normalization, which paths can't be counted in so,
 * only layers without a connection are found.
 */
public final class LayerCollapse {
    private LayerCollapse() {}

    /**
     * {@return a sentence that says what is broken in a network with its masks; empty if nothing}
     *
     * @param network an initialized {@code MultiLayerNetwork} or {@code ComputationGraph}, which
     *     stays as it is
     * @param inputs the types of the network's inputs, in their order; may be left out if each goes
     *     to a dense layer or is a flattened image
     * @throws IllegalArgumentException if the sizes of the inputs aren't known
     */
    public static Optional<String> in(Model network, InputType... inputs) {
        List<MaskableWeights> weights = MaskableWeights.of(network);
        return in(
                network,
                weights,
                weights.stream().map(Connections::active).toArray(boolean[][]::new),
                List.of(inputs));
    }

    /**
     * {@return what would be broken if some weights had other masks}
     *
     * @param active the connections of each of the weights
     */
    static Optional<String> in(
            Model network,
            List<MaskableWeights> weights,
            boolean[][] active,
            List<InputType> inputs) {
        for (int i = 0; i < active.length; i++) {
            if (Connections.count(new boolean[][] {active[i]}) == 0) {
                return Optional.of(
                        "Layer %s, parameter %s: none of %d connections is left"
                                .formatted(
                                        weights.get(i).layerName(),
                                        weights.get(i).parameter(),
                                        active[i].length));
            }
        }
        Map<String, boolean[]> byId = new HashMap<>();
        for (int i = 0; i < active.length; i++) {
            byId.put(weights.get(i).id(), active[i]);
        }
        return withoutPath(network, byId, InputShapes.of(network, inputs));
    }

    private static Optional<String> withoutPath(
            Model network, Map<String, boolean[]> active, long[][] shapes) {
        Model paths;
        try {
            paths = DoubleCopy.of(network, new Linearization("Counting paths", "no paths"));
        } catch (IllegalArgumentException notLinear) {
            return Optional.empty();
        }
        try (MemoryWorkspace outside = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
            paths.params().assign(1);
            for (Layer layer : PlasticNetwork.of(paths).layers()) {
                var conf = layer.conf().getLayer();
                conf.initializer().biasKeys(conf).forEach(key -> layer.getParam(key).assign(0));
            }
            for (MaskableWeights weights : MaskableWeights.of(paths)) {
                boolean[] flags = active.getOrDefault(weights.id(), Connections.active(weights));
                double[] ones = new double[flags.length];
                Arrays.setAll(ones, id -> flags[id] ? 1 : 0);
                INDArray array = weights.array();
                array.assign(Nd4j.createFromArray(ones).reshape(array.ordering(), array.shape()));
            }
            return unreached(paths, InputShapes.ones(shapes));
        }
    }

    private static Optional<String> unreached(Model paths, INDArray[] ones) {
        if (paths instanceof MultiLayerNetwork sequential) {
            return sequential.output(ones[0]).sumNumber().doubleValue() == 0
                    ? Optional.of("no path is left from the network's inputs to its outputs")
                    : Optional.empty();
        }
        ComputationGraph graph = (ComputationGraph) paths;
        INDArray[] outputs = graph.output(ones);
        for (int i = 0; i < outputs.length; i++) {
            if (outputs[i].sumNumber().doubleValue() == 0) {
                return Optional.of(
                        "no path is left from the network's inputs to output %s"
                                .formatted(graph.getConfiguration().getNetworkOutputs().get(i)));
            }
        }
        return Optional.empty();
    }
}
