package org.dl4jplasticity.experiments.run;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * Runs one after the other. What an earlier series made is taken from there, so that one that was
 * stopped goes on when it is started again; a run that fails leaves the others alone.
 *
 * @param <S> settings of a run
 * @param <R> its report
 */
public final class RunSeries<S, R> {
    private final Function<S, String> inWords;
    private final Function<S, R> run;
    private final BiConsumer<S, R> done;
    private final Console console = new Console();

    /**
     * A series, not yet begun.
     *
     * @param inWords tells of a run which it is
     * @param run makes a run
     * @param done is told of every run that went through, now or before, in order
     */
    public RunSeries(Function<S, String> inWords, Function<S, R> run, BiConsumer<S, R> done) {
        this.inWords = inWords;
        this.run = run;
        this.done = done;
    }

    /**
     * {@return what came of the runs, in order}
     *
     * @param runs the settings
     * @param earlier the reports that are there already
     */
    public List<Outcome<S, R>> run(List<S> runs, List<Optional<R>> earlier) {
        List<Outcome<S, R>> outcomes = new ArrayList<>();
        for (int i = 0; i < runs.size(); i++) {
            S settings = runs.get(i);
            console.say(
                    "run %d of %d: %s%s",
                    i + 1,
                    runs.size(),
                    inWords.apply(settings),
                    earlier.get(i).isPresent() ? " is there already" : "");
            Outcome<S, R> outcome =
                    earlier.get(i)
                            .<Outcome<S, R>>map(report -> new Outcome.Done<>(settings, report))
                            .orElseGet(() -> run(settings));
            if (outcome instanceof Outcome.Done<S, R> went) {
                done.accept(settings, went.report());
            }
            outcomes.add(outcome);
        }
        return outcomes;
    }

    /** Whatever goes wrong with one run is kept for the end; the others still run. */
    private Outcome<S, R> run(S settings) {
        try {
            return new Outcome.Done<>(settings, run.apply(settings));
        } catch (RuntimeException e) {
            return new Outcome.Failed<>(settings, inWords.apply(settings), e);
        } finally {
            System.gc(); // what a run's networks hold outside the heap is freed with them alone
        }
    }
}
