package org.dl4jplasticity.experiments.search;

import java.util.HashSet;
import java.util.Set;
import org.deeplearning4j.arbiter.optimize.api.Candidate;
import org.deeplearning4j.arbiter.optimize.api.CandidateGenerator;
import org.deeplearning4j.arbiter.optimize.api.OptimizationResult;
import org.deeplearning4j.arbiter.optimize.api.ParameterSpace;

/**
 * Another generator's candidates without repetitions, numbered from 1. A point that gives the same
 * values as an earlier one, after rounding, would be trained to the same network.
 */
@SuppressWarnings("rawtypes") // as Arbiter declares candidates
final class DistinctCandidates implements CandidateGenerator {
    /** After so many repetitions in a row there is nothing new to be expected. */
    private static final int MOST_REPETITIONS = 1_000;

    private final CandidateGenerator all;
    private final Set<Values> proposed = new HashSet<>();
    private Candidate next;

    /**
     * A generator.
     *
     * @param all gives the candidates, of {@link Values}
     * @param control what is tried anyhow
     */
    DistinctCandidates(CandidateGenerator all, Values control) {
        this.all = all;
        proposed.add(control);
    }

    /** {@return how many candidates there were} */
    int proposed() {
        return proposed.size() - 1;
    }

    @Override
    public boolean hasMoreCandidates() {
        for (int i = 0; next == null && i < MOST_REPETITIONS && all.hasMoreCandidates(); i++) {
            Candidate<?> candidate = all.getCandidate();
            if (candidate.getValue() instanceof Values values && proposed.add(values)) {
                next =
                        new Candidate<>(
                                values, proposed(), candidate.getFlatParameters(), null, null);
            }
        }
        return next != null;
    }

    @Override
    public Candidate getCandidate() {
        if (!hasMoreCandidates()) {
            throw new IllegalStateException("there are no more candidates");
        }
        Candidate candidate = next;
        next = null;
        return candidate;
    }

    @Override
    public void reportResults(OptimizationResult result) {
        all.reportResults(result);
    }

    @Override
    public ParameterSpace<?> getParameterSpace() {
        return all.getParameterSpace();
    }

    @Override
    public void setRngSeed(long seed) {
        all.setRngSeed(seed);
    }

    @Override
    public Class<?> getCandidateType() {
        return Values.class;
    }
}
