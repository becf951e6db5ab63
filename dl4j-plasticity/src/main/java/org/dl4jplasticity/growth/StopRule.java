package org.dl4jplasticity.growth;

import org.deeplearning4j.earlystopping.scorecalc.ScoreCalculator;
import org.deeplearning4j.nn.api.Model;

/**
 * When growing ends: after some growths in a row that didn't improve a score (the last lines of
 * Algorithm 1, arXiv:2503.21419, read for scores that rise and scores that fall).
 *
 * @param growths how many growths without improvement end it, at least 1
 * @param score what must improve, from one growth to the next; DL4J's calculators know whether more
 *     or less is better
 * @param improvement by how much it must improve, at least 0
 * @param rollback whether the network goes back to what it was before the first of them
 */
public record StopRule(
        int growths, ScoreCalculator<? extends Model> score, double improvement, boolean rollback) {

    /**
     * Checks the ranges.
     *
     * @param growths at least 1
     * @param score any
     * @param improvement at least 0
     * @param rollback any
     * @throws IllegalArgumentException if a number is out of its range
     */
    public StopRule {
        if (growths < 1 || !(improvement >= 0)) {
            throw new IllegalArgumentException(
                    "growing stops after at least 1 growth without an improvement of at least 0,"
                            + " got %d and %s".formatted(growths, improvement));
        }
    }

    /** All but the data that the score is of. */
    @Override
    public String toString() {
        return "after %d growths without %s better by %s%s"
                .formatted(
                        growths,
                        score.getClass().getSimpleName(),
                        improvement,
                        rollback ? ", rolled back" : "");
    }
}
