package org.dl4jplasticity.mask;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jplasticity.schedule.LayerShape;
import org.dl4jplasticity.topology.SparseTopology;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A weight matrix or kernel of an initialized network that a mask can be laid over. Biases,
 * normalization, gains and slopes are not among them, nor are frozen layers and this project's
 * sparse layers, which need no mask.
 *
 * <p>As a {@link SparseTopology} its rows are stretches of DL4J's flat parameter vector, so that a
 * connection's id is the weight's offset in the parameter: the columns of a matrix in 'f' order
 * (one row per output unit), else the entries of the first dimension (for a convolution's kernel,
 * one row per output channel); for the queries, keys and values of attention one row per unit of
 * each head. Peephole weights of Graves' LSTM lie beyond the last row. Weights of a graph's
 * vertices that are no layers, such as an attention vertex, can't carry a mask.
 */
public final class MaskableWeights {
    private final String layerId;
    private final String layerName;
    private final Layer layer;
    private final String parameter;
    private final String key;
    private final LayerNest nest;
    private final WeightLayout layout;

    MaskableWeights(
            String layerId,
            String layerName,
            Layer layer,
            String parameter,
            String key,
            LayerNest nest,
            WeightLayout layout) {
        this.layerId = layerId;
        this.layerName = layerName;
        this.layer = layer;
        this.parameter = parameter;
        this.key = key;
        this.nest = nest;
        this.layout = layout;
    }

    /**
     * {@return everything a mask can be laid over, in the order of the network's layers, of a graph
     * in topological order}
     *
     * @param model an initialized {@link MultiLayerNetwork} or {@link ComputationGraph}
     * @throws IllegalArgumentException if it is anything else, or not initialized
     */
    public static List<MaskableWeights> of(Model model) {
        List<MaskableWeights> all = new ArrayList<>();
        if (model instanceof MultiLayerNetwork network) {
            Layer[] layers = requireInitialized(network.getLayers());
            for (int i = 0; i < layers.length; i++) {
                addAll(
                        Integer.toString(i),
                        layers[i],
                        network.getLayerWiseConfigurations().getConf(i),
                        all);
            }
        } else if (model instanceof ComputationGraph graph) {
            requireInitialized(graph.getLayers());
            for (int index : graph.topologicalSortOrder()) {
                GraphVertex vertex = graph.getVertices()[index];
                String name = vertex.getVertexName();
                if (graph.getConfiguration().getVertices().get(name)
                        instanceof LayerVertex configured) { // else it may be a FrozenVertex
                    addAll(name, vertex.getLayer(), configured.getLayerConf(), all);
                }
            }
        } else {
            throw new IllegalArgumentException(
                    "expected a MultiLayerNetwork or a ComputationGraph, got "
                            + model.getClass().getName());
        }
        return all;
    }

    private static Layer[] requireInitialized(Layer[] layers) {
        if (layers == null) {
            throw new IllegalArgumentException(
                    "expected an initialized network: call its init() first");
        }
        return layers;
    }

    private static void addAll(
            String id, Layer layer, NeuralNetConfiguration conf, List<MaskableWeights> all) {
        String name = conf.getLayer().getLayerName();
        for (LayerNest nest : LayerNest.of(layer, conf)) {
            org.deeplearning4j.nn.conf.layers.Layer inner = nest.configuration();
            for (String key : inner.initializer().weightKeys(inner)) {
                INDArray array = layer.getParam(nest.prefix() + key);
                WeightLayout.of(name == null ? "layer " + id : name, inner, key, array)
                        .ifPresent(
                                layout ->
                                        all.add(
                                                new MaskableWeights(
                                                        id,
                                                        name == null ? id : name,
                                                        layer,
                                                        nest.prefix() + key,
                                                        key,
                                                        nest,
                                                        layout)));
            }
        }
    }

    /**
     * {@return the layer's index in a MultiLayerNetwork, its vertex' name in a ComputationGraph}
     */
    public String layerId() {
        return layerId;
    }

    /** {@return what journals and checkpoints call these weights, such as "0/W"} */
    public String id() {
        return layerId + "/" + parameter;
    }

    /** {@return the layer's name; its id if it has none} */
    public String layerName() {
        return layerName;
    }

    /** {@return the network's layer} */
    public Layer layer() {
        return layer;
    }

    /**
     * {@return the parameter's name in the network's layer, such as "W", or "fRW" for the recurrent
     * weights of a bidirectional layer's forward part}
     */
    public String parameter() {
        return parameter;
    }

    /** {@return the parameter's name in the configuration that carries its mask, such as "RW"} */
    public String key() {
        return key;
    }

    /** {@return the configuration that carries the mask: within a wrapper, the wrapped layer's} */
    public org.deeplearning4j.nn.conf.layers.Layer configuration() {
        return nest.configuration();
    }

    /** {@return the layer's shape as sparsity distributions see it} */
    public LayerShape shape() {
        return layout.shape();
    }

    /** {@return the length of the topology's rows, its {@code nIn}} */
    public int rowLength() {
        return layout.rowLength();
    }

    /** {@return the number of the topology's rows, its {@code nOut}} */
    public int rows() {
        return layout.rows();
    }

    /** {@return whether each row holds the incoming weights of one output unit or channel} */
    public boolean rowsAreUnits() {
        return layout.rowsAreUnits();
    }

    /** {@return the parameter's array, a view of the network's parameters} */
    public INDArray array() {
        return layer.getParam(parameter);
    }

    /** {@return the active weights, if there is a mask} */
    public Optional<SparseTopology> mask() {
        return WeightMask.of(configuration(), key);
    }

    /**
     * {@return the mask as a vector of 1 and 0 over the whole parameter, in the order of the flat
     * parameter vector} The array is shared: do not write to it.
     */
    public INDArray maskArray() {
        return weightMask()
                .orElseThrow(
                        () ->
                                new IllegalStateException(
                                        "Layer %s, parameter %s has no mask"
                                                .formatted(layerName, parameter)))
                .vector(configuration(), key, array());
    }

    /**
     * Replaces the mask. The weights are left as they are until the next step's constraint.
     *
     * @param topology the active weights; null for no mask
     * @throws IllegalArgumentException if the topology has another shape
     */
    public void setMask(SparseTopology topology) {
        if (topology != null) {
            requireFit(topology);
        }
        nest.putMask(key, topology);
    }

    /**
     * Refuses a topology that is no mask for these weights.
     *
     * @param topology any topology
     * @throws IllegalArgumentException if it has another shape
     */
    public void requireFit(SparseTopology topology) {
        if (!layout.fits(topology)) {
            throw new IllegalArgumentException(
                    "Layer %s, parameter %s: the mask must be %d x %d, got %d x %d"
                            .formatted(
                                    layerName,
                                    parameter,
                                    rowLength(),
                                    rows(),
                                    topology.nIn(),
                                    topology.nOut()));
        }
    }

    /** Sets the weights that the mask, if there is one, calls inactive to zero. */
    public void clearInactive() {
        weightMask().ifPresent(mask -> mask.clear(configuration(), key, array()));
    }

    private Optional<WeightMask> weightMask() {
        return WeightMask.find(configuration()).filter(it -> it.masks().containsKey(key));
    }

    boolean isWithin(Class<? extends org.deeplearning4j.nn.conf.layers.Layer> type) {
        return nest.isWithin(type);
    }

    @Override
    public String toString() {
        return id() + " " + shape();
    }
}
