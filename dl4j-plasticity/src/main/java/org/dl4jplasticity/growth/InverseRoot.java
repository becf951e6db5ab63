package org.dl4jplasticity.growth;

import java.util.stream.IntStream;
import org.apache.commons.math3.linear.EigenDecomposition;

/**
 * A root {@code C} of the inverse of a symmetric matrix {@code S} without negative eigenvalues:
 * {@code C^T S C} is the unit matrix, {@code C C^T} the pseudo-inverse of {@code S}.
 *
 * @param size the number of rows and columns of {@code S}
 * @param rank the number of columns of {@code C}, of directions of {@code S} that were kept
 * @param root {@code C}, {@code size} times {@code rank}, one row behind the other; the column of
 *     the largest eigenvalue first
 */
@SuppressWarnings("ArrayRecordComponent") // handed on, compared by nobody
record InverseRoot(int size, int rank, double[] root) {

    /**
     * {@return a root of the inverse}
     *
     * @param matrix {@code S}, one row behind the other
     * @param threshold eigenvectors are left out whose eigenvalue is not above this share of the
     *     largest
     */
    static InverseRoot of(double[] matrix, double threshold) {
        int size = (int) Math.round(Math.sqrt(matrix.length));
        EigenDecomposition eigen = new EigenDecomposition(Matrices.of(matrix, size, size));
        double[] values = eigen.getRealEigenvalues();
        int[] kept =
                IntStream.range(0, size)
                        .filter(i -> values[i] > 0 && values[i] > threshold * values[0])
                        .toArray();
        double[] root = new double[size * kept.length];
        for (int column = 0; column < kept.length; column++) {
            double[] vector = Matrices.signed(eigen.getEigenvector(kept[column]).toArray());
            double scale = 1 / Math.sqrt(values[kept[column]]);
            for (int row = 0; row < size; row++) {
                root[row * kept.length + column] = vector[row] * scale;
            }
        }
        return new InverseRoot(size, kept.length, root);
    }

    /**
     * {@return {@code S^+ B}, the pseudo-inverse times a matrix}
     *
     * @param columns the number of columns of {@code B}
     */
    double[] solve(double[] b, int columns) {
        return Products.product(root, size, rank, reduced(b, columns), columns);
    }

    /**
     * {@return {@code C^T B}}
     *
     * @param columns the number of columns of {@code B}
     */
    double[] reduced(double[] b, int columns) {
        double[] reduced = new double[rank * columns];
        Products.addTransposed(root, size, rank, b, columns, reduced);
        return reduced;
    }
}
