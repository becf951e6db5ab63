package org.dl4jplasticity.experiments.run;

/** The loss became NaN or infinite: the run stops. */
public final class TrainingDiverged extends RuntimeException {
    private static final long serialVersionUID = 1;

    public TrainingDiverged(String message) {
        super(message);
    }

    /**
     * {@return the same with where it happened and what to do}
     *
     * @param iteration steps so far
     * @param epoch under way, from 1
     */
    public TrainingDiverged at(long iteration, int epoch) {
        return new TrainingDiverged(
                "training stopped at iteration %d (epoch %d): %s; try a smaller --learning-rate"
                        .formatted(iteration, epoch, getMessage()));
    }
}
