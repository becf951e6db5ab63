package org.dl4jplasticity.dropout;

import java.util.List;
import org.nd4j.linalg.schedule.ISchedule;

/**
 * The configuration of a layer that drops something of its own by schedules, of which {@link
 * DropoutTraining} is to know: they may be a {@link ValidationKeep}.
 */
public interface ScheduledLayer {

    /** {@return the schedules of what the layer itself drops; may be empty} */
    List<ISchedule> schedules();
}
