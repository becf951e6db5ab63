package org.dl4jplasticity.schedule;

/**
 * The sparsity to have at each time of the training, as a function of iterations or of epochs: the
 * schedule has no unit of its own and its times are in whichever one the caller counts.
 */
public sealed interface SparsitySchedule {

    /**
     * The same sparsity throughout.
     *
     * @param sparsity the sparsity, in [0, 1)
     * @return the schedule
     * @throws IllegalArgumentException if {@code sparsity} is outside [0, 1)
     */
    static SparsitySchedule constant(double sparsity) {
        return new Constant(sparsity);
    }

    /**
     * One step from a sparsity to another.
     *
     * @param from the sparsity before the step, in [0, 1)
     * @param to the sparsity from the step on, in [0, 1)
     * @param at the time of the step, at least 0
     * @return the schedule
     * @throws IllegalArgumentException if a sparsity is outside [0, 1) or the time is negative
     */
    static SparsitySchedule oneShot(double from, double to, long at) {
        return new OneShot(from, to, at);
    }

    /**
     * Gradual pruning, fast at first and slow towards the end.
     *
     * @param initial the sparsity s_i up to {@code begin}, in [0, 1)
     * @param target the sparsity s_f from {@code end} on, in [0, 1)
     * @param begin the time t_0 at which the sparsity starts to change, at least 0
     * @param end the time t_1 at which the target is reached, greater than {@code begin}
     * @return the schedule
     * @throws IllegalArgumentException if an argument is out of its range
     */
    static SparsitySchedule cubic(double initial, double target, long begin, long end) {
        return new Cubic(initial, target, begin, end);
    }

    /**
     * The sparsity to have at a time.
     *
     * @param t the time, counted from 0
     * @return a sparsity in [0, 1)
     * @throws IllegalArgumentException if {@code t} is negative
     */
    double at(long t);

    /**
     * The same sparsity throughout.
     *
     * @param sparsity the sparsity, in [0, 1)
     */
    record Constant(double sparsity) implements SparsitySchedule {

        /**
         * Checks the range.
         *
         * @param sparsity in [0, 1)
         * @throws IllegalArgumentException if {@code sparsity} is outside [0, 1)
         */
        public Constant {
            Arguments.sparsity("sparsity", sparsity);
        }

        @Override
        public double at(long t) {
            Arguments.atLeast(0, "time", t);
            return sparsity;
        }
    }

    /**
     * One step: {@code from} before {@code step}, {@code to} at it and after.
     *
     * @param from the sparsity before the step, in [0, 1)
     * @param to the sparsity from the step on, in [0, 1)
     * @param step the time of the step, at least 0
     */
    record OneShot(double from, double to, long step) implements SparsitySchedule {

        /**
         * Checks the ranges.
         *
         * @param from in [0, 1)
         * @param to in [0, 1)
         * @param step at least 0
         * @throws IllegalArgumentException if a sparsity is outside [0, 1) or {@code step} is
         *     negative
         */
        public OneShot {
            Arguments.sparsity("sparsity before the step", from);
            Arguments.sparsity("sparsity after the step", to);
            Arguments.atLeast(0, "time of the step", step);
        }

        @Override
        public double at(long t) {
            Arguments.atLeast(0, "time", t);
            return t < step ? from : to;
        }
    }

    /**
     * Gradual magnitude pruning's s_t = s_f + (s_i - s_f)(1 - (t - t_0) / (t_1 - t_0))^3, with s_i
     * before t_0 and s_f after t_1 (Zhu and Gupta 2017, arXiv:1710.01878, equation 1). How often
     * the network follows it is the {@link UpdateSchedule}'s to say.
     *
     * @param initial the sparsity s_i up to {@code begin}, in [0, 1)
     * @param target the sparsity s_f from {@code end} on, in [0, 1)
     * @param begin the time t_0 at which the sparsity starts to change, at least 0
     * @param end the time t_1 at which the target is reached, greater than {@code begin}
     */
    record Cubic(double initial, double target, long begin, long end) implements SparsitySchedule {

        /**
         * Checks the ranges.
         *
         * @param initial in [0, 1)
         * @param target in [0, 1)
         * @param begin at least 0
         * @param end greater than {@code begin}
         * @throws IllegalArgumentException if a sparsity is outside [0, 1), {@code begin} is
         *     negative or {@code end} is not greater than {@code begin}
         */
        public Cubic {
            Arguments.sparsity("initial sparsity", initial);
            Arguments.sparsity("target sparsity", target);
            Arguments.atLeast(0, "begin of the sparsity schedule", begin);
            if (end <= begin) {
                throw new IllegalArgumentException(
                        "end of the sparsity schedule must be greater than its begin "
                                + begin
                                + ", got "
                                + end);
            }
        }

        @Override
        public double at(long t) {
            Arguments.atLeast(0, "time", t);
            if (t <= begin) {
                return initial;
            }
            if (t >= end) {
                return target;
            }
            double left = (double) (end - t) / (end - begin);
            return target + (initial - target) * left * left * left;
        }
    }
}
