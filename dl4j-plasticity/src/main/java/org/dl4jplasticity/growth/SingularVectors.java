package org.dl4jplasticity.growth;

import java.util.Arrays;
import java.util.stream.Stream;
import org.apache.commons.math3.linear.RealMatrix;
import org.apache.commons.math3.linear.SingularValueDecomposition;

/**
 * The singular value decomposition of a matrix, as far as it has directions: singular values too
 * small to be told from rounding are left out. In each right vector the entry of largest magnitude
 * is positive.
 *
 * @param values the singular values, descending
 * @param left for every value its left vector, of unit length
 * @param right for every value its right vector, of unit length
 */
@SuppressWarnings("ArrayRecordComponent") // handed on, compared by nobody
record SingularVectors(double[] values, double[][] left, double[][] right) {

    /** Below this share of the largest, a singular value is taken for zero. */
    private static final double ROUNDING = 1e-12;

    /**
     * {@return the decomposition}
     *
     * @param matrix numbers, one row behind the other
     */
    static SingularVectors of(double[] matrix, int rows, int columns) {
        if (matrix.length == 0) {
            return new SingularVectors(new double[0], new double[0][], new double[0][]);
        }
        RealMatrix real = Matrices.of(matrix, rows, columns);
        SingularValueDecomposition decomposition = new SingularValueDecomposition(real);
        double[] all = decomposition.getSingularValues();
        double[] values =
                Arrays.stream(all).filter(it -> it > 0 && it > ROUNDING * all[0]).toArray();
        double[][] left = new double[values.length][];
        double[][] right = new double[values.length][];
        for (int i = 0; i < values.length; i++) {
            double[] vector = decomposition.getV().getColumn(i);
            double sign = Matrices.sign(vector);
            right[i] = Matrices.scaled(vector, sign);
            left[i] = Matrices.scaled(decomposition.getU().getColumn(i), sign);
        }
        return new SingularVectors(values, left, right);
    }

    /** {@return the largest of them} */
    SingularVectors first(int count) {
        return new SingularVectors(
                Arrays.copyOf(values, Math.min(count, values.length)),
                Stream.of(left).limit(count).toArray(double[][]::new),
                Stream.of(right).limit(count).toArray(double[][]::new));
    }

    /** {@return those whose value is at least so large} */
    SingularVectors from(double threshold) {
        return first((int) Arrays.stream(values).filter(it -> it >= threshold).count());
    }

    /** {@return the number of vectors on either side} */
    int count() {
        return values.length;
    }

    /** {@return the sum of the squares of the values} */
    double energy() {
        return Arrays.stream(values).map(it -> it * it).sum();
    }
}
