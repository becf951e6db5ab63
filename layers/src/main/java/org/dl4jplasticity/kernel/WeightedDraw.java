package org.dl4jplasticity.kernel;

import java.util.random.RandomGenerator;

/**
 * Draws indices in proportion to given weights, each in constant time (Vose 1991, <em>A Linear
 * Algorithm for Generating Random Numbers with a Given Distribution</em>: the alias method).
 */
final class WeightedDraw {
    /** The chance that a cell gives its own index rather than its alias. */
    private final double[] own;

    private final int[] alias;

    /**
     * Prepares draws.
     *
     * @param weights finite and at least 0; all equally likely if their sum is 0
     */
    WeightedDraw(double[] weights) {
        int cells = weights.length;
        int heaviest = 0;
        for (int i = 1; i < cells; i++) {
            heaviest = weights[i] > weights[heaviest] ? i : heaviest;
        }
        double largest = weights[heaviest];
        double sum = 0;
        for (double weight : weights) {
            sum += largest > 0 ? weight / largest : 1;
        }
        own = new double[cells];
        alias = new int[cells];
        // Cells that are not full stand at the front, the others at the back.
        int[] stack = new int[cells];
        int small = 0;
        int large = cells;
        for (int i = 0; i < cells; i++) {
            own[i] = (largest > 0 ? weights[i] / largest : 1) / sum * cells;
            alias[i] = i;
            if (own[i] < 1) {
                stack[small++] = i;
            } else {
                stack[--large] = i;
            }
        }
        while (small > 0 && large < cells) {
            int poor = stack[--small];
            int rich = stack[large];
            alias[poor] = rich;
            own[rich] -= 1 - own[poor];
            if (own[rich] < 1) {
                large++;
                stack[small++] = rich;
            }
        }
        // Rounding may leave cells over that nothing is left to fill; an index without weight must
        // not come of it.
        while (large < cells) {
            own[stack[large++]] = 1;
        }
        while (small > 0) {
            alias[stack[--small]] = heaviest;
        }
    }

    /** {@return an index} */
    int next(RandomGenerator random) {
        int cell = random.nextInt(own.length);
        return random.nextDouble() < own[cell] ? cell : alias[cell];
    }
}
