package org.dl4jplasticity.growth;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Which units of a layer say too little to matter (Sokar et al. 2023, <em>The Dormant Neuron
 * Phenomenon in Deep Reinforcement Learning</em>, ICML, definition 3.1).
 */
final class Dormancy {
    private Dormancy() {}

    /**
     * {@return for each unit its mean magnitude over the mean of the layer's} The scores of a layer
     * have mean 1; all are 0 in a layer that puts out nothing but 0.
     *
     * @param meanMagnitudes of what each unit put out over a batch
     */
    static double[] scores(double[] meanMagnitudes) {
        double mean = Arrays.stream(meanMagnitudes).sum() / meanMagnitudes.length;
        return Arrays.stream(meanMagnitudes)
                .map(magnitude -> mean == 0 ? 0 : magnitude / mean)
                .toArray();
    }

    /**
     * {@return the tau-dormant units, ascending}
     *
     * @param scores of the units
     * @param tau the highest score of a dormant unit
     */
    static int[] units(double[] scores, double tau) {
        return IntStream.range(0, scores.length).filter(unit -> scores[unit] <= tau).toArray();
    }
}
