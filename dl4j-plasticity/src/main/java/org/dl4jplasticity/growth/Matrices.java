package org.dl4jplasticity.growth;

import java.util.Arrays;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.RealMatrix;

/** Arrays as matrices, and vectors whose sign is settled. */
final class Matrices {
    private Matrices() {}

    /** {@return a matrix of numbers stored row by row} */
    static RealMatrix of(double[] numbers, int rows, int columns) {
        double[][] matrix = new double[rows][];
        for (int row = 0; row < rows; row++) {
            matrix[row] = Arrays.copyOfRange(numbers, row * columns, (row + 1) * columns);
        }
        return new Array2DRowRealMatrix(matrix, false);
    }

    /** {@return the vector or its negative, that whose entry of largest magnitude is positive} */
    static double[] signed(double[] vector) {
        return scaled(vector, sign(vector));
    }

    /** {@return the sign of the first of the entries of largest magnitude: 1 or -1} */
    static double sign(double[] vector) {
        double largest = 0;
        for (double entry : vector) {
            if (Math.abs(entry) > Math.abs(largest)) {
                largest = entry;
            }
        }
        return largest < 0 ? -1 : 1;
    }

    /** {@return a vector times a number} */
    static double[] scaled(double[] vector, double factor) {
        return Arrays.stream(vector).map(it -> it * factor).toArray();
    }

    /** {@return the length of a vector} */
    static double norm(double[] vector) {
        return Math.sqrt(product(vector, vector));
    }

    /** {@return the inner product of two vectors} */
    static double product(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    /** Adds a vector, times a number, to another. */
    static void add(double[] to, double factor, double[] vector) {
        for (int i = 0; i < to.length; i++) {
            to[i] += factor * vector[i];
        }
    }
}
