package org.dl4jplasticity.sparse;

import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.dl4jplasticity.topology.SparseTopology;
import org.dl4jplasticity.topology.TopologyChange;

/**
 * What an update does to a layer: drop by one criterion, grow by another.
 *
 * @param drop which connections go
 * @param grow which connections come
 * @param initialization the values they start with
 * @param regrownKeepValue whether a connection that goes and comes in one update simply stays
 * @param seed of everything random; if empty, the network's own
 */
record RewiringRule(
        DropCriterion drop,
        GrowCriterion grow,
        GrowthInitialization initialization,
        boolean regrownKeepValue,
        OptionalLong seed) {

    /** {@return the update of a layer that drops and grows the same number} */
    LayerUpdate plan(PackedWeights weights, long time, double fraction) {
        RandomGenerator random = random(weights, time);
        SparseTopology topology = weights.topology();
        int[] dropped = drop.choose(weights, fraction);
        long[] grown = grow.choose(weights, topology.without(dropped), dropped.length, random);
        if (grown.length != dropped.length) {
            throw new IllegalStateException(
                    "%s: the grow criterion must choose as many connections as were dropped, %d, got"
                                    .formatted(weights.name(), dropped.length)
                            + " "
                            + grown.length);
        }
        TopologyChange change =
                regrownKeepValue
                        ? topology.rewireKeepingRegrown(dropped, grown)
                        : topology.rewire(dropped, grown);
        double[] values = initialization.values(weights, change.grownCount(), random);
        if (values.length != change.grownCount()) {
            throw new IllegalStateException(
                    "%s: the growth initialization must give a value to each of %d grown connections,"
                                    .formatted(weights.name(), change.grownCount())
                            + " got "
                            + values.length);
        }
        return new LayerUpdate(weights, change, values);
    }

    /** {@return the change of a layer that only drops} */
    TopologyChange planDropOnly(PackedWeights weights, double fraction) {
        return weights.topology().rewire(drop.choose(weights, fraction), new long[0]);
    }

    /** Distinct layers and times draw from distinct streams. */
    private RandomGenerator random(PackedWeights weights, long time) {
        long base = seed.orElse(weights.layer().conf().getSeed());
        long layer = 0x9E3779B97F4A7C15L * (weights.layer().getIndex() + 1);
        return new SplittableRandom(base ^ layer ^ (0xD1B54A32D192ED03L * (time + 1)));
    }
}
