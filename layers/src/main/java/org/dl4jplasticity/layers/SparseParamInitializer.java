package org.dl4jplasticity.layers;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.deeplearning4j.nn.api.ParamInitializer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.params.DefaultParamInitializer;
import org.dl4jplasticity.topology.SparseTopology;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** The parameters of a sparse layer: the vector of active weights, then the biases. */
final class SparseParamInitializer implements ParamInitializer {
    static final SparseParamInitializer INSTANCE = new SparseParamInitializer();

    private static final String WEIGHTS = DefaultParamInitializer.WEIGHT_KEY;
    private static final String BIAS = DefaultParamInitializer.BIAS_KEY;

    private SparseParamInitializer() {}

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
    public long numParams(NeuralNetConfiguration conf) {
        return numParams(conf.getLayer());
    }

    @Override
    public long numParams(Layer layer) {
        SparseLayer sparse = sparse(layer);
        return sparse.activeCount() + (sparse.hasBias() ? sparse.getNOut() : 0);
    }

    @Override
    public List<String> paramKeys(Layer layer) {
        return sparse(layer).hasBias() ? List.of(WEIGHTS, BIAS) : List.of(WEIGHTS);
    }

    @Override
    public List<String> weightKeys(Layer layer) {
        return List.of(WEIGHTS);
    }

    @Override
    public List<String> biasKeys(Layer layer) {
        return sparse(layer).hasBias() ? List.of(BIAS) : List.of();
    }

    @Override
    public boolean isWeightParam(Layer layer, String key) {
        return WEIGHTS.equals(key);
    }

    @Override
    public boolean isBiasParam(Layer layer, String key) {
        return BIAS.equals(key);
    }

    @Override
    public Map<String, INDArray> init(
            NeuralNetConfiguration conf, INDArray paramsView, boolean initializeParams) {
        Map<String, INDArray> params =
                Collections.synchronizedMap(views(conf.getLayer(), paramsView));
        params.keySet().forEach(conf::addVariable);
        if (initializeParams) {
            SparseLayer sparse = sparse(conf.getLayer());
            sparse.drawWeights(params.get(WEIGHTS));
            if (sparse.hasBias()) {
                params.get(BIAS).assign(((BaseLayer) conf.getLayer()).getBiasInit());
            }
        }
        return params;
    }

    @Override
    public Map<String, INDArray> getGradientsFromFlattened(
            NeuralNetConfiguration conf, INDArray gradientView) {
        return views(conf.getLayer(), gradientView);
    }

    private Map<String, INDArray> views(Layer layer, INDArray flat) {
        SparseLayer sparse = sparse(layer);
        long active = sparse.activeCount();
        long length = numParams(layer);
        if (flat.length() != length) {
            throw new IllegalStateException(
                    "Layer %s: expected %d parameters, got %d"
                            .formatted(sparse.getLayerName(), length, flat.length()));
        }
        INDArray vector = flat.reshape(length);
        Map<String, INDArray> views = new LinkedHashMap<>();
        views.put(WEIGHTS, vector.get(NDArrayIndex.interval(0, active)));
        if (sparse.hasBias()) {
            views.put(BIAS, vector.get(NDArrayIndex.interval(active, length)));
        }
        return views;
    }
}
