package org.dl4jplasticity.experiments.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RankingTest {
    private static Candidate candidate(int index, double accuracy, long weights) {
        return new Candidate(
                index, Map.of(), new CandidateScores(accuracy, 1, weights, 1000, 1000, 1), null);
    }

    private static final Candidate FAILED = new Candidate(9, Map.of(), null, "no reason");

    private static List<Integer> indexes(List<Candidate> candidates) {
        return candidates.stream().map(Candidate::index).toList();
    }

    @Test
    void theBestIsTheMostAccurateThenTheSmallestThenTheEarliest() {
        Ranking ranking =
                new Ranking(
                        List.of(
                                candidate(0, 0.8, 100),
                                candidate(1, 0.9, 300),
                                FAILED,
                                candidate(2, 0.9, 200),
                                candidate(3, 0.9, 200)));
        assertThat(indexes(ranking.bestFirst())).containsExactly(2, 3, 1, 0);
        assertThat(ranking.best()).hasValueSatisfying(it -> assertThat(it.index()).isEqualTo(2));
    }

    @Test
    void theFrontHasThoseThatNoOtherDominates() {
        Ranking ranking =
                new Ranking(
                        List.of(
                                candidate(0, 0.95, 500), // front: the most accurate
                                candidate(1, 0.93, 500), // as large as 0 and worse
                                candidate(2, 0.90, 200), // front
                                candidate(3, 0.90, 250), // as good as 2 and larger
                                candidate(4, 0.85, 300), // worse and larger than 2
                                candidate(5, 0.50, 10))); // front: the smallest
        assertThat(indexes(ranking.front())).containsExactly(0, 2, 5);
    }

    @Test
    void withNothingThatWentThroughThereIsNoBestAndNoFront() {
        Ranking ranking = new Ranking(List.of(FAILED));
        assertThat(ranking.best()).isEmpty();
        assertThat(ranking.front()).isEmpty();
        assertThat(Ranking.isBetter(FAILED, null)).isFalse();
    }

    @Test
    void theVerdictTellsTheDifferenceAndItsStandardError() {
        // 100 examples: 80 both right, 12 only the best, 4 only the default settings.
        Verdict verdict = Verdict.of(7, 80, 12, 4, 100);
        assertThat(verdict.testAccuracy()).isEqualTo(0.92);
        assertThat(verdict.defaultTestAccuracy()).isEqualTo(0.84);
        assertThat(verdict.difference()).isEqualTo(0.08);
        // sqrt(12 + 4 - 8^2 / 100) / 100 = sqrt(15.36) / 100
        assertThat(verdict.standardError()).isCloseTo(0.0391918, within(1e-7));
        assertThat(verdict.beatsDefault()).isTrue();
        assertThat(verdict.sentence())
                .isEqualTo(
                        "Candidate 7 beats the default settings: test accuracy 92.00 % against"
                                + " 84.00 %, a difference of 8.00 points with a standard error of"
                                + " 3.92.");
    }

    @Test
    void theVerdictSaysWhenChanceMayExplainADifference() {
        // sqrt(5 + 3 - 2^2 / 100) / 100 = 0.0282 > 0.02 / 2
        assertThat(Verdict.of(1, 80, 5, 3, 100).sentence()).endsWith(", which chance may explain.");
    }

    @Test
    void theVerdictSaysWhenTheDefaultSettingsAreNotBeaten() {
        Verdict worse = Verdict.of(3, 80, 4, 5, 100);
        assertThat(worse.beatsDefault()).isFalse();
        assertThat(worse.sentence())
                .startsWith(
                        "Candidate 3 was the best on validation examples, but does not beat the"
                                + " default settings: test accuracy 84.00 % against 85.00 %");
        Verdict none = Verdict.of(0, 85, 0, 0, 100);
        assertThat(none.beatsDefault()).isFalse();
        assertThat(none.sentence())
                .isEqualTo(
                        "No candidate beat the default settings on validation examples; their test"
                                + " accuracy is 85.00 %.");
    }
}
