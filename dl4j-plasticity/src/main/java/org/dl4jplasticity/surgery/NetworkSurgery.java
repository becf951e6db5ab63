package org.dl4jplasticity.surgery;

import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.deeplearning4j.nn.api.Model;
import org.dl4jplasticity.dropout.UnitGate;
import org.dl4jplasticity.layers.SparseLayer;
import org.dl4jplasticity.mask.MaskableWeights;
import org.dl4jplasticity.topology.SparseTopology;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Adds units to layers of an initialized network and takes units away, in place: configuration,
 * parameters, gradients and optimizer state change their size, everything that stays keeps its
 * value, and the counts of iterations and epochs go on. The next layers change with it, and layers
 * whose outputs are added to those of the changed one get the same units. To be called at rest, in
 * {@code iterationDone} or {@code onEpochEnd} of a listener (with truncated backpropagation through
 * time in {@code onEpochEnd} only); a {@code ParallelWrapper} must be made anew afterwards.
 *
 * <p>Sparse weights, packed or masked, keep their connections; a new unit gets as many as the
 * density of the weights asks for. A layer with layer normalization may be widened, but it
 * normalizes over its new units too, so that no initialization leaves its outputs as they were.
 *
 * <p>What can't be changed is refused before anything is: layers and vertices of other types than
 * those known here, outputs of the network, softmax within it, frozen layers.
 */
public final class NetworkSurgery {
    private final PlasticNetwork network;

    private NetworkSurgery(PlasticNetwork network) {
        this.network = network;
    }

    /**
     * {@return surgery on a network}
     *
     * @param model an initialized MultiLayerNetwork or ComputationGraph
     * @throws IllegalArgumentException if it is anything else, or trained in a way that no change
     *     of structure can be part of
     */
    public static NetworkSurgery of(Model model) {
        PlasticNetwork network = PlasticNetwork.of(model);
        network.requireServable();
        return new NetworkSurgery(network);
    }

    /** {@return the ids of the layers whose width can change, in the order of the network} */
    public List<String> layers() {
        return NetworkNode.of(network).values().stream()
                .filter(NetworkNode::isLayer)
                .filter(node -> LayerAxes.obstacleToResizing(node.layerConf()).isEmpty())
                .map(NetworkNode::id)
                .filter(this::isResizable)
                .toList();
    }

    private boolean isResizable(String layerId) {
        try {
            WidthPropagation.of(network, layerId, UnitChange.none(width(layerId)));
            return true;
        } catch (IllegalArgumentException refused) {
            return false;
        }
    }

    /**
     * {@return the number of a layer's units: neurons, or channels of a convolution}
     *
     * @param layerId the layer's index in a MultiLayerNetwork, its vertex' name in a
     *     ComputationGraph
     * @throws IllegalArgumentException if there is no such layer, or it has no units that can
     *     change
     */
    public int width(String layerId) {
        return WidthPropagation.units(network, layerId);
    }

    /**
     * {@return how many parameters the network would have more of if a layer were widened; where
     * weights are sparse about as many}
     *
     * @param layerId the layer
     * @param added how many units, at least 1
     * @throws IllegalArgumentException if the layer can't be widened
     */
    public long cost(String layerId, int added) {
        UnitChange change = UnitChange.widen(width(layerId), added);
        return parameters(WidthPropagation.of(network, layerId, change)).values().stream()
                .mapToLong(ResizedParameter::cost)
                .sum();
    }

    /**
     * {@return a layer's units, to look at and to change in place, values and optimizer slots} What
     * is written is in the network at once. Good until the network changes its shape.
     *
     * @param layerId the layer
     * @throws IllegalArgumentException if its width can't change
     */
    public Units units(String layerId) {
        UnitChange none = UnitChange.none(width(layerId));
        WidthPropagation propagation = WidthPropagation.of(network, layerId, none);
        return UnitViews.of(propagation, parameters(propagation), none.after());
    }

    /**
     * Adds units to a layer, behind those it has.
     *
     * @param layerId the layer
     * @param added how many, at least 1
     * @param start what they start with
     * @param seed of everything random
     * @return what changed
     * @throws IllegalArgumentException if the layer can't be widened, or not this way; the network
     *     is unchanged then
     */
    public Resized widen(String layerId, int added, UnitInitialization start, long seed) {
        UnitChange change = UnitChange.widen(width(layerId), added);
        WidthPropagation propagation = WidthPropagation.of(network, layerId, change);
        RandomGenerator random = new SplittableRandom(seed);
        UnitInitialization.Plan plan =
                start.plan(
                        new UnitInitialization.Site(network.model(), layerId, units(layerId)),
                        added,
                        random);
        int[] templates = plan.templates(change.before(), added);
        return resize(layerId, propagation, change, templates, random, plan);
    }

    /**
     * Has the layers that get some units' outputs let them through a gate while training. What a
     * recurrent layer gets from itself has none. Gates stay where they are when widths change.
     *
     * @param layerId the layer whose units they are
     * @param units which ones
     * @param gate the gate
     * @param seed of all chances, where there are no gates yet
     * @throws IllegalArgumentException if there is no such layer or unit, or its width can't change
     */
    public void gate(String layerId, int[] units, UnitGate gate, long seed) {
        int width = width(layerId);
        boolean[] gated = new boolean[width];
        for (int unit : units) {
            if (unit < 0 || unit >= width) {
                throw new IllegalArgumentException(
                        "layer %s: units to gate must be in [0, %d), got %d"
                                .formatted(layerId, width, unit));
            }
            gated[unit] = true;
        }
        WidthPropagation propagation =
                WidthPropagation.of(network, layerId, UnitChange.none(width));
        int iteration = network.iteration();
        network.rebuild(
                (parameter, values) -> values,
                (parameter, slots) -> slots,
                () -> propagation.gate(gated, gate, seed, iteration));
    }

    /**
     * Takes units from a layer; the others move up.
     *
     * @param layerId the layer
     * @param removed which, at least one and not all
     * @return what changed
     * @throws IllegalArgumentException if the layer can't be narrowed, or sparse weights would be
     *     left without a connection; the network is unchanged then
     */
    public Resized narrow(String layerId, int... removed) {
        UnitChange change = UnitChange.narrow(width(layerId), removed);
        WidthPropagation propagation = WidthPropagation.of(network, layerId, change);
        return resize(
                layerId,
                propagation,
                change,
                new int[0],
                new SplittableRandom(0), // nothing is new
                (units, firstNew) -> {});
    }

    /**
     * Gives a layer another width, new units of which have no connections and no weights.
     *
     * @param topologies of all sparse weights, in place of the network's own
     * @return what becomes of those topologies
     */
    List<ResizedTopology> resize(
            String layerId, UnitChange change, Map<String, SparseTopology> topologies) {
        WidthPropagation propagation = WidthPropagation.of(network, layerId, change);
        List<ResizedTopology> resized =
                parameters(propagation, topologies).values().stream()
                        .map(ResizedParameter::reshaped)
                        .flatMap(Optional::stream)
                        .toList();
        int[] templates = new int[change.added().length];
        Arrays.fill(templates, -1);
        resize(
                layerId,
                propagation,
                change,
                templates,
                new SplittableRandom(0), // of connections that nobody looks at
                (units, firstNew) -> {});
        return resized;
    }

    private Resized resize(
            String layerId,
            WidthPropagation propagation,
            UnitChange change,
            int[] templates,
            RandomGenerator random,
            UnitInitialization.Plan plan) {
        Map<String, ResizedParameter> parameters = parameters(propagation);
        int firstNew = change.after() - templates.length;
        parameters.values().forEach(each -> each.resize(firstNew, templates, random));
        if (templates.length > 0) {
            plan.write(UnitViews.of(propagation, parameters, change.after()), firstNew);
        }
        network.rebuild(
                (parameter, values) -> carry(parameters, parameter, values, false),
                (parameter, slots) -> carry(parameters, parameter, slots, true),
                () -> reconfigure(propagation, parameters));
        setMasks(parameters);
        return new Resized(
                layerId,
                change,
                parameters.values().stream()
                        .map(ResizedParameter::topology)
                        .flatMap(Optional::stream)
                        .toList());
    }

    private static INDArray carry(
            Map<String, ResizedParameter> parameters,
            NetworkParameter parameter,
            INDArray vector,
            boolean slots) {
        ResizedParameter resized = parameters.get(parameter.id());
        if (resized == null) {
            return vector;
        }
        return slots ? resized.slots(vector) : resized.values(vector);
    }

    private static void reconfigure(
            WidthPropagation propagation, Map<String, ResizedParameter> parameters) {
        propagation.reconfigure();
        for (WidthPropagation.Reached layer : propagation.layers()) {
            if (layer.node().layerConf() instanceof SparseLayer sparse) {
                ResizedParameter weights = parameters.get(layer.node().id() + "/W");
                sparse.setTopology(weights.topology().orElseThrow().after());
            }
        }
    }

    private void setMasks(Map<String, ResizedParameter> parameters) {
        for (MaskableWeights weights : MaskableWeights.of(network.model())) {
            Optional.ofNullable(parameters.get(weights.id()))
                    .flatMap(ResizedParameter::topology)
                    .ifPresent(topology -> weights.setMask(topology.after()));
        }
    }

    /** {@return all parameters of the layers that change, by id, in the order of the network} */
    private Map<String, ResizedParameter> parameters(WidthPropagation propagation) {
        return parameters(propagation, network.topologies());
    }

    private Map<String, ResizedParameter> parameters(
            WidthPropagation propagation, Map<String, SparseTopology> topologies) {
        Map<String, NetworkParameter> table = new HashMap<>();
        network.table().forEach(parameter -> table.put(parameter.id(), parameter));
        Map<String, ResizedParameter> parameters = new LinkedHashMap<>();
        for (WidthPropagation.Reached layer : propagation.layers()) {
            boolean packed = layer.node().layerConf() instanceof SparseLayer;
            for (ParameterAxes axes : layer.parameters()) {
                String id = layer.node().id() + "/" + axes.key();
                NetworkParameter parameter = table.get(id);
                SparseTopology topology = topologies.get(id);
                ResizedParameter resized =
                        topology == null
                                ? ResizedParameter.dense(parameter, axes)
                                : packed
                                        ? ResizedParameter.packed(parameter, axes, topology)
                                        : ResizedParameter.masked(parameter, axes, topology);
                parameters.put(id, resized);
            }
        }
        return parameters;
    }
}
