package org.dl4jplasticity.layers.runtime;

import java.nio.FloatBuffer;
import java.util.Arrays;
import org.dl4jplasticity.kernel.FloatKernels;
import org.dl4jplasticity.kernel.FloatSparseOperations;
import org.dl4jplasticity.kernel.RowParallel;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Copies between ND4J's arrays and heap arrays, in bulk and on all cores. */
final class FloatArrays {
    private FloatArrays() {}

    /** Copies a vector to the heap. */
    static void read(INDArray vector, float[] heap) {
        INDArray source = contiguousVector(vector);
        source.data().asNioFloat().get(heap, 0, Math.toIntExact(source.length()));
    }

    /** Copies from the heap into a vector. */
    static void write(float[] heap, INDArray vector) {
        if (!isContiguousVector(vector)) {
            throw new IllegalArgumentException(
                    "expected a contiguous vector of floats, got " + vector.shapeInfoToString());
        }
        vector.data().asNioFloat().put(heap, 0, Math.toIntExact(vector.length()));
    }

    private static INDArray contiguousVector(INDArray vector) {
        INDArray typed = vector.castTo(DataType.FLOAT);
        return isContiguousVector(typed) ? typed : typed.dup();
    }

    private static boolean isContiguousVector(INDArray vector) {
        return vector.dataType() == DataType.FLOAT
                && vector.rank() == 1
                && (vector.length() == 1 || vector.stride(0) == 1);
    }

    /**
     * Copies a matrix [examples, units] to the heap, feature-major, the padding 0.
     *
     * @param scratch room for the matrix, used where it is not feature-major already; or null
     * @return the scratch, which may have been replaced by a larger one
     */
    static float[] readFeatureMajor(INDArray matrix, float[] heap, int stride, float[] scratch) {
        INDArray source = matrix.castTo(DataType.FLOAT);
        int examples = (int) source.size(0);
        int units = (int) source.size(1);
        if (!isColumnMajor(source) && !isRowMajor(source)) {
            source = source.dup('f');
        }
        FloatBuffer buffer = source.data().asNioFloat();
        int start = buffer.position();
        if (isColumnMajor(source)) {
            if (stride == examples) {
                buffer.get(start, heap, FloatKernels.FIRST, units * examples);
            } else {
                RowParallel.shared()
                        .run(
                                units,
                                stride,
                                (from, to) -> {
                                    for (int unit = from; unit < to; unit++) {
                                        buffer.get(
                                                start + unit * examples,
                                                heap,
                                                FloatKernels.start(unit, stride),
                                                examples);
                                        zeroPadding(heap, unit, stride, examples);
                                    }
                                });
            }
            return scratch;
        }
        float[] rows = FloatSparseOperations.ensure(scratch, (long) units * examples);
        buffer.get(start, rows, 0, units * examples);
        RowParallel.shared()
                .run(
                        units,
                        stride,
                        (from, to) -> {
                            for (int unit = from; unit < to; unit++) {
                                int first = FloatKernels.start(unit, stride);
                                for (int example = 0; example < examples; example++) {
                                    heap[first + example] = rows[example * units + unit];
                                }
                                zeroPadding(heap, unit, stride, examples);
                            }
                        });
        return rows;
    }

    private static void zeroPadding(float[] heap, int unit, int stride, int examples) {
        int first = FloatKernels.start(unit, stride);
        Arrays.fill(heap, first + examples, first + stride, 0);
    }

    /** Copies feature-major values from the heap into a column-major matrix [examples, units]. */
    static void writeFeatureMajor(float[] heap, int stride, INDArray matrix) {
        if (matrix.dataType() != DataType.FLOAT || !isColumnMajor(matrix)) {
            throw new IllegalArgumentException(
                    "expected a column-major matrix of floats, got " + matrix.shapeInfoToString());
        }
        int examples = (int) matrix.size(0);
        int units = (int) matrix.size(1);
        FloatBuffer buffer = matrix.data().asNioFloat();
        int start = buffer.position();
        if (stride == examples) {
            buffer.put(start, heap, FloatKernels.FIRST, units * examples);
        } else {
            for (int unit = 0; unit < units; unit++) {
                buffer.put(
                        start + unit * examples, heap, FloatKernels.start(unit, stride), examples);
            }
        }
    }

    /** Neighbouring examples of a unit are neighbours in memory, and units follow each other. */
    private static boolean isColumnMajor(INDArray matrix) {
        return (matrix.size(0) == 1 || matrix.stride(0) == 1)
                && (matrix.size(1) == 1 || matrix.stride(1) == matrix.size(0));
    }

    /**
     * Neighbouring units of an example are neighbours in memory, and examples follow each other.
     */
    private static boolean isRowMajor(INDArray matrix) {
        return (matrix.size(1) == 1 || matrix.stride(1) == 1)
                && (matrix.size(0) == 1 || matrix.stride(0) == matrix.size(1));
    }
}
