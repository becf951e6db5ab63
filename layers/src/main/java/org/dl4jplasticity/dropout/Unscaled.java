package org.dl4jplasticity.dropout;

/**
 * A dropout that doesn't scale what it keeps, so that inference has to: a layer with one needs
 * {@link ScaledAtInference} too.
 */
sealed interface Unscaled permits UnscaledDropout, GeneralizedDropout {

    /**
     * {@return what each feature's weights are multiplied by at inference: the mean of what the
     * feature is multiplied by in training}
     *
     * @param features the number of features
     * @param iteration the iterations done
     * @param epoch the epochs done
     * @throws IllegalStateException if it is for another number of features
     */
    double[] inferenceFactors(int features, int iteration, int epoch);

    /** Tells that inference is scaled. */
    void pair();

    /** {@return what to say where inference isn't scaled} */
    static IllegalStateException alone(Unscaled dropout) {
        return new IllegalStateException(
                "%s: inference has to be scaled, add .weightNoise(new ScaledAtInference()) to the layer"
                        .formatted(dropout.getClass().getSimpleName()));
    }
}
