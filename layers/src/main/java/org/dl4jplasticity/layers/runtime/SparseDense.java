package org.dl4jplasticity.layers.runtime;

import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.dl4jplasticity.layers.SparseDenseLayer;
import org.nd4j.linalg.api.buffer.DataType;

/** A {@link SparseDenseLayer} at work. */
public final class SparseDense extends SparseHidden<SparseDenseLayer> {
    private static final long serialVersionUID = 1;

    /**
     * Creates a layer without parameters.
     *
     * @param conf the configuration, whose layer is a {@link SparseDenseLayer} with a topology
     * @param dataType the type of parameters and activations
     */
    public SparseDense(NeuralNetConfiguration conf, DataType dataType) {
        super(conf, dataType);
    }

    @Override
    ForwardPass<?> createPass(DataType dataType) {
        return ForwardPass.ofMatrices(layerConf(), dataType);
    }
}
