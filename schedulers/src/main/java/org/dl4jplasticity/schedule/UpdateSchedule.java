package org.dl4jplasticity.schedule;

/**
 * When a network's connections are dropped and grown: every so many iterations, or at the end of
 * each epoch, within a window whose two ends belong to it.
 *
 * <p>RigL updates every dT = 100 iterations until about three quarters of the training (Evci et al.
 * 2020, arXiv:1911.11134, section 3); SET updates at the end of each epoch (Mocanu et al. 2018,
 * Nature Communications 9:2383). Times are counted from 0, as Deeplearning4j counts iterations and
 * epochs.
 *
 * <pre>{@code
 * UpdateSchedule rigl = UpdateSchedule.every(100).until(3_500);
 * UpdateSchedule set = UpdateSchedule.eachEpoch();
 * }</pre>
 */
public sealed interface UpdateSchedule {

    /** The {@link #end()} of a schedule that never ends. */
    long OPEN_END = Long.MAX_VALUE;

    /**
     * A schedule due every so many iterations, from the start and without an end.
     *
     * @param iterations the distance between two updates, in iterations (RigL's dT), at least 1
     * @return the schedule
     * @throws IllegalArgumentException if {@code iterations} is less than 1
     */
    static EveryIterations every(long iterations) {
        return new EveryIterations(iterations, 0, OPEN_END);
    }

    /**
     * A schedule due at the end of each epoch, from the first and without an end.
     *
     * @return the schedule
     */
    static EachEpoch eachEpoch() {
        return new EachEpoch(0, OPEN_END);
    }

    /**
     * This schedule with another beginning.
     *
     * @param begin the first iteration or epoch (in this schedule's own unit) at which an update
     *     may be due, in [0, {@link #end()}]
     * @return a schedule of the same kind
     * @throws IllegalArgumentException if {@code begin} is out of its range
     */
    UpdateSchedule from(long begin);

    /**
     * This schedule with another end.
     *
     * @param end the last iteration or epoch (in this schedule's own unit) at which an update may
     *     be due, at least {@link #begin()}; {@link #OPEN_END} for none
     * @return a schedule of the same kind
     * @throws IllegalArgumentException if {@code end} is less than {@link #begin()}
     */
    UpdateSchedule until(long end);

    /**
     * Whether an update is due at an iteration.
     *
     * @param iteration the iteration, counted from 0
     * @return whether an update is due; always false for {@link EachEpoch}
     */
    boolean atIteration(long iteration);

    /**
     * Whether an update is due at the end of an epoch.
     *
     * @param epoch the epoch that ends, counted from 0
     * @return whether an update is due; always false for {@link EveryIterations}
     */
    boolean atEpochEnd(long epoch);

    /**
     * The first time at which an update may be due.
     *
     * @return an iteration or an epoch, in this schedule's own unit, at least 0
     */
    long begin();

    /**
     * The last time at which an update may be due.
     *
     * @return an iteration or an epoch, in this schedule's own unit; {@link #OPEN_END} if there is
     *     no last
     */
    long end();

    /**
     * Whether this schedule ends, so that a drop fraction may decay over it.
     *
     * @return whether {@link #end()} is other than {@link #OPEN_END}
     */
    default boolean hasEnd() {
        return end() != OPEN_END;
    }

    /**
     * How far a time is on the way from 0 to the end: RigL's t / T_end (arXiv:1911.11134, section
     * 3), which does not depend on {@link #begin()}.
     *
     * @param t an iteration or an epoch, in this schedule's own unit, at least 0
     * @return a number in [0, 1]: t / end, 1 after the end; 0 at time 0 and for a schedule without
     *     end
     * @throws IllegalArgumentException if {@code t} is negative
     */
    default double progress(long t) {
        Arguments.atLeast(0, "time", t);
        if (t == 0 || !hasEnd()) {
            return 0;
        }
        return t >= end() ? 1 : (double) t / end();
    }

    /**
     * Due at every iteration t with begin &lt;= t &lt;= end, t &gt; 0 and t mod every = 0: RigL's
     * rule (arXiv:1911.11134, algorithm 1), with the end included. A fraction that decays is 0 at
     * the end, so including it changes only what a constant fraction does.
     *
     * @param every the distance between two updates, in iterations, at least 1
     * @param begin the first iteration of the window, at least 0
     * @param end the last iteration of the window, at least {@code begin}; {@link #OPEN_END} for
     *     none
     */
    record EveryIterations(long every, long begin, long end) implements UpdateSchedule {

        /**
         * Checks the ranges.
         *
         * @param every in iterations, at least 1
         * @param begin at least 0
         * @param end at least {@code begin}
         * @throws IllegalArgumentException if {@code every} is less than 1, {@code begin} is
         *     negative or {@code end} is less than {@code begin}
         */
        public EveryIterations {
            Arguments.atLeast(1, "iterations between updates", every);
            Arguments.atLeast(0, "begin of the update schedule", begin);
            Arguments.atLeast(begin, "end of the update schedule", end);
        }

        @Override
        public EveryIterations from(long begin) {
            return new EveryIterations(every, begin, end);
        }

        @Override
        public EveryIterations until(long end) {
            return new EveryIterations(every, begin, end);
        }

        @Override
        public boolean atIteration(long iteration) {
            return iteration > 0
                    && iteration >= begin
                    && iteration <= end
                    && iteration % every == 0;
        }

        @Override
        public boolean atEpochEnd(long epoch) {
            return false;
        }
    }

    /**
     * Due at the end of every epoch e with begin &lt;= e &lt;= end: SET's rule (Mocanu et al. 2018,
     * Nature Communications 9:2383, algorithm 1).
     *
     * @param begin the first epoch of the window, counted from 0, at least 0
     * @param end the last epoch of the window, at least {@code begin}; {@link #OPEN_END} for none
     */
    record EachEpoch(long begin, long end) implements UpdateSchedule {

        /**
         * Checks the ranges.
         *
         * @param begin at least 0
         * @param end at least {@code begin}
         * @throws IllegalArgumentException if {@code begin} is negative or {@code end} is less than
         *     {@code begin}
         */
        public EachEpoch {
            Arguments.atLeast(0, "begin of the update schedule", begin);
            Arguments.atLeast(begin, "end of the update schedule", end);
        }

        @Override
        public EachEpoch from(long begin) {
            return new EachEpoch(begin, end);
        }

        @Override
        public EachEpoch until(long end) {
            return new EachEpoch(begin, end);
        }

        @Override
        public boolean atIteration(long iteration) {
            return false;
        }

        @Override
        public boolean atEpochEnd(long epoch) {
            return epoch >= begin && epoch <= end;
        }
    }
}
