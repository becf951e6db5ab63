package org.dl4jplasticity.growth;

/**
 * Grows when the loss of a minibatch is a surprise: above a threshold, or above so many times the
 * moving average of the losses before it (after Eriksson and Westlund Gotby 2019, where an error of
 * more than a threshold adds a node).
 */
public final class Surprise implements GrowthTrigger {
    private static final double DECAY = 0.99;

    private final double threshold;
    private final boolean relative;
    private final int cooldown;

    private Surprise(double threshold, boolean relative, int cooldown) {
        if (!(threshold > 0)) {
            throw new IllegalArgumentException(
                    "the threshold of a surprise must be greater than 0, got " + threshold);
        }
        if (cooldown < 0) {
            throw new IllegalArgumentException(
                    "the cooldown of a surprise must be at least 0 steps, got " + cooldown);
        }
        this.threshold = threshold;
        this.relative = relative;
        this.cooldown = cooldown;
    }

    /**
     * {@return surprises above a loss}
     *
     * @param loss greater than 0
     * @param cooldown how many steps after one can be none, at least 0
     * @throws IllegalArgumentException if a number is out of its range
     */
    public static Surprise above(double loss, int cooldown) {
        return new Surprise(loss, false, cooldown);
    }

    /**
     * {@return surprises above so many times the moving average of the losses before (the average
     * keeps 99 % at each step)}
     *
     * @param times greater than 0
     * @param cooldown how many steps after one can be none, at least 0; also how many at first
     * @throws IllegalArgumentException if a number is out of its range
     */
    public static Surprise aboveMean(double times, int cooldown) {
        return new Surprise(times, true, cooldown);
    }

    @Override
    public Watch start() {
        return new Watching();
    }

    /** The threshold and the cooldown. */
    @Override
    public String toString() {
        return "surprise above %s%s, cooldown %d"
                .formatted(threshold, relative ? " times the mean" : "", cooldown);
    }

    private final class Watching implements Watch {
        private double mean = Double.NaN;
        private int cooling = relative ? cooldown : 0;

        @Override
        public boolean afterStep(double loss) {
            double limit = relative ? threshold * mean : threshold;
            boolean surprised = cooling == 0 && loss > limit;
            cooling = surprised ? cooldown : Math.max(0, cooling - 1);
            if (Double.isFinite(loss)) {
                mean = Double.isNaN(mean) ? loss : DECAY * mean + (1 - DECAY) * loss;
            }
            return surprised;
        }

        @Override
        public double[] save() {
            return new double[] {mean, cooling};
        }

        @Override
        public void restore(double[] saved) {
            mean = saved[0];
            cooling = (int) saved[1];
        }
    }
}
