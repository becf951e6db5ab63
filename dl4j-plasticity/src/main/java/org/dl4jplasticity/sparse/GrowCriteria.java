package org.dl4jplasticity.sparse;

import java.util.Arrays;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.LongStream;
import org.dl4jplasticity.topology.SparseTopology;

/** The criteria that {@link GrowCriterion} offers. */
final class GrowCriteria {
    private GrowCriteria() {}

    record Random() implements GrowCriterion {
        @Override
        public long[] choose(
                PlasticWeights weights,
                SparseTopology survivors,
                int count,
                RandomGenerator random) {
            return survivors.sampleInactive(count, random);
        }
    }

    record Unexplored() implements GrowCriterion {
        @Override
        public long[] choose(
                PlasticWeights weights,
                SparseTopology survivors,
                int count,
                RandomGenerator random) {
            SparseTopology explored = weights.explored();
            long never = explored.possibleCount() - explored.activeCount();
            if (never >= count) {
                return explored.sampleInactive(count, random);
            }
            long[] all = explored.sampleInactive((int) never, random);
            SparseTopology taken =
                    all.length == 0 ? survivors : survivors.rewire(new int[0], all).topology();
            long[] others = taken.sampleInactive(count - all.length, random);
            return LongStream.concat(Arrays.stream(all), Arrays.stream(others)).sorted().toArray();
        }
    }

    record Gradient() implements GrowCriterion {
        @Override
        public long[] choose(
                PlasticWeights weights,
                SparseTopology survivors,
                int count,
                RandomGenerator random) {
            return weights.largestGradients(survivors, count);
        }

        @Override
        public Set<Signal> needs() {
            return Set.of(Signal.GRADIENT);
        }
    }

    record Guided(double samples) implements GrowCriterion {
        Guided {
            if (!(samples > 0 && Double.isFinite(samples))) {
                throw new IllegalArgumentException(
                        "samples per active connection must be greater than 0, got " + samples);
            }
        }

        @Override
        public long[] choose(
                PlasticWeights weights,
                SparseTopology survivors,
                int count,
                RandomGenerator random) {
            long draws = (long) Math.ceil(samples * weights.topology().activeCount());
            return weights.largestSampledGradients(survivors, count, draws, random);
        }

        @Override
        public Set<Signal> needs() {
            return Set.of(Signal.SAMPLED_GRADIENT);
        }
    }

    record Momentum() implements GrowCriterion {
        @Override
        public long[] choose(
                PlasticWeights weights,
                SparseTopology survivors,
                int count,
                RandomGenerator random) {
            return weights.largestMomenta(survivors, count);
        }

        @Override
        public Set<Signal> needs() {
            return Set.of(Signal.MOMENTUM);
        }
    }
}
