package org.dl4jplasticity.sparse;

import java.util.random.RandomGenerator;

/** The value a grown connection starts with. */
@FunctionalInterface
public interface GrowthInitialization {

    /**
     * {@return the values of grown connections}
     *
     * @param weights the weights before the update
     * @param count how many values
     * @param random the source of randomness
     */
    double[] values(PlasticWeights weights, int count, RandomGenerator random);

    /** {@return zero: RigL} */
    static GrowthInitialization zero() {
        return (weights, count, random) -> new double[count];
    }

    /**
     * {@return a normal distribution around 0} SET's published code draws with a standard deviation
     * of 0.1.
     *
     * @param standardDeviation greater than 0
     * @throws IllegalArgumentException if it is not
     */
    static GrowthInitialization normal(double standardDeviation) {
        if (!(standardDeviation > 0 && Double.isFinite(standardDeviation))) {
            throw new IllegalArgumentException(
                    "standard deviation of grown weights must be greater than 0, got "
                            + standardDeviation);
        }
        return (weights, count, random) -> {
            double[] values = new double[count];
            for (int i = 0; i < count; i++) {
                values[i] = random.nextGaussian(0, standardDeviation);
            }
            return values;
        };
    }

    /** {@return the layer's own weight initialization} */
    static GrowthInitialization layerDefault() {
        return PlasticWeights::drawInitial;
    }
}
