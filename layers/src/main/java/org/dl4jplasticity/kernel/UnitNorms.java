package org.dl4jplasticity.kernel;

import java.util.Arrays;

/**
 * Units by falling norm, those of norm 0 left out.
 *
 * @param units the units
 * @param norms the norm of each, above 0
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
record UnitNorms(int[] units, double[] norms) {

    /**
     * {@return the units of some norms}
     *
     * @param norms by unit, each at least 0; of equal ones the lower unit comes first
     */
    static UnitNorms of(double[] norms) {
        // The numbers are sorted, and then every unit finds its place among them.
        double[] sorted = Arrays.stream(norms).filter(norm -> norm > 0).sorted().toArray();
        int count = sorted.length;
        double[] falling = new double[count];
        for (int i = 0; i < count; i++) {
            falling[i] = sorted[count - 1 - i];
        }
        int[] taken = new int[count];
        int[] units = new int[count];
        for (int unit = 0; unit < norms.length; unit++) {
            if (norms[unit] > 0) {
                int place = firstAtMost(falling, norms[unit]);
                units[place + taken[place]++] = unit;
            }
        }
        return new UnitNorms(units, falling);
    }

    /** {@return the first index of a falling sequence whose value is at most a bound} */
    private static int firstAtMost(double[] falling, double bound) {
        int low = 0;
        int high = falling.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (falling[middle] <= bound) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }

    int count() {
        return units.length;
    }

    /**
     * Tells which pairs of units have a product of norms of at least a bound.
     *
     * @param columns the other units
     * @param bound above 0
     * @param ends for each of these units the number of the others; overwritten, falling
     * @return how many pairs
     */
    long ends(UnitNorms columns, double bound, int[] ends) {
        long pairs = 0;
        int end = columns.count();
        for (int r = 0; r < norms.length; r++) {
            while (end > 0 && !(norms[r] * columns.norms[end - 1] >= bound)) {
                end--;
            }
            ends[r] = end;
            pairs += end;
        }
        return pairs;
    }

    /**
     * {@return a bound that at least so many pairs' products of norms reach, the largest one but
     * for its last digits}
     *
     * @param columns the other units
     * @param pairs how many, at most all
     */
    double boundOf(UnitNorms columns, long pairs) {
        // The bits of doubles above 0 are in the order of the numbers.
        long low = 1;
        long high = Double.doubleToLongBits(norms[0] * columns.norms[0]);
        int[] ends = new int[norms.length];
        while (high - low > 1L << 44) {
            long middle = (low + high) >>> 1;
            if (ends(columns, Double.longBitsToDouble(middle), ends) >= pairs) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return Double.longBitsToDouble(low);
    }
}
