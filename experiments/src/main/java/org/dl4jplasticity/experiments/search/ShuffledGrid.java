package org.dl4jplasticity.experiments.search;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import org.deeplearning4j.arbiter.optimize.api.Candidate;
import org.deeplearning4j.arbiter.optimize.api.CandidateGenerator;
import org.deeplearning4j.arbiter.optimize.api.OptimizationResult;
import org.deeplearning4j.arbiter.optimize.api.ParameterSpace;
import org.deeplearning4j.arbiter.optimize.generator.GridSearchCandidateGenerator;

/**
 * All points of a grid in an order that a seed decides, so that the first ones are no corner of it.
 * Arbiter's own random order is drawn before a seed can be set.
 */
@SuppressWarnings("rawtypes") // as Arbiter declares candidates
final class ShuffledGrid implements CandidateGenerator {
    private final ParameterSpace<?> space;
    private final Deque<Candidate> rest;

    /**
     * A grid, small enough to be held.
     *
     * @param space whose points are proposed
     * @param valuesOfRange how many values of a range
     * @param seed of the order
     */
    ShuffledGrid(ParameterSpace<?> space, int valuesOfRange, long seed) {
        this.space = space;
        CandidateGenerator grid =
                new GridSearchCandidateGenerator(
                        space, valuesOfRange, GridSearchCandidateGenerator.Mode.Sequential, null);
        List<Candidate> all = new ArrayList<>();
        while (grid.hasMoreCandidates()) {
            all.add(grid.getCandidate());
        }
        Collections.shuffle(all, new Random(seed));
        rest = new ArrayDeque<>(all);
    }

    @Override
    public boolean hasMoreCandidates() {
        return !rest.isEmpty();
    }

    @Override
    public Candidate getCandidate() {
        return rest.remove();
    }

    @Override
    public void reportResults(OptimizationResult result) {
        // The order is decided.
    }

    @Override
    public ParameterSpace<?> getParameterSpace() {
        return space;
    }

    @Override
    public void setRngSeed(long seed) {
        throw new UnsupportedOperationException("the seed is set at the beginning");
    }

    @Override
    public Class<?> getCandidateType() {
        return Values.class;
    }
}
