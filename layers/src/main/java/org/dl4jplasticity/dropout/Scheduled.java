package org.dl4jplasticity.dropout;

import org.nd4j.linalg.schedule.ISchedule;

/** What keeps with a probability that a schedule gives. */
sealed interface Scheduled permits ScheduledDropout, MaskedDropConnect {

    /** {@return the probability to keep} */
    ISchedule keep();
}
