package org.dl4jplasticity.pruning;

/**
 * What comes from a unit on every example and at every position.
 *
 * @param value the number; NaN if it isn't the same everywhere, or isn't known
 * @param obstacle why it isn't known; empty if it is
 */
record Constant(double value, String obstacle) {

    /** {@return a number} */
    static Constant of(double value) {
        // -0 is 0: constants are compared.
        return Double.isNaN(value) ? lost("it is not a number") : new Constant(value + 0.0, "");
    }

    static Constant lost(String obstacle) {
        return new Constant(Double.NaN, obstacle);
    }

    boolean isKnown() {
        return obstacle.isEmpty();
    }
}
