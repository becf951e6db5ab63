package org.dl4jplasticity.dropout;

import org.nd4j.linalg.schedule.ISchedule;

/** The range checks of this package; each returns the value it accepts. */
final class Ranges {
    private Ranges() {}

    static double probability(String what, double value) {
        return require(what, "in [0, 1]", value >= 0 && value <= 1, value);
    }

    static double openProbability(String what, double value) {
        return require(what, "in (0, 1)", value > 0 && value < 1, value);
    }

    static double positive(String what, double value) {
        return require(what, "in (0, infinity)", value > 0 && Double.isFinite(value), value);
    }

    static double positiveAtMostOne(String what, double value) {
        return require(what, "in (0, 1]", value > 0 && value <= 1, value);
    }

    static double finite(String what, double value) {
        return require(what, "finite", Double.isFinite(value), value);
    }

    static double notNegative(String what, double value) {
        return require(what, "in [0, infinity)", value >= 0 && Double.isFinite(value), value);
    }

    /** {@return what a schedule says now, if that is a probability} */
    static double probability(String what, ISchedule schedule, int iteration, int epoch) {
        double value = schedule.valueAt(iteration, epoch);
        return require(
                "%s at iteration %d of epoch %d".formatted(what, iteration, epoch),
                "in [0, 1]",
                value >= 0 && value <= 1,
                value);
    }

    private static double require(String what, String range, boolean holds, double value) {
        if (!holds) {
            throw new IllegalArgumentException(
                    "%s must be %s, got %s".formatted(what, range, value));
        }
        return value;
    }
}
