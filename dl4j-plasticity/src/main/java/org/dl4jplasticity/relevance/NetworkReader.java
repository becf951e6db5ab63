package org.dl4jplasticity.relevance;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.preprocessor.CnnToFeedForwardPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.FeedForwardToCnnPreProcessor;
import org.deeplearning4j.nn.params.DefaultParamInitializer;
import org.dl4jplasticity.mask.MaskableWeights;
import org.dl4jplasticity.relevance.NetworkPlan.Place;
import org.dl4jplasticity.relevance.Step.Addition;
import org.dl4jplasticity.relevance.Step.Fixed;
import org.dl4jplasticity.relevance.Step.Sum;
import org.dl4jplasticity.relevance.Step.Weighted;
import org.dl4jplasticity.surgery.NetworkNode;
import org.dl4jplasticity.surgery.PlasticNetwork;
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
        return new NetworkReader(model).plan(PlasticNetwork.of(model));
    }

    private NetworkPlan plan(PlasticNetwork network) {
        Map<String, NetworkNode> nodes = NetworkNode.of(network);
        String output = output(nodes.values());
        Map<String, Integer> consumers = new HashMap<>();
        for (NetworkNode node : nodes.values()) {
            node.inputs().forEach(id -> consumers.merge(id, 1, Integer::sum));
        }
        if (consumers.containsKey(output)) {
            throw new IllegalArgumentException(
                    "Vertex %s: expected an output of the network, got one that other vertices use"
                            .formatted(output));
        }
        List<String> own = network.inputs();
        Map<String, Integer> found = new HashMap<>();
        own.forEach(input -> found.put(input, add(null, null)));
        for (NetworkNode node : nodes.values()) {
            boolean only = consumers.get(node.inputs().get(0)) == 1;
            int[] inputs = node.inputs().stream().mapToInt(found::get).toArray();
            found.put(
                    node.id(),
                    node.isLayer() ? layer(node, inputs[0], only) : vertex(node, inputs));
        }
        return new NetworkPlan(places, own.size(), found.get(output));
    }

    private static String output(Collection<NetworkNode> nodes) {
        List<String> outputs =
                nodes.stream().filter(NetworkNode::isOutput).map(NetworkNode::id).toList();
        if (outputs.size() != 1) {
            throw new IllegalArgumentException(
                    "expected a network with one output, got " + outputs);
        }
        return outputs.get(0);
    }

    private int vertex(NetworkNode node, int... inputs) {
        if (node.vertex() instanceof ElementWiseVertex each
                && each.getOp() == ElementWiseVertex.Op.Add) {
            return add(node.id(), new Addition(), inputs);
        } else if (node.vertex() instanceof MergeVertex merge && merge.getMergeAxis() == 1) {
            return add(node.id(), new Fixed(new MergeNode()), inputs);
        } else if (node.preProcessor() != null) {
            int shaped = reshaped("Vertex " + node.id(), inputs[0], node.preProcessor());
            return add(node.id(), new Fixed(new PassNode(null)), shaped);
        }
        throw new IllegalArgumentException(
                "Vertex %s: %s%s has no rule of relevance propagation here; expected layers, addition, merging along axis 1 or flattening"
                        .formatted(
                                node.id(),
                                node.type(),
                                node.vertex() instanceof ElementWiseVertex each
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
    private int layer(NetworkNode node, int from, boolean only) {
        int input = reshaped("Layer " + node.id(), from, node.preProcessor());
        boolean alone = only && node.preProcessor() == null;
        Step step =
                new LayerReader(node.id(), node.layer(), node.isOutput(), masks.get(node.id()))
                        .read();
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
            return add(node.id(), new Fixed(new PassNode(null)), input);
        }
        return add(node.id(), step, input);
    }
}
