package org.dl4jplasticity.sparse;

import java.util.Arrays;
import java.util.function.IntPredicate;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/**
 * Which active connections an update drops: those of lowest score. A criterion is one lambda:
 *
 * <pre>{@code
 * DropCriterion smallestTimesGradient = weights -> i -> Math.abs(weights.value(i) * weights.gradient(i));
 * }</pre>
 */
@FunctionalInterface
public interface DropCriterion {

    /**
     * {@return the score of every position; the lowest are dropped}
     *
     * @param weights the weights
     */
    IntToDoubleFunction scores(PlasticWeights weights);

    /**
     * {@return the positions to drop, ascending} By default the {@code floor(fraction * active)} of
     * lowest score, of equal scores the lower position.
     *
     * @param weights the weights
     * @param fraction the share of active weights to drop, in [0, 1)
     */
    default int[] choose(PlasticWeights weights, double fraction) {
        int active = weights.topology().activeCount();
        return Lowest.positions(IntStream.range(0, active), scores(weights), fraction);
    }

    /** {@return the smallest magnitudes go: RigL and most others} */
    static DropCriterion magnitude() {
        return weights -> position -> Math.abs(weights.value(position));
    }

    /**
     * {@return the smallest positive and the largest negative weights go, the fraction of each sign
     * on its own: SET (Mocanu et al. 2018, Methods)} A weight of exactly 0 counts as positive.
     */
    static DropCriterion magnitudeOfEachSign() {
        return new DropCriterion() {
            @Override
            public IntToDoubleFunction scores(PlasticWeights weights) {
                return magnitude().scores(weights);
            }

            @Override
            public int[] choose(PlasticWeights weights, double fraction) {
                IntPredicate negative = position -> weights.value(position) < 0;
                return IntStream.concat(
                                Arrays.stream(of(weights, negative, fraction)),
                                Arrays.stream(of(weights, negative.negate(), fraction)))
                        .sorted()
                        .toArray();
            }

            private int[] of(PlasticWeights weights, IntPredicate sign, double fraction) {
                int active = weights.topology().activeCount();
                return Lowest.positions(
                        IntStream.range(0, active).filter(sign), scores(weights), fraction);
            }
        };
    }
}
