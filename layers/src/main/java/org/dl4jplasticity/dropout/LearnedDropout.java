package org.dl4jplasticity.dropout;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A dropout whose probabilities are learned together with the network's weights. The probabilities
 * are part of the configuration, as they are now; {@link DropoutTraining} has them learn, once per
 * iteration, by gradient descent with a learning rate of their own.
 */
public abstract sealed class LearnedDropout extends FactorDropout
        permits ConcreteDropout, GeneralizedDropout {
    private static final long serialVersionUID = 1;

    private transient boolean attended;
    private transient double[] input;
    private transient InputShape shape;
    private transient boolean ready;

    LearnedDropout(long seed) {
        super(seed);
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

    /** Takes a step against the derivative that was collected. */
    abstract void step(double squaredNorm);

    @Override
    public final void clear() {
        super.clear();
        input = null;
    }
}
