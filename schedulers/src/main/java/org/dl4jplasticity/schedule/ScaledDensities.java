package org.dl4jplasticity.schedule;

import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * Densities in proportion to a number per layer, scaled to meet a sparsity of all layers together,
 * none above 1: the loop of RigL's code (Evci et al. 2020, arXiv:1911.11134, section 3).
 */
final class ScaledDensities {

    private ScaledDensities() {}

    /** The densities min(1, eps p_l), with eps such that sum_l min(1, eps p_l) N_l = (1 - s) N. */
    static double[] of(
            List<LayerShape> layers, double sparsity, ToDoubleFunction<LayerShape> proportion) {
        ActiveCounts.check(layers, sparsity);
        double budget = (1 - sparsity) * ActiveCounts.connections(layers);
        double[] proportions = layers.stream().mapToDouble(proportion).toArray();
        double[] densities = new double[layers.size()];
        // A density of 1 marks a layer as dense. Fixing one that wanted more raises eps for the
        // others, so a dense layer stays dense and each round but the last fixes at least one.
        boolean settled = false;
        while (!settled) {
            double scale = scale(layers, proportions, densities, budget);
            settled = true;
            for (int l = 0; l < densities.length; l++) {
                if (densities[l] < 1) {
                    densities[l] = Math.min(1, scale * proportions[l]);
                    if (densities[l] == 1) {
                        budget -= layers.get(l).connections();
                        settled = false;
                    }
                }
            }
        }
        return densities;
    }

    /** eps with eps sum_l p_l N_l = budget, the sum taken over the layers not yet dense. */
    private static double scale(
            List<LayerShape> layers, double[] proportions, double[] densities, double budget) {
        double demand = 0;
        for (int l = 0; l < densities.length; l++) {
            if (densities[l] < 1) {
                demand += proportions[l] * layers.get(l).connections();
            }
        }
        return budget / demand;
    }
}
