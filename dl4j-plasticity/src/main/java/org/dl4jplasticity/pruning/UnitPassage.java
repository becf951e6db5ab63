package org.dl4jplasticity.pruning;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.graph.ShiftVertex;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.PReLULayer;
import org.dl4jplasticity.surgery.NetworkNode;
import org.dl4jplasticity.surgery.PlasticNetwork;
import org.dl4jplasticity.surgery.UnitVectors;

/** What the outputs of a group of units go through on their way to the next weights. */
final class UnitPassage {
    private final UnitGroup group;

    /** What lies between, in the order of the network. */
    private final List<Node> between = new ArrayList<>();

    /** For each of the next layers what it gets the units' outputs from. */
    private final Map<String, List<String>> consumers = new HashMap<>();

    /** A layer or vertex with those of its inputs that the units' outputs come by. */
    private record Node(NetworkNode of, List<String> inputs) {

        String id() {
            return of.id();
        }

        Layer layer() {
            return of.unwrapped();
        }

        GraphVertex vertex() {
            return of.vertex();
        }

        /** {@return whether it puts nothing beside what it gets and flattens nothing} */
        boolean isForUnitsAlone() {
            return of.preProcessor() == null && !(vertex() instanceof MergeVertex);
        }

        /** {@return whether the values it puts out are among those it gets} */
        boolean isLeavingValues() {
            return layer() == null ? !isForUnitsAlone() : PassingLayer.isPlain(layer());
        }
    }

    private UnitPassage(PlasticNetwork network, UnitGroup group) {
        this.group = group;
        Set<String> next =
                group.units().outgoing().stream()
                        .map(UnitVectors::layerId)
                        .collect(Collectors.toSet());
        Set<String> touched = new HashSet<>(group.layers());
        for (NetworkNode node : NetworkNode.of(network).values()) {
            List<String> inputs = node.inputs().stream().filter(touched::contains).toList();
            boolean reached = !inputs.isEmpty();
            if (reached && next.contains(node.id())) {
                consumers.put(node.id(), inputs);
            } else if (reached && !group.layers().contains(node.id())) {
                touched.add(node.id());
                between.add(new Node(node, inputs));
            }
        }
    }

    static UnitPassage of(PlasticNetwork network, UnitGroup group) {
        return new UnitPassage(network, group);
    }

    /**
     * {@return the layer or vertex that leaves what the units put out} The last activation function
     * on the way, or the last addition and the like where several layers share the units, before
     * anything that puts other features beside theirs or flattens them; the layer itself if there
     * is none.
     */
    String activation() {
        Set<String> plain = new HashSet<>(group.layers());
        String last = group.id();
        for (Node node : between) {
            if (node.isForUnitsAlone() && plain.containsAll(node.inputs())) {
                plain.add(node.id());
                boolean sums = group.layers().size() > 1 && node.layer() == null;
                if (sums
                        || node.layer() instanceof ActivationLayer
                        || node.layer() instanceof PReLULayer) {
                    last = node.id();
                }
            }
        }
        return last;
    }

    /**
     * {@return for each of the next layers, by its id, the layer or vertex whose outputs it gets
     * from the units} The last one before anything that puts other features beside theirs or
     * flattens them. A layer isn't there if values are changed behind that.
     */
    Map<String, String> arrivals() {
        Map<String, String> places = new HashMap<>();
        group.layers().forEach(layer -> places.put(layer, layer));
        for (Node node : between) {
            List<String> inputs = node.inputs().stream().map(places::get).distinct().toList();
            if (node.isForUnitsAlone()
                    && inputs.equals(node.inputs().stream().distinct().toList())) {
                places.put(node.id(), node.id());
            } else if (node.isLeavingValues() && inputs.size() == 1 && inputs.get(0) != null) {
                places.put(node.id(), inputs.get(0));
            }
        }
        Map<String, String> arriving = new HashMap<>();
        consumers.forEach(
                (id, inputs) -> {
                    if (places.containsKey(inputs.get(0))) {
                        arriving.put(id, places.get(inputs.get(0)));
                    }
                });
        return arriving;
    }

    /**
     * {@return whether what the next layers get is multiplied by c when what the units put out is,
     * for every c > 0}
     */
    boolean isHomogeneous() {
        return between.stream()
                .allMatch(
                        node ->
                                node.layer() != null
                                        ? PassingLayer.isHomogeneous(node.layer())
                                        : isHomogeneous(node.vertex()));
    }

    private static boolean isHomogeneous(GraphVertex vertex) {
        return !(vertex instanceof ShiftVertex)
                && !(vertex instanceof ElementWiseVertex each
                        && each.getOp() == ElementWiseVertex.Op.Product);
    }

    /**
     * {@return what each of the next layers gets from a unit of constant output, by the layer's id}
     *
     * @param unit which one
     * @param outputs what the unit puts out in each of the group's layers
     */
    Map<String, Constant> constants(int unit, Map<String, Constant> outputs) {
        Map<String, Constant> constants = new LinkedHashMap<>(outputs);
        for (Node node : between) {
            Constant in = common(node, constants);
            constants.put(
                    node.id(),
                    node.layer() == null || !in.isKnown()
                            ? in
                            : PassingLayer.constant(
                                    node.id(), node.layer(), parameters(node), unit, in));
        }
        Map<String, Constant> arriving = new HashMap<>();
        consumers.forEach((id, inputs) -> arriving.put(id, constants.get(inputs.get(0))));
        return arriving;
    }

    /** {@return a layer's parameters that belong to the units, by name} */
    private Map<String, UnitVectors> parameters(Node node) {
        return group.units().passing().stream()
                .filter(parameter -> parameter.layerId().equals(node.id()))
                .collect(Collectors.toMap(UnitVectors::name, parameter -> parameter));
    }

    /** {@return what a layer gets, or what a vertex puts out} */
    private static Constant common(Node node, Map<String, Constant> constants) {
        List<Constant> inputs = node.inputs().stream().map(constants::get).distinct().toList();
        boolean merging = node.layer() != null || node.vertex() instanceof MergeVertex;
        for (Constant input : inputs) {
            if (!input.isKnown()) {
                return input;
            }
        }
        if (merging) {
            return inputs.size() == 1
                    ? inputs.get(0)
                    : Constant.lost("vertex %s merges different outputs".formatted(node.id()));
        } else if (inputs.stream().allMatch(input -> input.value() == 0)
                && !(node.vertex() instanceof ShiftVertex)) {
            return Constant.of(0);
        }
        return Constant.lost("vertex %s lies between".formatted(node.id()));
    }
}
