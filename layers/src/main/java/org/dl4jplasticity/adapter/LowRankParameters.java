package org.dl4jplasticity.adapter;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.params.DefaultParamInitializer;
import org.deeplearning4j.nn.weights.IWeightInit;
import org.dl4jplasticity.layers.ShapedParameters;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The parameters of a {@link LowRankDenseLayer}: those that stay, then those that learn. */
final class LowRankParameters extends ShapedParameters {
    static final LowRankParameters INSTANCE = new LowRankParameters();

    static final String WEIGHTS = DefaultParamInitializer.WEIGHT_KEY;
    static final String BIASES = DefaultParamInitializer.BIAS_KEY;
    static final String DOWN = "A";
    static final String UP = "B";

    private LowRankParameters() {}

    @Override
    protected Map<String, long[]> shapes(Layer layer) {
        LowRankDenseLayer adapted = (LowRankDenseLayer) layer;
        Map<String, long[]> shapes = new LinkedHashMap<>();
        shapes.put(WEIGHTS, new long[] {adapted.getNIn(), adapted.getNOut()});
        if (adapted.hasBias()) {
            shapes.put(BIASES, new long[] {adapted.getNOut()});
        }
        shapes.put(DOWN, new long[] {adapted.getNIn(), adapted.rank()});
        shapes.put(UP, new long[] {adapted.rank(), adapted.getNOut()});
        return shapes;
    }

    @Override
    protected void draw(Layer layer, Map<String, INDArray> parameters) {
        LowRankDenseLayer adapted = (LowRankDenseLayer) layer;
        IWeightInit init = adapted.getWeightInitFn();
        int in = Math.toIntExact(adapted.getNIn());
        int out = Math.toIntExact(adapted.getNOut());
        init.init(in, out, new long[] {in, out}, 'f', parameters.get(WEIGHTS));
        if (adapted.hasBias()) {
            parameters.get(BIASES).assign(adapted.getBiasInit());
        }
        init.init(in, adapted.rank(), new long[] {in, adapted.rank()}, 'f', parameters.get(DOWN));
        parameters.get(UP).assign(0);
    }

    /** Only what learns: what stays is neither regularized nor masked. */
    @Override
    public List<String> weightKeys(Layer layer) {
        return List.of(DOWN, UP);
    }

    @Override
    public List<String> biasKeys(Layer layer) {
        return List.of();
    }
}
