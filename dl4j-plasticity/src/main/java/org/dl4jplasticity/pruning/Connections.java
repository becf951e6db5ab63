package org.dl4jplasticity.pruning;

import java.util.Arrays;
import java.util.List;
import org.dl4jplasticity.mask.MaskableWeights;

/** Which connections are there, as flags by weights and connection id, and the best among them. */
final class Connections {
    private Connections() {}

    /** {@return which connections the weights' mask calls active; all, if there is no mask} */
    static boolean[] active(MaskableWeights weights) {
        boolean[] active = new boolean[Math.multiplyExact(weights.rowLength(), weights.rows())];
        weights.mask()
                .ifPresentOrElse(
                        mask -> {
                            for (long id : mask.ids()) {
                                active[(int) id] = true;
                            }
                        },
                        () -> Arrays.fill(active, true));
        return active;
    }

    static long count(boolean[][] active) {
        long count = 0;
        for (boolean[] flags : active) {
            for (boolean flag : flags) {
                count += flag ? 1 : 0;
            }
        }
        return count;
    }

    /** {@return the numbers with 0 in place of those whose connection is not there} */
    static double[][] masked(double[][] numbers, boolean[][] active) {
        double[][] masked = new double[numbers.length][];
        for (int i = 0; i < numbers.length; i++) {
            masked[i] = new double[numbers[i].length];
            for (int id = 0; id < masked[i].length; id++) {
                masked[i][id] = active[i][id] ? numbers[i][id] : 0;
            }
        }
        return masked;
    }

    static void requireFinite(
            double[][] scores, boolean[][] active, List<MaskableWeights> weights) {
        for (int i = 0; i < scores.length; i++) {
            for (int id = 0; id < scores[i].length; id++) {
                if (active[i][id] && !Double.isFinite(scores[i][id])) {
                    throw new IllegalArgumentException(
                            ("Layer %s, parameter %s: the score of connection %d must be a finite"
                                            + " number, got %s; are weights, features and labels"
                                            + " finite?")
                                    .formatted(
                                            weights.get(i).layerName(),
                                            weights.get(i).parameter(),
                                            id,
                                            scores[i][id]));
                }
            }
        }
    }

    /**
     * {@return the connections of highest score over all weights, among them the best of each} Of
     * equal scores the first is taken.
     *
     * @param scores finite numbers
     * @param active the connections to choose among
     * @param keep how many, at least one for each weights with a connection
     */
    static boolean[][] best(double[][] scores, boolean[][] active, int keep) {
        int[][] single = new int[active.length][];
        for (int i = 0; i < active.length; i++) {
            single[i] = new int[active[i].length];
            Arrays.setAll(single[i], id -> id);
        }
        return new Selection(scores, active, single).best(keep, true);
    }
}
