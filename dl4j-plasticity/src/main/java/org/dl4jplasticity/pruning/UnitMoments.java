package org.dl4jplasticity.pruning;

import java.util.Arrays;

/**
 * Sums of what units put out and of the products of every two, from which least squares between any
 * two follow. Sums run over differences from the first sample, so that little is lost to rounding
 * where units vary little.
 */
final class UnitMoments {
    /** Variance below this share of the mean square is rounding. */
    private static final double ROUNDING = 1e-24;

    private final double[] origin;
    private final double[] sums;

    /** Of unit and unit, the second one not above the first. */
    private final double[][] products;

    private long count;

    UnitMoments(int units) {
        origin = new double[units];
        sums = new double[units];
        products = new double[units][];
        Arrays.setAll(products, unit -> new double[unit + 1]);
    }

    /**
     * One unit as a multiple of another one and a constant.
     *
     * @param slope the multiple
     * @param constant the constant
     * @param explained the share of the one's sum of squares that is not left, in [0, 1]; about its
     *     mean if there is a constant, which makes it the squared correlation, and about 0 if not
     */
    record Fit(double slope, double constant, double explained) {}

    /**
     * Takes more samples in.
     *
     * @param samples of each unit, as many of every one, at least one
     */
    void add(double[][] samples) {
        if (count == 0) {
            Arrays.setAll(origin, unit -> samples[unit][0]);
        }
        double[][] differences = new double[samples.length][];
        for (int unit = 0; unit < samples.length; unit++) {
            double from = origin[unit];
            differences[unit] = Arrays.stream(samples[unit]).map(value -> value - from).toArray();
            for (double difference : differences[unit]) {
                sums[unit] += difference;
            }
        }
        for (int unit = 0; unit < samples.length; unit++) {
            for (int other = 0; other <= unit; other++) {
                products[unit][other] += product(differences[unit], differences[other]);
            }
        }
        count += samples[0].length;
    }

    /** Four sums at a time, which is faster than one; the same for the same numbers. */
    private static double product(double[] a, double[] b) {
        double first = 0;
        double second = 0;
        double third = 0;
        double fourth = 0;
        int i = 0;
        for (; i + 3 < a.length; i += 4) {
            first += a[i] * b[i];
            second += a[i + 1] * b[i + 1];
            third += a[i + 2] * b[i + 2];
            fourth += a[i + 3] * b[i + 3];
        }
        for (; i < a.length; i++) {
            first += a[i] * b[i];
        }
        return first + second + third + fourth;
    }

    /**
     * {@return the least squares fit of a unit to another one}
     *
     * @param base the other one
     * @param unit the one
     * @param withConstant whether there is a constant; it is 0 if not
     */
    Fit fit(int base, int unit, boolean withConstant) {
        double varying = withConstant ? centred(base, base) : raw(base, base);
        double fitted = withConstant ? centred(unit, unit) : raw(unit, unit);
        double both = withConstant ? centred(base, unit) : raw(base, unit);
        boolean baseVaries = varying > ROUNDING * raw(base, base);
        boolean unitVaries = fitted > ROUNDING * raw(unit, unit);
        double slope = baseVaries ? both / varying : 0;
        double constant = withConstant ? mean(unit) - slope * mean(base) : 0;
        double explained = baseVaries && unitVaries ? both / varying * (both / fitted) : 0;
        return new Fit(slope, constant, Math.min(1, explained));
    }

    private double mean(int unit) {
        return origin[unit] + sums[unit] / count;
    }

    /** {@return the sum of the products of differences from the means} */
    private double centred(int a, int b) {
        return product(a, b) - sums[a] * sums[b] / count;
    }

    /** {@return the sum of the products} */
    private double raw(int a, int b) {
        return product(a, b)
                + origin[a] * sums[b]
                + origin[b] * sums[a]
                + count * origin[a] * origin[b];
    }

    private double product(int a, int b) {
        return products[Math.max(a, b)][Math.min(a, b)];
    }
}
