package org.dl4jplasticity.experiments.search;

import java.util.List;
import java.util.OptionalDouble;
import java.util.Properties;
import java.util.concurrent.Callable;
import org.deeplearning4j.arbiter.optimize.api.Candidate;
import org.deeplearning4j.arbiter.optimize.api.OptimizationResult;
import org.deeplearning4j.arbiter.optimize.api.TaskCreator;
import org.deeplearning4j.arbiter.optimize.api.data.DataProvider;
import org.deeplearning4j.arbiter.optimize.api.data.DataSource;
import org.deeplearning4j.arbiter.optimize.api.score.ScoreFunction;
import org.deeplearning4j.arbiter.optimize.runner.CandidateInfo;
import org.deeplearning4j.arbiter.optimize.runner.CandidateStatus;
import org.deeplearning4j.arbiter.optimize.runner.IOptimizationRunner;
import org.deeplearning4j.arbiter.optimize.runner.listener.StatusListener;

/** Makes a task of each of Arbiter's candidates: its trial. */
@SuppressWarnings({"rawtypes", "deprecation"}) // as Arbiter declares candidates and data
final class TrialTasks implements TaskCreator {
    private final CandidateSpace space;
    private final Explorer.Trial trial;

    /** What ended a task that no candidate is to blame for; read by the runner's thread. */
    private volatile RuntimeException fault;

    /**
     * Tasks.
     *
     * @param space of the candidates
     * @param trial tries a candidate
     */
    TrialTasks(CandidateSpace space, Explorer.Trial trial) {
        this.space = space;
        this.trial = trial;
    }

    /** {@return what the search must end for, or null} */
    RuntimeException fault() {
        return fault;
    }

    /** {@return a candidate of Arbiter's as a proposal} */
    private Proposal proposal(Candidate candidate) {
        Values values = (Values) candidate.getValue();
        double[] point = candidate.getFlatParameters();
        return new Proposal(
                candidate.getIndex(),
                values,
                classes -> space.layers(values).layers(point, classes));
    }

    @Override
    public Callable<OptimizationResult> create(
            Candidate candidate,
            Class<? extends DataSource> data,
            Properties properties,
            ScoreFunction score,
            List<StatusListener> listeners,
            IOptimizationRunner runner) {
        return () -> run(candidate);
    }

    @Override
    public Callable<OptimizationResult> create(
            Candidate candidate,
            DataProvider data,
            ScoreFunction score,
            List<StatusListener> listeners,
            IOptimizationRunner runner) {
        return () -> run(candidate);
    }

    private OptimizationResult run(Candidate candidate) {
        OptionalDouble score = OptionalDouble.empty();
        try {
            score = trial.of(proposal(candidate));
        } catch (RuntimeException e) {
            fault = e;
        }
        Double known = score.isPresent() ? score.getAsDouble() : null;
        CandidateInfo info =
                new CandidateInfo(
                        candidate.getIndex(),
                        score.isPresent() ? CandidateStatus.Complete : CandidateStatus.Failed,
                        known,
                        System.currentTimeMillis(),
                        null,
                        null,
                        candidate.getFlatParameters(),
                        null);
        return new OptimizationResult(candidate, known, candidate.getIndex(), null, info, null);
    }
}
