package org.dl4jplasticity.sparse;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.GradientUpdater;
import org.nd4j.linalg.learning.config.IUpdater;

/**
 * A threshold sigmoid(s) whose parameter s is learned by an updater of its own, in double
 * precision, with L2 regularization: before the updater, decay * s is added to the gradient.
 */
final class LearnedThreshold {
    private final double decay;
    private final GradientUpdater<?> updater;

    /** The updater's state; null if it has none. */
    private final INDArray state;

    private double parameter;
    private double gradient;

    LearnedThreshold(double parameter, double decay, IUpdater configuration) {
        this.parameter = parameter;
        this.decay = decay;
        int slots = Math.toIntExact(configuration.stateSize(1));
        this.state = slots == 0 ? null : Nd4j.create(DataType.DOUBLE, slots);
        this.updater = configuration.clone().instantiate(state, true);
    }

    /** {@return sigmoid(s), in (0, 1)} */
    double value() {
        return 1 / (1 + Math.exp(-parameter));
    }

    /** {@return the derivative of the threshold by its parameter} */
    double slope() {
        return value() * (1 - value());
    }

    double parameter() {
        return parameter;
    }

    /** Sets the derivative of the loss by the parameter, a mean over the minibatch. */
    void gradient(double derivative) {
        gradient = derivative;
    }

    void step(int iteration, int epoch) {
        INDArray update = Nd4j.createFromArray(new double[] {gradient + decay * parameter});
        updater.applyUpdater(update, iteration, epoch);
        parameter -= update.getDouble(0);
    }

    /** {@return the parameter and the updater's slots} */
    INDArray numbers() {
        INDArray first = Nd4j.createFromArray(new double[] {parameter});
        return state == null ? first : Nd4j.concat(0, first, state);
    }

    int count() {
        return state == null ? 1 : 1 + Math.toIntExact(state.length());
    }

    void restore(INDArray numbers) {
        parameter = numbers.getDouble(0);
        for (int slot = 0; slot + 1 < count(); slot++) {
            state.putScalar(slot, numbers.getDouble(slot + 1));
        }
    }
}
