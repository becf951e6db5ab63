package org.dl4jplasticity.dropout;

import java.util.Collection;
import java.util.List;
import java.util.Objects;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.LayerValidation;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.dl4jplasticity.layers.LayerSetup;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * An LSTM with recurrent dropout without memory loss (Semeniuta, Severyn, Barth 2016,
 * arXiv:1603.05118, eq. 11): in training the candidate update alone is dropped,
 *
 * <pre>
 * c(t) = f(t) * c(t-1) + i(t) * d(g(t))        h(t) = o(t) * tanh(c(t))
 * </pre>
 *
 * <p>so that what a cell remembers is never erased, however long the sequence. What is kept is
 * divided by its probability; inference is the plain LSTM, DL4J's own, whose parameters, shapes and
 * options these are. The mean of c(t) in training is its value at inference as long as the gates
 * are given; through gates that see h(t-1) it differs, as with any dropout before a nonlinearity.
 *
 * <pre>{@code
 * new RecurrentDropoutLSTM.Builder(RecurrentDropoutLSTM.Mask.PER_STEP, 0.75, 1).nIn(3).nOut(4)
 *         .activation(Activation.TANH).build()
 * }</pre>
 *
 * <p>What is drawn depends on the seed and the iteration. With truncated backpropagation through
 * time a mask for the sequence stays until the sequence ends. Dropout of the input, {@code
 * dropOut}, is apart from it. Within {@code Bidirectional} both directions draw the same.
 */
public final class RecurrentDropoutLSTM extends LSTM implements ScheduledLayer {
    private static final long serialVersionUID = 1;

    /** How long what is drawn holds. */
    public enum Mask {
        /** Each step of a sequence draws anew. */
        PER_STEP,
        /** One draw holds for all steps of a sequence. */
        PER_SEQUENCE
    }

    @JsonProperty private Mask mask;
    @JsonProperty private SeededKeep candidates;

    /** For deserialization. */
    RecurrentDropoutLSTM() {}

    private RecurrentDropoutLSTM(Builder builder, LSTM plain) {
        this.mask = builder.mask;
        this.candidates = builder.candidates;
        setLayerName(plain.getLayerName());
        setIDropout(plain.getIDropout());
        setConstraints(plain.getConstraints());
        setActivationFn(plain.getActivationFn());
        setWeightInitFn(plain.getWeightInitFn());
        setWeightInitFnRecurrent(plain.getWeightInitFnRecurrent());
        setBiasInit(plain.getBiasInit());
        setGainInit(plain.getGainInit());
        setRegularization(plain.getRegularization());
        setRegularizationBias(plain.getRegularizationBias());
        setIUpdater(plain.getIUpdater());
        setBiasUpdater(plain.getBiasUpdater());
        setWeightNoise(plain.getWeightNoise());
        setGradientNormalization(plain.getGradientNormalization());
        setGradientNormalizationThreshold(plain.getGradientNormalizationThreshold());
        setNIn(plain.getNIn());
        setNOut(plain.getNOut());
        setTimeDistributedFormat(plain.getTimeDistributedFormat());
        setRnnDataFormat(plain.getRnnDataFormat());
        setForgetGateBiasInit(plain.getForgetGateBiasInit());
        setGateActivationFn(plain.getGateActivationFn());
        setHelperAllowFallback(false); // what drops must not be replaced by what doesn't
    }

    /** {@return how long what is drawn holds} */
    public Mask mask() {
        return mask;
    }

    /** {@return how much of the candidate updates is kept} */
    public SeededKeep candidates() {
        return candidates;
    }

    @Override
    public List<ISchedule> schedules() {
        return List.of(candidates.keep());
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
                "RecurrentDropoutLSTM", getLayerName(), layerIndex, getNIn(), getNOut());
        return LayerSetup.ready(
                new RememberingLSTM(conf, networkDataType),
                conf,
                listeners,
                layerIndex,
                layerParamsView,
                initializeParams);
    }

    @Override
    public RecurrentDropoutLSTM clone() {
        RecurrentDropoutLSTM copy = (RecurrentDropoutLSTM) super.clone();
        copy.candidates = candidates.copy();
        return copy;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RecurrentDropoutLSTM that
                && super.equals(that)
                && mask == that.mask
                && Objects.equals(candidates, that.candidates);
    }

    @Override
    public int hashCode() {
        return Objects.hash(super.hashCode(), candidates);
    }

    /** Builds the configuration as DL4J's LSTM is built. */
    @SuppressWarnings("unchecked") // as DL4J declares build()
    public static final class Builder extends LSTM.Builder {
        private final Mask mask;
        private final SeededKeep candidates;

        /**
         * Starts with a probability that stays.
         *
         * @param mask how long what is drawn holds
         * @param keep the probability that a unit's candidate update is kept, in [0, 1]
         * @param seed of all draws; give each layer its own
         * @throws IllegalArgumentException if the probability is out of its range
         */
        public Builder(Mask mask, double keep, long seed) {
            this(mask, new SeededKeep(keep, seed));
        }

        /**
         * Starts with a probability that may change.
         *
         * @param mask how long what is drawn holds
         * @param candidates how much of the candidate updates is kept
         */
        public Builder(Mask mask, SeededKeep candidates) {
            this.mask = Objects.requireNonNull(mask, "mask");
            this.candidates = Objects.requireNonNull(candidates, "candidates");
        }

        @Override
        public RecurrentDropoutLSTM build() {
            return new RecurrentDropoutLSTM(this, super.build());
        }
    }
}
