package org.dl4jplasticity.schedule;

import java.util.Collections;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * The share of a layer's active weights that one update drops and grows again, as a function of the
 * progress p in [0, 1] through the update schedule ({@link UpdateSchedule#progress}).
 *
 * <p>RigL decays the share by a cosine from 0.3 (Evci et al. 2020, arXiv:1911.11134, section 3);
 * SET keeps it constant at 0.3 (Mocanu et al. 2018, Nature Communications 9:2383); sparse momentum
 * decays it from 0.5 to 0.005 (Dettmers and Zettlemoyer 2019, arXiv:1907.04840); MEST lowers it in
 * steps, 0.2, 0.1, 0 (Yuan et al. 2021, arXiv:2110.14032); pure pruning regrows nothing.
 *
 * <pre>{@code
 * DropFraction rigl = DropFraction.cosine(0.3);
 * DropFraction snfs = DropFraction.cosine(0.5, 0.005);
 * DropFraction mest = DropFraction.steps(0.2, Map.of(90 / 160.0, 0.1, 120 / 160.0, 0.0));
 * }</pre>
 */
public sealed interface DropFraction {

    /**
     * Nothing is ever dropped to be grown again: for methods that only prune, and for static sparse
     * training.
     *
     * @return the drop fraction
     */
    static DropFraction none() {
        return new None();
    }

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
     * RigL's decay: f/2 (1 + cos(pi p)), which ends at 0.
     *
     * @param fraction the share f at progress 0, in (0, 1)
     * @return the drop fraction
     * @throws IllegalArgumentException if {@code fraction} is outside (0, 1)
     */
    static DropFraction cosine(double fraction) {
        return new Cosine(fraction, 0);
    }

    /**
     * Half a cosine from one share to a lower one: to + (from - to)/2 (1 + cos(pi p)).
     *
     * @param from the share at progress 0, in (0, 1)
     * @param to the share at progress 1, in [0, from)
     * @return the drop fraction
     * @throws IllegalArgumentException if {@code from} is outside (0, 1) or {@code to} outside [0,
     *     from)
     */
    static DropFraction cosine(double from, double to) {
        return new Cosine(from, to);
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
     * Shares that fall in steps.
     *
     * @param initial the share at progress 0, in (0, 1)
     * @param later the share from each progress in (0, 1] on, in whatever order the map has: at
     *     least one, each in [0, 1) and at most the one before it
     * @return the drop fraction
     * @throws IllegalArgumentException if a number is out of its range, a share rises or {@code
     *     later} is empty
     */
    static DropFraction steps(double initial, Map<Double, Double> later) {
        return new Steps(initial, new TreeMap<>(later));
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
     * @return a share in [0, 1); 0 only for {@link None}
     */
    double fraction();

    /**
     * Whether the share decays, so that it means something only over an update schedule with an
     * end.
     *
     * @return true for all but {@link Constant} and {@link None}
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

    /** No share at any time: what is dropped is dropped for good, by a {@link SparsitySchedule}. */
    record None() implements DropFraction {

        @Override
        public double at(double progress) {
            Arguments.closedFraction("progress", progress);
            return 0;
        }

        @Override
        public double fraction() {
            return 0;
        }

        @Override
        public boolean needsEnd() {
            return false;
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
     * Half a cosine, to + (f - to)/2 (1 + cos(pi p)): f at the start, the mean of both halfway, to
     * at the end. RigL decays from 0.3 to 0 (Evci et al. 2020, arXiv:1911.11134, section 3, "update
     * schedule"); sparse momentum's published code from 0.5 to 0.005 (Dettmers and Zettlemoyer
     * 2019, arXiv:1907.04840).
     *
     * @param fraction the share f at progress 0, in (0, 1)
     * @param to the share at progress 1, in [0, fraction)
     */
    record Cosine(double fraction, double to) implements DropFraction {

        /**
         * Checks the ranges.
         *
         * @param fraction the share f at progress 0, in (0, 1)
         * @param to the share at progress 1, in [0, fraction)
         * @throws IllegalArgumentException if {@code fraction} is outside (0, 1) or {@code to}
         *     outside [0, fraction)
         */
        public Cosine {
            Arguments.openFraction("drop fraction", fraction);
            Arguments.below(fraction, "drop fraction at the end", to);
        }

        @Override
        public double at(double progress) {
            Arguments.closedFraction("progress", progress);
            // 1 at the start and 0 at the end, so that both shares come out exactly.
            double left = (1 + Math.cos(Math.PI * progress)) / 2;
            return to * (1 - left) + fraction * left;
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

    /**
     * Shares that fall in steps, each from its progress on. MEST's published code (Yuan et al.
     * 2021, arXiv:2110.14032) replaces a fifth of the active weights, a tenth from epoch 90 of 160
     * on and none from epoch 120 on. It says so as sparsities to prune to and to grow back from,
     * 0.92, 0.91 and 0.90 for a network at 0.90: 2 % and 1 % of the <em>possible</em> weights.
     *
     * @param fraction the share at progress 0, in (0, 1)
     * @param later the shares after it, by the progress in (0, 1] from which each holds: at least
     *     one, each in [0, 1) and at most the one before it; copied, and not to be changed
     */
    record Steps(double fraction, NavigableMap<Double, Double> later) implements DropFraction {

        /**
         * Checks the ranges and copies the map.
         *
         * @param fraction the share at progress 0, in (0, 1)
         * @param later the shares after it, by progress
         * @throws IllegalArgumentException if a number is out of its range, a share rises or {@code
         *     later} is empty
         */
        public Steps {
            Arguments.openFraction("drop fraction", fraction);
            TreeMap<Double, Double> ascending = new TreeMap<>();
            ascending.putAll(later); // the constructor would keep the order of another map
            if (ascending.isEmpty()) {
                throw new IllegalArgumentException(
                        "a drop fraction in steps must have at least 1 step after progress 0, got"
                                + " none; DropFraction.constant("
                                + fraction
                                + ") has none");
            }
            double before = fraction;
            for (Map.Entry<Double, Double> step : ascending.entrySet()) {
                Arguments.positiveFraction("progress of a step", step.getKey());
                double share =
                        Arguments.sparsity(
                                "drop fraction from progress " + step.getKey() + " on",
                                step.getValue());
                if (share > before) {
                    throw new IllegalArgumentException(
                            "drop fraction from progress "
                                    + step.getKey()
                                    + " on must be at most the one before it, "
                                    + before
                                    + ", got "
                                    + share);
                }
                before = share;
            }
            later = Collections.unmodifiableNavigableMap(ascending);
        }

        @Override
        public double at(double progress) {
            Arguments.closedFraction("progress", progress);
            Map.Entry<Double, Double> step = later.floorEntry(progress);
            return step == null ? fraction : step.getValue();
        }

        @Override
        public boolean needsEnd() {
            return true;
        }
    }
}
