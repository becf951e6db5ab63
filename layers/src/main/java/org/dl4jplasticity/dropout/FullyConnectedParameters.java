package org.dl4jplasticity.dropout;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.params.DefaultParamInitializer;
import org.dl4jplasticity.layers.ShapedParameters;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The parameters of a {@link FullyConnectedLayer}: weights, then biases. */
class FullyConnectedParameters extends ShapedParameters {
    static final FullyConnectedParameters INSTANCE = new FullyConnectedParameters();

    private static final String WEIGHTS = DefaultParamInitializer.WEIGHT_KEY;
    private static final String BIASES = DefaultParamInitializer.BIAS_KEY;

    FullyConnectedParameters() {}

    private static FullyConnectedLayer own(Layer layer) {
        return (FullyConnectedLayer) layer;
    }

    @Override
    protected Map<String, long[]> shapes(Layer layer) {
        FullyConnectedLayer own = own(layer);
        Map<String, long[]> shapes = new LinkedHashMap<>();
        shapes.put(WEIGHTS, new long[] {own.getNIn(), own.columns()});
        if (own.hasBias()) {
            shapes.put(BIASES, new long[] {own.columns()});
        }
        return shapes;
    }

    @Override
    protected void draw(Layer layer, Map<String, INDArray> parameters) {
        FullyConnectedLayer own = own(layer);
        INDArray weights = parameters.get(WEIGHTS);
        own.getWeightInitFn()
                .init(
                        (double) own.getNIn(),
                        (double) own.getNOut(),
                        weights.shape(),
                        'f',
                        weights.reshape('f', new long[] {weights.length()}));
        if (own.hasBias()) {
            parameters.get(BIASES).assign(own.getBiasInit());
        }
    }

    @Override
    public final List<String> weightKeys(Layer layer) {
        return List.of(WEIGHTS);
    }

    @Override
    public final List<String> biasKeys(Layer layer) {
        return own(layer).hasBias() ? List.of(BIASES) : List.of();
    }
}
