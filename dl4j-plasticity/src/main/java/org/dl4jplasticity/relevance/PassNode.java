package org.dl4jplasticity.relevance;

import java.util.Arrays;
import java.util.List;
import org.nd4j.linalg.activations.IActivation;

/**
 * An activation function, or nothing: relevance passes unchanged.
 *
 * @param activation the activation function; null for none
 */
record PassNode(IActivation activation) implements Node {

    @Override
    public int[] outputShape(List<int[]> inputs) {
        return inputs.get(0);
    }

    @Override
    public Forward forward(List<Values> inputs) {
        Values x = inputs.get(0);
        return new Forward(x, activation == null ? x : x.through(activation));
    }

    @Override
    public List<double[]> backward(
            List<Values> inputs, Forward forward, double[] relevance, Tally tally) {
        tally.addKept(Arrays.stream(relevance).sum());
        return List.of(relevance);
    }
}
