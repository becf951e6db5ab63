package org.dl4jplasticity.dropout;

import java.util.Objects;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/** A dropout whose probability to keep is a schedule's. */
public abstract sealed class ScheduledDropout extends FactorDropout implements Scheduled
        permits ControlledDropout, UnscaledDropout {
    private static final long serialVersionUID = 1;

    /** What the probability is, in messages; differs from class to class. */
    private final String what;

    private final ISchedule keep;

    ScheduledDropout(String what, ISchedule keep, long seed) {
        super(seed);
        this.what = what;
        this.keep = Objects.requireNonNull(keep, "keep");
    }

    @Override
    @JsonProperty("keep")
    public final ISchedule keep() {
        return keep;
    }

    /** {@return the probability to keep now} */
    final double probability(int iteration, int epoch) {
        return Ranges.probability(what, keep, iteration, epoch);
    }

    @Override
    public abstract ScheduledDropout clone();

    @Override
    public final boolean equals(Object other) {
        return other instanceof ScheduledDropout that
                && what.equals(that.what)
                && seed() == that.seed()
                && keep.equals(that.keep);
    }

    @Override
    public final int hashCode() {
        return Objects.hash(what, seed(), keep);
    }
}
