package org.dl4jplasticity.growth;

import java.util.List;
import org.dl4jplasticity.surgery.UnitVectors;

/**
 * The magnitudes of the weights of each unit of a layer.
 *
 * @param sums for each unit the sum of its weights' magnitudes. The array is not copied: do not
 *     write to it.
 * @param count the number of each unit's weights; inactive connections count as weights of 0
 */
@SuppressWarnings("ArrayRecordComponent") // handed on, compared by nobody
record Magnitudes(double[] sums, long count) {

    /**
     * {@return those of some parameters together}
     *
     * @param parameters all incoming or all outgoing weights of the units
     * @param units the number of units
     */
    static Magnitudes of(List<UnitVectors> parameters, int units) {
        double[] sums = new double[units];
        long count = 0;
        for (UnitVectors parameter : parameters) {
            count += parameter.length();
            double[] magnitudes = parameter.magnitudes(units);
            for (int unit = 0; unit < units; unit++) {
                sums[unit] += magnitudes[unit];
            }
        }
        return new Magnitudes(sums, count);
    }

    double mean(int unit) {
        return count == 0 ? 0 : sums[unit] / count;
    }
}
