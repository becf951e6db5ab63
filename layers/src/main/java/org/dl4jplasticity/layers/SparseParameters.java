package org.dl4jplasticity.layers;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.params.DefaultParamInitializer;
import org.dl4jplasticity.topology.SparseTopology;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The parameters of a sparse layer: the vector of active weights, then the biases. */
final class SparseParameters extends ShapedParameters {
    static final SparseParameters INSTANCE = new SparseParameters();

    private static final String WEIGHTS = DefaultParamInitializer.WEIGHT_KEY;
    private static final String BIAS = DefaultParamInitializer.BIAS_KEY;

    private SparseParameters() {}

    static double requireSparsity(String layerName, double sparsity) {
        if (!(sparsity >= 0 && sparsity < 1)) {
            throw new IllegalArgumentException(
                    "%ssparsity must be in [0, 1), got %s"
                            .formatted(
                                    layerName == null ? "" : "Layer " + layerName + ": ",
                                    sparsity));
        }
        return sparsity;
    }

    /**
     * Gives the layer its topology if it has none: drawn from the network's seed and the layer's
     * index alone.
     */
    static void ensureTopology(SparseLayer layer, int layerIndex, long seed) {
        SparseTopology topology = layer.getTopology();
        if (topology == null) {
            // Distinct layers draw from distinct streams: the generator mixes its seed well.
            SplittableRandom random = new SplittableRandom(seed + 0x632BE59BD9B4E019L * layerIndex);
            layer.setTopology(
                    SparseTopology.random(
                            Math.toIntExact(layer.rowLength()),
                            Math.toIntExact(layer.getNOut()),
                            layer.activeCount(),
                            random));
        } else if (topology.nIn() != layer.rowLength() || topology.nOut() != layer.getNOut()) {
            throw new IllegalArgumentException(
                    "Layer %d (%s): the topology must have the layer's shape %d x %d, got %d x %d"
                            .formatted(
                                    layerIndex,
                                    layer.getLayerName(),
                                    layer.rowLength(),
                                    layer.getNOut(),
                                    topology.nIn(),
                                    topology.nOut()));
        }
    }

    private static SparseLayer sparse(Layer layer) {
        return (SparseLayer) layer;
    }

    @Override
    protected Map<String, long[]> shapes(Layer layer) {
        SparseLayer sparse = sparse(layer);
        Map<String, long[]> shapes = new LinkedHashMap<>();
        shapes.put(WEIGHTS, new long[] {sparse.activeCount()});
        if (sparse.hasBias()) {
            shapes.put(BIAS, new long[] {sparse.getNOut()});
        }
        return shapes;
    }

    @Override
    protected void draw(Layer layer, Map<String, INDArray> parameters) {
        SparseLayer sparse = sparse(layer);
        sparse.drawWeights(parameters.get(WEIGHTS));
        if (sparse.hasBias()) {
            parameters.get(BIAS).assign(((BaseLayer) layer).getBiasInit());
        }
    }

    @Override
    public List<String> weightKeys(Layer layer) {
        return List.of(WEIGHTS);
    }

    @Override
    public List<String> biasKeys(Layer layer) {
        return sparse(layer).hasBias() ? List.of(BIAS) : List.of();
    }
}
