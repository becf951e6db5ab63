package org.dl4jplasticity.dropout;

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
import org.dl4jplasticity.layers.LayerSetup;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * A fully connected layer with a dropout of its own kind inside. Input and output are [minibatch,
 * nIn] and [minibatch, nOut]. Parameters: "W", a matrix with a row for each input, in 'f' order as
 * DL4J's dense layer has it, and "b", one number for each of its columns, unless there are no
 * biases.
 */
public abstract sealed class FullyConnectedLayer extends FeedForwardLayer
        permits ControlledDenseLayer, VariationalDenseLayer, MaxoutLayer, FastDropoutLayer {
    private static final long serialVersionUID = 1;

    @JsonProperty private boolean hasBias = true;

    /** For deserialization. */
    FullyConnectedLayer() {}

    FullyConnectedLayer(Builder<?> builder) {
        super(builder);
        this.hasBias = builder.hasBias;
    }

    /** {@return whether there is a bias for each column of W} */
    public final boolean hasBias() {
        return hasBias;
    }

    /** {@return the number of columns of W} */
    long columns() {
        return getNOut();
    }

    /**
     * {@return the layer at work, without parameters}
     *
     * @param conf the configuration, whose layer this is
     * @param dataType the type of parameters and activations
     */
    abstract FullyConnected<?> atWork(NeuralNetConfiguration conf, DataType dataType);

    @Override
    public final Layer instantiate(
            NeuralNetConfiguration conf,
            Collection<TrainingListener> listeners,
            int layerIndex,
            INDArray layerParamsView,
            boolean initializeParams,
            DataType networkDataType) {
        LayerValidation.assertNInNOutSet(
                getClass().getSimpleName(), getLayerName(), layerIndex, getNIn(), getNOut());
        return LayerSetup.ready(
                atWork(conf, networkDataType),
                conf,
                listeners,
                layerIndex,
                layerParamsView,
                initializeParams);
    }

    @Override
    public ParamInitializer initializer() {
        return FullyConnectedParameters.INSTANCE;
    }

    @Override
    public final LayerMemoryReport getMemoryReport(InputType inputType) {
        InputType outputType = getOutputType(-1, inputType);
        long parameters = initializer().numParams(this);
        return LayerSetup.memory(this, inputType, outputType, parameters, columns());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof FullyConnectedLayer that
                && super.equals(that)
                && hasBias == that.hasBias;
    }

    @Override
    public int hashCode() {
        return Objects.hash(super.hashCode(), hasBias);
    }

    /**
     * Builds the configuration as DL4J's dense layer is built.
     *
     * @param <B> the builder's own class
     */
    public abstract static sealed class Builder<B extends Builder<B>>
            extends FeedForwardLayer.Builder<B>
            permits ControlledDenseLayer.Builder,
                    VariationalDenseLayer.Builder,
                    MaxoutLayer.Builder,
                    FastDropoutLayer.Builder {
        private boolean hasBias = true;

        Builder() {}

        /** {@return this builder} */
        abstract B self();

        /**
         * {@return this builder with or without biases}
         *
         * @param hasBias whether there are any; true by default
         */
        public final B hasBias(boolean hasBias) {
            this.hasBias = hasBias;
            return self();
        }
    }
}
