package org.dl4jplasticity.relevance;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Products of matrices of doubles whose rows stand one after the other. */
final class Products {
    /** Below it, the way to ND4J's library and back costs more than the product. */
    private static final long SMALL = 1 << 14;

    private Products() {}

    /**
     * A matrix.
     *
     * @param data its rows
     * @param rows their number
     * @param columns their length
     */
    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    record Matrix(double[] data, int rows, int columns) {

        /** {@return the rows of {@code this other}, which are {@code rows} rows} */
        double[] times(Matrix other) {
            return multiply(this, false, other, false);
        }

        /** {@return the rows of {@code this other^T}} */
        double[] timesTransposeOf(Matrix other) {
            return multiply(this, false, other, true);
        }

        /** {@return the rows of {@code this^T other}} */
        double[] transposeTimes(Matrix other) {
            return multiply(this, true, other, false);
        }
    }

    private static double[] multiply(Matrix a, boolean aTurned, Matrix b, boolean bTurned) {
        int rows = aTurned ? a.columns() : a.rows();
        int inner = aTurned ? a.rows() : a.columns();
        int columns = bTurned ? b.rows() : b.columns();
        if ((long) rows * inner * columns < SMALL || rows == 1 || columns == 1 || inner == 1) {
            return plain(a, aTurned, b, bTurned, rows, inner, columns);
        }
        // Rows after each other are the columns of the transpose, and C^T = op(B)^T op(A)^T.
        INDArray result =
                Nd4j.createUninitialized(DataType.DOUBLE, new long[] {columns, rows}, 'f');
        Nd4j.gemm(transposed(b), transposed(a), result, bTurned, aTurned, 1, 0);
        return Values.read(result.data());
    }

    private static INDArray transposed(Matrix matrix) {
        return Nd4j.createFromArray(matrix.data()).reshape('f', matrix.columns(), matrix.rows());
    }

    private static double[] plain(
            Matrix a,
            boolean aTurned,
            Matrix b,
            boolean bTurned,
            int rows,
            int inner,
            int columns) {
        double[] c = new double[rows * columns];
        int aRow = aTurned ? 1 : inner;
        int aColumn = aTurned ? rows : 1;
        int bRow = bTurned ? 1 : columns;
        int bColumn = bTurned ? inner : 1;
        for (int i = 0; i < rows; i++) {
            for (int k = 0; k < inner; k++) {
                double factor = a.data()[i * aRow + k * aColumn];
                for (int j = 0; factor != 0 && j < columns; j++) {
                    // C(i,j) = sum_k A(i,k) B(k,j)
                    c[i * columns + j] += factor * b.data()[k * bRow + j * bColumn];
                }
            }
        }
        return c;
    }
}
