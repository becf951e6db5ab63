package org.dl4jplasticity.schedule;

/** The range checks that several types of this package share; each returns the value it accepts. */
final class Arguments {

    private Arguments() {}

    static double sparsity(String what, double value) {
        if (!(value >= 0 && value < 1)) {
            throw outOfRange(what, "in [0, 1)", value);
        }
        return value;
    }

    static double openFraction(String what, double value) {
        if (!(value > 0 && value < 1)) {
            throw outOfRange(what, "in (0, 1)", value);
        }
        return value;
    }

    static double positiveFraction(String what, double value) {
        if (!(value > 0 && value <= 1)) {
            throw outOfRange(what, "in (0, 1]", value);
        }
        return value;
    }

    static double below(double limit, String what, double value) {
        if (!(value >= 0 && value < limit)) {
            throw outOfRange(what, "in [0, " + limit + ")", value);
        }
        return value;
    }

    static double closedFraction(String what, double value) {
        if (!(value >= 0 && value <= 1)) {
            throw outOfRange(what, "in [0, 1]", value);
        }
        return value;
    }

    static double positive(String what, double value) {
        if (!(value > 0 && value < Double.POSITIVE_INFINITY)) {
            throw outOfRange(what, "positive and finite", value);
        }
        return value;
    }

    static long atLeast(long least, String what, long value) {
        if (value < least) {
            throw outOfRange(what, "at least " + least, value);
        }
        return value;
    }

    private static IllegalArgumentException outOfRange(String what, String range, Object value) {
        return new IllegalArgumentException(what + " must be " + range + ", got " + value);
    }
}
