package org.dl4jplasticity.transformer;

import java.util.Collection;
import java.util.List;
import java.util.Objects;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.ParamInitializer;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.InputTypeUtil;
import org.deeplearning4j.nn.conf.layers.LayerValidation;
import org.deeplearning4j.nn.conf.memory.LayerMemoryReport;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.dl4jplasticity.dropout.ScheduledLayer;
import org.dl4jplasticity.dropout.SeededKeep;
import org.dl4jplasticity.layers.LayerSetup;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * A block of a transformer's encoder (Vaswani et al. 2017, arXiv:1706.03762), normalized before
 * each part (Xiong et al. 2020, arXiv:2002.04745), so that it trains without a warm-up:
 *
 * <pre>
 * a = x + attention(n1(x)) Wo              attention of several heads: softmax(q k / sqrt(size)) v
 * y = a + f(n2(a) W1 + b1) W2 + b2         f: the layer's activation function, ReLU by default
 * </pre>
 *
 * <p>In training attention weights and units within the feed-forward part are dropped, each with a
 * probability and seed of its own. Probabilities may be schedules: dynamic dropout (Yan, Shao 2024,
 * arXiv:2411.03236) is {@code new SeededKeep(new LinearKeep(...), seed)} or another of {@link
 * org.dl4jplasticity.dropout}, the one by the validation loss among them. What is kept is divided
 * by its probability, inference drops nothing.
 *
 * <p>Input and output are [minibatch, width, steps]; {@code nIn} and {@code nOut} are the width.
 * Steps that a mask says aren't there are not attended to, and their outputs are 0. Where a step
 * stands is not known to the block: add it to the input. Parameters: "Wq", "Wk", "Wv", "Wo",
 * [width, width], "W1" [width, hidden], "W2" [hidden, width], biases "b1", "b2", gains "g1", "g2"
 * and offsets "c1", "c2" of the normalizations.
 */
public final class TransformerBlockLayer extends FeedForwardLayer implements ScheduledLayer {
    private static final long serialVersionUID = 1;

    private static final int WIDENING = 4;

    @JsonProperty private int heads;
    @JsonProperty private int hiddenUnits;
    @JsonProperty private SeededKeep attention;
    @JsonProperty private SeededKeep feedForward;

    /** For deserialization. */
    TransformerBlockLayer() {}

    private TransformerBlockLayer(Builder builder) {
        super(builder);
        this.heads = builder.heads;
        this.hiddenUnits = builder.hidden;
        this.attention = builder.attention;
        this.feedForward = builder.feedForward;
        if (getActivationFn() == null) {
            setActivationFn(new ActivationReLU());
        }
        initializeConstraints(builder);
    }

    /** {@return the number of heads, which divides the width} */
    public int heads() {
        return heads;
    }

    /**
     * {@return the number of units within the feed-forward part; four times the width by default}
     */
    public long hidden() {
        return hiddenUnits == 0 ? WIDENING * getNOut() : hiddenUnits;
    }

    /** {@return how many attention weights are kept in training} */
    public SeededKeep attention() {
        return attention;
    }

    /** {@return how many units within the feed-forward part are kept in training} */
    public SeededKeep feedForward() {
        return feedForward;
    }

    @Override
    public List<ISchedule> schedules() {
        return List.of(attention.keep(), feedForward.keep());
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
                "TransformerBlockLayer", getLayerName(), layerIndex, getNIn(), getNOut());
        if (getNIn() != getNOut() || getNOut() % heads != 0) {
            throw new IllegalArgumentException(
                    ("Layer %d (%s): a transformer block needs as many outputs as inputs and a"
                                    + " multiple of its %d heads, got %d inputs and %d outputs")
                            .formatted(layerIndex, getLayerName(), heads, getNIn(), getNOut()));
        }
        return LayerSetup.ready(
                new TransformerBlock(conf, networkDataType),
                conf,
                listeners,
                layerIndex,
                layerParamsView,
                initializeParams);
    }

    @Override
    public ParamInitializer initializer() {
        return TransformerParameters.INSTANCE;
    }

    @Override
    public InputType getOutputType(int layerIndex, InputType inputType) {
        return sequences(inputType);
    }

    @Override
    public void setNIn(InputType inputType, boolean override) {
        if (getNIn() <= 0 || override) {
            setNIn(sequences(inputType).getSize());
        }
        if (getNOut() <= 0) {
            setNOut(getNIn());
        }
    }

    private InputType.InputTypeRecurrent sequences(InputType inputType) {
        if (inputType instanceof InputType.InputTypeRecurrent sequences
                && sequences.getFormat() == RNNFormat.NCW) {
            return sequences;
        }
        throw new IllegalStateException(
                "Layer %s: a transformer block needs sequences [minibatch, width, steps], got %s"
                        .formatted(getLayerName(), inputType));
    }

    @Override
    public InputPreProcessor getPreProcessorForInputType(InputType inputType) {
        return InputTypeUtil.getPreprocessorForInputTypeRnnLayers(
                inputType, RNNFormat.NCW, getLayerName());
    }

    @Override
    public LayerMemoryReport getMemoryReport(InputType inputType) {
        long parameters = initializer().numParams(this);
        return LayerSetup.memory(
                this, inputType, inputType, parameters, inputType.arrayElementsPerExample());
    }

    @Override
    public TransformerBlockLayer clone() {
        TransformerBlockLayer copy = (TransformerBlockLayer) super.clone();
        copy.attention = attention.copy();
        copy.feedForward = feedForward.copy();
        return copy;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TransformerBlockLayer that
                && super.equals(that)
                && heads == that.heads
                && hiddenUnits == that.hiddenUnits
                && Objects.equals(attention, that.attention)
                && Objects.equals(feedForward, that.feedForward);
    }

    @Override
    public int hashCode() {
        return Objects.hash(super.hashCode(), heads, hiddenUnits, attention, feedForward);
    }

    /** Builds the configuration as DL4J's layers are built; {@code nIn} is {@code nOut}. */
    @SuppressWarnings("unchecked") // as DL4J declares build()
    public static final class Builder extends FeedForwardLayer.Builder<Builder> {
        private final int heads;
        private int hidden;
        private SeededKeep attention = new SeededKeep(1, 0);
        private SeededKeep feedForward = new SeededKeep(1, 0);

        /**
         * Starts without dropout.
         *
         * @param heads the number of heads, at least 1; it has to divide the width
         * @throws IllegalArgumentException if it is less than 1
         */
        public Builder(int heads) {
            this.heads = requirePositive("heads", heads);
        }

        private static int requirePositive(String what, int number) {
            if (number < 1) {
                throw new IllegalArgumentException(
                        "a transformer block must have at least 1 of its %s, got %d"
                                .formatted(what, number));
            }
            return number;
        }

        /**
         * {@return this builder with another width of the feed-forward part}
         *
         * @param hidden the number of its units, at least 1; four times the width by default
         * @throws IllegalArgumentException if it is less than 1
         */
        public Builder hidden(int hidden) {
            this.hidden = requirePositive("hidden units", hidden);
            return this;
        }

        /**
         * {@return this builder with dropped attention weights}
         *
         * @param attention how many attention weights are kept in training
         */
        public Builder keepingAttention(SeededKeep attention) {
            this.attention = Objects.requireNonNull(attention, "attention");
            return this;
        }

        /**
         * {@return this builder with dropped units within the feed-forward part}
         *
         * @param feedForward how many of them are kept in training
         */
        public Builder keepingFeedForward(SeededKeep feedForward) {
            this.feedForward = Objects.requireNonNull(feedForward, "feedForward");
            return this;
        }

        @Override
        public TransformerBlockLayer build() {
            return new TransformerBlockLayer(this);
        }
    }
}
