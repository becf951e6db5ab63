package org.dl4jplasticity.kernel;

/**
 * Hyperbolic tangent and logistic function, by arithmetic and {@link Math#exp} alone. The Vector
 * API's own are other functions before the just-in-time compiler takes over than after, and a run
 * would not be repeatable; {@link Math#tanh} is several times slower.
 */
public final class SmoothFunctions {
    /** Below it the series is exact to double precision, and the quotient would cancel. */
    private static final double SERIES = 1e-2;

    private SmoothFunctions() {}

    /**
     * {@return the hyperbolic tangent, to about 1e-14}
     *
     * @param z any number
     */
    public static double tanh(double z) {
        double magnitude = Math.abs(z);
        if (magnitude < SERIES) {
            double square = z * z;
            // z - z^3/3 + 2z^5/15 - 17z^7/315
            return z * (1 + square * (-1 / 3.0 + square * (2 / 15.0 - square * (17 / 315.0))));
        }
        double e = Math.exp(-2 * magnitude);
        return Math.copySign((1 - e) / (1 + e), z);
    }

    /**
     * {@return the logistic function 1 / (1 + exp(-z))}
     *
     * @param z any number
     */
    public static double sigmoid(double z) {
        return 1 / (1 + Math.exp(-z));
    }
}
