package org.dl4jplasticity.layers;

import java.util.Collection;
import java.util.Objects;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.NoParamLayer;
import org.deeplearning4j.nn.conf.memory.LayerMemoryReport;
import org.deeplearning4j.nn.conf.memory.MemoryReport;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.dl4jplasticity.layers.runtime.PrunedActivations;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * A layer without parameters that prunes the activations of the layer before it, while training and
 * at inference: input and output are arrays of the same shape, examples first.
 *
 * <pre>{@code
 * .layer(new DenseLayer.Builder().nOut(300).activation(Activation.RELU).build())
 * .layer(new ActivationPruningLayer.Builder().threshold(0.05).build())
 * .layer(new DenseLayer.Builder().nOut(100).activation(Activation.RELU).build())
 * .layer(new ActivationPruningLayer.Builder().sampling(1.0, 7).build())
 * }</pre>
 *
 * <p>The backward pass multiplies by what the forward pass multiplied by, as constants: no gradient
 * goes through a pruned activation, nor through the chances of {@link ActivationPruning.Sampling}.
 * What is drawn depends on the seed, the network's iteration and the place of an example in its
 * batch, so the same run draws the same, successive iterations draw anew, and inference at one
 * iteration is repeatable.
 */
public final class ActivationPruningLayer extends NoParamLayer {
    private static final long serialVersionUID = 1;

    @JsonProperty private ActivationPruning pruning;

    /** For deserialization. */
    ActivationPruningLayer() {}

    private ActivationPruningLayer(Builder builder) {
        super(builder);
        this.pruning = Objects.requireNonNull(builder.pruning, "what is pruned");
        initializeConstraints(builder);
    }

    /** {@return what is pruned} */
    public ActivationPruning pruning() {
        return pruning;
    }

    @Override
    public Layer instantiate(
            NeuralNetConfiguration conf,
            Collection<TrainingListener> listeners,
            int layerIndex,
            INDArray layerParamsView,
            boolean initializeParams,
            DataType networkDataType) {
        PrunedActivations layer = new PrunedActivations(conf, networkDataType);
        layer.setListeners(listeners);
        layer.setIndex(layerIndex);
        layer.setParamsViewArray(layerParamsView);
        layer.setParamTable(initializer().init(conf, layerParamsView, initializeParams));
        layer.setConf(conf);
        return layer;
    }

    @Override
    public InputType getOutputType(int layerIndex, InputType inputType) {
        if (inputType == null) {
            throw new IllegalStateException(
                    "Layer %d (%s): expected the type of its input, got none"
                            .formatted(layerIndex, getLayerName()));
        }
        return inputType;
    }

    @Override
    public InputPreProcessor getPreProcessorForInputType(InputType inputType) {
        return null; // any input will do
    }

    @Override
    public LayerMemoryReport getMemoryReport(InputType inputType) {
        long elements = inputType.arrayElementsPerExample();
        return new LayerMemoryReport.Builder(
                        layerName, ActivationPruningLayer.class, inputType, inputType)
                .standardMemory(0, 0)
                .workingMemory(0, elements, 0, elements)
                .cacheMemory(MemoryReport.CACHE_MODE_ALL_ZEROS, MemoryReport.CACHE_MODE_ALL_ZEROS)
                .build();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ActivationPruningLayer that
                && super.equals(that)
                && Objects.equals(pruning, that.pruning);
    }

    @Override
    public int hashCode() {
        return Objects.hash(super.hashCode(), pruning);
    }

    /** Builds the configuration as DL4J's layers are built. */
    @SuppressWarnings("unchecked") // as DL4J declares build()
    public static final class Builder
            extends org.deeplearning4j.nn.conf.layers.Layer.Builder<Builder> {
        private ActivationPruning pruning;

        /** Starts with nothing chosen: one of the methods must be called. */
        public Builder() {}

        /**
         * {@return this builder of a layer that makes activations below a threshold 0}
         *
         * @param threshold of their magnitude, at least 0
         * @throws IllegalArgumentException if it is out of its range
         */
        public Builder threshold(double threshold) {
            pruning = new ActivationPruning.Threshold(threshold);
            return this;
        }

        /**
         * {@return this builder of a layer that draws the activations that stay}
         *
         * @param share the number of draws as a share of the activations, greater than 0
         * @param seed of all draws; give each layer its own
         * @throws IllegalArgumentException if the share is out of its range
         */
        public Builder sampling(double share, long seed) {
            pruning = new ActivationPruning.Sampling(share, seed);
            return this;
        }

        @Override
        public ActivationPruningLayer build() {
            if (pruning == null) {
                throw new IllegalStateException(
                        "an ActivationPruningLayer needs a threshold or a sampling, got neither");
            }
            return new ActivationPruningLayer(this);
        }
    }
}
