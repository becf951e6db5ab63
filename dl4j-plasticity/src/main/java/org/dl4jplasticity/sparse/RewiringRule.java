package org.dl4jplasticity.sparse;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.IntToDoubleFunction;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.params.DefaultParamInitializer;
import org.dl4jplasticity.sparse.ConnectionBudget.Exchange;
import org.dl4jplasticity.topology.SparseTopology;
import org.dl4jplasticity.topology.TopologyChange;

/**
 * Drops by one criterion, grows by another.
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
        OptionalLong seed)
        implements LayerRule {

    @Override
    public Optional<LayerUpdate> plan(NetworkWeights weights, Exchange exchange, long time) {
        if (!exchange.isChange()) {
            return Optional.empty();
        }
        long stream = stream(weights, time);
        RandomGenerator random = new SplittableRandom(stream);
        SparseTopology topology = weights.topology();
        int[] dropped = drop.choose(weights, exchange.drop());
        Map<String, Double> scores = scores(weights, dropped, exchange.target());
        weights.forget(); // growing may take as much memory again
        SparseTopology survivors = dropped.length == 0 ? topology : topology.without(dropped);
        long[] grown =
                exchange.grow() == 0
                        ? new long[0]
                        : grow.choose(weights, survivors, exchange.grow(), random);
        requireCount(weights, "the drop criterion", exchange.drop(), dropped.length);
        requireCount(weights, "the grow criterion", exchange.grow(), grown.length);
        TopologyChange change =
                regrownKeepValue
                        ? topology.rewireKeepingRegrown(dropped, grown)
                        : topology.rewire(dropped, grown);
        double[] values = initialization.values(weights, change.grownCount(), random);
        requireCount(weights, "the growth initialization", change.grownCount(), values.length);
        return Optional.of(
                new LayerUpdate(weights, change, values, exchange.target(), stream, scores));
    }

    private static void requireCount(
            PlasticWeights weights, String chooser, int expected, int got) {
        if (got != expected) {
            throw new IllegalStateException(
                    "%s: %s must choose %d, got %d"
                            .formatted(weights.name(), chooser, expected, got));
        }
    }

    /**
     * The number of connections that is aimed at, and the range of the scores of what is dropped.
     */
    private Map<String, Double> scores(PlasticWeights weights, int[] dropped, int target) {
        Map<String, Double> scores = new LinkedHashMap<>();
        scores.put("target", (double) target);
        if (dropped.length > 0) {
            IntToDoubleFunction score = drop.scores(weights);
            scores.put(
                    "lowestDropped", IntStream.of(dropped).mapToDouble(score).min().getAsDouble());
            scores.put(
                    "highestDropped", IntStream.of(dropped).mapToDouble(score).max().getAsDouble());
        }
        return scores;
    }

    /** Distinct weights and times draw from distinct streams. */
    private long stream(NetworkWeights weights, long time) {
        long base = seed.orElse(weights.layer().conf().getSeed());
        long layer = 0x9E3779B97F4A7C15L * (weights.layer().getIndex() + 1);
        String name = weights.parameter().name();
        long parameter =
                name.equals(DefaultParamInitializer.WEIGHT_KEY)
                        ? 0
                        : 0xA24BAED4963EE407L * name.hashCode();
        return base ^ layer ^ parameter ^ (0xD1B54A32D192ED03L * (time + 1));
    }

    @Override
    public Set<Signal> needs() {
        Set<Signal> needs = new HashSet<>(drop.needs());
        needs.addAll(grow.needs());
        return needs;
    }
}
