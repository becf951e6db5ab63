package org.dl4jplasticity.layers.runtime;

import java.util.Arrays;
import org.deeplearning4j.exception.DL4JInvalidInputException;
import org.dl4jplasticity.layers.SparseLayer;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The shapes of a layer's activations, and in which order their numbers stand. */
interface ActivationShapes {

    /**
     * {@return the shape of the output for an input}
     *
     * @param input the input
     * @param layerId the layer, for messages
     * @throws DL4JInvalidInputException if the layer can't take that input
     */
    long[] output(INDArray input, String layerId);

    /** {@return 'c' or 'f': the order of outputs and of gradients at the input} */
    char order();

    /**
     * {@return the shapes of a fully connected layer: matrices whose examples are neighbours}
     *
     * @param layer the layer
     */
    static ActivationShapes ofMatrices(SparseLayer layer) {
        return new ActivationShapes() {
            @Override
            public long[] output(INDArray input, String layerId) {
                if (input.rank() != 2 || input.size(1) != layer.getNIn()) {
                    throw new DL4JInvalidInputException(
                            ("expected input of shape [minibatch, %d], got %s; is a preprocessor"
                                            + " missing? %s")
                                    .formatted(
                                            layer.getNIn(),
                                            Arrays.toString(input.shape()),
                                            layerId));
                }
                return new long[] {input.size(0), layer.getNOut()};
            }

            @Override
            public char order() {
                return 'f';
            }
        };
    }
}
