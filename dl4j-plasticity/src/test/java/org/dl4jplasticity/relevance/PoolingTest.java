package org.dl4jplasticity.relevance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Pooling, worked out by hand. */
class PoolingTest {
    private static final int[] TWO = {2, 2};
    private static final int[] ONE = {1, 1};

    /** Two windows of 2 x 2 beside each other, on an image of 2 x 3: they share a column. */
    private static final Windows WINDOWS = new Windows(TWO, ONE, new int[] {0, 0}, ONE, false);

    private static double[] backward(Node node, double[] image, double... relevance) {
        List<Values> inputs = List.of(new Values(1, new int[] {1, 2, 3}, image));
        Tally tally = new Tally(false);
        double[] received = node.backward(inputs, node.forward(inputs), relevance, tally).get(0);
        tally.addReceived(Arrays.stream(relevance).sum());
        RelevanceTest.assertBalanced(tally.balance("pooling"));
        return received;
    }

    @Test
    void theLargestInputOfAWindowTakesAll() {
        double[] image = {1, 2, 0, 3, 1, 5};
        assertThat(backward(new MaxPoolingNode(WINDOWS), image, 10, 7))
                .containsExactly(0, 0, 0, 10, 0, 7);
    }

    @Test
    void equalLargestInputsShareEqually() {
        double[] image = {4, 4, 0, 3, 4, 4};
        assertThat(backward(new MaxPoolingNode(WINDOWS), image, 9, 6))
                .containsExactly(3, 3 + 2, 0, 0, 3 + 2, 2);
    }

    @Test
    void allInputsOfAWindowOfZerosShareEqually() {
        assertThat(backward(new MaxPoolingNode(WINDOWS), new double[6], 4, 8))
                .containsExactly(1, 3, 2, 1, 3, 2);
    }

    @Test
    void paddingTakesNothing() {
        Windows padded = new Windows(TWO, TWO, ONE, ONE, false);
        double[] image = {-1, -2, -3, -4, -5, -6};
        // The upper windows see {-1} and {-2, -3}, the lower ones {-4} and {-5, -6}.
        assertThat(backward(new MaxPoolingNode(padded), image, 1, 2, 3, 4))
                .containsExactly(1, 2, 0, 3, 4, 0);
    }

    @Test
    void averagesAndSumsGiveSharesInTheSum() {
        double[] image = {1, 2, 3, 4, 1, 4};
        for (PoolingMap.Divisor divisor : PoolingMap.Divisor.values()) {
            LinearNode node =
                    new LinearNode(new PoolingMap(WINDOWS, divisor), null, RelevanceRule.zero());
            // Sums are 8 and 10: shares of 16 and 20 are twice the inputs.
            assertThat(backward(node, image, 16, 20)).containsExactly(2, 8, 6, 8, 4, 8);
        }
    }

    @Test
    void theWholeImageIsOneWindow() {
        double[] image = {1, 2, 3, 4, 1, 4};
        assertThat(backward(new MaxPoolingNode(Windows.whole()), image, 6))
                .containsExactly(0, 0, 0, 3, 0, 3);
        LinearNode average =
                new LinearNode(
                        new PoolingMap(Windows.whole(), PoolingMap.Divisor.POINTS),
                        null,
                        RelevanceRule.zero());
        assertThat(backward(average, image, 30)).containsExactly(2, 4, 6, 8, 2, 8);
    }
}
