package org.dl4jplasticity.dropout;

import java.nio.FloatBuffer;
import java.util.Arrays;
import org.dl4jplasticity.kernel.RowParallel;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Some rows and columns of a matrix, copied out of it and back, in bulk and on all cores. Matrices
 * are in 'f' order without gaps: what is called a column is one stretch of memory.
 */
final class FloatSubmatrix {
    private FloatSubmatrix() {}

    /**
     * Copies rows and columns out of a matrix.
     *
     * @param matrix any matrix
     * @param rows which rows, ascending
     * @param columns which columns, ascending
     * @param submatrix [rows, columns]; overwritten
     */
    static void gather(INDArray matrix, int[] rows, int[] columns, INDArray submatrix) {
        FloatBuffer source = buffer(matrix);
        FloatBuffer target = buffer(submatrix);
        int from = source.position();
        int to = target.position();
        int height = Math.toIntExact(matrix.size(0));
        boolean whole = rows.length == height;
        RowParallel.shared()
                .run(
                        columns.length,
                        height,
                        (first, last) -> {
                            float[] column = new float[height];
                            float[] packed = whole ? column : new float[rows.length];
                            for (int j = first; j < last; j++) {
                                source.get(from + columns[j] * height, column);
                                if (!whole) {
                                    for (int i = 0; i < rows.length; i++) {
                                        packed[i] = column[rows[i]];
                                    }
                                }
                                target.put(to + j * rows.length, packed);
                            }
                        });
    }

    /**
     * Copies rows and columns into a matrix whose other entries become 0.
     *
     * @param submatrix [rows, columns]
     * @param rows which rows, ascending
     * @param columns which columns, ascending
     * @param matrix any matrix; overwritten
     */
    static void scatter(INDArray submatrix, int[] rows, int[] columns, INDArray matrix) {
        FloatBuffer source = buffer(submatrix);
        FloatBuffer target = buffer(matrix);
        int from = source.position();
        int to = target.position();
        int height = Math.toIntExact(matrix.size(0));
        int width = Math.toIntExact(matrix.size(1));
        boolean whole = rows.length == height;
        RowParallel.shared()
                .run(
                        width,
                        height,
                        (first, last) -> {
                            float[] zeros = new float[height];
                            float[] column = new float[height];
                            float[] packed = whole ? column : new float[rows.length];
                            for (int j = first; j < last; j++) {
                                int place = Arrays.binarySearch(columns, j);
                                if (place >= 0) {
                                    source.get(from + place * rows.length, packed);
                                    if (!whole) {
                                        for (int i = 0; i < rows.length; i++) {
                                            column[rows[i]] = packed[i];
                                        }
                                    }
                                }
                                target.put(to + j * height, place < 0 ? zeros : column);
                            }
                        });
    }

    /**
     * {@return the first row outside of some that isn't all 0; -1 if there is none}
     *
     * @param matrix any matrix
     * @param rows which rows may be anything, ascending
     */
    static int firstOutside(INDArray matrix, int[] rows) {
        FloatBuffer source = buffer(matrix);
        int height = Math.toIntExact(matrix.size(0));
        float[] column = new float[height];
        for (int j = 0; j < matrix.size(1); j++) {
            source.get(source.position() + j * height, column);
            for (int row : rows) {
                column[row] = 0;
            }
            for (int i = 0; i < height; i++) {
                if (column[i] != 0) {
                    return i;
                }
            }
        }
        return -1;
    }

    private static FloatBuffer buffer(INDArray matrix) {
        return matrix.data().asNioFloat();
    }
}
