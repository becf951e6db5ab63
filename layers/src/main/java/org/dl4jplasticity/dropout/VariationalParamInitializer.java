package org.dl4jplasticity.dropout;

import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The parameters of a {@link VariationalDenseLayer}: those of a dense layer, then "a". */
final class VariationalParamInitializer extends FullyConnectedParamInitializer {
    static final VariationalParamInitializer INSTANCE = new VariationalParamInitializer();
    static final String NOISE_KEY = "a";

    private VariationalParamInitializer() {}

    private static VariationalNoise noise(FullyConnectedLayer layer) {
        return ((VariationalDenseLayer) layer).noise();
    }

    @Override
    Map<String, Long> others(FullyConnectedLayer layer) {
        return Map.of(NOISE_KEY, noise(layer).length(layer.getNIn(), layer.getNOut()));
    }

    @Override
    void initialize(FullyConnectedLayer layer, String key, INDArray vector) {
        vector.assign(noise(layer).initial());
    }
}
