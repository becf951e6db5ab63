package org.dl4jplasticity.relevance;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.graph.PreprocessorVertex;
import org.deeplearning4j.nn.conf.preprocessor.CnnToFeedForwardPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.FeedForwardToCnnPreProcessor;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.params.DefaultParamInitializer;
import org.dl4jplasticity.mask.MaskableWeights;
import org.dl4jplasticity.relevance.NetworkPlan.Place;
import org.dl4jplasticity.relevance.Step.Addition;
import org.dl4jplasticity.relevance.Step.Fixed;
import org.dl4jplasticity.relevance.Step.Sum;
import org.dl4jplasticity.relevance.Step.Weighted;
import org.dl4jplasticity.topology.SparseTopology;

/** Reads a network of either class, with the parameters it has now. */
final class NetworkReader {
    private final List<Place> places = new ArrayList<>();
    private final Map<String, SparseTopology> masks = new HashMap<>();

    private NetworkReader(Model model) {
        for (MaskableWeights weights : MaskableWeights.of(model)) {
            if (weights.parameter().equals(DefaultParamInitializer.WEIGHT_KEY)) {
                weights.mask().ifPresent(mask -> masks.put(weights.layerId(), mask));
            }
        }
    }

    /**
     * {@return what a network computes}
     *
     * @throws IllegalArgumentException if it is of another class, not initialized, or has a layer
     *     or vertex that relevance can't be propagated through
     */
    static NetworkPlan read(Model model) {
        NetworkReader reader = new NetworkReader(model);
        return model instanceof MultiLayerNetwork network
                ? reader.chain(network)
                : reader.graph((ComputationGraph) model);
    }

    private NetworkPlan chain(MultiLayerNetwork network) {
        int previous = add(null, null);
        Layer[] layers = network.getLayers();
        for (int i = 0; i < layers.length; i++) {
            String id = Integer.toString(i);
            InputPreProcessor preProcessor =
                    network.getLayerWiseConfigurations().getInputPreProcess(i);
            boolean adjacent = preProcessor == null;
            previous = reshaped("Layer " + id, previous, preProcessor);
            previous = layer(id, layers[i], i == layers.length - 1, previous, adjacent);
        }
        return new NetworkPlan(places, 1, previous);
    }

    private NetworkPlan graph(ComputationGraph network) {
        ComputationGraphConfiguration conf = network.getConfiguration();
        if (conf.getNetworkOutputs().size() != 1) {
            throw new IllegalArgumentException(
                    "expected a network with one output, got " + conf.getNetworkOutputs());
        }
        String output = conf.getNetworkOutputs().get(0);
        Map<String, Integer> consumers = new HashMap<>();
        conf.getVertexInputs()
                .values()
                .forEach(inputs -> inputs.forEach(id -> consumers.merge(id, 1, Integer::sum)));
        if (consumers.containsKey(output)) {
            throw new IllegalArgumentException(
                    "Vertex %s: expected an output of the network, got one that other vertices use"
                            .formatted(output));
        }
        Map<String, Integer> found = new HashMap<>();
        for (String input : conf.getNetworkInputs()) {
            found.put(input, add(null, null));
        }
        for (int index : network.topologicalSortOrder()) {
            String id = network.getVertices()[index].getVertexName();
            if (!found.containsKey(id)) {
                List<String> names = conf.getVertexInputs().get(id);
                int[] inputs = names.stream().mapToInt(found::get).toArray();
                found.put(
                        id,
                        vertex(
                                id,
                                conf.getVertices().get(id),
                                network.getVertices()[index].getLayer(),
                                id.equals(output),
                                consumers.getOrDefault(names.get(0), 0) == 1,
                                inputs));
            }
        }
        return new NetworkPlan(places, conf.getNetworkInputs().size(), found.get(output));
    }

    private int vertex(
            String id, GraphVertex vertex, Layer layer, boolean last, boolean only, int... inputs) {
        if (vertex instanceof LayerVertex configured) {
            InputPreProcessor preProcessor = configured.getPreProcessor();
            int input = reshaped("Layer " + id, inputs[0], preProcessor);
            return layer(id, layer, last, input, only && preProcessor == null);
        } else if (vertex instanceof ElementWiseVertex each
                && each.getOp() == ElementWiseVertex.Op.Add) {
            return add(id, new Addition(), inputs);
        } else if (vertex instanceof MergeVertex merge && merge.getMergeAxis() == 1) {
            return add(id, new Fixed(new MergeNode()), inputs);
        } else if (vertex instanceof PreprocessorVertex preProcessor) {
            int shaped = reshaped("Vertex " + id, inputs[0], preProcessor.getPreProcessor());
            return add(id, new Fixed(new PassNode(null)), shaped);
        }
        throw new IllegalArgumentException(
                "Vertex %s: %s%s has no rule of relevance propagation here; expected layers, addition, merging along axis 1 or flattening"
                        .formatted(
                                id,
                                vertex.getClass().getSimpleName(),
                                vertex instanceof ElementWiseVertex each
                                        ? " with operation " + each.getOp()
                                        : ""));
    }

    private int add(String id, Step step, int... inputs) {
        places.add(new Place(id, step, inputs));
        return places.size() - 1;
    }

    private int reshaped(String where, int input, InputPreProcessor preProcessor) {
        if (preProcessor == null) {
            return input;
        } else if (preProcessor instanceof CnnToFeedForwardPreProcessor flatten
                && flatten.getFormat() == CNN2DFormat.NCHW) {
            return add(null, new Fixed(new ReshapeNode(null)), input);
        } else if (preProcessor instanceof FeedForwardToCnnPreProcessor image) {
            return add(null, new Fixed(new ReshapeNode(imageShape(image))), input);
        }
        throw new IllegalArgumentException(
                "%s: preprocessor %s has no rule of relevance propagation here; expected flattening of NCHW images or the way back"
                        .formatted(where, preProcessor.getClass().getSimpleName()));
    }

    private static int[] imageShape(FeedForwardToCnnPreProcessor image) {
        return new int[] {
            Math.toIntExact(image.getNumChannels()),
            Math.toIntExact(image.getInputHeight()),
            Math.toIntExact(image.getInputWidth())
        };
    }

    /** Adds a layer; batch normalization is merged where the step before it is its alone. */
    private int layer(String id, Layer layer, boolean last, int input, boolean alone) {
        Step step = new LayerReader(id, layer, last, masks.get(id)).read();
        Place before = places.get(input);
        if (alone
                && step instanceof Sum sum
                && sum.map() instanceof ScalingMap scaling
                && before.step() instanceof Weighted weighted
                && weighted.activation() == null) {
            LinearMap merged = weighted.map().scaled(scaling.weights(), scaling.bias());
            places.set(
                    input,
                    new Place(
                            before.id(),
                            new Weighted(merged, null, weighted.kind()),
                            before.inputs()));
            return add(id, new Fixed(new PassNode(null)), input);
        }
        return add(id, step, input);
    }
}
