package org.dl4jplasticity.kernel;

/**
 * An activation function that the kernels apply themselves, and whose derivative can be told from
 * its output.
 *
 * @param kind which function
 * @param slope the slope for negative inputs of {@link Kind#LEAKY_RELU} in (0, 1), else 0
 */
public record FusedActivation(Kind kind, double slope) {

    /** The functions. */
    public enum Kind {
        /** y = z. */
        IDENTITY,
        /** y = max(z, 0); derivative 0 at 0, as in ND4J. */
        RELU,
        /** y = z for z &gt; 0, slope z otherwise. */
        LEAKY_RELU,
        /** y = tanh z. */
        TANH,
        /** y = 1 / (1 + exp(-z)). */
        SIGMOID
    }

    /** y = z: the pre-activation itself. */
    public static final FusedActivation IDENTITY = new FusedActivation(Kind.IDENTITY, 0);

    /**
     * Checks the slope.
     *
     * @param kind which function
     * @param slope the slope for negative inputs
     * @throws IllegalArgumentException if it is out of range
     */
    public FusedActivation {
        if (kind == Kind.LEAKY_RELU && !(slope > 0 && slope < 1)) {
            throw new IllegalArgumentException(
                    "slope of a leaky ReLU must be in (0, 1), got " + slope);
        }
    }
}
