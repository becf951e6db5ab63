package org.dl4jplasticity.sparse;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Comparator;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.dl4jplasticity.topology.Ranking;
import org.dl4jplasticity.topology.SparseTopology;
import org.junit.jupiter.api.Test;

class CriteriaTest {

    private static int[] lowest(double fraction, double... scores) {
        return Ranking.lowest(scores, (int) (fraction * scores.length));
    }

    @Test
    void theLowestAreFoundInAscendingOrder() {
        assertThat(lowest(0.5, 3, 1, 4, 1.5, 9, 2)).containsExactly(1, 3, 5);
    }

    @Test
    void ofEqualScoresTheLowerPositionIsTaken() {
        assertThat(lowest(0.5, 2, 2, 2, 2)).containsExactly(0, 1);
        assertThat(lowest(0.5, 7, 2, 5, 2, 2, 1)).containsExactly(1, 3, 5);
    }

    @Test
    void nanIsHigherThanAnyNumber() {
        assertThat(lowest(0.5, Double.NaN, Double.POSITIVE_INFINITY, 1, Double.NaN))
                .containsExactly(1, 2);
        assertThat(lowest(0.75, Double.NaN, 5, Double.NaN, Double.NaN)).containsExactly(0, 1, 2);
    }

    @Test
    void theCountIsRoundedDown() {
        assertThat(lowest(0.3, 1, 2, 3)).isEmpty();
        assertThat(lowest(0.34, 1, 2, 3)).containsExactly(0);
        assertThat(lowest(0.99, 1, 2, 3)).containsExactly(0, 1);
        assertThat(lowest(0, 1, 2, 3)).isEmpty();
    }

    @Test
    void oneOrNoPositionKeepsItself() {
        assertThat(lowest(0.99, 1)).isEmpty();
        assertThat(lowest(0.99)).isEmpty();
    }

    @Test
    void selectionIsThatOfSorting() {
        long seed = 20260101;
        System.out.println("CriteriaTest.selectionIsThatOfSorting: seed " + seed);
        Random random = new Random(seed);
        for (int trial = 0; trial < 300; trial++) {
            int n = 1 + random.nextInt(40);
            double[] scores = random.ints(n, 0, 12).asDoubleStream().toArray();
            double fraction = random.nextDouble();
            int[] expected =
                    IntStream.range(0, n)
                            .boxed()
                            .sorted(Comparator.comparing(i -> scores[i])) // stable
                            .limit((long) Math.floor(fraction * n))
                            .mapToInt(i -> i)
                            .sorted()
                            .toArray();
            assertThat(lowest(fraction, scores)).containsExactly(expected);
        }
    }

    @Test
    void magnitudeDropsThoseNearestToZeroOfEitherSign() {
        PlasticWeights weights = HandMadeWeights.of(-0.1, 3, 0, -2, 0.2, -4);
        assertThat(DropCriterion.magnitude().choose(weights, 3)).containsExactly(0, 2, 4);
    }

    @Test
    void magnitudeOfEachSignTakesItsShareOfBothSidesAndZeroCountsAsPositive() {
        // positive: 3, 0, 0.2, 1, 5 at 1, 2, 4, 6, 7; negative: -0.1, -2, -4 at 0, 3, 5
        PlasticWeights weights = HandMadeWeights.of(-0.1, 3, 0, -2, 0.2, -4, 1, 5);
        DropCriterion criterion = DropCriterion.magnitudeOfEachSign();
        assertThat(criterion.choose(weights, 3)).containsExactly(0, 2, 4);
        assertThat(criterion.choose(weights, 1)).containsExactly(2);
        assertThat(criterion.choose(weights, 5)).containsExactly(0, 2, 3, 4, 6);
        assertThat(criterion.choose(weights, 0)).isEmpty();
    }

    @Test
    void magnitudeOfEachSignOfOneSignAloneIsMagnitude() {
        PlasticWeights negative = HandMadeWeights.of(-3, -1, -2, -4);
        assertThat(DropCriterion.magnitudeOfEachSign().choose(negative, 2)).containsExactly(1, 2);
        PlasticWeights zeros = HandMadeWeights.of(0, -0.0, 0, 0);
        assertThat(DropCriterion.magnitudeOfEachSign().choose(zeros, 2)).containsExactly(0, 1);
        assertThat(DropCriterion.magnitudeOfEachSign().choose(HandMadeWeights.of(1), 0)).isEmpty();
    }

    @Test
    void aCriterionOfOnesOwnIsOneLambda() {
        DropCriterion largest = weights -> i -> -Math.abs(weights.value(i));
        assertThat(largest.choose(HandMadeWeights.of(1, -5, 2, 4), 2)).containsExactly(1, 3);
    }

    @Test
    void randomGrowthChoosesDistinctConnectionsThatDidNotSurvive() {
        PlasticWeights weights = HandMadeWeights.of(1, 2, 3, 4); // ids 0, 2, 4, 6 of 8
        SparseTopology survivors = weights.topology().without(new int[] {1, 3});
        int[] chosen = new int[8];
        SplittableRandom random = new SplittableRandom(5);
        for (int trial = 0; trial < 3_000; trial++) {
            long[] ids = GrowCriterion.random().choose(weights, survivors, 2, random);
            assertThat(ids).hasSize(2).isSorted().doesNotHaveDuplicates();
            Arrays.stream(ids).forEach(id -> chosen[(int) id]++);
        }
        // 2 of 1, 2, 3, 5, 6, 7, dropped ones among them: 1,000 each, deviation 26
        assertThat(chosen[0] + chosen[4]).isZero();
        for (int id : new int[] {1, 2, 3, 5, 6, 7}) {
            assertThat(chosen[id]).isBetween(1_000 - 130, 1_000 + 130);
        }
    }

    @Test
    void criteriaSayWhatTheyLookAt() {
        assertThat(GrowCriterion.gradient().needs()).containsExactly(Signal.GRADIENT);
        assertThat(GrowCriterion.guided(2).needs()).containsExactly(Signal.SAMPLED_GRADIENT);
        assertThat(GrowCriterion.random().needs()).isEmpty();
        assertThat(GrowCriterion.momentum().needs()).containsExactly(Signal.MOMENTUM);
        assertThat(DropCriterion.movement().needs()).containsExactly(Signal.MOVEMENT);
        assertThat(DropCriterion.magnitude().needs()).isEmpty();
    }
}
