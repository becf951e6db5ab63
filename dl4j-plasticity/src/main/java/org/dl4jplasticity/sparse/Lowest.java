package org.dl4jplasticity.sparse;

import java.util.Arrays;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/** Selection by score. */
final class Lowest {
    private Lowest() {}

    /**
     * {@return the {@code floor(fraction * n)} of n positions with the lowest scores, ascending} Of
     * equal scores the lower position is taken; NaN is higher than any number.
     *
     * @param positions the positions, ascending
     */
    static int[] positions(IntStream positions, IntToDoubleFunction score, double fraction) {
        int[] candidates = positions.toArray();
        int count = (int) (fraction * candidates.length);
        if (count == 0) {
            return new int[0];
        }
        double[] scores = Arrays.stream(candidates).mapToDouble(score).toArray();
        double[] sorted = scores.clone();
        Arrays.sort(sorted);
        double limit = sorted[count - 1];
        int below = 0;
        for (double s : scores) {
            if (Double.compare(s, limit) < 0) {
                below++;
            }
        }
        int atLimit = count - below;
        int[] chosen = new int[count];
        int next = 0;
        for (int i = 0; i < candidates.length; i++) {
            int order = Double.compare(scores[i], limit);
            if (order < 0 || (order == 0 && atLimit-- > 0)) {
                chosen[next++] = candidates[i];
            }
        }
        return chosen;
    }
}
