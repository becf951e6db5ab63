package org.dl4jplasticity.layers;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.nd4j.shade.jackson.annotation.JsonProperty;
import org.nd4j.shade.jackson.annotation.JsonSubTypes;
import org.nd4j.shade.jackson.annotation.JsonTypeInfo;

/** Which activations {@link ActivationPruningLayer} lets through, and how much larger. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = ActivationPruning.Threshold.class, name = "threshold"),
    @JsonSubTypes.Type(value = ActivationPruning.Sampling.class, name = "sampling")
})
public sealed interface ActivationPruning {

    /**
     * {@return what each activation is multiplied by: 0 for those that are pruned}
     *
     * @param activations of all examples, one example after the other
     * @param examples how many examples that are, at least 1
     * @param iteration the number of iterations done
     */
    double[] factors(double[] activations, int examples, int iteration);

    /**
     * Small activations become 0: {@code h} where {@code |h| >= t}, else 0 (Ardakani, Condo and
     * Gross 2017, arXiv:1611.01427, who prune the activations of networks at run time).
     *
     * @param threshold the number t, finite and at least 0
     */
    record Threshold(@JsonProperty("threshold") double threshold) implements ActivationPruning {

        /**
         * Checks the range.
         *
         * @param threshold finite, at least 0
         * @throws IllegalArgumentException if it is out of its range
         */
        public Threshold {
            if (!(threshold >= 0 && Double.isFinite(threshold))) {
                throw new IllegalArgumentException(
                        "the threshold of activations must be in [0, infinity), got " + threshold);
            }
        }

        @Override
        public double[] factors(double[] activations, int examples, int iteration) {
            return Arrays.stream(activations).map(this::factor).toArray();
        }

        /**
         * {@return 0 or 1, which an activation is multiplied by}
         *
         * @param activation any number
         */
        public double factor(double activation) {
            return Math.abs(activation) < threshold ? 0 : 1;
        }
    }

    /**
     * Stochastic activation pruning, SAP (Dhillon et al. 2018, arXiv:1803.01442): of each example's
     * n activations r are drawn with replacement, each with the chance {@code p = |h| / sum |h|}.
     * Those drawn are multiplied by {@code 1 / (1 - (1 - p)^r)}, so that the expectation stays; the
     * others become 0.
     *
     * @param share the number of draws as a share of the activations, {@code r = round(share n)},
     *     at least one; greater than 0, 1 in most of the paper, which goes beyond it too
     * @param seed of all draws, which depend on the seed, the iteration and the example's place in
     *     its batch
     */
    record Sampling(@JsonProperty("share") double share, @JsonProperty("seed") long seed)
            implements ActivationPruning {

        /**
         * Checks the range.
         *
         * @param share greater than 0, finite
         * @param seed any number
         * @throws IllegalArgumentException if the share is out of its range
         */
        public Sampling {
            if (!(share > 0 && Double.isFinite(share))) {
                throw new IllegalArgumentException(
                        "the draws as a share of the activations must be in (0, infinity), got "
                                + share);
            }
        }

        @Override
        public double[] factors(double[] activations, int examples, int iteration) {
            RandomGenerator random =
                    new SplittableRandom(
                            new SplittableRandom(seed).nextLong()
                                    ^ new SplittableRandom(~(long) iteration).nextLong());
            double[] factors = new double[activations.length];
            int count = activations.length / examples;
            for (int example = 0; example < examples; example++) {
                draw(activations, example * count, count, random, factors);
            }
            return factors;
        }

        private void draw(
                double[] activations,
                int start,
                int count,
                RandomGenerator random,
                double[] factors) {
            double[] sums = new double[count]; // of the magnitudes up to here
            double sum = 0;
            for (int i = 0; i < count; i++) {
                sum += Math.abs(activations[start + i]);
                sums[i] = sum;
            }
            long draws = Math.max(1, Math.round(share * count));
            for (long draw = 0; draw < draws; draw++) {
                int drawn = firstAbove(sums, random.nextDouble() * sum);
                double chance = drawn < count ? Math.abs(activations[start + drawn]) / sum : 0;
                if (chance > 0 && factors[start + drawn] == 0) {
                    // 1 - (1 - p)^r, to full precision for small p too
                    double ever = -Math.expm1(draws * Math.log1p(-chance));
                    factors[start + drawn] = 1 / ever;
                }
            }
        }

        /** {@return the place of the first sum above a number} */
        private static int firstAbove(double[] sums, double number) {
            int low = 0;
            int high = sums.length;
            while (low < high) {
                int middle = (low + high) >>> 1;
                if (sums[middle] > number) {
                    high = middle;
                } else {
                    low = middle + 1;
                }
            }
            return low;
        }
    }
}
