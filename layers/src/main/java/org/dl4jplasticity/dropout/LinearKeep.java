package org.dl4jplasticity.dropout;

import java.util.Objects;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.linalg.schedule.ScheduleType;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Dynamic dropout that goes linearly (Yan and Shao 2024, arXiv:2411.03236, where the rate to drop
 * falls): the probability to keep is the first one at step 0, the last one at step {@code steps}
 * and ever after. For DL4J's own {@code Dropout} and for those of this package.
 *
 * @param type whether steps are epochs or iterations
 * @param first the probability to begin with, in [0, 1]
 * @param last the probability to end with, in [0, 1]
 * @param steps how many steps it takes, at least 1
 */
public record LinearKeep(
        @JsonProperty("type") ScheduleType type,
        @JsonProperty("first") double first,
        @JsonProperty("last") double last,
        @JsonProperty("steps") int steps)
        implements ISchedule {
    private static final long serialVersionUID = 1;

    /**
     * Checks the ranges.
     *
     * @param type whether steps are epochs or iterations
     * @param first in [0, 1]
     * @param last in [0, 1]
     * @param steps at least 1
     * @throws IllegalArgumentException if a number is out of its range
     */
    public LinearKeep {
        Objects.requireNonNull(type, "type");
        Ranges.probability("LinearKeep: the first probability to keep", first);
        Ranges.probability("LinearKeep: the last probability to keep", last);
        Ranges.positive("LinearKeep: the number of steps", steps);
    }

    @Override
    public double valueAt(int iteration, int epoch) {
        int step = type == ScheduleType.EPOCH ? epoch : iteration;
        return step >= steps ? last : first + (last - first) * step / steps;
    }

    @Override
    @SuppressWarnings("MissingSuperCall") // nothing in it changes
    public LinearKeep clone() {
        return this;
    }
}
