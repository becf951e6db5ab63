package org.dl4jplasticity.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Comparator;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RankingTest {
    private static final double NAN = Double.NaN;

    @Test
    void takesTheLowestAndTheHighest() {
        double[] scores = {3, -1, 2, -5, 4};
        assertThat(Ranking.lowest(scores, 2)).containsExactly(1, 3);
        assertThat(Ranking.highest(scores, 2)).containsExactly(0, 4);
        assertThat(scores).containsExactly(3, -1, 2, -5, 4);
    }

    @Test
    void ofEqualScoresTheLowerIndexIsTaken() {
        double[] scores = {1, 0, 1, 0, 1, 0};
        assertThat(Ranking.lowest(scores, 2)).containsExactly(1, 3);
        assertThat(Ranking.lowest(scores, 4)).containsExactly(0, 1, 3, 5);
        assertThat(Ranking.highest(scores, 2)).containsExactly(0, 2);
        assertThat(Ranking.highest(scores, 4)).containsExactly(0, 1, 2, 4);
    }

    @Test
    void negativeZeroEqualsZero() {
        double[] scores = {0.0, -0.0, 0.0, -0.0};
        assertThat(Ranking.lowest(scores, 2)).containsExactly(0, 1);
        assertThat(Ranking.highest(scores, 2)).containsExactly(0, 1);
    }

    @Test
    void whatIsNotANumberIsTakenLast() {
        double[] scores = {NAN, 1, Double.POSITIVE_INFINITY, NAN, Double.NEGATIVE_INFINITY};
        assertThat(Ranking.lowest(scores, 3)).containsExactly(1, 2, 4);
        assertThat(Ranking.lowest(scores, 4)).containsExactly(0, 1, 2, 4);
        assertThat(Ranking.highest(scores, 3)).containsExactly(1, 2, 4);
        assertThat(Ranking.highest(scores, 4)).containsExactly(0, 1, 2, 4);
    }

    @Test
    void noneAndAllCanBeTaken() {
        double[] scores = {2, NAN, 1};
        assertThat(Ranking.lowest(scores, 0)).isEmpty();
        assertThat(Ranking.highest(scores, 0)).isEmpty();
        assertThat(Ranking.lowest(scores, 3)).containsExactly(0, 1, 2);
        assertThat(Ranking.highest(scores, 3)).containsExactly(0, 1, 2);
        assertThat(Ranking.lowest(new double[0], 0)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 3})
    void moreThanAllOrFewerThanNoneIsRefused(int count) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Ranking.lowest(new double[2], count))
                .withMessage("can select between 0 and 2 scores, got " + count);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Ranking.highest(new double[2], count));
    }

    @Test
    void agreesWithAStableSort() {
        SplittableRandom random = new SplittableRandom(5);
        for (int round = 0; round < 50; round++) {
            double[] scores =
                    round % 2 == 0
                            ? random.ints(40, -5, 6).asDoubleStream().toArray()
                            : random.doubles(40, -1, 1)
                                    .map(value -> value * value * value)
                                    .toArray();
            int count = random.nextInt(41);
            Comparator<Integer> ascending = Comparator.comparingDouble(i -> scores[i]);
            assertThat(Ranking.lowest(scores, count)).isEqualTo(first(count, ascending));
            assertThat(Ranking.highest(scores, count))
                    .isEqualTo(first(count, ascending.reversed()));
        }
    }

    private static int[] first(int count, Comparator<Integer> order) {
        return IntStream.range(0, 40)
                .boxed()
                .sorted(order)
                .limit(count)
                .mapToInt(Integer::intValue)
                .sorted()
                .toArray();
    }
}
