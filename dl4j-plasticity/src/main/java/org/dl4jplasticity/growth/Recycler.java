package org.dl4jplasticity.growth;

import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.function.Function;
import org.deeplearning4j.nn.api.Model;
import org.dl4jplasticity.surgery.PlasticNetwork;
import org.dl4jplasticity.surgery.UnitVectors;
import org.dl4jplasticity.surgery.Units;
import org.dl4jplasticity.topology.SparseTopology;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Lets units of the network that a listener serves start anew. */
final class Recycler {
    private final String method;
    private final OptionalLong seed;
    private final RecyclingJournal journal = new RecyclingJournal();

    /** The network that is served, once there is one. */
    private Model served;

    /** Its units, and what they were looked up in. */
    private List<HiddenUnits> layers;

    private INDArray gradientsOfLayers;
    private Object updaterOfLayers;
    private Map<String, SparseTopology> topologiesOfLayers;

    private long recycled;

    /**
     * Serves no network yet.
     *
     * @param method the listener's name
     * @param seed of everything random; if empty, the network's own
     */
    Recycler(String method, OptionalLong seed) {
        this.method = method;
        this.seed = seed;
    }

    RecyclingJournal journal() {
        return journal;
    }

    boolean isServing() {
        return served != null;
    }

    /** {@return the network, whose units are then those it has now} */
    PlasticNetwork serve(Model model) {
        // The first look may make DL4J create arrays that outlive the step.
        try (MemoryWorkspace none = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
            return serveOutsideWorkspaces(model);
        }
    }

    private PlasticNetwork serveOutsideWorkspaces(Model model) {
        PlasticNetwork network = PlasticNetwork.of(model);
        if (served == null) {
            look(network);
            if (layers.isEmpty()) {
                throw new IllegalArgumentException(
                        method
                                + " found no hidden layer whose units it could recycle in the"
                                + " network; recurrent layers are left alone");
            }
            served = model;
        } else if (served != model) {
            throw new IllegalStateException(
                    ("a %s listener serves one network and was called for a second; give each"
                                    + " network its own")
                            .formatted(method));
        } else if (gradientsOfLayers != network.gradients()
                || updaterOfLayers != network.updater()
                || !topologiesOfLayers.equals(network.topologies())) {
            look(network);
        }
        return network;
    }

    private void look(PlasticNetwork network) {
        layers = HiddenUnits.of(network);
        gradientsOfLayers = network.gradients();
        updaterOfLayers = network.updater();
        topologiesOfLayers = network.topologies();
    }

    /** {@return the units of the network that is served, layer by layer} */
    List<HiddenUnits> layers() {
        return layers;
    }

    /** {@return the number of units that were recycled so far} */
    long recycled() {
        return recycled;
    }

    void recycledBefore(long recycled) {
        this.recycled = recycled;
    }

    /** What units of one layer start with. */
    interface Start {

        /** {@return the distribution of a unit's incoming weights} */
        FreshWeights weights(UnitVectors incoming, int unit);

        /** Sets a unit's biases and their optimizer slots. */
        void bias(UnitVectors biases, int unit);
    }

    /**
     * Lets units of a layer start anew: with new incoming weights, outgoing ones of 0, and no
     * optimizer state.
     *
     * @param network that is served
     * @param layer whose units they are
     * @param recycled which units, ascending
     * @param start what they start with
     * @param scores numbers that led to it, by name
     */
    void recycle(
            PlasticNetwork network,
            HiddenUnits layer,
            int[] recycled,
            Start start,
            Map<String, Double> scores) {
        long stream = stream(network, layer);
        SplittableRandom random = new SplittableRandom(stream);
        Units units = layer.units();
        for (int unit : recycled) {
            for (UnitVectors incoming : units.incoming()) {
                incoming.set(unit, start.weights(incoming, unit).draw(incoming, unit, random));
                incoming.clearSlots(unit);
            }
            units.biases().forEach(biases -> start.bias(biases, unit));
            units.passing().forEach(passing -> passing.reset(unit));
            units.outgoing().forEach(outgoing -> outgoing.reset(unit));
        }
        this.recycled += recycled.length;
        journal.note(
                network,
                units.count(),
                new RecycledUnits(
                        network.iteration(),
                        network.epoch(),
                        layer.id(),
                        recycled,
                        stream,
                        Map.copyOf(scores)));
    }

    /** Distinct layers and times draw from distinct streams. */
    private long stream(PlasticNetwork network, HiddenUnits layer) {
        long base = seed.orElseGet(() -> network.layers().get(0).conf().getSeed());
        return base
                ^ 0x9E3779B97F4A7C15L * (layer.id().hashCode() + 1L)
                ^ 0xD1B54A32D192ED03L * (network.iteration() + 1L);
    }

    /** {@return activations by vertex, from those of a MultiLayerNetwork in training} */
    static Function<String, INDArray> byVertex(List<INDArray> activations) {
        return vertex -> activations.get(Integer.parseInt(vertex) + 1);
    }
}
