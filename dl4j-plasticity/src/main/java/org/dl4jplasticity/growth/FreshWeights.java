package org.dl4jplasticity.growth;

import java.util.random.RandomGenerator;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.weights.IWeightInit;
import org.dl4jplasticity.surgery.UnitVectors;

/**
 * What the incoming weights of a unit that starts anew are drawn from, with mean 0.
 *
 * @param uniform whether all weights within bounds are equally likely, rather than normal
 * @param spread the standard deviation; 0 for He's (He et al. 2015, arXiv:1502.01852, eq. 10), the
 *     square root of 2 over the number of a unit's weights
 */
record FreshWeights(boolean uniform, double spread) {

    FreshWeights {
        if (!(spread >= 0) || Double.isInfinite(spread)) {
            throw new IllegalArgumentException(
                    "the spread of fresh weights must be finite and at least 0, got " + spread);
        }
    }

    /**
     * {@return a distribution like that which a layer's weights have now} Uniform if the layer's
     * weight initialization is, else normal. To be called before training changes the weights.
     *
     * @param incoming weights that lead to the layer's units
     * @param units the number of units
     * @param layer their layer's configuration
     */
    static FreshWeights like(UnitVectors incoming, int units, Layer layer) {
        double sum = 0;
        double squares = 0;
        long count = 0;
        for (int unit = 0; unit < units; unit++) {
            double[] weights = incoming.get(unit);
            for (int entry = 0; entry < weights.length; entry++) {
                if (incoming.isActive(unit, entry)) {
                    sum += weights[entry];
                    squares += weights[entry] * weights[entry];
                    count++;
                }
            }
        }
        double mean = count == 0 ? 0 : sum / count;
        double variance = count == 0 ? 0 : Math.max(0, squares / count - mean * mean);
        return new FreshWeights(
                layer instanceof BaseLayer base && isUniform(base.getWeightInitFn()),
                Double.isFinite(variance) ? Math.sqrt(variance) : 0);
    }

    /** DL4J says it in the names of its initializations alone. */
    private static boolean isUniform(IWeightInit init) {
        return init != null && init.getClass().getSimpleName().contains("Uniform");
    }

    /**
     * {@return Kaiming's uniform distribution in [-B, B], B = gain sqrt(3 / fan-in)}
     *
     * @param gain of the activation function, at least 0
     * @param fanIn the number of a unit's weights
     */
    static FreshWeights kaimingUniform(double gain, int fanIn) {
        return new FreshWeights(true, fanIn == 0 ? 0 : gain / Math.sqrt(fanIn));
    }

    /**
     * {@return incoming weights for one unit, 0 where there is no connection}
     *
     * @param incoming the weights that lead to the layer's units
     * @param unit which one
     * @param random the source of the weights
     */
    double[] draw(UnitVectors incoming, int unit, RandomGenerator random) {
        double deviation = spread == 0 ? Math.sqrt(2.0 / fanIn(incoming, unit)) : spread;
        double bound = Math.sqrt(3) * deviation;
        double[] weights = new double[incoming.length()];
        for (int entry = 0; entry < weights.length; entry++) {
            if (incoming.isActive(unit, entry)) {
                weights[entry] =
                        uniform
                                ? bound * (2 * random.nextDouble() - 1)
                                : deviation * random.nextGaussian();
            }
        }
        return weights;
    }

    /** {@return the number of a unit's connections} */
    static int fanIn(UnitVectors incoming, int unit) {
        int fanIn = 0;
        for (int entry = 0; entry < incoming.length(); entry++) {
            fanIn += incoming.isActive(unit, entry) ? 1 : 0;
        }
        return fanIn;
    }
}
