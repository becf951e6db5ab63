package org.dl4jplasticity.dropout;

import java.io.Serializable;
import java.util.Objects;
import org.nd4j.linalg.schedule.FixedSchedule;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * A probability to keep, which may change with the iteration and epoch, and the seed of what is
 * drawn by it: what a layer that drops something of its own has in its configuration.
 */
public final class SeededKeep implements Serializable {
    private static final long serialVersionUID = 1;

    private final ISchedule keep;
    private final long seed;

    /**
     * Keeps with a probability that stays.
     *
     * @param keep the probability to keep, in [0, 1]; 0 drops all
     * @param seed of all draws
     * @throws IllegalArgumentException if the probability is out of its range
     */
    public SeededKeep(double keep, long seed) {
        this(new FixedSchedule(Ranges.probability("the probability to keep", keep)), seed);
    }

    /**
     * Keeps with a probability that changes.
     *
     * @param keep the probability to keep, in [0, 1] at all times
     * @param seed of all draws
     */
    @JsonCreator
    public SeededKeep(@JsonProperty("keep") ISchedule keep, @JsonProperty("seed") long seed) {
        this.keep = Objects.requireNonNull(keep, "keep");
        this.seed = seed;
    }

    /** {@return the probability to keep} */
    @JsonProperty("keep")
    public ISchedule keep() {
        return keep;
    }

    /** {@return the seed of all draws} */
    @JsonProperty("seed")
    public long seed() {
        return seed;
    }

    /**
     * {@return factors whose mean is 1: one over the probability to keep for what is kept, 0 for
     * what is dropped} The same numbers give the same factors again.
     *
     * @param where what the factors are for, to begin an error message with
     * @param length how many there are to be
     * @param iteration the iterations done
     * @param epoch the epochs done
     * @param series tells one series of draws of an iteration from another
     * @throws IllegalArgumentException if the probability isn't in [0, 1] at that iteration
     */
    public double[] factors(String where, int length, int iteration, int epoch, long series) {
        double now =
                Ranges.probability(where + ": the probability to keep", keep, iteration, epoch);
        return FactorDropout.choose(
                length, now, FactorDropout.inverse(now), Draws.of(seed, iteration, series));
    }

    /** {@return the same, sharing nothing that changes} */
    public SeededKeep copy() {
        return new SeededKeep(keep.clone(), seed);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SeededKeep that && seed == that.seed && keep.equals(that.keep);
    }

    @Override
    public int hashCode() {
        return Objects.hash(seed, keep);
    }

    @Override
    public String toString() {
        return "keeping by %s, seed %d".formatted(keep, seed);
    }
}
