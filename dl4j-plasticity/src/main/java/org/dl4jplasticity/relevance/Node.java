package org.dl4jplasticity.relevance;

import java.util.List;

/** A step of a network: from the outputs of other steps to its own, and relevance back. */
interface Node {

    /**
     * {@return the shape of the output for one example}
     *
     * @param inputs the shapes of the inputs
     * @throws IllegalArgumentException if it takes no such inputs
     */
    int[] outputShape(List<int[]> inputs);

    /** {@return about how many values are needed to compute one example} */
    default long workspace(List<int[]> inputs) {
        return Values.size(outputShape(inputs));
    }

    /** {@return what it makes of its inputs} */
    Forward forward(List<Values> inputs);

    /**
     * What a node computed.
     *
     * @param sums the output before the activation function
     * @param output the output
     */
    record Forward(Values sums, Values output) {

        /** {@return an output without an activation function} */
        static Forward plain(Values output) {
            return new Forward(output, output);
        }
    }

    /**
     * {@return the relevance of each input}
     *
     * @param inputs what it was computed from
     * @param forward what was computed
     * @param relevance the relevance of the output
     * @param tally where what is lost on the way is noted
     */
    List<double[]> backward(List<Values> inputs, Forward forward, double[] relevance, Tally tally);
}
