package org.dl4jplasticity.dropout;

import java.util.SplittableRandom;
import org.nd4j.linalg.schedule.FixedSchedule;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * The mask of controlled dropout (Ko, Kim, Choi, Yoo 2017, <em>Controlled Dropout: a Different
 * Dropout for Improving Training Speed on Deep Neural Network</em>): all examples of a minibatch
 * drop the same units or channels, with all their positions. Those kept are divided by their
 * probability, so that inference needs no scaling.
 */
public final class ControlledDropout extends ScheduledDropout {
    private static final long serialVersionUID = 1;
    private static final String WHAT = "ControlledDropout: the probability to keep a unit";

    /**
     * Keeps units with a probability that stays.
     *
     * @param keep the probability that a unit is kept, in [0, 1]; 0 drops all
     * @param seed of all draws
     * @throws IllegalArgumentException if the probability is out of its range
     */
    public ControlledDropout(double keep, long seed) {
        this(new FixedSchedule(Ranges.probability(WHAT, keep)), seed);
    }

    /**
     * Keeps units with a probability that changes.
     *
     * @param keep the probability that a unit is kept, in [0, 1] at all times
     * @param seed of all draws
     */
    @JsonCreator
    public ControlledDropout(
            @JsonProperty("keep") ISchedule keep, @JsonProperty("seed") long seed) {
        super(WHAT, keep, seed);
    }

    @Override
    double[] draw(InputShape shape, int iteration, int epoch, SplittableRandom random) {
        double[] units = units(shape.features(), iteration, epoch, random);
        double[] factors = new double[shape.length()];
        for (int i = 0; i < factors.length; i++) {
            factors[i] = units[shape.feature(i)];
        }
        return factors;
    }

    private double[] units(int features, int iteration, int epoch, SplittableRandom random) {
        double now = probability(iteration, epoch);
        return choose(features, now, inverse(now), random);
    }

    /** {@return the units that an input of so many loses and keeps at a forward pass} */
    KeptUnits kept(int features, int iteration, int epoch) {
        return KeptUnits.of(units(features, iteration, epoch, source(iteration, features)));
    }

    @Override
    @SuppressWarnings("MissingSuperCall") // what was drawn belongs to one layer
    public ControlledDropout clone() {
        return new ControlledDropout(keep().clone(), seed());
    }
}
