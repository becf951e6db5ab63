package org.dl4jplasticity.benchmarks;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.mkl.global.mkl_rt;
import org.dl4jplasticity.topology.SparseTopology;

/**
 * A sparse layer on MKL's products, with ReLU or none, bias and Nesterov momentum. Arrays are
 * feature-major without padding: row i holds unit i's values of all examples. MKL has no product
 * that makes the gradient at active entries alone, so it is made whole and gathered.
 */
final class MklLayer {
    private static final float MOMENTUM = 0.9f;

    private final int nIn;
    private final int nOut;
    private final boolean relu;
    private final int[] rows;
    private final int[] columns;
    private final int[] positions;
    private final FloatPointer values;
    private final FloatPointer transposedValues;

    /** What MKL's matrices point to, out of the garbage collector's sight. */
    private final List<IntPointer> kept = new ArrayList<>();

    private final mkl_rt.sparse_matrix matrix;
    private final mkl_rt.sparse_matrix transposed;
    private final mkl_rt.matrix_descr general = new mkl_rt.matrix_descr();
    private final FloatPointer denseGradient;
    private final float[] velocity;
    private final float[] bias;
    private final float[] biasVelocity;
    private FloatPointer outputs = new FloatPointer(1);
    private FloatPointer inputDelta = new FloatPointer(1);

    MklLayer(int nIn, int nOut, double density, boolean relu, SplittableRandom random) {
        this.nIn = nIn;
        this.nOut = nOut;
        this.relu = relu;
        long active = Math.max(1, Math.round(density * nIn * nOut));
        SparseTopology topology = SparseTopology.random(nIn, nOut, active, random);
        SparseTopology.Transpose transpose = topology.transpose();
        int count = topology.activeCount();
        columns = topology.columns();
        positions = transpose.positions();
        rows = new int[count];
        for (int row = 0; row < nOut; row++) {
            Arrays.fill(
                    rows, topology.rowStarts()[row], topology.rowStarts()[row + 1], row);
        }
        double deviation = Math.sqrt(2.0 * nOut / count);
        float[] initial = new float[count];
        for (int p = 0; p < count; p++) {
            initial[p] = (float) (deviation * random.nextGaussian());
        }
        values = new FloatPointer(initial);
        transposedValues = new FloatPointer(count);
        general.type(mkl_rt.SPARSE_MATRIX_TYPE_GENERAL);
        matrix = csr(nOut, nIn, topology.rowStarts(), columns, values);
        transposed =
                csr(nIn, nOut, transpose.rowStarts(), transpose.columns(), transposedValues);
        denseGradient = new FloatPointer((long) nIn * nOut);
        velocity = new float[count];
        bias = new float[nOut];
        biasVelocity = new float[nOut];
    }

    private mkl_rt.sparse_matrix csr(
            int rows, int columns, int[] starts, int[] indices, FloatPointer values) {
        mkl_rt.sparse_matrix matrix = new mkl_rt.sparse_matrix();
        IntPointer from = kept(new IntPointer(starts));
        require(
                mkl_rt.mkl_sparse_s_create_csr(
                        matrix,
                        mkl_rt.SPARSE_INDEX_BASE_ZERO,
                        rows,
                        columns,
                        from,
                        from.getPointer(1),
                        kept(new IntPointer(indices)),
                        values));
        return matrix;
    }

    private IntPointer kept(IntPointer indices) {
        kept.add(indices);
        return indices;
    }

    private static void require(int status) {
        if (status != 0) {
            throw new IllegalStateException(
                    "MKL: status 0 expected of a sparse routine, got " + status);
        }
    }

    private void multiply(
            mkl_rt.sparse_matrix left, FloatPointer right, int batch, FloatPointer product) {
        require(
                mkl_rt.mkl_sparse_s_mm(
                        mkl_rt.SPARSE_OPERATION_NON_TRANSPOSE,
                        1,
                        left,
                        general,
                        mkl_rt.SPARSE_LAYOUT_ROW_MAJOR,
                        right,
                        batch,
                        batch,
                        0,
                        product,
                        batch));
    }

    private static FloatPointer ensure(FloatPointer old, long length) {
        return old.capacity() >= length ? old : new FloatPointer(length);
    }

    /** {@return the outputs, {@code nOut * batch}, to be overwritten by the next call} */
    FloatPointer forward(FloatPointer x, int batch) {
        outputs = ensure(outputs, (long) nOut * batch);
        multiply(matrix, x, batch, outputs);
        FloatBuffer y = outputs.asBuffer();
        for (int o = 0; o < nOut; o++) {
            for (int i = o * batch; i < (o + 1) * batch; i++) {
                float z = y.get(i) + bias[o];
                y.put(i, relu ? Math.max(z, 0) : z);
            }
        }
        return outputs;
    }

    /**
     * Learns from the minibatch of the last {@link #forward}.
     *
     * @param x its inputs
     * @param delta gradient with respect to the outputs; overwritten
     * @param first whether nobody needs the gradient with respect to the inputs
     * @return that gradient, or null
     */
    FloatPointer backward(FloatPointer x, FloatPointer delta, int batch, float rate, boolean first) {
        FloatBuffer d = delta.asBuffer();
        FloatBuffer y = outputs.asBuffer();
        for (int o = 0; o < nOut; o++) {
            float sum = 0;
            for (int i = o * batch; i < (o + 1) * batch; i++) {
                float gradient = relu && y.get(i) <= 0 ? 0 : d.get(i);
                d.put(i, gradient);
                sum += gradient;
            }
            biasVelocity[o] = MOMENTUM * biasVelocity[o] + sum;
            bias[o] -= rate * (sum + MOMENTUM * biasVelocity[o]);
        }
        FloatBuffer w = values.asBuffer();
        FloatPointer back = null;
        if (!first) {
            FloatBuffer t = transposedValues.asBuffer();
            for (int p = 0; p < positions.length; p++) {
                t.put(p, w.get(positions[p]));
            }
            inputDelta = ensure(inputDelta, (long) nIn * batch);
            multiply(transposed, delta, batch, inputDelta);
            back = inputDelta;
        }
        mkl_rt.cblas_sgemm(
                mkl_rt.CblasRowMajor,
                mkl_rt.CblasNoTrans,
                mkl_rt.CblasTrans,
                nOut,
                nIn,
                batch,
                1,
                delta,
                batch,
                x,
                batch,
                0,
                denseGradient,
                nIn);
        FloatBuffer g = denseGradient.asBuffer();
        for (int p = 0; p < velocity.length; p++) {
            float gradient = g.get(rows[p] * nIn + columns[p]);
            velocity[p] = MOMENTUM * velocity[p] + gradient;
            w.put(p, w.get(p) - rate * (gradient + MOMENTUM * velocity[p]));
        }
        return back;
    }
}
