package org.dl4jplasticity.pruning;

import java.util.Arrays;
import org.dl4jplasticity.topology.Ranking;

/** The best blocks of connections; a block is worth what its active connections are on average. */
final class Selection {
    private final double[][] scores;
    private final boolean[][] active;
    private final int[][] blocks;

    /**
     * Looks at some weights together.
     *
     * @param scores finite numbers, by weights and connection id
     * @param active the connections to choose among
     * @param blocks the block each connection is in, numbered from 0 in each of the weights
     */
    Selection(double[][] scores, boolean[][] active, int[][] blocks) {
        this.scores = scores;
        this.active = active;
        this.blocks = blocks;
    }

    /**
     * {@return the connections in the blocks of highest score, as few blocks as hold a number of
     * connections} Of equal scores the first is taken.
     *
     * @param keep how many connections
     * @param oneOfEach whether the best block of each weights is taken in any case
     */
    boolean[][] best(int keep, boolean oneOfEach) {
        int[][] sizes = new int[blocks.length][];
        double[][] means = new double[blocks.length][];
        for (int i = 0; i < blocks.length; i++) {
            rate(i, sizes, means);
        }
        int count = Arrays.stream(sizes).mapToInt(Selection::nonEmpty).sum();
        double[] candidates = new double[count];
        int[] weighs = new int[count];
        int least = fill(sizes, means, oneOfEach, candidates, weighs);
        int[] chosen = highest(candidates, weighs, keep, least);
        return kept(sizes, chosen);
    }

    /** Adds up the active connections of each block. */
    private void rate(int i, int[][] sizes, double[][] means) {
        int count = Arrays.stream(blocks[i]).max().orElse(-1) + 1;
        sizes[i] = new int[count];
        means[i] = new double[count];
        for (int id = 0; id < blocks[i].length; id++) {
            if (active[i][id]) {
                sizes[i][blocks[i][id]]++;
                means[i][blocks[i][id]] += scores[i][id];
            }
        }
        for (int block = 0; block < count; block++) {
            means[i][block] /= Math.max(1, sizes[i][block]);
        }
    }

    private static int nonEmpty(int[] sizes) {
        return (int) Arrays.stream(sizes).filter(size -> size > 0).count();
    }

    /** {@return how many candidates are taken in any case; their score is infinite} */
    private static int fill(
            int[][] sizes, double[][] means, boolean oneOfEach, double[] candidates, int[] weighs) {
        int next = 0;
        int certain = 0;
        for (int i = 0; i < sizes.length; i++) {
            int best = -1;
            for (int block = 0; block < sizes[i].length; block++) {
                if (sizes[i][block] > 0) {
                    candidates[next] = means[i][block];
                    weighs[next] = sizes[i][block];
                    best = best < 0 || candidates[next] > candidates[best] ? next : best;
                    next++;
                }
            }
            if (oneOfEach && best >= 0) {
                candidates[best] = Double.POSITIVE_INFINITY;
                certain++;
            }
        }
        return certain;
    }

    /** {@return the fewest candidates of highest score that weigh enough} */
    private static int[] highest(double[] candidates, int[] weighs, int keep, int least) {
        int low = least;
        int high = candidates.length;
        if (Arrays.stream(weighs).allMatch(weight -> weight == 1)) {
            return Ranking.highest(candidates, Math.max(least, keep));
        }
        while (low < high) { // those of fewer are among those of more
            int middle = (low + high) >>> 1;
            int[] some = Ranking.highest(candidates, middle);
            if (Arrays.stream(some).map(i -> weighs[i]).sum() < keep) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return Ranking.highest(candidates, low);
    }

    private boolean[][] kept(int[][] sizes, int[] chosen) {
        boolean[][] kept = new boolean[blocks.length][];
        int candidate = 0;
        int taken = 0;
        for (int i = 0; i < blocks.length; i++) {
            boolean[] stays = new boolean[sizes[i].length];
            for (int block = 0; block < stays.length; block++) {
                if (sizes[i][block] > 0) {
                    if (taken < chosen.length && chosen[taken] == candidate) {
                        stays[block] = true;
                        taken++;
                    }
                    candidate++;
                }
            }
            kept[i] = new boolean[blocks[i].length];
            for (int id = 0; id < kept[i].length; id++) {
                kept[i][id] = active[i][id] && stays[blocks[i][id]];
            }
        }
        return kept;
    }
}
