package org.dl4jplasticity.adapter;

import java.util.Collection;
import java.util.List;
import java.util.Objects;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.ParamInitializer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.LayerValidation;
import org.deeplearning4j.nn.conf.memory.LayerMemoryReport;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.dl4jplasticity.dropout.ScheduledLayer;
import org.dl4jplasticity.dropout.SeededKeep;
import org.dl4jplasticity.layers.LayerSetup;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * A fully connected layer with a low-rank adapter (LoRA; Hu et al. 2021, arXiv:2106.09685): its
 * weights and biases stay as they are and the product of two thin matrices learns what is added,
 *
 * <pre>
 * y = f(x W + b + alpha / rank * x A B)        W: [nIn, nOut], A: [nIn, rank], B: [rank, nOut]
 * </pre>
 *
 * <p>In training LoRA dropout (Lin et al. 2024, arXiv:2404.09610) may drop inputs of A and outputs
 * of B, {@code diag(m1) A B diag(m2)}, with two masks that all examples of a minibatch share; the
 * rank is never dropped. What is kept is divided by its probability, so that the mean over masks of
 * the pre-activations is what inference computes; {@link LowRankAdapters#ensemble} averages the
 * network's outputs over masks instead, as the paper does.
 *
 * <p>Input and output are [minibatch, nIn] and [minibatch, nOut]. A new layer's A is drawn by its
 * weight initialization and its B is 0. Regularization is of A and B alone, "W" and "b" have no
 * optimizer state, and their gradient is 0.
 */
public final class LowRankDenseLayer extends FeedForwardLayer implements ScheduledLayer {
    private static final long serialVersionUID = 1;

    @JsonProperty private boolean hasBias;
    @JsonProperty private int rank;
    @JsonProperty private double alpha;
    @JsonProperty private SeededKeep kept;

    /** For deserialization. */
    LowRankDenseLayer() {}

    private LowRankDenseLayer(Builder builder) {
        super(builder);
        this.hasBias = builder.hasBias;
        this.rank = builder.rank;
        this.alpha = Double.isNaN(builder.alpha) ? builder.rank : builder.alpha;
        this.kept = builder.kept;
        initializeConstraints(builder);
    }

    /** {@return whether there is a bias per output unit} */
    public boolean hasBias() {
        return hasBias;
    }

    /** {@return the rank of what is added to the weights, at least 1} */
    public int rank() {
        return rank;
    }

    /** {@return what A B is multiplied by, times the rank} */
    public double alpha() {
        return alpha;
    }

    /** {@return how many of the inputs of A and of the outputs of B are kept in training} */
    public SeededKeep kept() {
        return kept;
    }

    /** {@return what A B is multiplied by} */
    double scale() {
        return alpha / rank;
    }

    @Override
    public List<ISchedule> schedules() {
        return List.of(kept.keep());
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
                "LowRankDenseLayer", getLayerName(), layerIndex, getNIn(), getNOut());
        return LayerSetup.ready(
                new LowRankDense(conf, networkDataType),
                conf,
                listeners,
                layerIndex,
                layerParamsView,
                initializeParams);
    }

    @Override
    public ParamInitializer initializer() {
        return LowRankParameters.INSTANCE;
    }

    @Override
    public IUpdater getUpdaterByParam(String paramName) {
        return initializer().isWeightParam(this, paramName)
                ? super.getUpdaterByParam(paramName)
                : new NoOp();
    }

    @Override
    public LayerMemoryReport getMemoryReport(InputType inputType) {
        InputType outputType = getOutputType(-1, inputType);
        long learning = (getNIn() + getNOut()) * rank;
        return LayerSetup.memory(
                this, inputType, outputType, learning, outputType.arrayElementsPerExample());
    }

    @Override
    public LowRankDenseLayer clone() {
        LowRankDenseLayer copy = (LowRankDenseLayer) super.clone();
        copy.kept = kept.copy();
        return copy;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof LowRankDenseLayer that
                && super.equals(that)
                && hasBias == that.hasBias
                && rank == that.rank
                && alpha == that.alpha
                && Objects.equals(kept, that.kept);
    }

    @Override
    public int hashCode() {
        return Objects.hash(super.hashCode(), rank, alpha, kept);
    }

    /** Builds the configuration as DL4J's dense layer is built, with a rank beside the sizes. */
    @SuppressWarnings("unchecked") // as DL4J declares build()
    public static final class Builder extends FeedForwardLayer.Builder<Builder> {
        private boolean hasBias = true;
        private final int rank;
        private double alpha = Double.NaN;
        private SeededKeep kept = new SeededKeep(1, 0);

        /**
         * Starts with a bias and without dropout.
         *
         * @param rank of what is added to the weights, at least 1
         * @throws IllegalArgumentException if it is out of its range
         */
        public Builder(int rank) {
            this.rank = requireRank(rank);
        }

        static int requireRank(int rank) {
            if (rank < 1) {
                throw new IllegalArgumentException(
                        "the rank of an adapter must be at least 1, got " + rank);
            }
            return rank;
        }

        static double requireAlpha(double alpha) {
            if (!(alpha > 0 && Double.isFinite(alpha))) {
                throw new IllegalArgumentException(
                        "the alpha of an adapter must be in (0, infinity), got " + alpha);
            }
            return alpha;
        }

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
         * {@return this builder with another factor of A B}
         *
         * @param alpha the factor times the rank, greater than 0; the rank by default
         * @throws IllegalArgumentException if it is out of its range
         */
        public Builder alpha(double alpha) {
            this.alpha = requireAlpha(alpha);
            return this;
        }

        /**
         * {@return this builder with LoRA dropout}
         *
         * @param kept how many of the inputs of A and of the outputs of B are kept in training
         */
        public Builder keeping(SeededKeep kept) {
            this.kept = Objects.requireNonNull(kept, "kept");
            return this;
        }

        @Override
        public LowRankDenseLayer build() {
            return new LowRankDenseLayer(this);
        }
    }
}
