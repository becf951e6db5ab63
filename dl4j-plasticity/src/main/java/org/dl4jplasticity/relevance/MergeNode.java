package org.dl4jplasticity.relevance;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Several inputs one after the other, along units or channels. */
record MergeNode() implements Node {

    @Override
    public int[] outputShape(List<int[]> inputs) {
        int[] merged = inputs.get(0).clone();
        merged[0] = 0;
        for (int[] input : inputs) {
            int[] rest = input.clone();
            rest[0] = merged[0];
            if (!Arrays.equals(rest, merged)) {
                throw LinearMap.wrongInput(
                        "the size of the first one, %s, beyond the channels"
                                .formatted(Arrays.toString(inputs.get(0))),
                        input);
            }
            merged[0] += input[0];
        }
        return merged;
    }

    @Override
    public Forward forward(List<Values> inputs) {
        int examples = inputs.get(0).examples();
        int[] shape = outputShape(inputs.stream().map(Values::shape).toList());
        double[] merged = new double[examples * Values.size(shape)];
        int to = 0;
        for (int example = 0; example < examples; example++) {
            for (Values input : inputs) {
                System.arraycopy(input.data(), example * input.size(), merged, to, input.size());
                to += input.size();
            }
        }
        return Forward.plain(new Values(examples, shape, merged));
    }

    @Override
    public List<double[]> backward(
            List<Values> inputs, Forward forward, double[] relevance, Tally tally) {
        List<double[]> parts = new ArrayList<>();
        int before = 0;
        for (Values input : inputs) {
            double[] part = new double[input.data().length];
            for (int example = 0; example < input.examples(); example++) {
                int from = example * forward.output().size() + before;
                System.arraycopy(relevance, from, part, example * input.size(), input.size());
            }
            tally.addKept(Arrays.stream(part).sum());
            parts.add(part);
            before += input.size();
        }
        return parts;
    }
}
