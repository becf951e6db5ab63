package org.dl4jplasticity.kernel;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.dl4jplasticity.topology.SparseTopology;

/**
 * The products of a sparse layer on all cores: the checked front of {@link FloatKernels}.
 *
 * <p>Activations are feature-major (see the package) in arrays of {@link FloatKernels#length}, and
 * weights one value per position. An array may be longer than needed. The same arguments give the
 * same bits whatever the number of threads.
 */
public final class FloatSparseOperations {
    private final FloatKernels kernels;
    private final RowParallel threads;

    /** For a batch of one example, which would fill one lane of every vector. */
    private final FloatKernels single = new ScalarFloatKernels();

    /**
     * Creates operations on given kernels.
     *
     * @param kernels what computes a range of rows
     * @param threads what shares the rows out
     */
    FloatSparseOperations(FloatKernels kernels, RowParallel threads) {
        this.kernels = kernels;
        this.threads = threads;
    }

    /**
     * {@return operations on the kernels of a choice}
     *
     * @param choice {@link KernelChoice#SCALAR} or {@link KernelChoice#VECTOR}
     * @throws IllegalArgumentException for another choice
     * @throws IllegalStateException if the vector kernels can't be loaded
     */
    public static FloatSparseOperations of(KernelChoice choice) {
        return switch (choice) {
            case SCALAR ->
                    new FloatSparseOperations(new ScalarFloatKernels(), RowParallel.shared());
            case VECTOR -> new FloatSparseOperations(loadVectorKernels(), RowParallel.shared());
            case ND4J -> throw new IllegalArgumentException("ND4J has no kernels on heap arrays");
        };
    }

    /** By name, so that nothing here needs the incubating module to be present. */
    private static FloatKernels loadVectorKernels() {
        try {
            return Class.forName("org.dl4jplasticity.kernel.vector.VectorFloatKernels")
                    .asSubclass(FloatKernels.class)
                    .getConstructor()
                    .newInstance();
        } catch (ReflectiveOperationException | LinkageError e) {
            throw new IllegalStateException(
                    "the vector kernels can't be loaded: start Java with --add-modules"
                            + " jdk.incubator.vector",
                    e);
        }
    }

    /** {@return the kernels that compute} */
    public FloatKernels kernels() {
        return kernels;
    }

    /**
     * {@return the distance between two units' values for a batch: its size rounded up to whole
     * vectors, but 1 for one example, which the scalar kernels compute}
     *
     * @param batch number of examples, at least 1
     */
    public int stride(int batch) {
        if (batch == 1) {
            return 1;
        }
        int lanes = kernels.lanes();
        return (batch + lanes - 1) / lanes * lanes;
    }

    private FloatKernels kernels(int stride) {
        return stride == 1 ? single : kernels;
    }

    /**
     * Multiplications that take as long as one entry: of one example each takes a vector's time.
     */
    private int cost(int stride) {
        return stride == 1 ? kernels.lanes() : stride;
    }

    /**
     * Forward pass: {@code Y = f(W X + bias)}.
     *
     * @param topology the active connections of W
     * @param weights one value per position
     * @param bias one value per output unit, or null for none
     * @param activation f
     * @param x inputs
     * @param stride distance between two units' values
     * @param y outputs; overwritten
     * @throws IllegalArgumentException if an array is too short
     */
    public void forward(
            SparseTopology topology,
            float[] weights,
            float[] bias,
            FusedActivation activation,
            float[] x,
            int stride,
            float[] y) {
        require("weights", weights, topology.activeCount());
        require("x", x, FloatKernels.length(topology.nIn(), stride));
        require("y", y, FloatKernels.length(topology.nOut(), stride));
        if (bias != null) {
            require("bias", bias, topology.nOut());
        }
        int[] starts = topology.rowStarts();
        threads.run(
                starts,
                cost(stride),
                (from, to) ->
                        kernels(stride)
                                .multiply(
                                        starts,
                                        topology.columns(),
                                        weights,
                                        bias,
                                        activation,
                                        x,
                                        stride,
                                        y,
                                        from,
                                        to));
    }

    /**
     * Gradient with respect to the inputs: {@code DX = W^T D}.
     *
     * @param topology the active connections of W
     * @param weights one value per position
     * @param delta gradient with respect to the pre-activations
     * @param stride distance between two units' values
     * @param scratch room for one value per position; overwritten
     * @param dx gradient with respect to the inputs; overwritten
     * @throws IllegalArgumentException if an array is too short
     */
    public void inputGradient(
            SparseTopology topology,
            float[] weights,
            float[] delta,
            int stride,
            float[] scratch,
            float[] dx) {
        require("weights", weights, topology.activeCount());
        require("scratch", scratch, topology.activeCount());
        require("delta", delta, FloatKernels.length(topology.nOut(), stride));
        require("dx", dx, FloatKernels.length(topology.nIn(), stride));
        SparseTopology.Transpose transpose = topology.transpose();
        int[] starts = transpose.rowStarts();
        int[] positions = transpose.positions();
        threads.run(
                starts,
                cost(stride),
                (from, to) -> {
                    for (int p = starts[from]; p < starts[to]; p++) {
                        scratch[p] = weights[positions[p]];
                    }
                    kernels(stride)
                            .multiply(
                                    starts,
                                    transpose.columns(),
                                    scratch,
                                    null,
                                    FusedActivation.IDENTITY,
                                    delta,
                                    stride,
                                    dx,
                                    from,
                                    to);
                });
    }

    /**
     * Gradients with respect to the parameters. First through the activation function, backwards:
     * the gradient at the outputs becomes the one at the pre-activations, {@code D = E f'}. Then
     * the bias gradient {@code sum_b D(o,b)} and, at the active positions alone, the weight
     * gradient {@code G(o,i) = sum_b D(o,b) X(i,b)}.
     *
     * @param topology the active connections
     * @param activation f
     * @param y outputs
     * @param delta E on entry, D on return; padding 0
     * @param x inputs
     * @param stride distance between two units' values
     * @param weightGradient one value per position; overwritten
     * @param biasGradient one value per output unit; overwritten
     * @throws IllegalArgumentException if an array is too short
     */
    public void parameterGradients(
            SparseTopology topology,
            FusedActivation activation,
            float[] y,
            float[] delta,
            float[] x,
            int stride,
            float[] weightGradient,
            float[] biasGradient) {
        require("y", y, FloatKernels.length(topology.nOut(), stride));
        require("delta", delta, FloatKernels.length(topology.nOut(), stride));
        require("x", x, FloatKernels.length(topology.nIn(), stride));
        require("weightGradient", weightGradient, topology.activeCount());
        require("biasGradient", biasGradient, topology.nOut());
        int[] starts = topology.rowStarts();
        threads.run(
                starts,
                cost(stride),
                (from, to) -> {
                    kernels(stride)
                            .activationGradient(
                                    activation,
                                    y,
                                    delta,
                                    FloatKernels.FIRST,
                                    stride,
                                    biasGradient,
                                    from,
                                    to);
                    kernels(stride)
                            .sampledProduct(
                                    starts,
                                    topology.columns(),
                                    delta,
                                    x,
                                    stride,
                                    weightGradient,
                                    from,
                                    to);
                });
    }

    /**
     * {@return one row of the dense weight gradient, {@code G(o,i) = sum_b D(o,b) X(i,b)}, length
     * nIn}
     *
     * @param nIn number of inputs
     * @param delta D, the gradient at the outputs, feature-major
     * @param x X, the inputs, feature-major
     * @param stride of a feature
     * @param row o
     */
    public float[] gradientRow(int nIn, float[] delta, float[] x, int stride, int row) {
        require("x", x, FloatKernels.length(nIn, stride));
        require("delta", delta, FloatKernels.length(row + 1, stride));
        float[] gradient = new float[nIn];
        int[] allColumns = IntStream.range(0, nIn).toArray();
        float[] rowDelta = rowOf(delta, row, stride);
        kernels(stride)
                .sampledProduct(
                        new int[] {0, nIn}, allColumns, rowDelta, x, stride, gradient, 0, 1);
        return gradient;
    }

    /** {@return the values of one unit, as those of the only one} */
    static float[] rowOf(float[] values, int unit, int stride) {
        float[] row = new float[FloatKernels.FIRST + stride];
        System.arraycopy(values, FloatKernels.start(unit, stride), row, FloatKernels.FIRST, stride);
        return row;
    }

    /**
     * {@return the ids of the k connections outside a topology whose entries of the dense weight
     * gradient {@code G = D X^T} are largest in magnitude, ascending} Of equal magnitudes the lower
     * id is taken; NaN counts as 0. The dense gradient never exists, and of its entries only those
     * are computed that the norms of D and X don't rule out: O(k + nIn + nOut) memory, and at worst
     * {@code nIn * nOut * stride} multiplications.
     *
     * @param occupied the connections that are not to be found
     * @param delta gradient with respect to the pre-activations, padding 0
     * @param x inputs
     * @param stride distance between two units' values
     * @param k how many, in [0, possible - active of {@code occupied}]
     * @throws IllegalArgumentException if an array is too short or k out of range
     */
    public long[] largestGradients(
            SparseTopology occupied, float[] delta, float[] x, int stride, int k) {
        require("delta", delta, FloatKernels.length(occupied.nOut(), stride));
        require("x", x, FloatKernels.length(occupied.nIn(), stride));
        return new FloatGradientSearch(kernels(stride), threads, occupied, delta, x, stride, k)
                .ids(k);
    }

    /**
     * {@return the ids of the k connections of a random sample outside a topology whose entries of
     * the dense weight gradient are largest in magnitude, ascending} Guided stochastic exploration
     * (Heddes et al. 2024, arXiv:2401.06898): connections are drawn in proportion to {@code sum_b
     * |D(o,b)| sum_b |X(i,b)|}, which bounds their entry. Where a sample holds fewer than k, it is
     * drawn anew and larger, and what is still missing then is drawn from all others. Time and
     * memory are linear in draws, k, active connections and units.
     *
     * @param occupied the connections that are not to be found
     * @param delta gradient with respect to the pre-activations, padding 0
     * @param x inputs
     * @param stride distance between two units' values
     * @param k how many, in [0, possible - active of {@code occupied}]
     * @param draws the size of the sample, repetitions and active connections counted, at least 1
     * @param seed of the draws
     * @throws IllegalArgumentException if an array is too short or a number out of range
     */
    public long[] largestSampledGradients(
            SparseTopology occupied,
            float[] delta,
            float[] x,
            int stride,
            int k,
            long draws,
            long seed) {
        require("delta", delta, FloatKernels.length(occupied.nOut(), stride));
        require("x", x, FloatKernels.length(occupied.nIn(), stride));
        LargestEntries.requireOutside(occupied, k);
        if (draws < 1) {
            throw new IllegalArgumentException("draws must be at least 1, got " + draws);
        }
        return new FloatGuidedExploration(kernels(stride), threads, occupied, delta, x, stride)
                .ids(k, draws, seed);
    }

    /**
     * Refuses an array that is too short.
     *
     * @throws IllegalArgumentException if it is
     */
    static void require(String name, float[] array, long length) {
        if (array.length < length) {
            throw new IllegalArgumentException(
                    "%s must hold at least %d values, got %d"
                            .formatted(name, length, array.length));
        }
    }

    /** {@return the name of the kernels} */
    @Override
    public String toString() {
        return "FloatSparseOperations[" + kernels.name() + "]";
    }

    /**
     * {@return an array of at least the given length: the old one where it is long enough}
     *
     * @param old an array or null
     * @param length values needed
     * @throws IllegalArgumentException if more than 2^31 - 1 are
     */
    public static float[] ensure(float[] old, long length) {
        if (old != null && old.length >= length) {
            return old;
        }
        if (length > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(
                    "units times batch must be at most %d, got %d; use a smaller batch"
                            .formatted(Integer.MAX_VALUE, length));
        }
        return Arrays.copyOf(new float[0], (int) length);
    }
}
