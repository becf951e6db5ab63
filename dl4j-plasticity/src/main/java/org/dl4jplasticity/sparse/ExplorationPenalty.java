package org.dl4jplasticity.sparse;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * What Top-KAST adds to the loss so that weights change places (Jayakumar et al. 2020, section on
 * exploration regularization): every weight of the forward set is pulled towards zero, and every
 * other weight of the backward set 1/D times as hard, D being the density of the forward set.
 * Weights outside the backward set are left alone. A weight that only the gradient holds up against
 * this pull shows that it is needed; the others make room.
 *
 * <p>The paper writes the term with absolute values and speaks of L2 regularization; public
 * implementations take L2. Both are here.
 *
 * @param norm what of a weight is penalized
 * @param coefficient how strongly, at least 0; 0 is no penalty
 */
public record ExplorationPenalty(Norm norm, double coefficient) {

    /** What of a weight is penalized. */
    public enum Norm {
        /** The absolute value: the gradient is the coefficient times the weight's sign. */
        L1,
        /** Half the square, as in DL4J: the gradient is the coefficient times the weight. */
        L2
    }

    /**
     * Checks the range.
     *
     * @param norm what of a weight is penalized
     * @param coefficient at least 0 and finite
     * @throws IllegalArgumentException if the coefficient is out of range
     */
    public ExplorationPenalty {
        if (!(coefficient >= 0 && coefficient < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(
                    "the coefficient of an exploration penalty must be in [0, infinity), got "
                            + coefficient);
        }
    }

    /**
     * {@return a penalty on half the squares of the weights}
     *
     * @param coefficient how strongly, at least 0
     */
    public static ExplorationPenalty l2(double coefficient) {
        return new ExplorationPenalty(Norm.L2, coefficient);
    }

    /**
     * {@return a penalty on the absolute values of the weights}
     *
     * @param coefficient how strongly, at least 0
     */
    public static ExplorationPenalty l1(double coefficient) {
        return new ExplorationPenalty(Norm.L1, coefficient);
    }

    /** {@return no penalty} */
    public static ExplorationPenalty none() {
        return l2(0);
    }

    /** {@return a new array of the derivatives of the penalty of coefficient 1} */
    INDArray slopes(INDArray weights) {
        return norm == Norm.L1 ? Transforms.sign(weights, true) : weights.dup();
    }
}
