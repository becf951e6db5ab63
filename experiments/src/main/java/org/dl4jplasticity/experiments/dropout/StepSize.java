package org.dl4jplasticity.experiments.dropout;

import java.util.function.DoubleUnaryOperator;

/** By what a technique multiplies the learning rate that the others have, and why. */
enum StepSize {
    /** The same for most. */
    COMMON(keep -> 1, ""),

    /**
     * Weights of a network that scales nothing in training are those of one that does, divided by
     * the probability to keep: a step on the former is worth the squared probability on the latter.
     */
    UNSCALED(
            keep -> 1 / (keep * keep),
            "nothing is scaled in training, and so the learning rate is divided by the squared"
                    + " probability to keep"),

    /** What masks do to a step is not averaged out over the examples of a minibatch. */
    SHARED_MASK(
            keep -> keep,
            "a minibatch has one mask, and so the learning rate is multiplied by the probability to"
                    + " keep");

    @SuppressWarnings("ImmutableEnumChecker") // functions without a state
    private final DoubleUnaryOperator factor;

    private final String note;

    StepSize(DoubleUnaryOperator factor, String note) {
        this.factor = factor;
        this.note = note;
    }

    /** {@return the factor, given the probability to keep} */
    double factor(double keep) {
        return factor.applyAsDouble(keep);
    }

    /** {@return what a reader of the technique's figures must know; empty if there is nothing} */
    String note() {
        return note;
    }
}
