package org.dl4jplasticity.dropout;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * A dropout whose probabilities are learned together with the network's weights. The probabilities
 * are part of the configuration, as they are now; {@link DropoutTraining} has them learn, once per
 * iteration, by gradient descent with a learning rate of their own.
 */
public abstract sealed class LearnedDropout extends FactorDropout
        permits ConcreteDropout, GeneralizedDropout {
    private static final long serialVersionUID = 1;

    private final double learningRate;
    private transient boolean attended;
    private transient double[] input;
    private transient InputShape shape;
    private transient boolean ready;

    LearnedDropout(double learningRate, long seed) {
        super(seed);
        this.learningRate =
                Ranges.notNegative(
                        getClass().getSimpleName() + ": the learning rate", learningRate);
    }

    /** {@return how far what is learned goes against its derivative in a step} */
    @JsonProperty("learningRate")
    public final double learningRate() {
        return learningRate;
    }

    /** From now on somebody calls {@link #learn}. */
    final void attend() {
        attended = true;
    }

    /**
     * {@return the shape that the input had}
     *
     * @param seen the shape of this input
     * @throws IllegalStateException if nobody has it learn
     */
    final InputShape checked(InputShape seen) {
        if (!attended) {
            throw new IllegalStateException(
                    ("%s: its probabilities are learned with the help of a listener, add one:"
                                    + " model.addListeners(DropoutTraining.of(model))")
                            .formatted(getClass().getSimpleName()));
        }
        return seen;
    }

    @Override
    final void forward(INDArray activations) {
        input = doubles(activations);
        shape = InputShape.of(activations);
    }

    @Override
    final void backward(INDArray gradient) {
        collect(input, doubles(gradient), shape);
        input = null;
        ready = true;
    }

    private static double[] doubles(INDArray array) {
        return array.castTo(DataType.DOUBLE).dup('c').data().asDouble();
    }

    /**
     * Keeps the derivative of the loss by the probabilities, from what was drawn last.
     *
     * @param activations the input, in 'c' order
     * @param gradient the derivative of the loss, summed over examples, by the dropout's output
     * @param shape of both
     */
    abstract void collect(double[] activations, double[] gradient, InputShape shape);

    /**
     * Takes a step, if there was a backward pass since the last one.
     *
     * @param squaredNorm the squared norm of the layer's weights
     */
    final void learn(double squaredNorm) {
        if (ready) {
            step(squaredNorm);
            ready = false;
        }
    }

    /** Takes a step against the derivative that was collected, times the learning rate. */
    abstract void step(double squaredNorm);

    @Override
    public final void clear() {
        super.clear();
        input = null;
    }

    /** {@return whether another one learns and draws alike} */
    final boolean learnsAs(LearnedDropout other) {
        return learningRate == other.learningRate && seed() == other.seed();
    }

    /**
     * Builds a dropout that is learned.
     *
     * @param <B> the builder's own class
     */
    public abstract static sealed class Builder<B extends Builder<B>>
            permits ConcreteDropout.Builder, GeneralizedDropout.Builder {
        private double learningRate = 0.01;
        private long seed;

        Builder() {}

        /** {@return this builder} */
        abstract B self();

        /**
         * {@return this builder with a learning rate of its own for what is learned: the logit of
         * the probability, or the gates}
         *
         * @param learningRate at least 0, which keeps them; 0.01 by default
         */
        public final B learningRate(double learningRate) {
            this.learningRate = learningRate;
            return self();
        }

        /**
         * {@return this builder with a seed}
         *
         * @param seed of all draws; 0 by default
         */
        public final B seed(long seed) {
            this.seed = seed;
            return self();
        }

        /** {@return the learning rate so far} */
        final double learningRate() {
            return learningRate;
        }

        /** {@return the seed so far} */
        final long seed() {
            return seed;
        }
    }
}
