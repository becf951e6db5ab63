package org.dl4jplasticity.surgery;

import java.util.function.LongToIntFunction;

/**
 * Where the entries of each unit are in a parameter. Along one of its axes some indexes belong to a
 * unit; {@code inner} counts the entries that all faster axes make, {@code outer} those of all
 * slower ones.
 *
 * @param indexes the indexes along the axis of each unit
 * @param size the length of the axis
 * @param place the place in the parameter of an entry of the whole, -1 if it is inactive
 */
@SuppressWarnings("ArrayRecordComponent") // handed on, compared by nobody
record UnitPositions(int inner, int[][] indexes, int size, int outer, LongToIntFunction place) {

    /** {@return the number of entries of every unit} */
    int length() {
        return Math.multiplyExact(Math.multiplyExact(inner, indexes[0].length), outer);
    }

    /** {@return the place in the parameter of a unit's entry, -1 if it is inactive} */
    int at(int unit, int entry) {
        return place.applyAsInt(whole(unit, entry));
    }

    /** {@return the place of a unit's entry in the parameter, were every entry active} */
    long whole(int unit, int entry) {
        int[] own = indexes[unit];
        int index = own[entry / inner % own.length];
        return ((long) slower(entry) * size + index) * inner + entry % inner;
    }

    /** {@return the index along the slower axes of an entry} */
    int slower(int entry) {
        return entry / (inner * indexes[0].length);
    }

    /** {@return the sum of the magnitudes of a unit's entries} */
    double sumOfMagnitudes(int unit, double[] values) {
        double sum = 0;
        for (long slow = 0; slow < outer; slow++) {
            for (int index : indexes[unit]) {
                long first = (slow * size + index) * inner;
                for (long whole = first; whole < first + inner; whole++) {
                    int at = place.applyAsInt(whole);
                    sum += at < 0 ? 0 : Math.abs(values[at]);
                }
            }
        }
        return sum;
    }
}
