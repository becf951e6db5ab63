package org.dl4jplasticity.mask;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.layers.LayerConstraint;
import org.dl4jplasticity.topology.SparseTopology;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.transforms.comparison.CompareAndSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.conditions.Conditions;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonIgnore;
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

    /** The masks as arrays, made when first needed: networks that share this share them too. */
    private final transient ConcurrentMap<ArrayKey, MaskArray> arrays = new ConcurrentHashMap<>();

    private record ArrayKey(String parameter, DataType type) {}

    /**
     * A mask as an array of 1 for active and 0 for inactive weights.
     *
     * @param vector in the order of the flat parameter vector
     * @param shaped the same memory in the parameter's shape
     */
    private record MaskArray(INDArray vector, INDArray shaped) {}

    /**
     * Lays masks over parameters of one layer.
     *
     * @param masks the active weights of each masked parameter, by the parameter's name; copied
     */
    @JsonCreator
    public WeightMask(@JsonProperty("masks") Map<String, SparseTopology> masks) {
        this.masks = new TreeMap<>(masks);
    }

    /** {@return a mask with the arrays that are made already of the topologies it has too} */
    private WeightMask with(Map<String, SparseTopology> changed) {
        WeightMask result = new WeightMask(changed);
        arrays.forEach(
                (key, array) -> {
                    if (masks.get(key.parameter()).equals(changed.get(key.parameter()))) {
                        result.arrays.put(key, array);
                    }
                });
        return result;
    }

    /** Transient fields are set by a constructor only. */
    private Object readResolve() {
        return new WeightMask(masks);
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
        WeightMask before = find(layer).orElseGet(() -> new WeightMask(Map.of()));
        TreeMap<String, SparseTopology> masks = new TreeMap<>(before.masks);
        if (topology == null) {
            masks.remove(parameter);
        } else {
            masks.put(parameter, topology);
        }
        List<LayerConstraint> constraints = new ArrayList<>(constraints(layer));
        constraints.removeIf(WeightMask.class::isInstance);
        if (!masks.isEmpty()) {
            // Last: no other constraint brings a weight back.
            constraints.add(before.with(masks));
        }
        layer.setConstraints(constraints.isEmpty() ? null : constraints);
    }

    private static List<LayerConstraint> constraints(
            org.deeplearning4j.nn.conf.layers.Layer layer) {
        return layer.getConstraints() == null ? List.of() : layer.getConstraints();
    }

    /**
     * Sets the inactive weights of the layer's masked parameters to zero.
     *
     * @throws IllegalStateException if a parameter has another size than its mask
     */
    @Override
    public void applyConstraint(Layer layer, int iteration, int epoch) {
        org.deeplearning4j.nn.conf.layers.Layer configuration = layer.conf().getLayer();
        for (String name : masks.keySet()) {
            INDArray parameter = layer.getParam(name);
            parameter.muli(array(configuration, name, parameter).shaped());
        }
    }

    /**
     * Sets the inactive weights of a parameter to zero: to 0.0, never to -0.0, and whatever they
     * were, which a product with the mask wouldn't.
     */
    void clear(
            org.deeplearning4j.nn.conf.layers.Layer configuration,
            String parameter,
            INDArray weights) {
        INDArray mask = array(configuration, parameter, weights).shaped();
        Nd4j.exec(new CompareAndSet(weights, mask, Conditions.equals(0)));
    }

    /**
     * {@return a parameter's mask as a vector of 1 for active and 0 for inactive weights, in the
     * order of the flat parameter vector} What lies beyond the end of the topology is 1.
     */
    INDArray vector(
            org.deeplearning4j.nn.conf.layers.Layer configuration,
            String parameter,
            INDArray weights) {
        return array(configuration, parameter, weights).vector();
    }

    private MaskArray array(
            org.deeplearning4j.nn.conf.layers.Layer configuration,
            String parameter,
            INDArray weights) {
        ArrayKey key =
                new ArrayKey(parameter, weights == null ? DataType.UNKNOWN : weights.dataType());
        MaskArray known = arrays.get(key);
        if (known == null || !Arrays.equals(known.shaped().shape(), weights.shape())) {
            requireFit(configuration, parameter, weights);
            known = create(masks.get(parameter), weights);
            arrays.put(key, known);
        }
        return known;
    }

    private void requireFit(
            org.deeplearning4j.nn.conf.layers.Layer configuration,
            String parameter,
            INDArray weights) {
        String name = String.valueOf(configuration.getLayerName());
        Optional<WeightLayout> layout =
                weights == null
                        ? Optional.empty()
                        : WeightLayout.of(name, configuration, parameter, weights);
        SparseTopology topology = masks.get(parameter);
        if (layout.isEmpty() || !layout.get().fits(topology)) {
            throw new IllegalStateException(
                    ("Layer %s: the mask of parameter %s is for %d x %d weights, but the layer has"
                                    + " %s; lay a new mask after a change of the layer's size")
                            .formatted(
                                    name,
                                    parameter,
                                    topology.nIn(),
                                    topology.nOut(),
                                    layout.map(it -> it.rowLength() + " x " + it.rows())
                                            .orElse("none")));
        }
    }

    private static MaskArray create(SparseTopology topology, INDArray weights) {
        float[] values = new float[Math.toIntExact(weights.length())];
        Arrays.fill(values, (int) topology.possibleCount(), values.length, 1);
        for (long id : topology.ids()) {
            values[(int) id] = 1;
        }
        try (MemoryWorkspace outside = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
            INDArray vector = Nd4j.createFromArray(values).castTo(weights.dataType());
            return new MaskArray(vector, vector.reshape(weights.ordering(), weights.shape()));
        }
    }

    @Override
    @JsonIgnore
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
