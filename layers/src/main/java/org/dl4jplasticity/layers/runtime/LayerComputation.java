package org.dl4jplasticity.layers.runtime;

import java.util.Properties;
import org.dl4jplasticity.kernel.FusedActivation;
import org.dl4jplasticity.kernel.KernelChoice;
import org.dl4jplasticity.topology.SparseTopology;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The mathematics of one sparse layer for one minibatch at a time: a forward pass, the gradient at
 * its output, a backward pass, in this order. It keeps what the later steps need of the earlier
 * ones.
 */
interface LayerComputation {

    /**
     * Computes {@code y = f(x W + b)}; the product is that of matrices or a convolution.
     *
     * @param topology the active connections of W
     * @param input x, [minibatch, nIn], or images [minibatch, nIn, height, width]
     * @param weights the active values of W, [active]
     * @param bias b, [nOut], or null for none
     * @param activation f
     */
    void forward(
            SparseTopology topology,
            INDArray input,
            INDArray weights,
            INDArray bias,
            FusedActivation activation);

    /**
     * Writes y.
     *
     * @param output [minibatch, nOut] or [minibatch, nOut, height, width]; overwritten
     */
    void readOutput(INDArray output);

    /**
     * Sets the gradient of the loss with respect to y.
     *
     * @param gradient of the output's shape
     */
    void setOutputGradient(INDArray gradient);

    /**
     * Computes the gradients with respect to the parameters and the input.
     *
     * @param weightGradient [active]; overwritten
     * @param biasGradient [nOut], overwritten; or null for a layer without
     * @param inputGradient of the input's shape; overwritten
     */
    void backward(INDArray weightGradient, INDArray biasGradient, INDArray inputGradient);

    /**
     * {@return the ids of the k connections outside a topology whose entries of the dense weight
     * gradient of the last backward pass are largest in magnitude, ascending}
     *
     * @param occupied the connections that are not to be found
     * @param k how many
     */
    long[] largestGradients(SparseTopology occupied, int k);

    /**
     * {@return the entries of the dense weight gradient of the last backward pass for all
     * connections into one output unit, as many as the topology has inputs}
     *
     * @param unit the output unit
     */
    double[] gradientRow(int unit);

    /**
     * {@return which kernels compute layers of a type; {@link KernelChoice#ND4J} where none can}
     *
     * @param dataType the type of parameters and activations
     */
    static KernelChoice kernels(DataType dataType) {
        KernelChoice choice = KernelChoice.selected();
        boolean ofKernels = dataType == DataType.FLOAT || dataType == DataType.DOUBLE;
        return ofKernels && heapAddressable() ? choice : KernelChoice.ND4J;
    }

    /** {@return whether the CPU can address the backend's memory} */
    private static boolean heapAddressable() {
        Properties environment = Nd4j.getExecutioner().getEnvironmentInformation();
        return "CPU".equalsIgnoreCase(environment.getProperty("backend"));
    }
}
