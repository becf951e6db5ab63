package org.dl4jplasticity.layers;

import java.util.Collection;
import java.util.Objects;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.ParamInitializer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.LayerValidation;
import org.deeplearning4j.nn.conf.memory.LayerMemoryReport;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.dl4jplasticity.layers.runtime.SparseDense;
import org.dl4jplasticity.topology.SparseTopology;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * A fully connected layer, {@code y = f(x W + b)}, of whose weights only some exist. Input and
 * output are [minibatch, nIn] and [minibatch, nOut]. Parameters: "W", the active weights in the
 * order of {@link SparseTopology}'s positions, and "b", one per output unit.
 *
 * <p>Weights are initialized by the layer's weight initialization with the mean number of active
 * connections per output unit as fan-in and per input as fan-out, so that the scale of activations
 * is that of a dense layer (Evci et al. 2022, <em>Gradient Flow in Sparse Neural Networks</em>,
 * sec. 3, with means in place of each unit's own number).
 *
 * <p>Constraints see "W" as a vector: they hold for each weight (non-negativity) or over dimension
 * 0 for all weights of the layer together (norms). A norm per unit, dimension 1 of a dense layer's
 * matrix, is refused by ND4J.
 */
public final class SparseDenseLayer extends FeedForwardLayer implements SparseLayer {
    private static final long serialVersionUID = 1;

    @JsonProperty private boolean hasBias;
    @JsonProperty private boolean inputGradient = true;
    private double sparsity;
    private SparseTopology topology;

    /** For deserialization. */
    SparseDenseLayer() {}

    private SparseDenseLayer(Builder builder) {
        super(builder);
        this.hasBias = builder.hasBias;
        this.inputGradient = builder.inputGradient;
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
                "SparseDenseLayer", getLayerName(), layerIndex, getNIn(), getNOut());
        if (!inputGradient && getIDropout() != null) {
            throw new IllegalArgumentException(
                    "Layer %s: dropout needs the gradient at the layer's input, which inputGradient(false) leaves out"
                            .formatted(getLayerName()));
        }
        SparseParameters.ensureTopology(this, layerIndex, conf.getSeed());
        return LayerSetup.ready(
                new SparseDense(conf, networkDataType),
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
    public LayerMemoryReport getMemoryReport(InputType inputType) {
        InputType outputType = getOutputType(-1, inputType);
        long parameters = initializer().numParams(this);
        return LayerSetup.memory(
                this, inputType, outputType, parameters, outputType.arrayElementsPerExample());
    }

    @Override
    public boolean hasBias() {
        return hasBias;
    }

    @Override
    public boolean hasInputGradient() {
        return inputGradient;
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
        return other instanceof SparseDenseLayer that
                && super.equals(that)
                && sparsity == that.sparsity
                && hasBias == that.hasBias
                && inputGradient == that.inputGradient
                && Objects.equals(topology, that.topology);
    }

    @Override
    public int hashCode() {
        return Objects.hash(super.hashCode(), sparsity, topology);
    }

    /**
     * Builds the configuration as DL4J's dense layer is built, with a sparsity beside the sizes.
     */
    @SuppressWarnings("unchecked") // as DL4J declares build()
    public static final class Builder extends FeedForwardLayer.Builder<Builder> {
        private boolean hasBias = true;
        private boolean inputGradient = true;
        private double sparsity;
        private SparseTopology topology;

        /** Starts with every connection active and a bias. */
        public Builder() {}

        /**
         * {@return this builder with or without a bias per output unit}
         *
         * @param hasBias whether there is one; true by default
         */
        public Builder hasBias(boolean hasBias) {
            this.hasBias = hasBias;
            return this;
        }

        /**
         * {@return this builder with or without the gradient with respect to the layer's input}
         *
         * @param inputGradient true by default; false saves a third of the layer's arithmetic in
         *     training and is for a layer whose input is the network's and has no preprocessor, in
         *     a network that is not asked for gradients at its inputs
         */
        public Builder inputGradient(boolean inputGradient) {
            this.inputGradient = inputGradient;
            return this;
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
        public SparseDenseLayer build() {
            return new SparseDenseLayer(this);
        }
    }
}
