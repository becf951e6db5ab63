package org.dl4jplasticity.growth;

import org.deeplearning4j.earlystopping.scorecalc.ScoreCalculator;
import org.deeplearning4j.nn.api.Model;

/** DL4J's scores of a network, whichever way they get better. */
final class Scores {
    private Scores() {}

    /** {@return a score, or minus it if more is better: less is better always} */
    static double loss(ScoreCalculator<? extends Model> score, Model network) {
        double value = calculate(score, network);
        return score.minimizeScore() ? value : -value;
    }

    /** DL4J's calculators take one of its network classes each, or both. */
    @SuppressWarnings("unchecked")
    private static <T extends Model> double calculate(ScoreCalculator<T> score, Model network) {
        return score.calculateScore((T) network);
    }
}
