package org.dl4jplasticity.relevance;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The relevance of a network's logits, with which propagation starts. Logits are the outputs of the
 * last layer before its activation function, so that softmax and sigmoid take no part; they have
 * the shape [examples, classes].
 */
public sealed interface RelevanceStart
        permits RelevanceStart.TrueLabel,
                RelevanceStart.PredictedClass,
                RelevanceStart.AllLogits,
                RelevanceStart.Given {

    /**
     * {@return the logit of the true class, 0 elsewhere; more generally {@code label_j z_j}}
     *
     * @param labels the labels, one-hot, [examples, classes]
     */
    static RelevanceStart trueLabel(INDArray labels) {
        return new TrueLabel(labels);
    }

    /** {@return the largest logit of each example, of equal ones the first, and 0 elsewhere} */
    static RelevanceStart predictedClass() {
        return new PredictedClass();
    }

    /** {@return all logits} */
    static RelevanceStart allLogits() {
        return new AllLogits();
    }

    /**
     * {@return any relevance}
     *
     * @param relevance the relevance of the logits, [examples, classes]
     */
    static RelevanceStart of(INDArray relevance) {
        return new Given(relevance);
    }

    /**
     * See {@link RelevanceStart#trueLabel}.
     *
     * @param labels the labels, [examples, classes]
     */
    record TrueLabel(INDArray labels) implements RelevanceStart {}

    /** See {@link RelevanceStart#predictedClass}. */
    record PredictedClass() implements RelevanceStart {}

    /** See {@link RelevanceStart#allLogits}. */
    record AllLogits() implements RelevanceStart {}

    /**
     * See {@link RelevanceStart#of}.
     *
     * @param relevance the relevance of the logits, [examples, classes]
     */
    record Given(INDArray relevance) implements RelevanceStart {}
}
