package org.dl4jplasticity.kernel;

import java.util.stream.Stream;
import org.dl4jplasticity.topology.SparseTopology;

/**
 * The sparse operations of either precision behind one face, on doubles that the precision can
 * hold. Results are filled with junk before and are longer than needed; what lies behind their end
 * must stay as it was.
 */
interface Operations {

    /** {@return scalar operations of both precisions, and vector ones where the module is there} */
    static Stream<Operations> all() {
        return Stream.concat(of(KernelChoice.SCALAR), vector());
    }

    /** {@return vector operations of both precisions; none where the module is not there} */
    static Stream<Operations> vector() {
        return KernelChoice.choose("auto") == KernelChoice.VECTOR
                ? of(KernelChoice.VECTOR)
                : Stream.empty();
    }

    /** {@return a choice's operations of both precisions} */
    static Stream<Operations> of(KernelChoice choice) {
        return Stream.of(
                new FloatOperations(FloatSparseOperations.of(choice)),
                new DoubleOperations(DoubleSparseOperations.of(choice)));
    }

    /** {@return half the distance from 1 to the next larger number} */
    double unit();

    /** {@return the nearest number of this precision} */
    double round(double value);

    /** {@return the plain operations of the same precision} */
    Operations scalar();

    /** {@return the same operations with the work shared by so many threads of their own} */
    Operations onThreads(int threads);

    int stride(int batch);

    double[] forward(
            SparseTopology topology,
            double[] weights,
            double[] bias,
            FusedActivation activation,
            double[] x,
            int stride);

    double[] inputGradient(SparseTopology topology, double[] weights, double[] delta, int stride);

    double[] weightGradient(SparseTopology topology, double[] delta, double[] x, int stride);

    double[] gradientRow(int nIn, double[] delta, double[] x, int stride, int row);

    /** The gradients at the pre-activations and at the biases. */
    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    record Derived(double[] delta, double[] bias) {}

    Derived activationGradient(
            int units, FusedActivation activation, double[] y, double[] delta, int stride);

    long[] largestGradients(SparseTopology occupied, double[] delta, double[] x, int stride, int k);

    long[] largestSampledGradients(
            SparseTopology occupied,
            double[] delta,
            double[] x,
            int stride,
            int k,
            long draws,
            long seed);
}
