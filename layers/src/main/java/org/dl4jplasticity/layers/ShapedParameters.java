package org.dl4jplasticity.layers;

import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.ParamInitializer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * The parameters of a layer as a list of names and shapes: one array lies behind the other in the
 * flat vector, each in 'f' order.
 */
public abstract class ShapedParameters implements ParamInitializer {

    /** For subclasses. */
    protected ShapedParameters() {}

    /**
     * {@return the shapes of a layer's parameters by name, in the order of the flat vector}
     *
     * @param layer the configuration
     */
    protected abstract Map<String, long[]> shapes(Layer layer);

    /**
     * Gives the parameters of a new layer their values.
     *
     * @param layer the configuration
     * @param parameters by name; to be written to
     */
    protected abstract void draw(Layer layer, Map<String, INDArray> parameters);

    @Override
    public long numParams(NeuralNetConfiguration conf) {
        return numParams(conf.getLayer());
    }

    @Override
    public long numParams(Layer layer) {
        return shapes(layer).values().stream().mapToLong(ShapedParameters::length).sum();
    }

    private static long length(long[] shape) {
        return Arrays.stream(shape).reduce(1, Math::multiplyExact);
    }

    @Override
    public List<String> paramKeys(Layer layer) {
        return List.copyOf(shapes(layer).keySet());
    }

    @Override
    public boolean isWeightParam(Layer layer, String key) {
        return weightKeys(layer).contains(key);
    }

    @Override
    public boolean isBiasParam(Layer layer, String key) {
        return biasKeys(layer).contains(key);
    }

    @Override
    public Map<String, INDArray> init(
            NeuralNetConfiguration conf, INDArray paramsView, boolean initializeParams) {
        Map<String, INDArray> params =
                Collections.synchronizedMap(views(conf.getLayer(), paramsView));
        params.keySet().forEach(conf::addVariable);
        if (initializeParams) {
            draw(conf.getLayer(), params);
        }
        return params;
    }

    @Override
    public Map<String, INDArray> getGradientsFromFlattened(
            NeuralNetConfiguration conf, INDArray gradientView) {
        return views(conf.getLayer(), gradientView);
    }

    private Map<String, INDArray> views(Layer layer, INDArray flat) {
        long expected = numParams(layer);
        if (flat.length() != expected) {
            throw new IllegalStateException(
                    "Layer %s: expected %d parameters, got %d"
                            .formatted(layer.getLayerName(), expected, flat.length()));
        }
        INDArray vector = flat.reshape(expected);
        Map<String, INDArray> views = new LinkedHashMap<>();
        long from = 0;
        for (Map.Entry<String, long[]> entry : shapes(layer).entrySet()) {
            long to = from + length(entry.getValue());
            INDArray part = vector.get(NDArrayIndex.interval(from, to));
            views.put(
                    entry.getKey(),
                    entry.getValue().length == 1 ? part : part.reshape('f', entry.getValue()));
            from = to;
        }
        return views;
    }
}
