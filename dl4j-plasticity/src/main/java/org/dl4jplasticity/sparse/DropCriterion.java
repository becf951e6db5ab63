package org.dl4jplasticity.sparse;

import java.util.Set;
import java.util.function.IntToDoubleFunction;
import org.dl4jplasticity.topology.Ranking;

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
     * {@return the score of every position; the lowest are dropped} A position is asked for several
     * times and must have the same score each time.
     *
     * @param weights the weights
     */
    IntToDoubleFunction scores(PlasticWeights weights);

    /**
     * {@return the positions to drop, ascending} By default those of lowest score, of equal scores
     * the lower position; NaN is higher than any number.
     *
     * @param weights the weights
     * @param count how many, in [0, active)
     */
    default int[] choose(PlasticWeights weights, int count) {
        return Ranking.lowest(weights.topology().activeCount(), scores(weights), count);
    }

    /** {@return what must be known of the weights; nothing by default} */
    default Set<Signal> needs() {
        return Set.of();
    }

    /** {@return the smallest magnitudes go: RigL and most others} */
    static DropCriterion magnitude() {
        return new DropCriteria.Magnitude();
    }

    /**
     * {@return the smallest positive and the largest negative weights go, of each sign as many as
     * its share of the weights: SET (Mocanu et al. 2018, Methods)} A weight of exactly 0 counts as
     * positive.
     */
    static DropCriterion magnitudeOfEachSign() {
        return new DropCriteria.MagnitudeOfEachSign();
    }

    /**
     * {@return the lowest sums of magnitude and weighted magnitude of the gradient go: MEST (Yuan
     * et al. 2021, arXiv:2110.14032, sec. 3.2)} The gradient is that of the minibatch's mean loss.
     *
     * @param lambda the weight of the gradient, at least 0
     * @throws IllegalArgumentException if it is not
     */
    static DropCriterion magnitudePlusGradient(double lambda) {
        return new DropCriteria.MagnitudePlusGradient(lambda);
    }

    /**
     * {@return the weights that training moved towards zero go, those that it moved most first:
     * movement pruning (Sanh et al. 2020, arXiv:2005.07683, sec. 4)}
     */
    static DropCriterion movement() {
        return new DropCriteria.Movement();
    }
}
