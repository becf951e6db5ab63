package org.dl4jplasticity.experiments;

/** The loss became NaN or infinite: the run stops. */
final class TrainingDiverged extends RuntimeException {
    private static final long serialVersionUID = 1;

    TrainingDiverged(String message) {
        super(message);
    }
}
