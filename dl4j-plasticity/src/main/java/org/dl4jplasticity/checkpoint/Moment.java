package org.dl4jplasticity.checkpoint;

/**
 * When a checkpoint is taken. DL4J calls its listeners before it is quite done: at the end of an
 * iteration constraints and the count of iterations are still to come, at the end of an epoch the
 * count of epochs. A checkpoint holds the network as it is when they have come.
 */
public enum Moment {
    /** Outside {@code fit}. */
    AT_REST,

    /** In the last listener's {@code iterationDone}. */
    ITERATION_DONE,

    /** In the last listener's {@code onEpochEnd}. */
    EPOCH_END
}
