package org.dl4jplasticity.checkpoint;

/**
 * How far a run is in its data.
 *
 * @param epoch the pass over the data that the next batch belongs to, from 0
 * @param batches how many batches of it have been trained on
 */
public record DataOrder(int epoch, long batches) {

    /**
     * Checks the parts.
     *
     * @param epoch at least 0
     * @param batches at least 0
     * @throws IllegalArgumentException if one is negative
     */
    public DataOrder {
        if (epoch < 0 || batches < 0) {
            throw new IllegalArgumentException(
                    "epoch and batches must be at least 0, got %d and %d"
                            .formatted(epoch, batches));
        }
    }
}
