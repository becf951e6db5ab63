package org.dl4jplasticity.surgery;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.graph.PreprocessorVertex;
import org.deeplearning4j.nn.conf.graph.ScaleVertex;
import org.deeplearning4j.nn.conf.graph.ShiftVertex;
import org.deeplearning4j.nn.conf.graph.StackVertex;
import org.deeplearning4j.nn.conf.graph.UnstackVertex;
import org.deeplearning4j.nn.conf.graph.rnn.DuplicateToTimeSeriesVertex;
import org.deeplearning4j.nn.conf.graph.rnn.LastTimeStepVertex;
import org.deeplearning4j.nn.conf.graph.rnn.ReverseTimeSeriesVertex;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.PReLULayer;
import org.dl4jplasticity.dropout.UnitGate;
import org.dl4jplasticity.dropout.UnitGates;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;

/**
 * How a change of one layer's units travels through a network: forward to every layer that gets
 * their outputs, and where outputs are added, back to the other layers whose units they are then
 * too. Whatever isn't known to take it is refused.
 */
final class WidthPropagation {

    /** Vertices whose output has the features of each of their inputs. */
    private static final Set<Class<?>> PASSING =
            Set.of(
                    ElementWiseVertex.class,
                    StackVertex.class,
                    UnstackVertex.class,
                    ScaleVertex.class,
                    ShiftVertex.class,
                    PreprocessorVertex.class,
                    LastTimeStepVertex.class,
                    DuplicateToTimeSeriesVertex.class,
                    ReverseTimeSeriesVertex.class);

    private final PlasticNetwork network;
    private final Map<String, NetworkNode> nodes;
    private final UnitChange change;

    /** The layers whose units change. */
    private final Set<String> producers = new LinkedHashSet<>();

    /** What each node gives to the next; only what is touched. */
    private final Map<String, Features> outputs = new LinkedHashMap<>();

    /**
     * What a change does to one layer.
     *
     * @param in its inputs, behind the preprocessor
     * @param units its units
     */
    record Reached(NetworkNode node, Features in, Features units) {

        /** {@return the axes of its parameters} */
        List<ParameterAxes> parameters() {
            return LayerAxes.of(node.layerConf(), in, units);
        }
    }

    private WidthPropagation(
            PlasticNetwork network, Map<String, NetworkNode> nodes, UnitChange change) {
        this.network = network;
        this.nodes = nodes;
        this.change = change;
    }

    /**
     * {@return how a change of a layer's units travels}
     *
     * @throws IllegalArgumentException if there is no such layer, its units can't change, or
     *     something that they reach can't take the change
     */
    static WidthPropagation of(PlasticNetwork network, String layerId, UnitChange change) {
        Map<String, NetworkNode> nodes = NetworkNode.of(network);
        requireUnits(nodes, layerId);
        WidthPropagation propagation = new WidthPropagation(network, nodes, change);
        propagation.addProducer(nodes.get(layerId));
        propagation.travel();
        return propagation;
    }

    /** {@return the number of a layer's units} */
    static int units(PlasticNetwork network, String layerId) {
        Map<String, NetworkNode> nodes = NetworkNode.of(network);
        return LayerAxes.units(requireUnits(nodes, layerId).layerConf());
    }

    private static NetworkNode requireUnits(Map<String, NetworkNode> nodes, String layerId) {
        NetworkNode node = nodes.get(layerId);
        if (node == null || !node.isLayer()) {
            throw new IllegalArgumentException(
                    "expected one of the layers %s, got '%s'"
                            .formatted(
                                    nodes.values().stream()
                                            .filter(NetworkNode::isLayer)
                                            .map(NetworkNode::id)
                                            .toList(),
                                    layerId));
        }
        LayerAxes.obstacleToResizing(node.layerConf())
                .ifPresent(
                        obstacle -> {
                            throw refusal(node, obstacle);
                        });
        return node;
    }

    private void addProducer(NetworkNode node) {
        LayerAxes.obstacleToResizing(node.layerConf())
                .ifPresent(
                        obstacle -> {
                            throw refusal(node, obstacle);
                        });
        int units = LayerAxes.units(node.layerConf());
        if (units != change.before()) {
            throw refusal(
                    node,
                    "it has %d units, the change is one of %d".formatted(units, change.before()));
        }
        requireIndependentUnits(node);
        producers.add(node.id());
    }

    private static void requireIndependentUnits(NetworkNode node) {
        Layer conf = LayerAxes.unwrapped(node.layerConf());
        IActivation activation =
                conf instanceof ActivationLayer layer
                        ? layer.getActivationFn()
                        : conf instanceof BaseLayer layer ? layer.getActivationFn() : null;
        if (activation instanceof ActivationSoftmax) {
            throw refusal(node, "softmax makes the output of each unit depend on all of them");
        }
        if (conf instanceof PReLULayer slopes
                && slopes.getSharedAxes() != null
                && slopes.getSharedAxes().length > 0) {
            throw refusal(node, "slopes that units share can't be widened");
        }
    }

    static IllegalArgumentException refusal(NetworkNode node, String why) {
        return new IllegalArgumentException(
                "%s (%s): its width can't change: %s".formatted(node.called(), node.type(), why));
    }

    /** Goes forward again and again until every sum has inputs that change alike. */
    private void travel() {
        while (!forward()) {
            outputs.clear();
        }
    }

    /** {@return whether it got to the end; if not, there are more producers than before} */
    private boolean forward() {
        for (NetworkNode node : nodes.values()) {
            boolean reached = node.inputs().stream().anyMatch(outputs::containsKey);
            if (producers.contains(node.id())) {
                outputs.put(node.id(), LayerAxes.output(node.layerConf(), Features.of(change)));
            } else if (reached && node.isLayer()) {
                passLayer(node);
            } else if (reached && !passVertex(node)) {
                return false;
            }
            if (node.isOutput() && outputs.containsKey(node.id())) {
                throw refusal(node, "its outputs are the network's");
            }
        }
        return true;
    }

    private void passLayer(NetworkNode node) {
        if (LayerAxes.isPassing(node.layerConf())) {
            requireIndependentUnits(node);
            outputs.put(node.id(), input(node));
        } else if (!LayerAxes.isWeighted(node.layerConf())) {
            throw refusal(node, "nothing is known of what a change before it does to its type");
        }
    }

    /** {@return whether all went well; if not, there are more producers than before} */
    private boolean passVertex(NetworkNode node) {
        GraphVertex vertex = node.vertex();
        if (vertex instanceof MergeVertex merge) {
            outputs.put(node.id(), merged(node, merge));
            return true;
        } else if (!PASSING.contains(vertex.getClass())) {
            throw refusal(node, "nothing is known of what a change before it does to its type");
        }
        Features first =
                node.inputs().stream()
                        .filter(outputs::containsKey)
                        .map(outputs::get)
                        .findFirst()
                        .orElseThrow();
        boolean sameForAll = vertex instanceof ElementWiseVertex || vertex instanceof StackVertex;
        int known = producers.size();
        if (sameForAll) {
            for (String input : node.inputs()) {
                if (!outputs.containsKey(input)) {
                    changeUnitsOf(node, input);
                } else if (!outputs.get(input).equals(first)) {
                    throw refusal(node, "its inputs would change in different ways");
                }
            }
        }
        outputs.put(node.id(), PreProcessors.behind(node, node.preProcessor(), first));
        return producers.size() == known;
    }

    /** Has the layers whose output comes to a sum unchanged so far change too. */
    private void changeUnitsOf(NetworkNode sum, String input) {
        NetworkNode node = nodes.get(input);
        if (node == null) {
            throw refusal(sum, "input %s of the network can't change".formatted(input));
        } else if (node.isLayer() && LayerAxes.isWeighted(node.layerConf())) {
            addProducer(node);
        } else if (isPassing(node)) {
            node.inputs().forEach(before -> changeUnitsOf(sum, before));
        } else {
            throw refusal(
                    sum,
                    "its input from %s (%s) can't change with the others"
                            .formatted(node.id(), node.type()));
        }
    }

    /** {@return whether a node gives the features it gets to the next, each by itself} */
    private static boolean isPassing(NetworkNode node) {
        return node.preProcessor() == null
                && (node.isLayer()
                        ? LayerAxes.isPassing(node.layerConf())
                        : PASSING.contains(node.vertex().getClass()));
    }

    private Features merged(NetworkNode node, MergeVertex merge) {
        if (merge.getMergeAxis() != 1) {
            throw refusal(
                    node, "expected a merge of features along axis 1, got " + merge.getMergeAxis());
        }
        return Features.concat(
                node.inputs().stream()
                        .map(
                                input ->
                                        outputs.containsKey(input)
                                                ? outputs.get(input)
                                                : Features.untouched(width(node, input)))
                        .toArray(Features[]::new));
    }

    /** {@return the number of features of a node that doesn't change} */
    private int width(NetworkNode asking, String id) {
        NetworkNode node = nodes.get(id);
        if (node != null && node.isLayer() && LayerAxes.isWeighted(node.layerConf())) {
            UnitChange none = UnitChange.none(LayerAxes.units(node.layerConf()));
            return LayerAxes.output(node.layerConf(), Features.of(none)).sizeAfter();
        } else if (node != null && node.vertex() instanceof MergeVertex) {
            return node.inputs().stream().mapToInt(input -> width(asking, input)).sum();
        }
        if (node == null || !isPassing(node)) {
            throw refusal(
                    asking, "the number of features of its input %s is not known".formatted(id));
        }
        return width(asking, node.inputs().get(0));
    }

    /** {@return what a layer gets, behind its preprocessor; untouched if nothing changes} */
    private Features input(NetworkNode node) {
        Features features = outputs.get(node.inputs().get(0));
        if (features == null) {
            return Features.untouched(LayerAxes.inputs(node.layerConf()));
        }
        return PreProcessors.behind(node, node.preProcessor(), features);
    }

    /** {@return the layers that change, in the order of the network} */
    List<Reached> layers() {
        List<Reached> layers = new ArrayList<>();
        for (NetworkNode node : nodes.values()) {
            boolean producer = producers.contains(node.id());
            boolean reached = node.inputs().stream().anyMatch(outputs::containsKey);
            if (node.isLayer() && (producer || reached)) {
                Features in = input(node);
                Features units =
                        producer
                                ? Features.of(change)
                                : LayerAxes.isPassing(node.layerConf())
                                        ? in
                                        : Features.untouched(LayerAxes.units(node.layerConf()));
                layers.add(new Reached(node, in, units));
            }
        }
        return layers;
    }

    /** {@return the layers whose own units change} */
    List<NetworkNode> producers() {
        return producers.stream().map(nodes::get).toList();
    }

    /**
     * {@return what units go through that a constant output doesn't leave as it is everywhere: a
     * vertex other than a merge, a padding with zeros; empty if there is nothing}
     */
    Optional<String> obstacleBetween() {
        return nodes.values().stream()
                .filter(node -> outputs.containsKey(node.id()))
                .filter(
                        node ->
                                node.isLayer()
                                        ? LayerAxes.isZeroPadding(node.layerConf())
                                        : !(node.vertex() instanceof MergeVertex))
                .map(node -> "%s (%s) lies between".formatted(node.called(), node.type()))
                .findFirst();
    }

    /** Puts a gate before all layers with weights that some units' outputs come to. */
    void gate(boolean[] gated, UnitGate gate, long seed, int iteration) {
        for (Reached each : layers()) {
            NetworkNode node = each.node();
            if (LayerAxes.isWeighted(node.layerConf()) && each.in().isTouched()) {
                int[] units =
                        Arrays.stream(each.in().after())
                                .map(unit -> unit >= 0 && gated[unit] ? unit : -1)
                                .toArray();
                node.conf()
                        .setLayer(
                                LayerAxes.withDropout(
                                        node.layerConf(),
                                        before ->
                                                UnitGates.with(
                                                        before, seed, units, gate, iteration)));
            }
        }
    }

    /** Gives layers their new sizes and preprocessors their new number of channels. */
    void reconfigure() {
        for (Reached each : layers()) {
            NetworkNode node = each.node();
            Layer resized =
                    LayerAxes.resized(
                            node.layerConf(), each.in().sizeAfter(), each.units().sizeAfter());
            node.conf()
                    .setLayer(
                            LayerAxes.withDropout(
                                    resized,
                                    before ->
                                            before instanceof UnitGates gates
                                                    ? gates.resized(each.in().sources())
                                                    : before));
        }
        for (NetworkNode node : nodes.values()) {
            Features features =
                    node.preProcessor() == null ? null : outputs.get(node.inputs().get(0));
            if (features != null) {
                network.setPreProcessor(
                        node.id(),
                        PreProcessors.resized(node.preProcessor(), features.sizeAfter()));
            }
        }
    }
}
