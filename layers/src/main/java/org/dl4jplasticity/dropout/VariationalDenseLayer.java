package org.dl4jplasticity.dropout;

import java.util.Objects;
import org.deeplearning4j.nn.api.ParamInitializer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.schedule.FixedSchedule;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * A dense layer with variational dropout: its weights are normal random numbers, whose variances
 * are learned with their means. In training the weighted sums are drawn, for each example and unit
 * anew, from the distribution that follows ({@code x W + b + sqrt(x^2 V) e}, the local
 * reparametrization); at inference the means are used.
 *
 * <pre>{@code
 * new VariationalDenseLayer.Builder().nOut(300).trainingExamples(60_000)
 *         .noise(VariationalNoise.sparse())
 *         .warmUp(new LinearKeep(ScheduleType.EPOCH, 0, 1, 10))
 * }</pre>
 *
 * <p>The objective is the mean loss of the minibatch, which has to be a negative log likelihood,
 * plus the divergence of the weights' distribution from a prior that is uniform in log |w|, divided
 * by the number of training examples and multiplied by the warm-up's number. The score that DL4J
 * tells has it, up to a constant. {@link VariationalNoise} tells which variances there are:
 *
 * <ul>
 *   <li>alpha W^2 with an alpha, at most 1, of the layer, of each input or of each weight: Gaussian
 *       dropout whose rate is learned (Kingma, Salimans, Welling 2015, <em>Variational Dropout and
 *       the Local Reparameterization Trick</em>);
 *   <li>a variance for each weight, whose alpha may become infinite: sparse variational dropout
 *       (Molchanov, Ashukha, Vetrov 2017, arXiv:1701.05369). A weight whose log alpha is above 3 is
 *       nothing but noise, and 0 at inference. {@link VariationalPruning} removes it for good.
 * </ul>
 *
 * <p>Parameters: those of a dense layer and the vector "a", log alpha or the logarithms of the
 * variances, in W's order.
 */
public final class VariationalDenseLayer extends FullyConnectedLayer {
    private static final long serialVersionUID = 1;

    @JsonProperty private VariationalNoise noise;
    @JsonProperty private long trainingExamples;
    @JsonProperty private ISchedule warmUp;
    @JsonProperty private long seed;

    /** For deserialization. */
    VariationalDenseLayer() {}

    private VariationalDenseLayer(Builder builder) {
        super(builder);
        this.noise = builder.noise;
        this.trainingExamples = builder.trainingExamples;
        this.warmUp = builder.warmUp;
        this.seed = builder.seed;
        initializeConstraints(builder);
    }

    /** {@return how uncertain the weights are} */
    public VariationalNoise noise() {
        return noise;
    }

    /** {@return the number of examples in the training set} */
    public long trainingExamples() {
        return trainingExamples;
    }

    /** {@return what the divergence is multiplied by} */
    public ISchedule warmUp() {
        return warmUp;
    }

    /** {@return the seed of all draws} */
    public long seed() {
        return seed;
    }

    /** {@return what the divergence counts in the objective} */
    double divergenceWeight(int iteration, int epoch) {
        return Ranges.notNegative(
                        "VariationalDenseLayer: the warm-up's number",
                        warmUp.valueAt(iteration, epoch))
                / trainingExamples;
    }

    @Override
    public ParamInitializer initializer() {
        return VariationalParameters.INSTANCE;
    }

    @Override
    FullyConnected<?> atWork(NeuralNetConfiguration conf, DataType dataType) {
        return new VariationalDense(conf, dataType);
    }

    @Override
    public VariationalDenseLayer clone() {
        VariationalDenseLayer copy = (VariationalDenseLayer) super.clone();
        copy.warmUp = warmUp.clone();
        return copy;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof VariationalDenseLayer that
                && super.equals(that)
                && noise.equals(that.noise)
                && trainingExamples == that.trainingExamples
                && warmUp.equals(that.warmUp)
                && seed == that.seed;
    }

    @Override
    public int hashCode() {
        return Objects.hash(super.hashCode(), noise, trainingExamples, seed);
    }

    /** Builds the configuration as DL4J's dense layer is built. */
    @SuppressWarnings("unchecked") // as DL4J declares build()
    public static final class Builder extends FullyConnectedLayer.Builder<Builder> {
        private VariationalNoise noise = VariationalNoise.sparse();
        private long trainingExamples;
        private ISchedule warmUp = new FixedSchedule(1);
        private long seed;

        /** Starts with sparse variational dropout, without warm-up. */
        public Builder() {}

        @Override
        Builder self() {
            return this;
        }

        /**
         * {@return this builder with how uncertain the weights are}
         *
         * @param noise {@link VariationalNoise#sparse()} by default
         */
        public Builder noise(VariationalNoise noise) {
            this.noise = Objects.requireNonNull(noise, "noise");
            return this;
        }

        /**
         * {@return this builder with the size of the training set, which must be given}
         *
         * @param trainingExamples the number of examples, at least 1
         */
        public Builder trainingExamples(long trainingExamples) {
            this.trainingExamples = trainingExamples;
            return this;
        }

        /**
         * {@return this builder with a warm-up of the divergence}
         *
         * @param warmUp what it is multiplied by, at least 0 at all times and 1 in the end; always
         *     1 by default
         */
        public Builder warmUp(ISchedule warmUp) {
            this.warmUp = Objects.requireNonNull(warmUp, "warmUp");
            return this;
        }

        /**
         * {@return this builder with a seed}
         *
         * @param seed of all draws; layers draw differently; 0 by default
         */
        public Builder seed(long seed) {
            this.seed = seed;
            return this;
        }

        /**
         * {@return the layer}
         *
         * @throws IllegalArgumentException if the number of training examples was not given
         */
        @Override
        public VariationalDenseLayer build() {
            if (trainingExamples < 1) {
                throw new IllegalArgumentException(
                        "VariationalDenseLayer: the number of training examples must be at least"
                                + " 1, got %d; call trainingExamples".formatted(trainingExamples));
            }
            return new VariationalDenseLayer(this);
        }
    }
}
