package org.dl4jplasticity.dropout;

import java.util.Objects;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.linalg.schedule.ScheduleType;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Dynamic dropout that decays exponentially (Yan and Shao 2024, arXiv:2411.03236): the probability
 * to drop is {@code (1 - first) decay^t} after t steps. A schedule of the probability to keep, for
 * DL4J's own {@code Dropout} and for those of this package.
 *
 * @param type whether steps are epochs or iterations
 * @param first the probability to keep to begin with, in [0, 1]
 * @param decay what the probability to drop is multiplied by at each step, in [0, 1]
 */
public record ExponentialKeep(
        @JsonProperty("type") ScheduleType type,
        @JsonProperty("first") double first,
        @JsonProperty("decay") double decay)
        implements ISchedule {
    private static final long serialVersionUID = 1;

    /**
     * Checks the ranges.
     *
     * @param type whether steps are epochs or iterations
     * @param first in [0, 1]
     * @param decay in [0, 1]
     * @throws IllegalArgumentException if a number is out of its range
     */
    public ExponentialKeep {
        Objects.requireNonNull(type, "type");
        Ranges.probability("ExponentialKeep: the first probability to keep", first);
        Ranges.probability("ExponentialKeep: the decay", decay);
    }

    @Override
    public double valueAt(int iteration, int epoch) {
        int step = type == ScheduleType.EPOCH ? epoch : iteration;
        return 1 - (1 - first) * Math.pow(decay, step);
    }

    @Override
    @SuppressWarnings("MissingSuperCall") // nothing in it changes
    public ExponentialKeep clone() {
        return this;
    }
}
