package org.dl4jplasticity.layers;

import java.util.Collection;
import java.util.Objects;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.ParamInitializer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.conf.layers.LayerValidation;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.dl4jplasticity.layers.runtime.SparseOutput;
import org.dl4jplasticity.topology.SparseTopology;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/**
 * An output layer with any of DL4J's loss functions, of whose weights only some exist; else as
 * {@link SparseDenseLayer}. With sparsity 0 every connection is active, and the layer is still
 * faster in training than DL4J's own: softmax and multi-class cross-entropy are computed together,
 * once.
 */
public final class SparseOutputLayer extends BaseOutputLayer implements SparseLayer {
    private static final long serialVersionUID = 1;

    private double sparsity;
    private SparseTopology topology;

    /** For deserialization. */
    SparseOutputLayer() {}

    private SparseOutputLayer(Builder builder) {
        super(builder);
        this.sparsity = builder.sparsity;
        setTopology(builder.topology);
        initializeConstraints(builder);
    }

    @Override
    public Layer instantiate(
            NeuralNetConfiguration conf,
            Collection<TrainingListener> listeners,
            int layerIndex,
            INDArray layerParamsView,
            boolean initializeParams,
            DataType networkDataType) {
        LayerValidation.assertNInNOutSet(
                "SparseOutputLayer", getLayerName(), layerIndex, getNIn(), getNOut());
        SparseParameters.ensureTopology(this, layerIndex, conf.getSeed());
        return LayerSetup.ready(
                new SparseOutput(conf, networkDataType),
                conf,
                listeners,
                layerIndex,
                layerParamsView,
                initializeParams);
    }

    @Override
    public ParamInitializer initializer() {
        return SparseParameters.INSTANCE;
    }

    @Override
    public double getSparsity() {
        return sparsity;
    }

    @Override
    public void setSparsity(double sparsity) {
        this.sparsity = SparseParameters.requireSparsity(getLayerName(), sparsity);
    }

    @Override
    public SparseTopology getTopology() {
        return topology;
    }

    @Override
    public void setTopology(SparseTopology topology) {
        this.topology = topology;
        if (topology != null) {
            this.sparsity = 1 - topology.density();
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SparseOutputLayer that
                && super.equals(that)
                && sparsity == that.sparsity
                && Objects.equals(topology, that.topology);
    }

    @Override
    public int hashCode() {
        return Objects.hash(super.hashCode(), sparsity, topology);
    }

    /**
     * Builds the configuration as DL4J's output layer is built, with a sparsity beside the sizes.
     */
    @SuppressWarnings("unchecked") // as DL4J declares build()
    public static final class Builder extends BaseOutputLayer.Builder<Builder> {
        private double sparsity;
        private SparseTopology topology;

        /** Starts with softmax, multi-class cross-entropy, a bias, and every connection active. */
        public Builder() {
            setActivationFn(new ActivationSoftmax());
        }

        /**
         * Starts with softmax, the given loss, a bias, and every connection active.
         *
         * @param lossFunction the loss
         */
        public Builder(LossFunction lossFunction) {
            this(lossFunction.getILossFunction());
        }

        /**
         * Starts with softmax, the given loss, a bias, and every connection active.
         *
         * @param lossFunction the loss
         */
        public Builder(ILossFunction lossFunction) {
            this();
            setLossFn(lossFunction);
        }

        /**
         * {@return this builder with the share of connections that are not active; the number of
         * active ones will be exactly {@code round((1 - sparsity) nIn nOut)}}
         *
         * @param sparsity in [0, 1); 0, the default, keeps every connection
         * @throws IllegalArgumentException if it is out of range
         */
        public Builder sparsity(double sparsity) {
            this.sparsity = SparseParameters.requireSparsity(layerName, sparsity);
            return this;
        }

        /**
         * {@return this builder with the connections that are active, where they shall not be drawn
         * at random when the network is initialized}
         *
         * @param topology the active connections; its shape becomes the layer's, its density
         *     decides the sparsity whatever else is set
         */
        public Builder topology(SparseTopology topology) {
            this.topology = topology;
            return nIn(topology.nIn()).nOut(topology.nOut());
        }

        @Override
        public SparseOutputLayer build() {
            return new SparseOutputLayer(this);
        }
    }
}
