package org.dl4jplasticity.sparse;

import org.deeplearning4j.nn.params.DefaultParamInitializer;
import org.dl4jplasticity.checkpoint.StateArrays;
import org.dl4jplasticity.mask.MaskableWeights;
import org.dl4jplasticity.sparse.SparsityReport.LayerReport;
import org.dl4jplasticity.surgery.NetworkParameter;
import org.dl4jplasticity.surgery.PlasticNetwork;
import org.dl4jplasticity.topology.SparseTopology;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.node.ObjectNode;

/**
 * A weight parameter with the latent weights that are trained in its stead. At rest the parameter
 * holds the effective weights, a function of the latent ones. During a step, between the backward
 * pass and {@code iterationDone}, it holds what the updater is to act on.
 *
 * <p>All vectors are in the order of DL4J's flat parameter vector, as long as the parameter, in its
 * data type. What lies beyond the topology's last row (peepholes) is trained as usual.
 */
abstract class LatentWeights {
    private final String id;
    private final INDArray latent;
    private MaskableWeights maskable;
    private NetworkParameter parameter;

    /** The active weights when they were last looked at, and all that were by then. */
    private SparseTopology seen;

    private SparseTopology explored;
    private int dropped;
    private int grown;

    /** Takes the weights of the network, as they are, for latent ones. */
    LatentWeights(MaskableWeights maskable, NetworkParameter parameter) {
        this.id = maskable.id();
        this.latent = parameter.values().dup();
        this.maskable = maskable;
        this.parameter = parameter;
    }

    /** Takes the views of the network's arrays as they are now. */
    void bind(MaskableWeights newMaskable, NetworkParameter newParameter) {
        if (newParameter.length() != latent.length()) {
            throw new IllegalStateException(
                    ("%s: the latent weights are %d, but the layer has been resized to %d; finish the"
                                    + " training before a change of size and begin another one after")
                            .formatted(name(), latent.length(), newParameter.length()));
        }
        maskable = newMaskable;
        parameter = newParameter;
    }

    /**
     * Turns the gradient of the effective weights into that of the latent ones, and puts into the
     * network what the updater is to act on.
     *
     * @param examples what the updater will divide the gradient by
     */
    abstract void enterStep(double examples);

    /**
     * Takes the latent weights back from the network.
     *
     * @param iteration of the step, counted from 0
     * @param epoch of the step, counted from 0
     */
    abstract void leaveStep(int iteration, int epoch);

    /** {@return the effective weights, a new array} */
    abstract INDArray effective();

    /** {@return the active weights: those whose effective value the network computes with} */
    abstract SparseTopology active();

    /** {@return the number of active weights} */
    abstract long activeCount();

    /** {@return the number of weights whose gradient is needed} */
    abstract long backwardCount();

    /** {@return the number of active weights that is aimed at} */
    abstract long target();

    /** Lays the mask that holds when training begins. */
    abstract void begin();

    /** Fails if the network has no active weight here any more. */
    abstract void requireActive();

    /** Puts the effective weights into the network. */
    void show() {
        values().assign(effective());
    }

    /** Makes the network what it was before a step that was broken off. */
    void takeBack() {
        show();
    }

    /** Lays the active weights as a mask and sets the optimizer's slots of the others to zero. */
    void finish() {
        SparseTopology active = active();
        maskable.setMask(active);
        clearSlots(maskable.maskArray());
    }

    /** {@return the weights that were active when last looked at} */
    SparseTopology seen() {
        return seen;
    }

    /** {@return the weights that have been active at some time, when last looked at} */
    SparseTopology explored() {
        return explored;
    }

    /** Takes note of the active weights of this moment. */
    void look() {
        SparseTopology now = active();
        if (seen == null) {
            explored = now;
        } else {
            int both = seen.activeCount() + now.activeCount() - seen.union(now).activeCount();
            dropped = seen.activeCount() - both;
            grown = now.activeCount() - both;
            explored = explored.union(now);
        }
        seen = now;
    }

    /** Sets the optimizer's slots of weights that a mask leaves out to zero. */
    void clearSlots(INDArray mask) {
        parameter.slots().forEach(slot -> keepOnly(slot, mask));
    }

    /** Sets a vector to 0, not to -0, where a mask is 0. */
    static INDArray keepOnly(INDArray vector, INDArray mask) {
        return vector.muli(mask).addi(0.0);
    }

    String id() {
        return id;
    }

    String name() {
        String layer = PlasticNetwork.name(parameter.layer());
        return parameter.name().equals(DefaultParamInitializer.WEIGHT_KEY)
                ? layer
                : layer + " " + parameter.name();
    }

    MaskableWeights maskable() {
        return maskable;
    }

    NetworkParameter parameter() {
        return parameter;
    }

    INDArray latent() {
        return latent;
    }

    INDArray values() {
        return parameter.values();
    }

    /** {@return the part of a vector that the topology is about, a view} */
    INDArray connections(INDArray vector) {
        long possible = possible();
        return possible == vector.length()
                ? vector
                : vector.get(NDArrayIndex.interval(0, possible));
    }

    long possible() {
        return (long) maskable.rowLength() * maskable.rows();
    }

    LayerReport report() {
        SparseTopology now = active();
        return LayerReport.of(
                id, name(), now, target(), explored.union(now).activeCount(), dropped, grown);
    }

    /** Writes everything a resumed run needs. */
    void save(ObjectNode state) {
        state.put("id", id);
        StateArrays.put(state, "latent", latent);
        state.put("explored", explored.toText());
        state.put("seen", seen.toText());
        state.put("dropped", dropped);
        state.put("grown", grown);
    }

    /** Reads what {@link #save} wrote; changes nothing of the network. */
    void restore(JsonNode state) {
        latent.assign(numbers(state, "latent", latent.length(), latent.dataType()));
        explored = topology(state, "explored");
        seen = topology(state, "seen");
        dropped = state.path("dropped").asInt();
        grown = state.path("grown").asInt();
    }

    INDArray numbers(JsonNode state, String field, long length, DataType type) {
        INDArray numbers;
        try {
            numbers = StateArrays.get(state, field, length, type);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("%s: %s".formatted(name(), e.getMessage()), e);
        }
        if (numbers == null) {
            throw new IllegalArgumentException(
                    "%s: expected %d numbers as '%s' in the state, got none"
                            .formatted(name(), length, field));
        }
        return numbers.reshape(length);
    }

    SparseTopology topology(JsonNode state, String field) {
        SparseTopology topology = SparseTopology.parse(state.path(field).asText());
        if (topology.nIn() != maskable.rowLength() || topology.nOut() != maskable.rows()) {
            throw new IllegalArgumentException(
                    "%s: '%s' in the state must be %d x %d, got %d x %d"
                            .formatted(
                                    name(),
                                    field,
                                    maskable.rowLength(),
                                    maskable.rows(),
                                    topology.nIn(),
                                    topology.nOut()));
        }
        return topology;
    }
}
