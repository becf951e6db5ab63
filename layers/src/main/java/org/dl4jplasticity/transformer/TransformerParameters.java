package org.dl4jplasticity.transformer;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.dl4jplasticity.layers.ShapedParameters;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The parameters of a {@link TransformerBlockLayer}. */
final class TransformerParameters extends ShapedParameters {
    static final TransformerParameters INSTANCE = new TransformerParameters();

    static final String QUERIES = "Wq";
    static final String KEYS = "Wk";
    static final String VALUES = "Wv";
    static final String OUT = "Wo";
    static final String UP = "W1";
    static final String DOWN = "W2";
    static final String UP_BIAS = "b1";
    static final String DOWN_BIAS = "b2";
    static final String FIRST_GAIN = "g1";
    static final String FIRST_OFFSET = "c1";
    static final String SECOND_GAIN = "g2";
    static final String SECOND_OFFSET = "c2";

    private static final List<String> WEIGHTS = List.of(QUERIES, KEYS, VALUES, OUT, UP, DOWN);
    private static final List<String> GAINS = List.of(FIRST_GAIN, SECOND_GAIN);
    private static final List<String> OTHERS =
            List.of(UP_BIAS, DOWN_BIAS, FIRST_GAIN, FIRST_OFFSET, SECOND_GAIN, SECOND_OFFSET);

    private TransformerParameters() {}

    @Override
    protected Map<String, long[]> shapes(Layer layer) {
        TransformerBlockLayer block = (TransformerBlockLayer) layer;
        long width = block.getNOut();
        long hidden = block.hidden();
        Map<String, long[]> shapes = new LinkedHashMap<>();
        for (String key : List.of(QUERIES, KEYS, VALUES, OUT)) {
            shapes.put(key, new long[] {width, width});
        }
        shapes.put(UP, new long[] {width, hidden});
        shapes.put(DOWN, new long[] {hidden, width});
        for (String key : OTHERS) {
            shapes.put(key, new long[] {key.equals(UP_BIAS) ? hidden : width});
        }
        return shapes;
    }

    @Override
    protected void draw(Layer layer, Map<String, INDArray> parameters) {
        TransformerBlockLayer block = (TransformerBlockLayer) layer;
        for (String key : WEIGHTS) {
            INDArray weights = parameters.get(key);
            block.getWeightInitFn()
                    .init(weights.rows(), weights.columns(), weights.shape(), 'f', weights);
        }
        for (String key : OTHERS) {
            parameters.get(key).assign(GAINS.contains(key) ? 1 : 0);
        }
    }

    @Override
    public List<String> weightKeys(Layer layer) {
        return WEIGHTS;
    }

    /** Gains and offsets too: what is no weight is regularized as biases are. */
    @Override
    public List<String> biasKeys(Layer layer) {
        return OTHERS;
    }
}
