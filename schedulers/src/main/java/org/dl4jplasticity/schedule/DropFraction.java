package org.dl4jplasticity.schedule;

/**
 * The share of a layer's active weights that one update drops and grows again, as a function of the
 * progress p in [0, 1] through the update schedule ({@link UpdateSchedule#progress}).
 *
 * <p>RigL decays the share by a cosine from 0.3 (Evci et al. 2020, arXiv:1911.11134, section 3);
 * SET keeps it constant at 0.3 (Mocanu et al. 2018, Nature Communications 9:2383).
 */
public sealed interface DropFraction {

    /**
     * The same share at every update.
     *
     * @param fraction the share f, in (0, 1)
     * @return the drop fraction
     * @throws IllegalArgumentException if {@code fraction} is outside (0, 1)
     */
    static DropFraction constant(double fraction) {
        return new Constant(fraction);
    }

    /**
     * RigL's decay: f/2 (1 + cos(pi p)).
     *
     * @param fraction the share f at progress 0, in (0, 1)
     * @return the drop fraction
     * @throws IllegalArgumentException if {@code fraction} is outside (0, 1)
     */
    static DropFraction cosine(double fraction) {
        return new Cosine(fraction);
    }

    /**
     * A straight line to 0: f (1 - p).
     *
     * @param fraction the share f at progress 0, in (0, 1)
     * @return the drop fraction
     * @throws IllegalArgumentException if {@code fraction} is outside (0, 1)
     */
    static DropFraction linear(double fraction) {
        return new Linear(fraction);
    }

    /**
     * A power of the way left: f (1 - p)^k.
     *
     * @param fraction the share f at progress 0, in (0, 1)
     * @param power the exponent k, positive and finite; 1 is {@link #linear}
     * @return the drop fraction
     * @throws IllegalArgumentException if {@code fraction} is outside (0, 1) or {@code power} is
     *     not positive and finite
     */
    static DropFraction exponential(double fraction, double power) {
        return new Exponential(fraction, power);
    }

    /**
     * The share of the active weights to replace.
     *
     * @param progress how far the update schedule has come, in [0, 1]
     * @return a share in [0, 1), at most {@link #fraction()}
     * @throws IllegalArgumentException if {@code progress} is outside [0, 1]
     */
    double at(double progress);

    /**
     * The share at progress 0, the largest there is.
     *
     * @return a share in (0, 1)
     */
    double fraction();

    /**
     * Whether the share decays, so that it means something only over an update schedule with an
     * end.
     *
     * @return true for all but {@link Constant}
     */
    boolean needsEnd();

    /**
     * Refuses an update schedule over which this share would never decay.
     *
     * @param schedule the update schedule to combine with this share
     * @throws IllegalArgumentException if this share {@linkplain #needsEnd() needs an end} and the
     *     schedule has none
     */
    default void requireEndOf(UpdateSchedule schedule) {
        if (needsEnd() && !schedule.hasEnd()) {
            throw new IllegalArgumentException(
                    "the update schedule must have an end, which until(...) gives it, for the drop"
                            + " fraction "
                            + this
                            + " to decay to, got one without end; DropFraction.constant("
                            + fraction()
                            + ") needs none");
        }
    }

    /**
     * The same share at every update, as in SET.
     *
     * @param fraction the share f, in (0, 1)
     */
    record Constant(double fraction) implements DropFraction {

        /**
         * Checks the range.
         *
         * @param fraction the share f, in (0, 1)
         * @throws IllegalArgumentException if {@code fraction} is outside (0, 1)
         */
        public Constant {
            Arguments.openFraction("drop fraction", fraction);
        }

        @Override
        public double at(double progress) {
            Arguments.closedFraction("progress", progress);
            return fraction;
        }

        @Override
        public boolean needsEnd() {
            return false;
        }
    }

    /**
     * RigL's decay, f/2 (1 + cos(pi p)): f at the start, f/2 halfway, 0 at the end (Evci et al.
     * 2020, arXiv:1911.11134, section 3, "update schedule").
     *
     * @param fraction the share f at progress 0, in (0, 1); RigL uses 0.3
     */
    record Cosine(double fraction) implements DropFraction {

        /**
         * Checks the range.
         *
         * @param fraction the share f at progress 0, in (0, 1)
         * @throws IllegalArgumentException if {@code fraction} is outside (0, 1)
         */
        public Cosine {
            Arguments.openFraction("drop fraction", fraction);
        }

        @Override
        public double at(double progress) {
            Arguments.closedFraction("progress", progress);
            return fraction / 2 * (1 + Math.cos(Math.PI * progress));
        }

        @Override
        public boolean needsEnd() {
            return true;
        }
    }

    /**
     * A straight line from f to 0: f (1 - p).
     *
     * @param fraction the share f at progress 0, in (0, 1)
     */
    record Linear(double fraction) implements DropFraction {

        /**
         * Checks the range.
         *
         * @param fraction the share f at progress 0, in (0, 1)
         * @throws IllegalArgumentException if {@code fraction} is outside (0, 1)
         */
        public Linear {
            Arguments.openFraction("drop fraction", fraction);
        }

        @Override
        public double at(double progress) {
            Arguments.closedFraction("progress", progress);
            return fraction * (1 - progress);
        }

        @Override
        public boolean needsEnd() {
            return true;
        }
    }

    /**
     * A power of the way left, f (1 - p)^k: the {@code exponential_k} of RigL's published code.
     *
     * @param fraction the share f at progress 0, in (0, 1)
     * @param power the exponent k, positive and finite
     */
    record Exponential(double fraction, double power) implements DropFraction {

        /**
         * Checks the ranges.
         *
         * @param fraction the share f at progress 0, in (0, 1)
         * @param power the exponent k, positive and finite
         * @throws IllegalArgumentException if {@code fraction} is outside (0, 1) or {@code power}
         *     is not positive and finite
         */
        public Exponential {
            Arguments.openFraction("drop fraction", fraction);
            Arguments.positive("power of the drop fraction", power);
        }

        @Override
        public double at(double progress) {
            Arguments.closedFraction("progress", progress);
            return fraction * Math.pow(1 - progress, power);
        }

        @Override
        public boolean needsEnd() {
            return true;
        }
    }
}
