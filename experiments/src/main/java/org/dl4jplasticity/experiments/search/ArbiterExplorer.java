package org.dl4jplasticity.experiments.search;

import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.deeplearning4j.arbiter.optimize.api.CandidateGenerator;
import org.deeplearning4j.arbiter.optimize.api.termination.MaxCandidatesCondition;
import org.deeplearning4j.arbiter.optimize.api.termination.MaxTimeCondition;
import org.deeplearning4j.arbiter.optimize.api.termination.TerminationCondition;
import org.deeplearning4j.arbiter.optimize.config.OptimizationConfiguration;
import org.deeplearning4j.arbiter.optimize.generator.RandomSearchGenerator;
import org.deeplearning4j.arbiter.optimize.runner.IOptimizationRunner;
import org.deeplearning4j.arbiter.optimize.runner.LocalOptimizationRunner;
import org.dl4jplasticity.experiments.run.Console;

/**
 * Explores by Arbiter 1.0.0-beta7, one candidate at a time. A search that goes on is run again from
 * its beginning, with trials that know what became of earlier candidates: so every generator is in
 * the state it was in.
 */
final class ArbiterExplorer implements Explorer {
    /** What fits into memory with ease; nobody trains as many. */
    private static final int LARGEST_GRID = 100_000;

    private static final double SECONDS = 60;

    @Override
    public Proposal control(SearchSpace space) {
        Values values = space.control();
        return new Proposal(
                0,
                values,
                classes -> new LayerStackSpace(values, Map.of()).layers(new double[0], classes));
    }

    @Override
    public void explore(SearchSpace space, SearchSettings settings, Trial trial) {
        CandidateSpace candidates = new CandidateSpace(space);
        DistinctCandidates generator =
                new DistinctCandidates(generator(candidates, space, settings), space.control());
        TrialTasks tasks = new TrialTasks(candidates, trial);
        End end = new End(generator, tasks, settings);
        OptimizationConfiguration configuration =
                new OptimizationConfiguration.Builder()
                        .candidateGenerator(generator)
                        .scoreFunction(new TrialScore())
                        .terminationConditions(end)
                        .build();
        new LocalOptimizationRunner(configuration, tasks).execute();
        if (tasks.fault() != null) {
            throw tasks.fault();
        }
        if (generator.proposed() < settings.candidates() && !end.isTimeOver()) {
            new Console()
                    .say(
                            "the space has no more different candidates than %d",
                            generator.proposed());
        }
    }

    private static CandidateGenerator generator(
            CandidateSpace candidates, SearchSpace space, SearchSettings settings) {
        return switch (settings.generator()) {
            case RANDOM -> {
                CandidateGenerator random = new RandomSearchGenerator(candidates);
                random.setRngSeed(settings.seed());
                yield random;
            }
            case GRID -> grid(candidates, space, settings);
            case GENETIC -> SmallPopulation.generator(candidates, settings.seed());
        };
    }

    private static CandidateGenerator grid(
            CandidateSpace candidates, SearchSpace space, SearchSettings settings) {
        double size = space.gridSize(settings.gridValues());
        if (size > LARGEST_GRID) {
            throw new IllegalArgumentException(
                    ("--generator grid: the grid has %.0f points, expected at most %d; search fewer"
                                    + " dimensions or choose a smaller --grid-values")
                            .formatted(size, LARGEST_GRID));
        }
        return new ShuffledGrid(candidates, settings.gridValues(), settings.seed());
    }

    /**
     * The end of a search. It comes between candidates only: what is under way is finished, and
     * Arbiter would lose what ends after it stopped looking.
     */
    private static final class End implements TerminationCondition {
        private final DistinctCandidates generator;
        private final TrialTasks tasks;
        private final TerminationCondition enough;
        private final TerminationCondition late;
        private boolean timeOver;

        End(DistinctCandidates generator, TrialTasks tasks, SearchSettings settings) {
            this.generator = generator;
            this.tasks = tasks;
            enough = new MaxCandidatesCondition(settings.candidates());
            late =
                    new MaxTimeCondition(
                            (long)
                                    Math.min(
                                            Integer.MAX_VALUE,
                                            Math.ceil(SECONDS * settings.minutes())),
                            TimeUnit.SECONDS);
        }

        boolean isTimeOver() {
            return timeOver;
        }

        @Override
        public void initialize(IOptimizationRunner runner) {
            enough.initialize(runner);
            late.initialize(runner);
        }

        @Override
        public boolean terminate(IOptimizationRunner runner) {
            if (runner.numCandidatesQueued() > 0) {
                return false;
            }
            if (tasks.fault() != null || enough.terminate(runner)) {
                return true;
            }
            timeOver = late.terminate(runner);
            return timeOver || !generator.hasMoreCandidates();
        }
    }
}
