package org.dl4jplasticity.dropout;

import java.util.Arrays;
import java.util.Objects;
import java.util.SplittableRandom;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Excitation dropout (Zunino et al. 2021, arXiv:1805.09092): the more a unit has to do with what
 * the network says, the likelier it is dropped, so that others learn to do without it. Of N units
 * one with the share e of all relevance, the shares' sum being 1, is kept with the probability
 *
 * <pre>
 * p = 1 - (1 - P) (N - 1) e / (((1 - P) N - 1) e + P)
 * </pre>
 *
 * which is P for e = 1/N, 1 for e = 0 and 0 for e = 1. What is kept is divided by P, as if all had
 * that probability; so the mean of what a layer gets in training is {@code x p / P}, and at
 * inference it is x.
 *
 * <p>A unit is a feature at one position. The shares come from outside, by {@link #feed}; the
 * listener {@code ExcitationSaliency} of the package {@code org.dl4jplasticity.relevance} feeds
 * them after every iteration. They are part of the configuration, as they are now.
 */
public final class ExcitationDropout extends FactorDropout {
    private static final long serialVersionUID = 1;

    private final double keep;
    private double[] shares;
    private transient boolean attended;

    @JsonCreator
    ExcitationDropout(
            @JsonProperty("keep") double keep,
            @JsonProperty("shares") double[] shares,
            @JsonProperty("seed") long seed) {
        super(seed);
        this.keep =
                Ranges.probability(
                        "ExcitationDropout: the probability to keep a unit of mean relevance",
                        keep);
        this.shares = shares.clone();
    }

    /**
     * Starts with equal shares.
     *
     * @param keep the probability P to keep a unit of mean relevance, in [0, 1]
     * @param seed of all draws
     * @throws IllegalArgumentException if the probability is out of its range
     */
    public ExcitationDropout(double keep, long seed) {
        this(keep, new double[0], seed);
    }

    /** {@return the probability to keep a unit of mean relevance} */
    @JsonProperty("keep")
    public double keep() {
        return keep;
    }

    /** {@return each unit's share of all relevance; a copy; empty where all are equal} */
    @JsonProperty("shares")
    public double[] shares() {
        return shares.clone();
    }

    /** Tells that somebody will feed it; what it knows stays until then. */
    public void attend() {
        attended = true;
    }

    /**
     * Tells how relevant the units are now.
     *
     * @param relevance an amount for each unit, at least 0 and finite, one example's positions of a
     *     feature after another's; where all are 0, all units are alike
     * @throws IllegalArgumentException if an amount is out of its range
     */
    public void feed(double[] relevance) {
        attended = true;
        double sum = 0;
        for (double amount : relevance) {
            sum += Ranges.notNegative("ExcitationDropout: an amount of relevance", amount);
        }
        double all = sum;
        shares =
                all == 0
                        ? new double[0]
                        : Arrays.stream(relevance).map(amount -> amount / all).toArray();
    }

    /**
     * {@return the probability to keep a unit}
     *
     * @param share of all relevance, in [0, 1]
     * @param units how many there are
     */
    double keepOf(double share, int units) {
        if (keep == 0 || keep == 1 || units == 1) {
            return keep;
        }
        double odds = (1 - keep) * (units - 1) * share;
        double kept = 1 - odds / (((1 - keep) * units - 1) * share + keep);
        return Math.max(0, Math.min(1, kept));
    }

    @Override
    double[] draw(InputShape shape, int iteration, int epoch, SplittableRandom random) {
        if (!attended) {
            throw new IllegalStateException(
                    "ExcitationDropout: relevance comes from a listener, add one:"
                            + " model.addListeners(ExcitationSaliency.of(model))");
        }
        int units = shape.perExample();
        if (shares.length != 0 && shares.length != units) {
            throw new IllegalStateException(
                    "ExcitationDropout: has shares of %d units, got an input of %d"
                            .formatted(shares.length, units));
        }
        double[] chances = new double[units];
        for (int unit = 0; unit < units; unit++) {
            chances[unit] = keepOf(shares.length == 0 ? 1.0 / units : shares[unit], units);
        }
        double[] factors = new double[shape.length()];
        for (int i = 0; i < factors.length; i++) {
            factors[i] = Draws.factor(random, chances[i % units], inverse(keep));
        }
        return factors;
    }

    @Override
    @SuppressWarnings("MissingSuperCall") // what was drawn belongs to one layer
    public ExcitationDropout clone() {
        return new ExcitationDropout(keep, shares, seed());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ExcitationDropout that
                && seed() == that.seed()
                && keep == that.keep
                && Arrays.equals(shares, that.shares);
    }

    @Override
    public int hashCode() {
        return Objects.hash(seed(), keep);
    }
}
