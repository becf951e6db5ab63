package org.dl4jplasticity.pruning;

import java.util.Arrays;
import java.util.List;
import org.dl4jplasticity.surgery.UnitVectors;

/**
 * What units compute from their inputs.
 *
 * @param incoming for each unit its incoming weights and biases
 * @param norms the Euclidean norms of these
 * @param passing for each unit its other parameters
 * @param scaled whether multiples count
 * @param tolerance the largest distance, as a share of the norm
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
record Signatures(
        double[][] incoming, double[] norms, double[][] passing, boolean scaled, double tolerance) {

    static Signatures of(UnitGroup group, boolean scaled, double tolerance) {
        int count = group.units().count();
        double[][] incoming = new double[count][];
        double[][] passing = new double[count][];
        double[] norms = new double[count];
        for (int unit = 0; unit < count; unit++) {
            incoming[unit] =
                    concat(
                            values(group.units().incoming(), unit),
                            values(group.units().biases(), unit));
            passing[unit] = values(group.units().passing(), unit);
            norms[unit] = norm(incoming[unit]);
        }
        return new Signatures(incoming, norms, passing, scaled, tolerance);
    }

    private static double[] values(List<UnitVectors> parameters, int unit) {
        return parameters.stream()
                .flatMapToDouble(parameter -> Arrays.stream(parameter.get(unit)))
                .toArray();
    }

    private static double[] concat(double[] first, double[] second) {
        double[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }

    private static double norm(double[] vector) {
        return Math.sqrt(Arrays.stream(vector).map(entry -> entry * entry).sum());
    }

    /**
     * {@return what a unit puts out over what another one does; 0 if that isn't always the same}
     *
     * @param base the other one
     * @param unit the one
     */
    double ratio(int base, int unit) {
        double larger = Math.max(norms[base], norms[unit]);
        if (!isNear(incoming[unit], incoming[base], 1, larger) || !passAlike(base, unit)) {
            double ratio = norms[unit] / norms[base];
            boolean possible =
                    scaled && norms[base] > 0 && norms[unit] > 0 && Double.isFinite(ratio);
            return possible
                            && isNear(incoming[unit], incoming[base], ratio, norms[unit])
                            && passAlike(base, unit)
                    ? ratio
                    : 0;
        }
        return 1;
    }

    /**
     * {@return the cosine of the incoming weights and biases of two units; 0 if either has none}
     */
    double cosine(int a, int b) {
        double product = 0;
        for (int i = 0; i < incoming[a].length; i++) {
            product += incoming[a][i] * incoming[b][i];
        }
        return norms[a] == 0 || norms[b] == 0 ? 0 : product / norms[a] / norms[b];
    }

    private boolean passAlike(int base, int unit) {
        double larger = Math.max(norm(passing[base]), norm(passing[unit]));
        return isNear(passing[unit], passing[base], 1, larger);
    }

    /** {@return whether {@code |a - c b| <= tolerance norm}} Most pairs differ soon. */
    private boolean isNear(double[] a, double[] b, double c, double norm) {
        double limit = tolerance * norm * tolerance * norm;
        double squares = 0;
        for (int i = 0; i < a.length; i++) {
            double difference = a[i] - c * b[i];
            squares += difference * difference;
            if (!(squares <= limit)) {
                return false;
            }
        }
        return true;
    }
}
