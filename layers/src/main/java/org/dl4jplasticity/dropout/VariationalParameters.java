package org.dl4jplasticity.dropout;

import java.util.Map;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The parameters of a {@link VariationalDenseLayer}: those of a dense layer, then "a". */
final class VariationalParameters extends FullyConnectedParameters {
    static final VariationalParameters INSTANCE = new VariationalParameters();
    static final String NOISE_KEY = "a";

    private VariationalParameters() {}

    @Override
    protected Map<String, long[]> shapes(Layer layer) {
        VariationalDenseLayer own = (VariationalDenseLayer) layer;
        Map<String, long[]> shapes = super.shapes(layer);
        shapes.put(NOISE_KEY, new long[] {own.noise().length(own.getNIn(), own.getNOut())});
        return shapes;
    }

    @Override
    protected void draw(Layer layer, Map<String, INDArray> parameters) {
        super.draw(layer, parameters);
        parameters.get(NOISE_KEY).assign(((VariationalDenseLayer) layer).noise().initial());
    }
}
