package org.dl4jplasticity.surgery;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;

/**
 * The layers and vertices of a network and how they are connected, to be changed before a new
 * network is made of them. The network itself stays as it is, and so do the ids of its parts: a
 * layer that was number 3 is "3" here, whatever goes before it.
 *
 * <p>In the new network a part that the first one had keeps its configuration, parameters and
 * optimizer state, masks and sparse connections, bit for bit, and the counts of iterations and
 * epochs go on. Parts that are new get parameters by their own initialization and empty optimizer
 * slots. The new network has no listeners.
 */
public final class NetworkOutline {
    private final PlasticNetwork network;
    private final Map<String, Part> parts = new LinkedHashMap<>();

    private NetworkOutline(PlasticNetwork network) {
        this.network = network;
    }

    /**
     * A layer or vertex of an outline.
     *
     * @param node what it is; without a layer at run time if it is new
     * @param inputs ids of the parts and the network's inputs that it gets its inputs from
     * @param preProcessors what its input goes through, in this order
     */
    public record Part(
            NetworkNode node, List<String> inputs, List<InputPreProcessor> preProcessors) {

        /**
         * Copies the lists.
         *
         * @param node what it is
         * @param inputs ids
         * @param preProcessors what its input goes through
         */
        public Part {
            inputs = List.copyOf(inputs);
            preProcessors = List.copyOf(preProcessors);
        }

        /** {@return its id} */
        public String id() {
            return node.id();
        }

        /** {@return whether the network that the outline is of has it not} */
        public boolean isNew() {
            return node.isLayer() && node.layer() == null;
        }

        private Part with(List<String> otherInputs, List<InputPreProcessor> others) {
            return new Part(node, otherInputs, others);
        }
    }

    /**
     * {@return the outline of a network}
     *
     * @param model an initialized MultiLayerNetwork or ComputationGraph
     * @throws IllegalArgumentException if it is anything else, or not initialized
     */
    public static NetworkOutline of(Model model) {
        PlasticNetwork network = PlasticNetwork.of(model);
        boolean initialized =
                model instanceof MultiLayerNetwork sequential
                        ? sequential.isInitCalled()
                        : ((ComputationGraph) model).getVertices() != null;
        if (!initialized) {
            throw new IllegalArgumentException(
                    "expected an initialized network, got one without parameters: call init() first");
        }
        NetworkOutline outline = new NetworkOutline(network);
        for (NetworkNode node : NetworkNode.of(network).values()) {
            outline.parts.put(
                    node.id(),
                    new Part(node, node.inputs(), Stream.ofNullable(node.preProcessor()).toList()));
        }
        return outline;
    }

    /** {@return another outline, the same so far, of the same network} */
    public NetworkOutline copy() {
        NetworkOutline copy = new NetworkOutline(network);
        copy.parts.putAll(parts);
        return copy;
    }

    /** {@return the network that it is of} */
    public Model network() {
        return network.model();
    }

    /** {@return all parts by id, each after those it depends on; a view} */
    public Map<String, Part> parts() {
        return Collections.unmodifiableMap(parts);
    }

    /**
     * {@return a part}
     *
     * @param id its id
     * @throws IllegalArgumentException if there is none
     */
    public Part part(String id) {
        return Optional.ofNullable(parts.get(id))
                .orElseThrow(
                        () ->
                                new IllegalArgumentException(
                                        "expected one of the layers and vertices %s, got '%s'"
                                                .formatted(parts.keySet(), id)));
    }

    /**
     * {@return the parts that get what another puts out}
     *
     * @param id of a part, or an input of the network
     */
    public List<Part> consumers(String id) {
        return parts.values().stream().filter(part -> part.inputs().contains(id)).toList();
    }

    /**
     * {@return why a part can't be left out; empty if it can} Whether what comes after it can take
     * what it gets is for the caller to know.
     *
     * @param id of a part
     */
    public Optional<String> obstacleToBypassing(String id) {
        Part part = part(id);
        if (part.node().isOutput()) {
            return Optional.of("it is an output of the network");
        } else if (part.inputs().size() != 1) {
            return Optional.of("expected one input to stand for it, got " + part.inputs().size());
        } else if (!part.preProcessors().isEmpty()
                && !consumers(id).stream().allMatch(each -> each.node().isLayer())) {
            return Optional.of("its preprocessor can't be given to what is no layer");
        }
        return Optional.empty();
    }

    /**
     * Leaves a part out: those that got its output get its input, through its preprocessors.
     *
     * @param id of a part
     * @throws IllegalArgumentException if there is an {@linkplain #obstacleToBypassing obstacle}
     */
    public void bypass(String id) {
        obstacleToBypassing(id)
                .ifPresent(
                        obstacle -> {
                            throw new IllegalArgumentException(
                                    "%s can't be left out: %s"
                                            .formatted(part(id).node().called(), obstacle));
                        });
        Part gone = parts.remove(id);
        for (Part consumer : consumers(id)) {
            List<InputPreProcessor> all = new ArrayList<>(gone.preProcessors());
            all.addAll(consumer.preProcessors());
            Part changed = consumer.with(replaced(consumer, id, gone.inputs().get(0)), all);
            parts.put(consumer.id(), changed);
        }
    }

    /**
     * Has those that get what one part puts out get what another does.
     *
     * @param from whose output they get
     * @param to whose output they are to get, in its place among their inputs
     */
    public void reconnect(String from, String to) {
        for (Part consumer : consumers(from)) {
            List<String> inputs = replaced(consumer, from, to);
            parts.put(consumer.id(), consumer.with(inputs, consumer.preProcessors()));
        }
    }

    private static List<String> replaced(Part part, String from, String to) {
        return part.inputs().stream().map(input -> input.equals(from) ? to : input).toList();
    }

    /**
     * Takes a part away, and from the inputs of those that got its output.
     *
     * @param id of a part
     */
    public void remove(String id) {
        part(id);
        parts.remove(id);
        for (Part consumer : consumers(id)) {
            List<String> others =
                    consumer.inputs().stream().filter(input -> !input.equals(id)).toList();
            parts.put(consumer.id(), consumer.with(others, consumer.preProcessors()));
        }
    }

    /**
     * Adds a layer. Until others are {@linkplain #reconnect reconnected} nobody gets its output.
     *
     * @param before what it comes before, in the order of the parts; it must come after its input
     * @param id a new one; in a ComputationGraph the name of its vertex
     * @param input id of the part or input of the network that it gets the output of
     * @param conf nobody else's
     * @throws IllegalArgumentException if there is such a part
     */
    public void insert(String before, String id, String input, NeuralNetConfiguration conf) {
        part(before);
        if (parts.containsKey(id)) {
            throw new IllegalArgumentException(
                    "expected another name for a new layer than those of %s, got '%s'"
                            .formatted(parts.keySet(), id));
        }
        conf.clearVariables();
        List<Part> all = List.copyOf(parts.values());
        parts.clear();
        for (Part part : all) {
            if (part.id().equals(before)) {
                NetworkNode node =
                        new NetworkNode(id, List.of(input), conf, null, null, null, false);
                parts.put(id, new Part(node, List.of(input), List.of()));
            }
            parts.put(part.id(), part);
        }
    }

    /**
     * Puts a new layer in the place of one, with its inputs, its id and those that get its output.
     *
     * @param id of a layer
     * @param layer nobody else's
     */
    public void replace(String id, Layer layer) {
        Part part = part(id);
        NeuralNetConfiguration conf = part.node().conf().clone();
        conf.setLayer(layer);
        conf.clearVariables();
        NetworkNode node =
                new NetworkNode(id, part.inputs(), conf, null, null, null, part.node().isOutput());
        parts.put(id, new Part(node, part.inputs(), part.preProcessors()));
    }

    /**
     * {@return a new network of the class of the first}
     *
     * @param seed of the parameters of new layers, in the order of the network
     * @throws IllegalArgumentException if no layer is left
     */
    public Model build(long seed) {
        if (parts.values().stream().noneMatch(part -> part.node().isLayer())) {
            throw new IllegalArgumentException("expected a layer to be left, got none");
        }
        return OutlinedNetwork.of(this, new SplittableRandom(seed));
    }

    /**
     * {@return the id of a part in the network that is {@linkplain #build built}}
     *
     * @param id its id here
     */
    public String idInBuilt(String id) {
        part(id);
        return network.model() instanceof MultiLayerNetwork
                ? Integer.toString(List.copyOf(parts.keySet()).indexOf(id))
                : id;
    }
}
