package org.dl4jplasticity.sparse;

import java.util.random.RandomGenerator;

/** The initializations that {@link GrowthInitialization} offers. */
final class GrowthInitializations {
    private GrowthInitializations() {}

    record Zero() implements GrowthInitialization {
        @Override
        public double[] values(PlasticWeights weights, int count, RandomGenerator random) {
            return new double[count];
        }
    }

    record Normal(double standardDeviation) implements GrowthInitialization {
        Normal {
            if (!(standardDeviation > 0 && Double.isFinite(standardDeviation))) {
                throw new IllegalArgumentException(
                        "standard deviation of grown weights must be greater than 0, got "
                                + standardDeviation);
            }
        }

        @Override
        public double[] values(PlasticWeights weights, int count, RandomGenerator random) {
            double[] values = new double[count];
            for (int i = 0; i < count; i++) {
                values[i] = random.nextGaussian(0, standardDeviation);
            }
            return values;
        }
    }

    record LayerDefault() implements GrowthInitialization {
        @Override
        public double[] values(PlasticWeights weights, int count, RandomGenerator random) {
            return weights.drawInitial(count, random);
        }
    }
}
