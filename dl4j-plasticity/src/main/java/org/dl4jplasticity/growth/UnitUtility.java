package org.dl4jplasticity.growth;

import java.util.function.Supplier;

/**
 * What a unit is worth in one step to {@link ContinualBackprop}. With h what the unit puts out and
 * f its moving average, w_out the weights that lead from it and w_in those that lead to it; means
 * of h are over the minibatch, and over all positions of a channel.
 */
public enum UnitUtility {
    /** Mean |h| times the sum of |w_out|: the contribution utility of Dohare et al. 2024. */
    CONTRIBUTION,

    /**
     * Mean |h - f| times the mean of |w_out|: what would be missing if the unit's average were put
     * in its place, as it is when the unit is replaced.
     */
    ZERO_CONTRIBUTION,

    /**
     * That over the mean of |w_in|: units with small incoming weights adapt faster, and are worth
     * more. The authors' choice on permuted MNIST.
     */
    ADAPTABLE_CONTRIBUTION;

    /** {@return whether outputs count by their distance from their average} */
    boolean isCentered() {
        return this != CONTRIBUTION;
    }

    /**
     * {@return what each unit is worth in a step}
     *
     * @param outputs mean |h| or mean |h - f| of each unit
     * @param outgoing the sums of |w_out|, over so many weights each
     * @param incoming the sums of |w_in|, over so many weights each; only asked for where needed
     */
    double[] of(double[] outputs, Magnitudes outgoing, Supplier<Magnitudes> incoming) {
        Magnitudes in = this == ADAPTABLE_CONTRIBUTION ? incoming.get() : null;
        double[] worth = new double[outputs.length];
        for (int unit = 0; unit < worth.length; unit++) {
            worth[unit] =
                    switch (this) {
                        case CONTRIBUTION -> outputs[unit] * outgoing.sums()[unit];
                        case ZERO_CONTRIBUTION -> outputs[unit] * outgoing.mean(unit);
                        case ADAPTABLE_CONTRIBUTION ->
                                in.mean(unit) == 0
                                        ? 0
                                        : outputs[unit] * outgoing.mean(unit) / in.mean(unit);
                    };
        }
        return worth;
    }
}
