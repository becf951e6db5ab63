package org.dl4jplasticity.kan;

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
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * A dense layer of a Kolmogorov-Arnold network (KAN; Liu et al. 2024, arXiv:2404.19756, sec. 2.2):
 * each edge has a function of its own and a unit adds what its edges give,
 *
 * <pre>
 * y(o) = sum over i of phi(i, o)(x(i))        phi(x) = w silu(x) + s sum over j of c(j) B(j)(x)
 * </pre>
 *
 * <p>with B-splines B(j) over a uniform grid. Beyond the grid the splines fade to 0 within as many
 * intervals as their order, and the base function is left: bring the input into the grid's range.
 * The grid stays as it is; DL4J's activation function of the layer, the identity unless one is
 * given to the layer itself, comes after the sum. There is no bias.
 *
 * <p>In training one of the three dropouts of DropKAN (Altarabichi 2024, arXiv:2407.13044) may
 * drop: see {@link Drop}. What is kept is divided by its probability. With the two that drop on
 * edges the mean of the sums in training is their value at inference, which drops nothing; with
 * dropped inputs it is not, since the functions aren't linear.
 *
 * <p>Input and output are [minibatch, nIn] and [minibatch, nOut]. Parameters: "W" and "S", w and s,
 * both [nIn, nOut], and "C", [nIn (intervals + order), nOut], the coefficients of an input's
 * splines one behind the other. New ones: w by the weight initialization, s 1, c normal with
 * standard deviation 0.1. Computed on the CPU in doubles, in time that grows with minibatch nIn
 * nOut.
 */
public final class KolmogorovArnoldLayer extends FeedForwardLayer implements ScheduledLayer {
    private static final long serialVersionUID = 1;

    /** What is dropped in training. */
    public enum Drop {
        /** Edges: the values of the functions, for each example its own. */
        POST_ACTIVATIONS,
        /** Splines: an edge's spline, but not its base function, for each example its own. */
        POST_SPLINES,
        /** Inputs: the ordinary dropout, before the functions. */
        INPUTS
    }

    @JsonProperty private int intervals;
    @JsonProperty private int order;
    @JsonProperty private double low;
    @JsonProperty private double high;
    @JsonProperty private Drop drop;
    @JsonProperty private SeededKeep kept;

    /** For deserialization. */
    KolmogorovArnoldLayer() {}

    private KolmogorovArnoldLayer(Builder builder) {
        super(builder);
        this.intervals = builder.grid.intervals();
        this.order = builder.grid.order();
        this.low = builder.grid.low();
        this.high = builder.grid.high();
        this.drop = builder.drop;
        this.kept = builder.kept;
        if (getActivationFn() == null) {
            setActivationFn(new ActivationIdentity());
        }
        initializeConstraints(builder);
    }

    SplineGrid grid() {
        return new SplineGrid(intervals, order, low, high);
    }

    /** {@return the number of the grid's intervals, at least 1} */
    public int intervals() {
        return intervals;
    }

    /** {@return the order of the splines, at least 1} */
    public int order() {
        return order;
    }

    /** {@return where the grid begins} */
    public double low() {
        return low;
    }

    /** {@return where the grid ends} */
    public double high() {
        return high;
    }

    /** {@return what is dropped in training} */
    public Drop drop() {
        return drop;
    }

    /** {@return how much of it is kept} */
    public SeededKeep kept() {
        return kept;
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
                "KolmogorovArnoldLayer", getLayerName(), layerIndex, getNIn(), getNOut());
        return LayerSetup.ready(
                new KolmogorovArnold(conf, networkDataType),
                conf,
                listeners,
                layerIndex,
                layerParamsView,
                initializeParams);
    }

    @Override
    public ParamInitializer initializer() {
        return KolmogorovArnoldParameters.INSTANCE;
    }

    @Override
    public LayerMemoryReport getMemoryReport(InputType inputType) {
        InputType outputType = getOutputType(-1, inputType);
        long parameters = initializer().numParams(this);
        return LayerSetup.memory(
                this, inputType, outputType, parameters, outputType.arrayElementsPerExample());
    }

    @Override
    public KolmogorovArnoldLayer clone() {
        KolmogorovArnoldLayer copy = (KolmogorovArnoldLayer) super.clone();
        copy.kept = kept.copy();
        return copy;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof KolmogorovArnoldLayer that
                && super.equals(that)
                && grid().equals(that.grid())
                && drop == that.drop
                && Objects.equals(kept, that.kept);
    }

    @Override
    public int hashCode() {
        return Objects.hash(super.hashCode(), intervals, order, kept);
    }

    /** Builds the configuration as DL4J's dense layer is built, with a grid beside the sizes. */
    @SuppressWarnings("unchecked") // as DL4J declares build()
    public static final class Builder extends FeedForwardLayer.Builder<Builder> {
        private SplineGrid grid = new SplineGrid(3, 3, -1, 1);
        private Drop drop = Drop.POST_ACTIVATIONS;
        private SeededKeep kept = new SeededKeep(1, 0);

        /** Starts with cubic splines over 3 intervals of [-1, 1], and without dropout. */
        public Builder() {}

        /**
         * {@return this builder with another grid}
         *
         * @param intervals of the grid, at least 1; 3 by default
         * @param low where it begins; -1 by default
         * @param high where it ends; 1 by default
         * @throws IllegalArgumentException if a number is out of its range
         */
        public Builder grid(int intervals, double low, double high) {
            grid = new SplineGrid(intervals, grid.order(), low, high);
            return this;
        }

        /**
         * {@return this builder with splines of another order}
         *
         * @param order of the polynomials, at least 1; 3 by default
         * @throws IllegalArgumentException if it is out of its range
         */
        public Builder order(int order) {
            grid = new SplineGrid(grid.intervals(), order, grid.low(), grid.high());
            return this;
        }

        /**
         * {@return this builder with a dropout of DropKAN}
         *
         * @param drop what is dropped in training
         * @param kept how much of it is kept
         */
        public Builder dropping(Drop drop, SeededKeep kept) {
            this.drop = Objects.requireNonNull(drop, "drop");
            this.kept = Objects.requireNonNull(kept, "kept");
            return this;
        }

        @Override
        public KolmogorovArnoldLayer build() {
            return new KolmogorovArnoldLayer(this);
        }
    }
}
