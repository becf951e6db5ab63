package org.dl4jplasticity.sparse;

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

    /** {@return any connection, all equally likely: SET} */
    static GrowCriterion random() {
        return (weights, survivors, count, random) -> survivors.sampleInactive(count, random);
    }

    /**
     * {@return the connections whose entries of the dense gradient are largest in magnitude: RigL}
     * Only for updates that take the place of an optimizer step, where the gradient of the
     * minibatch is known.
     */
    static GrowCriterion gradient() {
        return new GrowCriterion() {
            @Override
            public long[] choose(
                    PlasticWeights weights,
                    SparseTopology survivors,
                    int count,
                    RandomGenerator random) {
                return weights.largestGradients(survivors, count);
            }

            @Override
            public boolean usesGradient() {
                return true;
            }
        };
    }

    /** {@return whether the criterion looks at the gradient; false by default} */
    default boolean usesGradient() {
        return false;
    }
}
