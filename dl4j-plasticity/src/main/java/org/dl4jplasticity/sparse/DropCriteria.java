package org.dl4jplasticity.sparse;

import java.util.Set;
import java.util.function.IntPredicate;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.dl4jplasticity.topology.Ranking;

/** The criteria that {@link DropCriterion} offers. */
final class DropCriteria {
    private DropCriteria() {}

    record Magnitude() implements DropCriterion {
        @Override
        public IntToDoubleFunction scores(PlasticWeights weights) {
            return position -> Math.abs(weights.value(position));
        }
    }

    record MagnitudeOfEachSign() implements DropCriterion {
        @Override
        public IntToDoubleFunction scores(PlasticWeights weights) {
            return position -> Math.abs(weights.value(position));
        }

        @Override
        public int[] choose(PlasticWeights weights, int count) {
            int active = weights.topology().activeCount();
            IntPredicate isNegative = position -> weights.value(position) < 0;
            int[] negative = IntStream.range(0, active).filter(isNegative).toArray();
            int[] positive = IntStream.range(0, active).filter(isNegative.negate()).toArray();
            int ofNegative = (int) Math.round((double) count * negative.length / active);
            return IntStream.concat(
                            lowest(weights, negative, ofNegative),
                            lowest(weights, positive, count - ofNegative))
                    .sorted()
                    .toArray();
        }

        private IntStream lowest(PlasticWeights weights, int[] positions, int count) {
            IntToDoubleFunction scores = scores(weights);
            return IntStream.of(
                            Ranking.lowest(
                                    positions.length,
                                    index -> scores.applyAsDouble(positions[index]),
                                    count))
                    .map(index -> positions[index]);
        }
    }

    record MagnitudePlusGradient(double lambda) implements DropCriterion {
        MagnitudePlusGradient {
            if (!(lambda >= 0 && Double.isFinite(lambda))) {
                throw new IllegalArgumentException(
                        "lambda, the weight of the gradient, must be at least 0, got " + lambda);
            }
        }

        @Override
        public IntToDoubleFunction scores(PlasticWeights weights) {
            double perExample = lambda / weights.minibatch();
            return position ->
                    Math.abs(weights.value(position))
                            + perExample * Math.abs(weights.gradient(position));
        }

        @Override
        public Set<Signal> needs() {
            return Set.of(Signal.GRADIENT);
        }
    }

    record Movement() implements DropCriterion {
        @Override
        public IntToDoubleFunction scores(PlasticWeights weights) {
            return weights::movement;
        }

        @Override
        public Set<Signal> needs() {
            return Set.of(Signal.MOVEMENT);
        }
    }
}
