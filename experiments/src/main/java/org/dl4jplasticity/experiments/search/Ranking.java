package org.dl4jplasticity.experiments.search;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Which of some candidates are best: by validation accuracy, and by accuracy and size together. */
final class Ranking {
    /** The most accurate first, of equals the smallest, of equals the earliest. */
    private static final Comparator<Candidate> BEST_FIRST =
            Comparator.comparingDouble((Candidate each) -> -each.scores().validationAccuracy())
                    .thenComparingLong(each -> each.scores().activeWeights())
                    .thenComparingInt(Candidate::index);

    private final List<Candidate> bestFirst;

    /** A ranking of those that went through. */
    Ranking(List<Candidate> candidates) {
        bestFirst = candidates.stream().filter(Candidate::isDone).sorted(BEST_FIRST).toList();
    }

    /** {@return those that went through, the best first} */
    List<Candidate> bestFirst() {
        return bestFirst;
    }

    /** {@return the best, if any went through} */
    Optional<Candidate> best() {
        return bestFirst.stream().findFirst();
    }

    /** {@return whether a candidate is better than another, or than nothing} */
    static boolean isBetter(Candidate candidate, Candidate other) {
        return candidate.isDone() && (other == null || BEST_FIRST.compare(candidate, other) < 0);
    }

    /**
     * {@return the front of accuracy against size: those than which no other is at least as
     * accurate with fewer weights, or more accurate with as many; the largest first}
     */
    List<Candidate> front() {
        List<Candidate> front = new ArrayList<>();
        long fewest = Long.MAX_VALUE;
        for (Candidate each : bestFirst) {
            if (each.scores().activeWeights() < fewest) {
                fewest = each.scores().activeWeights();
                front.add(each);
            }
        }
        return front;
    }
}
