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
        return new GrowthInitializations.Zero();
    }

    /**
     * {@return a normal distribution around 0} SET's published code draws with a standard deviation
     * of 0.1.
     *
     * @param standardDeviation greater than 0
     * @throws IllegalArgumentException if it is not
     */
    static GrowthInitialization normal(double standardDeviation) {
        return new GrowthInitializations.Normal(standardDeviation);
    }

    /** {@return the layer's own weight initialization} */
    static GrowthInitialization layerDefault() {
        return new GrowthInitializations.LayerDefault();
    }
}
