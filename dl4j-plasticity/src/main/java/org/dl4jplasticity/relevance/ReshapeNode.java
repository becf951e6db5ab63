package org.dl4jplasticity.relevance;

import java.util.Arrays;
import java.util.List;

/**
 * The same values in another shape.
 *
 * @param shape the new shape of one example; null for one dimension
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
record ReshapeNode(int[] shape) implements Node {

    @Override
    public int[] outputShape(List<int[]> inputs) {
        int size = Values.size(inputs.get(0));
        if (shape == null) {
            return new int[] {size};
        }
        if (Values.size(shape) != size) {
            throw LinearMap.wrongInput(Arrays.toString(shape), inputs.get(0));
        }
        return shape;
    }

    @Override
    public Forward forward(List<Values> inputs) {
        Values x = inputs.get(0);
        return Forward.plain(new Values(x.examples(), outputShape(List.of(x.shape())), x.data()));
    }

    @Override
    public List<double[]> backward(
            List<Values> inputs, Forward forward, double[] relevance, Tally tally) {
        tally.addKept(Arrays.stream(relevance).sum());
        return List.of(relevance);
    }
}
