package org.dl4jplasticity.layers.runtime;

import org.dl4jplasticity.kernel.DoubleSparseOperations;
import org.dl4jplasticity.kernel.FloatSparseOperations;
import org.dl4jplasticity.kernel.KernelChoice;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The mathematics of a fully connected layer, which may be a network's last one. */
interface MatrixComputation extends LayerComputation {

    /**
     * Sets the gradient of the loss for a loss that is the cross-entropy of the labels and the
     * softmax of y, y being the pre-activation: {@code softmax(y) - labels}.
     *
     * @param labels [minibatch, nOut], each row a distribution
     * @param clip probabilities are clipped to [clip, 1 - clip] before the logarithm
     * @return the loss, summed over the minibatch
     */
    double softmaxCrossEntropy(INDArray labels, double clip);

    /**
     * {@return a computation for a layer}
     *
     * @param dataType the type of parameters and activations
     */
    static MatrixComputation create(DataType dataType) {
        KernelChoice choice = HeapKernels.of(dataType);
        if (choice == KernelChoice.ND4J) {
            return new Nd4jLayerComputation();
        }
        return dataType == DataType.FLOAT
                ? new FloatLayerComputation(FloatSparseOperations.of(choice))
                : new DoubleLayerComputation(DoubleSparseOperations.of(choice));
    }
}
