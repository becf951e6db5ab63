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
     * AC/DC's alternation of compressed and dense training, which ends compressed: see {@link
     * Alternating}.
     *
     * @param sparsity the sparsity of the compressed phases, in [0, 1)
     * @param firstCompression the time at which the first compressed phase starts, at least 0
     * @param phase how long a phase lasts, at least 1
     * @param lastCompression the time from which the network stays compressed: {@code
     *     firstCompression}, or at least two phases after it
     * @return the schedule
     * @throws IllegalArgumentException if an argument is out of its range
     */
    static SparsitySchedule alternating(
            double sparsity, long firstCompression, long phase, long lastCompression) {
        return new Alternating(sparsity, firstCompression, phase, lastCompression);
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

    /**
     * AC/DC: a dense warm-up, then compressed and dense phases in turn, then compressed to the end
     * (Peste et al. 2021, arXiv:2106.12379). Between {@code firstCompression} and {@code
     * lastCompression} there are as many pairs of a compressed and a dense phase as fit; what is
     * left over lengthens the last dense phase, so that every compression follows a dense phase.
     *
     * <p>The published configurations, in epochs: {@code alternating(0.9, 10, 20, 170)} for
     * CIFAR-10 (compressed at 10, 50, 90, 130 and 170, dense at 30, 70, 110 and 150, 200 in all),
     * {@code alternating(0.9, 10, 5, 85)} for ImageNet (compressed at 10, 20, ..., 70 and 85, dense
     * at 15, 25, ..., 75, 100 in all). AC/DC also clears the optimizer's momentum at each
     * decompression; that is not a schedule's to do.
     *
     * @param sparsity the sparsity of the compressed phases, in [0, 1)
     * @param firstCompression the time at which the first compressed phase starts, at least 0
     * @param phase how long a phase lasts, at least 1
     * @param lastCompression the time from which the network stays compressed: {@code
     *     firstCompression}, or at least two phases after it
     */
    record Alternating(double sparsity, long firstCompression, long phase, long lastCompression)
            implements SparsitySchedule {

        /**
         * Checks the ranges.
         *
         * @param sparsity in [0, 1)
         * @param firstCompression at least 0
         * @param phase at least 1
         * @param lastCompression {@code firstCompression} or at least two phases after it
         * @throws IllegalArgumentException if an argument is out of its range
         */
        public Alternating {
            Arguments.sparsity("sparsity of the compressed phases", sparsity);
            Arguments.atLeast(0, "time of the first compression", firstCompression);
            Arguments.atLeast(1, "length of a phase", phase);
            Arguments.atLeast(firstCompression, "time of the last compression", lastCompression);
            if (lastCompression > firstCompression
                    && (lastCompression - firstCompression) / phase < 2) {
                throw new IllegalArgumentException(
                        "time of the last compression must be that of the first, "
                                + firstCompression
                                + ", or later by at least two phases of "
                                + phase
                                + ", got "
                                + lastCompression);
            }
        }

        @Override
        public double at(long t) {
            Arguments.atLeast(0, "time", t);
            if (t < firstCompression) {
                return 0;
            }
            if (t >= lastCompression) {
                return sparsity;
            }
            long pairs = (lastCompression - firstCompression) / phase / 2;
            long index = (t - firstCompression) / phase;
            return index % 2 == 0 && index / 2 < pairs ? sparsity : 0;
        }
    }
}
