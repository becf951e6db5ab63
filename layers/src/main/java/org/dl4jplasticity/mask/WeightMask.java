package org.dl4jplasticity.mask;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.layers.LayerConstraint;
import org.dl4jplasticity.topology.SparseTopology;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * The masks of one layer: for each masked parameter the topology of its active weights. An
 * immutable value; it rides in the layer's configuration as a constraint, which after every step
 * sets what is not active to zero. Training with {@code DynamicSparseTraining} beside it masks the
 * gradients as well, so that there is nothing left to set to zero and the optimizer's slots of
 * inactive weights stay zero too.
 *
 * <p>A connection's id is the weight's offset in DL4J's flat parameter vector, counted from the
 * start of the parameter: {@link MaskableWeights} tells what its rows and columns are.
 */
public final class WeightMask implements LayerConstraint {
    private static final long serialVersionUID = 1;

    private final TreeMap<String, SparseTopology> masks;

    /** The masks as arrays of 0 and 1, made when first needed. */
    private transient volatile Map<String, INDArray> arrays;

    /**
     * Lays masks over parameters of one layer.
     *
     * @param masks the active weights of each masked parameter, by the parameter's name; copied
     */
    @JsonCreator
    public WeightMask(@JsonProperty("masks") Map<String, SparseTopology> masks) {
        this.masks = new TreeMap<>(masks);
    }

    /** {@return the masks by parameter} */
    @JsonProperty("masks")
    public SortedMap<String, SparseTopology> masks() {
        return Collections.unmodifiableSortedMap(masks);
    }

    /**
     * {@return the mask of a layer's parameter, if it has one}
     *
     * @param layer the layer's configuration
     * @param parameter the parameter's name
     */
    static Optional<SparseTopology> of(
            org.deeplearning4j.nn.conf.layers.Layer layer, String parameter) {
        return find(layer).map(mask -> mask.masks.get(parameter));
    }

    static Optional<WeightMask> find(org.deeplearning4j.nn.conf.layers.Layer layer) {
        return constraints(layer).stream()
                .filter(WeightMask.class::isInstance)
                .map(WeightMask.class::cast)
                .findFirst();
    }

    /**
     * Sets or removes the mask of a layer's parameter. The list of constraints is replaced, not
     * changed: a clone of the layer's configuration shares it.
     *
     * @param topology the active weights; null for no mask
     */
    static void put(
            org.deeplearning4j.nn.conf.layers.Layer layer,
            String parameter,
            SparseTopology topology) {
        TreeMap<String, SparseTopology> masks = new TreeMap<>();
        List<LayerConstraint> constraints = new ArrayList<>();
        for (LayerConstraint constraint : constraints(layer)) {
            if (constraint instanceof WeightMask mask) {
                masks.putAll(mask.masks);
            } else {
                constraints.add(constraint);
            }
        }
        if (topology == null) {
            masks.remove(parameter);
        } else {
            masks.put(parameter, topology);
        }
        if (!masks.isEmpty()) {
            constraints.add(
                    new WeightMask(masks)); // last: no other constraint brings a weight back
        }
        layer.setConstraints(constraints.isEmpty() ? null : constraints);
    }

    private static List<LayerConstraint> constraints(
            org.deeplearning4j.nn.conf.layers.Layer layer) {
        return layer.getConstraints() == null ? List.of() : layer.getConstraints();
    }

    /** Sets the inactive weights of the layer's masked parameters to zero. */
    @Override
    public void applyConstraint(Layer layer, int iteration, int epoch) {
        masks.forEach(
                (name, topology) -> {
                    INDArray parameter = layer.getParam(name);
                    if (parameter.length() < topology.possibleCount()) {
                        throw new IllegalStateException(
                                ("Layer %s: the mask of parameter %s is for %d weights, but it has %d;"
                                                + " lay a new mask after a change of the layer's size")
                                        .formatted(
                                                layer.conf().getLayer().getLayerName(),
                                                name,
                                                topology.possibleCount(),
                                                parameter.length()));
                    }
                    clear(name, parameter);
                });
    }

    void clear(String name, INDArray parameter) {
        parameter.muli(
                array(name, parameter.dataType(), parameter.length())
                        .reshape(parameter.ordering(), parameter.shape()));
    }

    /**
     * {@return a parameter's mask as a vector of 1 for active and 0 for inactive weights, in the
     * order of the flat parameter vector} Beyond the end of the topology it is 1. The array is
     * shared: do not write to it.
     *
     * @param parameter the parameter's name, one that has a mask
     * @param dataType the type of the array
     * @param length the parameter's number of weights
     */
    public INDArray array(String parameter, DataType dataType, long length) {
        Map<String, INDArray> known = arrays;
        if (known == null) {
            known = new ConcurrentHashMap<>();
            arrays = known;
        }
        INDArray array = known.get(parameter);
        if (array == null || array.dataType() != dataType || array.length() != length) {
            array = create(masks.get(parameter), dataType, length);
            known.put(parameter, array);
        }
        return array;
    }

    private static INDArray create(SparseTopology topology, DataType dataType, long length) {
        float[] values = new float[Math.toIntExact(length)];
        java.util.Arrays.fill(values, (int) topology.possibleCount(), values.length, 1);
        for (long id : topology.ids()) {
            values[(int) id] = 1;
        }
        try (MemoryWorkspace outside = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
            return Nd4j.createFromArray(values).castTo(dataType);
        }
    }

    @Override
    public Set<String> getParams() {
        return Collections.unmodifiableSet(masks.keySet());
    }

    /** Does nothing: a mask knows the parameters it is for. */
    @Override
    public void setParams(Set<String> params) {
        // DL4J calls this for constraints that are set on all layers of a network alike.
    }

    /** {@return this mask itself, which never changes} */
    @Override
    public WeightMask clone() {
        return this;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof WeightMask that && masks.equals(that.masks);
    }

    @Override
    public int hashCode() {
        return masks.hashCode();
    }

    /** The masked parameters and their topologies. */
    @Override
    public String toString() {
        return "WeightMask" + masks;
    }
}
