package org.dl4jplasticity.kan;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.distribution.NormalDistribution;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.params.DefaultParamInitializer;
import org.deeplearning4j.nn.weights.WeightInitDistribution;
import org.dl4jplasticity.layers.ShapedParameters;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The parameters of a {@link KolmogorovArnoldLayer}. */
final class KolmogorovArnoldParameters extends ShapedParameters {
    static final KolmogorovArnoldParameters INSTANCE = new KolmogorovArnoldParameters();

    static final String BASE = DefaultParamInitializer.WEIGHT_KEY;
    static final String SCALE = "S";
    static final String COEFFICIENTS = "C";

    private static final double NOISE = 0.1;

    private KolmogorovArnoldParameters() {}

    @Override
    protected Map<String, long[]> shapes(Layer layer) {
        KolmogorovArnoldLayer own = (KolmogorovArnoldLayer) layer;
        Map<String, long[]> shapes = new LinkedHashMap<>();
        shapes.put(BASE, new long[] {own.getNIn(), own.getNOut()});
        shapes.put(SCALE, new long[] {own.getNIn(), own.getNOut()});
        shapes.put(COEFFICIENTS, new long[] {own.getNIn() * own.grid().bases(), own.getNOut()});
        return shapes;
    }

    /** As in the paper (sec. 2.2): splines close to 0 with scale 1, and any base function. */
    @Override
    protected void draw(Layer layer, Map<String, INDArray> parameters) {
        KolmogorovArnoldLayer own = (KolmogorovArnoldLayer) layer;
        int in = Math.toIntExact(own.getNIn());
        int out = Math.toIntExact(own.getNOut());
        INDArray base = parameters.get(BASE);
        own.getWeightInitFn().init(in, out, base.shape(), 'f', base);
        parameters.get(SCALE).assign(1);
        INDArray coefficients = parameters.get(COEFFICIENTS);
        new WeightInitDistribution(new NormalDistribution(0, NOISE))
                .init(in, out, coefficients.shape(), 'f', coefficients);
    }

    @Override
    public List<String> weightKeys(Layer layer) {
        return List.of(BASE, SCALE, COEFFICIENTS);
    }

    @Override
    public List<String> biasKeys(Layer layer) {
        return List.of();
    }
}
