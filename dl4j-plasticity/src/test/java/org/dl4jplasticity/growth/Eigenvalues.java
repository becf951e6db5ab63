package org.dl4jplasticity.growth;

import java.util.Arrays;

/** Eigenvalues of small symmetric matrices, by Jacobi's rotations. */
final class Eigenvalues {
    private Eigenvalues() {}

    /** {@return the squares of the singular values of a matrix stored row by row, descending} */
    static double[] squaredSingularValues(double[] matrix, int columns) {
        double[][] gram = new double[columns][columns];
        for (int row = 0; row < matrix.length / columns; row++) {
            for (int i = 0; i < columns; i++) {
                for (int j = 0; j < columns; j++) {
                    gram[i][j] += matrix[row * columns + i] * matrix[row * columns + j];
                }
            }
        }
        return of(gram);
    }

    private static double[] of(double[][] a) {
        for (int sweep = 0; sweep < 50; sweep++) {
            for (int p = 0; p < a.length; p++) {
                for (int q = p + 1; q < a.length; q++) {
                    if (a[p][q] != 0) {
                        rotate(a, p, q);
                    }
                }
            }
        }
        double[] values = new double[a.length];
        Arrays.setAll(values, i -> -a[i][i]);
        Arrays.sort(values);
        return Arrays.stream(values).map(it -> -it).toArray();
    }

    private static void rotate(double[][] a, int p, int q) {
        double angle = 0.5 * Math.atan2(2 * a[p][q], a[q][q] - a[p][p]);
        double c = Math.cos(angle);
        double s = Math.sin(angle);
        for (int i = 0; i < a.length; i++) {
            double left = a[i][p];
            double right = a[i][q];
            a[i][p] = c * left - s * right;
            a[i][q] = s * left + c * right;
        }
        for (int i = 0; i < a.length; i++) {
            double left = a[p][i];
            double right = a[q][i];
            a[p][i] = c * left - s * right;
            a[q][i] = s * left + c * right;
        }
    }
}
