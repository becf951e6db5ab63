package org.dl4jplasticity.growth;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Age and utility of one layer's units, as continual backprop keeps them (Dohare et al. 2024,
 * Nature 632:768, algorithm 1). Moving averages start at 0 and are corrected for that by 1 -
 * decay^age.
 */
final class UnitWorth {
    /** Sums of shares that should be whole come out a little below. */
    private static final double ROUNDING = 1e-9;

    private final double decay;
    private int[] ages;
    private double[] utilities;

    /** Moving averages of what each unit puts out, seen at one or more places of the network. */
    private double[][] means;

    /** The part of a replacement that was due and not done yet. */
    private double waiting;

    /**
     * The worth of units that were just born.
     *
     * @param units how many
     * @param places at how many places of the network their outputs are seen
     * @param decay of the moving averages, in [0, 1)
     */
    UnitWorth(int units, int places, double decay) {
        this(decay, new int[units], new double[units], new double[places][units], 0);
    }

    UnitWorth(double decay, int[] ages, double[] utilities, double[][] means, double waiting) {
        this.decay = decay;
        this.ages = ages;
        this.utilities = utilities;
        this.means = means;
        this.waiting = waiting;
    }

    int units() {
        return ages.length;
    }

    int[] ages() {
        return ages.clone();
    }

    double[] utilities() {
        return utilities.clone();
    }

    double[][] means() {
        return Arrays.stream(means).map(double[]::clone).toArray(double[][]::new);
    }

    double waiting() {
        return waiting;
    }

    /** Makes place for another number of units: new ones are young, and with fewer all are. */
    void resize(int units) {
        if (units < ages.length) {
            ages = new int[units];
            utilities = new double[units];
            means = new double[means.length][units];
            waiting = 0;
        } else {
            ages = Arrays.copyOf(ages, units);
            utilities = Arrays.copyOf(utilities, units);
            means =
                    Arrays.stream(means)
                            .map(each -> Arrays.copyOf(each, units))
                            .toArray(double[][]::new);
        }
    }

    /**
     * {@return the corrected moving average of what each unit puts out, once a step more is in it}
     *
     * @param next the mean output of each unit in that step
     */
    double[] meansWith(double[] next) {
        double[] corrected = new double[next.length];
        for (int unit = 0; unit < next.length; unit++) {
            corrected[unit] =
                    average(means[0][unit], next[unit]) / (1 - Math.pow(decay, ages[unit] + 1.0));
        }
        return corrected;
    }

    /**
     * Takes a step into account: units age by 1.
     *
     * @param outputs the mean output of each unit, at each place
     * @param worth of each unit in this step
     */
    void step(double[][] outputs, double[] worth) {
        for (int unit = 0; unit < worth.length; unit++) {
            ages[unit]++;
            utilities[unit] = average(utilities[unit], worth[unit]);
            for (int place = 0; place < means.length; place++) {
                means[place][unit] = average(means[place][unit], outputs[place][unit]);
            }
        }
    }

    private double average(double before, double next) {
        return decay * before + (1 - decay) * next;
    }

    /** {@return the corrected utility of a unit that is a step old at least} */
    double utility(int unit) {
        return utilities[unit] / correction(unit);
    }

    /** {@return the corrected average of what a unit that is a step old at least puts out} */
    double mean(int place, int unit) {
        return means[place][unit] / correction(unit);
    }

    private double correction(int unit) {
        return 1 - Math.pow(decay, ages[unit]);
    }

    /**
     * {@return the units whose turn it is to be replaced, the mature ones of least utility,
     * ascending} What is due is counted up over the calls, and only whole units go.
     *
     * @param rate the share of mature units to replace per call
     * @param maturity the age that a mature unit exceeds
     */
    int[] due(double rate, int maturity) {
        int[] mature =
                IntStream.range(0, ages.length).filter(unit -> ages[unit] > maturity).toArray();
        waiting += rate * mature.length;
        int count = (int) Math.min(mature.length, Math.floor(waiting + ROUNDING));
        if (count == 0) {
            return new int[0];
        }
        waiting = Math.max(0, waiting - count);
        return Arrays.stream(mature)
                .boxed()
                .sorted(Comparator.comparingDouble(this::utility))
                .limit(count)
                .mapToInt(Integer::intValue)
                .sorted()
                .toArray();
    }

    /** Lets a unit be born again. */
    void restart(int unit) {
        ages[unit] = 0;
        utilities[unit] = 0;
        for (double[] each : means) {
            each[unit] = 0;
        }
    }
}
