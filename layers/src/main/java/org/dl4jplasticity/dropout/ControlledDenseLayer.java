package org.dl4jplasticity.dropout;

import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * A dense layer with controlled dropout (Ko, Kim, Choi, Yoo 2017, <em>Controlled Dropout: a
 * Different Dropout for Improving Training Speed on Deep Neural Network</em>): as all examples of a
 * minibatch drop the same units, a step in training needs only some columns of the weights and,
 * where the layer before drops units too, some rows. They are copied out, the smaller matrices are
 * multiplied, and the gradient is copied back, 0 where something was dropped.
 *
 * <pre>{@code
 * ControlledDropout first = new ControlledDropout(0.5, 1);
 * ControlledDropout second = new ControlledDropout(0.5, 2);
 * list.layer(new ControlledDenseLayer.Builder().nOut(2000).dropUnits(first).build())
 *     .layer(new ControlledDenseLayer.Builder().nOut(2000).droppedInputs(first).dropUnits(second).build())
 *     .layer(new OutputLayer.Builder().nOut(10).build());
 * }</pre>
 *
 * <p>The units of this layer that are kept are divided by the probability, so that inference is
 * that of any dense layer. The result is the same as that of DL4J's dense layers of which the next
 * one has {@code .dropOut(first)}; so don't say that too. With {@code droppedInputs} a layer learns
 * which of its inputs the layer before dropped: it must get exactly what that layer gives, and
 * refuses an input that isn't 0 where it should be. Without it the layer is slower and as right.
 *
 * <p>On a backend whose memory the CPU can't address, and for other types than float and double,
 * the layer computes with whole matrices and masks.
 */
public final class ControlledDenseLayer extends FullyConnectedLayer implements ScheduledLayer {
    private static final long serialVersionUID = 1;

    @JsonProperty private ControlledDropout dropUnits;
    @JsonProperty private ControlledDropout droppedInputs;

    /** For deserialization. */
    ControlledDenseLayer() {}

    private ControlledDenseLayer(Builder builder) {
        super(builder);
        this.dropUnits = builder.dropUnits;
        this.droppedInputs = builder.droppedInputs;
        initializeConstraints(builder);
    }

    /** {@return how the layer drops its units; null if it keeps all} */
    public ControlledDropout dropUnits() {
        return dropUnits;
    }

    /** {@return how the layer before drops its units; null if this layer isn't told} */
    public ControlledDropout droppedInputs() {
        return droppedInputs;
    }

    @Override
    public List<ISchedule> schedules() {
        return Stream.of(dropUnits, droppedInputs)
                .filter(Objects::nonNull)
                .map(ControlledDropout::keep)
                .toList();
    }

    @Override
    FullyConnected<?> atWork(NeuralNetConfiguration conf, DataType dataType) {
        return new ControlledDense(conf, dataType);
    }

    @Override
    public ControlledDenseLayer clone() {
        ControlledDenseLayer copy = (ControlledDenseLayer) super.clone();
        copy.dropUnits = dropUnits == null ? null : dropUnits.clone();
        copy.droppedInputs = droppedInputs == null ? null : droppedInputs.clone();
        return copy;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ControlledDenseLayer that
                && super.equals(that)
                && Objects.equals(dropUnits, that.dropUnits)
                && Objects.equals(droppedInputs, that.droppedInputs);
    }

    @Override
    public int hashCode() {
        return Objects.hash(super.hashCode(), dropUnits, droppedInputs);
    }

    /** Builds the configuration as DL4J's dense layer is built. */
    @SuppressWarnings("unchecked") // as DL4J declares build()
    public static final class Builder extends FullyConnectedLayer.Builder<Builder> {
        private ControlledDropout dropUnits;
        private ControlledDropout droppedInputs;

        /** Starts without dropout. */
        public Builder() {}

        @Override
        Builder self() {
            return this;
        }

        /**
         * {@return this builder of a layer that drops units}
         *
         * @param dropUnits how
         */
        public Builder dropUnits(ControlledDropout dropUnits) {
            this.dropUnits = Objects.requireNonNull(dropUnits, "dropUnits");
            return this;
        }

        /**
         * {@return this builder of a layer that is told which units the layer before drops}
         *
         * @param droppedInputs equal to what that layer has as its {@code dropUnits}
         */
        public Builder droppedInputs(ControlledDropout droppedInputs) {
            this.droppedInputs = Objects.requireNonNull(droppedInputs, "droppedInputs");
            return this;
        }

        @Override
        public ControlledDenseLayer build() {
            return new ControlledDenseLayer(this);
        }
    }
}
