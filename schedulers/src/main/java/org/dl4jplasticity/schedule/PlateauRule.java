package org.dl4jplasticity.schedule;

/**
 * When a loss stalls: it changed by less than a threshold for some observations in a row (Li,
 * Milling, Schuller, arXiv:2503.21419, eq. 1, which asks for one; several keep one noisy epoch from
 * counting). A loss that rises by more than the threshold hasn't stalled, unless rises count. A
 * loss that is no number interrupts the row.
 *
 * @param threshold the change below which an observation counts, greater than 0
 * @param relative whether the threshold is a share of the loss before
 * @param patience how many observations in a row must count, at least 1
 * @param cooldown how many observations after a plateau don't count, at least 0
 * @param smoothing the share that the mean so far has in the moving average of losses, in [0, 1); 0
 *     for the losses themselves
 * @param risesCount whether a loss that rises counts too, however much
 */
public record PlateauRule(
        double threshold,
        boolean relative,
        int patience,
        int cooldown,
        double smoothing,
        boolean risesCount) {

    /**
     * Checks the ranges.
     *
     * @param threshold greater than 0
     * @param relative any
     * @param patience at least 1
     * @param cooldown at least 0
     * @param smoothing in [0, 1)
     * @param risesCount any
     * @throws IllegalArgumentException if a number is out of its range
     */
    public PlateauRule {
        if (!(threshold > 0) || Double.isInfinite(threshold)) {
            throw new IllegalArgumentException(
                    "the threshold of a plateau must be greater than 0, got " + threshold);
        }
        if (patience < 1) {
            throw new IllegalArgumentException(
                    "the patience of a plateau must be at least 1, got " + patience);
        }
        if (cooldown < 0) {
            throw new IllegalArgumentException(
                    "the cooldown of a plateau must be at least 0, got " + cooldown);
        }
        if (!(smoothing >= 0 && smoothing < 1)) {
            throw new IllegalArgumentException(
                    "the smoothing of a plateau must be in [0, 1), got " + smoothing);
        }
    }

    /**
     * What is remembered from one observation to the next.
     *
     * @param loss the last loss, smoothed; NaN if there is none
     * @param row how many observations in a row counted
     * @param cooling how many more observations don't count
     * @param isPlateau whether the last observation was the one that made a plateau
     */
    public record State(double loss, int row, int cooling, boolean isPlateau) {

        /** Nothing observed yet. */
        public static final State START = new State(Double.NaN, 0, 0, false);
    }

    /**
     * {@return the state after one more observation}
     *
     * @param before the state before it
     * @param observed the loss; infinite and NaN are no losses
     */
    public State observe(State before, double observed) {
        if (!Double.isFinite(observed)) {
            return new State(Double.NaN, 0, Math.max(0, before.cooling() - 1), false);
        }
        double last = before.loss();
        double loss = Double.isNaN(last) ? observed : smoothing * last + (1 - smoothing) * observed;
        if (before.cooling() > 0) {
            return new State(loss, 0, before.cooling() - 1, false);
        }
        int row = counts(last, loss) ? before.row() + 1 : 0;
        return row == patience
                ? new State(loss, 0, cooldown, true)
                : new State(loss, row, 0, false);
    }

    private boolean counts(double last, double loss) {
        if (Double.isNaN(last)) {
            return false;
        }
        double most = relative ? threshold * Math.abs(last) : threshold;
        return risesCount ? last - loss < most : Math.abs(loss - last) < most;
    }
}
