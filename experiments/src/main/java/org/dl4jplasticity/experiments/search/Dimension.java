package org.dl4jplasticity.experiments.search;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;

/** The values that a parameter may have in a search. */
sealed interface Dimension {

    /** {@return values that are checked before a search: what holds for them holds for all} */
    List<Object> extremes();

    /**
     * {@return how many values a grid tries}
     *
     * @param most the number of a range that has more
     */
    long gridSize(int most);

    /**
     * All numbers between two.
     *
     * @param from the least
     * @param to the largest, greater than {@code from}
     * @param logarithmic whether equal ratios rather than equal differences are equally likely
     * @param whole whether only whole numbers count
     */
    record Range(double from, double to, boolean logarithmic, boolean whole) implements Dimension {
        /** Enough for a setting, and still fit to be typed. */
        private static final MathContext DIGITS = new MathContext(4);

        public Range {
            if (!(from < to) || !Double.isFinite(from) || !Double.isFinite(to)) {
                throw new IllegalArgumentException(
                        "a range needs numbers from < to, got from %s to %s"
                                .formatted(told(from, whole), told(to, whole)));
            }
            if (logarithmic && from <= 0) {
                throw new IllegalArgumentException(
                        "a range of scale log must begin above 0, got from " + told(from, whole));
            }
        }

        private static String told(double number, boolean whole) {
            return whole ? String.valueOf((long) number) : String.valueOf(number);
        }

        /** {@return the value nearest to a number: whole, or of four digits; in the range} */
        Object value(double number) {
            if (whole) {
                return (int) Math.max(from, Math.min(to, Math.rint(number)));
            }
            double rounded = new BigDecimal(number).round(DIGITS).doubleValue();
            return Math.max(from, Math.min(to, rounded));
        }

        @Override
        public List<Object> extremes() {
            return List.of(value(from), value(to));
        }

        @Override
        public long gridSize(int most) {
            return whole && !logarithmic ? (long) Math.min(to - from + 1, most) : most;
        }

        @Override
        public String toString() {
            return told(from, whole)
                    + " to "
                    + told(to, whole)
                    + (logarithmic ? " (logarithmic)" : "");
        }
    }

    /**
     * A few values.
     *
     * @param values at least one, all different
     */
    record Choice(List<Object> values) implements Dimension {
        public Choice {
            if (values.isEmpty()) {
                throw new IllegalArgumentException("a list needs at least one value, got none");
            }
            if (values.stream().distinct().count() < values.size()) {
                throw new IllegalArgumentException(
                        "the values of a list must be different, got " + values);
            }
            values = List.copyOf(values);
        }

        @Override
        public List<Object> extremes() {
            return values;
        }

        @Override
        public long gridSize(int most) {
            return values.size();
        }

        @Override
        public String toString() {
            return values.toString();
        }
    }
}
