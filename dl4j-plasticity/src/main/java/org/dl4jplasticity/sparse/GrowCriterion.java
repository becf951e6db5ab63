package org.dl4jplasticity.sparse;

import java.util.Set;
import java.util.random.RandomGenerator;
import org.dl4jplasticity.topology.SparseTopology;

/** Which connections an update grows. */
@FunctionalInterface
public interface GrowCriterion {

    /**
     * {@return the ids of the connections to grow, ascending, exactly {@code count}, none of them a
     * survivor} A connection that was dropped a moment ago may be chosen.
     *
     * @param weights the weights before the drop
     * @param survivors the connections that stay
     * @param count how many
     * @param random the source of randomness
     */
    long[] choose(
            PlasticWeights weights, SparseTopology survivors, int count, RandomGenerator random);

    /** {@return what must be known of the weights; nothing by default} */
    default Set<Signal> needs() {
        return Set.of();
    }

    /** {@return any connection, all equally likely: SET} */
    static GrowCriterion random() {
        return new GrowCriteria.Random();
    }

    /**
     * {@return any connection that has never been active, all equally likely; where there are not
     * enough, all of those and any others: ITOP's exploration at its strongest (Liu et al. 2021,
     * arXiv:2102.02887, authors' code)}
     */
    static GrowCriterion unexplored() {
        return new GrowCriteria.Unexplored();
    }

    /**
     * {@return the connections whose entries of the dense gradient are largest in magnitude: RigL}
     * Only for updates that take the place of an optimizer step, where the gradient of the
     * minibatch is known.
     */
    static GrowCriterion gradient() {
        return new GrowCriteria.Gradient();
    }

    /**
     * {@return the connections whose entries of the dense gradient are largest in magnitude among a
     * random sample: guided stochastic exploration (Heddes et al. 2024, arXiv:2401.06898)} For
     * layers of which RigL can't look at every connection. The sample is drawn with replacement in
     * proportion to the summed magnitudes of an input's activations and of a unit's gradients over
     * the minibatch (the paper's GraBo). Weights whose dense gradient exists anyway, those under
     * masks, and convolutions grow the largest of all instead. Only for updates that take the place
     * of an optimizer step.
     *
     * @param samples the size of the sample per active connection, greater than 0; 1 in the paper
     * @throws IllegalArgumentException if it is out of range
     */
    static GrowCriterion guided(double samples) {
        return new GrowCriteria.Guided(samples);
    }

    /**
     * {@return the connections whose moving average of the gradient is largest in magnitude: sparse
     * momentum (Dettmers and Zettlemoyer 2019, arXiv:1907.04840, sec. 3.2)} For masked weights
     * only.
     */
    static GrowCriterion momentum() {
        return new GrowCriteria.Momentum();
    }
}
