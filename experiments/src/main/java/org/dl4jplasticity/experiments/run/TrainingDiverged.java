package org.dl4jplasticity.experiments.run;

/** The loss became NaN or infinite: the run stops. */
public final class TrainingDiverged extends RuntimeException {
    private static final long serialVersionUID = 1;

    public TrainingDiverged(String message) {
        super(message);
    }
}
