package org.dl4jplasticity.pruning;

import java.util.ArrayList;
import java.util.List;
import org.dl4jplasticity.mask.MaskableWeights;
import org.dl4jplasticity.topology.Ranking;

/**
 * The pattern N:M: of every m consecutive inputs of a unit n stay (Mishra et al. 2021,
 * arXiv:2104.08378, with 2:4). Groups count from the first input on; the last of a unit's may have
 * fewer inputs, of which at most n stay. Consecutive inputs of a convolution are consecutive
 * channels, at the same place of the kernel.
 *
 * @param n at least 1, less than m
 * @param m at least 2
 */
public record NofM(int n, int m) {

    /**
     * Checks the range.
     *
     * @param n at least 1, less than m
     * @param m at least 2
     * @throws IllegalArgumentException if they are out of range
     */
    public NofM {
        if (n < 1 || n >= m) {
            throw new IllegalArgumentException(
                    "a pattern N:M needs 1 <= N < M, got %d:%d".formatted(n, m));
        }
    }

    /** {@return which connections stay: the best n of each group's active ones, by id} */
    boolean[] best(MaskableWeights weights, double[] scores, boolean[] active) {
        int positions = Granularity.positions(weights, "patterns N:M");
        int inputs = weights.rowLength() / positions;
        boolean[] kept = new boolean[active.length];
        for (int row = 0; row < weights.rows(); row++) {
            for (int position = 0; position < positions; position++) {
                int start = row * weights.rowLength() + position;
                for (int input = 0; input < inputs; input += m) {
                    List<Integer> group = new ArrayList<>();
                    for (int i = input; i < Math.min(inputs, input + m); i++) {
                        if (active[start + i * positions]) {
                            group.add(start + i * positions);
                        }
                    }
                    double[] candidates = group.stream().mapToDouble(id -> scores[id]).toArray();
                    for (int chosen : Ranking.highest(candidates, Math.min(n, group.size()))) {
                        kept[group.get(chosen)] = true;
                    }
                }
            }
        }
        return kept;
    }

    @Override
    public String toString() {
        return n + ":" + m;
    }
}
