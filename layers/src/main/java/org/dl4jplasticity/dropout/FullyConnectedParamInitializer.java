package org.dl4jplasticity.dropout;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.ParamInitializer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.params.DefaultParamInitializer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** The parameters of a {@link FullyConnectedLayer}: weights, then biases. */
class FullyConnectedParamInitializer implements ParamInitializer {
    static final FullyConnectedParamInitializer INSTANCE = new FullyConnectedParamInitializer();

    private static final String WEIGHTS = DefaultParamInitializer.WEIGHT_KEY;
    private static final String BIASES = DefaultParamInitializer.BIAS_KEY;

    FullyConnectedParamInitializer() {}

    private static FullyConnectedLayer own(Layer layer) {
        return (FullyConnectedLayer) layer;
    }

    private static long weights(FullyConnectedLayer layer) {
        return Math.multiplyExact(layer.getNIn(), layer.columns());
    }

    private static long biases(FullyConnectedLayer layer) {
        return layer.hasBias() ? layer.columns() : 0;
    }

    /** {@return the lengths of parameters that are vectors of another kind, by name, in order} */
    Map<String, Long> others(FullyConnectedLayer layer) {
        return Map.of();
    }

    /** Sets such a parameter to what it is to begin with. */
    void initialize(FullyConnectedLayer layer, String key, INDArray vector) {
        throw new IllegalArgumentException("no parameter " + key);
    }

    @Override
    public final long numParams(NeuralNetConfiguration conf) {
        return numParams(conf.getLayer());
    }

    @Override
    public final long numParams(Layer layer) {
        long others = others(own(layer)).values().stream().mapToLong(length -> length).sum();
        return weights(own(layer)) + biases(own(layer)) + others;
    }

    @Override
    public final List<String> paramKeys(Layer layer) {
        List<String> keys = new ArrayList<>(weightKeys(layer));
        keys.addAll(biasKeys(layer));
        keys.addAll(others(own(layer)).keySet());
        return keys;
    }

    @Override
    public final List<String> weightKeys(Layer layer) {
        return List.of(WEIGHTS);
    }

    @Override
    public final List<String> biasKeys(Layer layer) {
        return own(layer).hasBias() ? List.of(BIASES) : List.of();
    }

    @Override
    public final boolean isWeightParam(Layer layer, String key) {
        return WEIGHTS.equals(key);
    }

    @Override
    public final boolean isBiasParam(Layer layer, String key) {
        return BIASES.equals(key);
    }

    @Override
    public final Map<String, INDArray> init(
            NeuralNetConfiguration conf, INDArray paramsView, boolean initializeParams) {
        FullyConnectedLayer layer = own(conf.getLayer());
        Map<String, INDArray> params = Collections.synchronizedMap(views(layer, paramsView));
        params.keySet().forEach(conf::addVariable);
        if (initializeParams) {
            layer.getWeightInitFn()
                    .init(
                            (double) layer.getNIn(),
                            (double) layer.getNOut(),
                            new long[] {layer.getNIn(), layer.columns()},
                            'f',
                            paramsView
                                    .reshape(paramsView.length())
                                    .get(NDArrayIndex.interval(0, weights(layer))));
            if (layer.hasBias()) {
                params.get(BIASES).assign(layer.getBiasInit());
            }
            for (String key : others(layer).keySet()) {
                initialize(layer, key, params.get(key));
            }
        }
        return params;
    }

    @Override
    public final Map<String, INDArray> getGradientsFromFlattened(
            NeuralNetConfiguration conf, INDArray gradientView) {
        return views(own(conf.getLayer()), gradientView);
    }

    private Map<String, INDArray> views(FullyConnectedLayer layer, INDArray flat) {
        long length = numParams(layer);
        if (flat.length() != length) {
            throw new IllegalStateException(
                    "Layer %s: expected %d parameters, got %d"
                            .formatted(layer.getLayerName(), length, flat.length()));
        }
        INDArray vector = flat.reshape(length);
        Map<String, INDArray> views = new LinkedHashMap<>();
        long start = weights(layer);
        views.put(
                WEIGHTS,
                vector.get(NDArrayIndex.interval(0, start))
                        .reshape('f', layer.getNIn(), layer.columns()));
        if (layer.hasBias()) {
            views.put(BIASES, vector.get(NDArrayIndex.interval(start, start + biases(layer))));
        }
        start += biases(layer);
        for (Map.Entry<String, Long> other : others(layer).entrySet()) {
            views.put(
                    other.getKey(),
                    vector.get(NDArrayIndex.interval(start, start + other.getValue())));
            start += other.getValue();
        }
        return views;
    }
}
