package org.dl4jplasticity.experiments.search;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.dl4jplasticity.experiments.run.Console;

/** What a search tells its user: a line for each candidate, and its results. */
final class SearchConsole {
    private static final double NANOSECONDS = 1e9;
    private static final int MINUTE = 60;

    private final int planned;
    private final Set<String> searched;
    private final PrintWriter faults;
    private final long begin = System.nanoTime();

    private Candidate best;
    private int told;

    /**
     * A console.
     *
     * @param settings of the search
     * @param space whose dimensions are told of each candidate
     * @param faults where faults of ours go
     */
    SearchConsole(SearchSettings settings, SearchSpace space, PrintWriter faults) {
        planned = settings.candidates();
        searched =
                space.dimensions().keySet().stream()
                        .map(Parameter::toString)
                        .collect(Collectors.toSet());
        this.faults = faults;
    }

    /** Tells what is done already. */
    void goingOn(List<Candidate> earlier) {
        if (!earlier.isEmpty()) {
            print("going on after %d trainings", earlier.size());
            earlier.forEach(this::consider);
        }
    }

    private void consider(Candidate candidate) {
        if (Ranking.isBetter(candidate, best)) {
            best = candidate;
        }
    }

    /** Tells what became of a candidate. */
    void tell(Candidate candidate) {
        consider(candidate);
        told++;
        String which =
                candidate.isControl()
                        ? candidate.name()
                        : "candidate %d of %d".formatted(candidate.index(), planned);
        print("%s: %s", which, inWords(candidate.values()));
        if (candidate.isDone()) {
            CandidateScores scores = candidate.scores();
            print(
                    "    validation %.2f %%, %,d active weights, %.1f s; best so far %s, %.2f %%%s",
                    100 * scores.validationAccuracy(),
                    scores.activeWeights(),
                    scores.trainSeconds(),
                    best.name(),
                    100 * best.scores().validationAccuracy(),
                    timeLeft(planned - candidate.index()));
        } else {
            print("    failed: %s%s", candidate.failure(), timeLeft(planned - candidate.index()));
        }
    }

    private String inWords(Map<String, Object> values) {
        return values.entrySet().stream()
                .filter(each -> searched.contains(each.getKey()))
                .map(each -> each.getKey() + " " + each.getValue())
                .collect(Collectors.joining(", "));
    }

    private String timeLeft(int left) {
        double seconds = (System.nanoTime() - begin) / NANOSECONDS / told * left;
        if (left <= 0) {
            return "";
        }
        return seconds < MINUTE
                ? String.format(Locale.ROOT, "; about %.0f s left", seconds)
                : String.format(Locale.ROOT, "; about %.0f min left", seconds / MINUTE);
    }

    /** Tells a failure with its trace. */
    void tellFault(Proposal proposal, RuntimeException fault) {
        faults.println("plasticity: candidate %d failed:".formatted(proposal.index()));
        fault.printStackTrace(faults);
        faults.flush();
    }

    private static void print(String format, Object... arguments) {
        new Console().say(format, arguments);
    }
}
