package org.dl4jplasticity.relevance;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.dl4jplasticity.relevance.RulePart.Stabilizer;

/**
 * The sum of several inputs, each of which receives its share of the stabilized sum.
 *
 * @param stabilizer the stabilizer
 */
record AdditionNode(Stabilizer stabilizer) implements Node {

    @Override
    public int[] outputShape(List<int[]> inputs) {
        for (int[] input : inputs) {
            if (!Arrays.equals(input, inputs.get(0))) {
                throw LinearMap.wrongInput(
                        Arrays.toString(inputs.get(0)) + " as the first one is", input);
            }
        }
        return inputs.get(0);
    }

    @Override
    public Forward forward(List<Values> inputs) {
        Values first = inputs.get(0);
        double[] sums = first.data().clone();
        for (Values input : inputs.subList(1, inputs.size())) {
            for (int i = 0; i < sums.length; i++) {
                sums[i] += input.data()[i];
            }
        }
        return Forward.plain(new Values(first.examples(), first.shape(), sums));
    }

    @Override
    public List<double[]> backward(
            List<Values> inputs, Forward forward, double[] relevance, Tally tally) {
        double[] shares = shares(forward.output(), relevance, tally);
        List<double[]> received = new ArrayList<>();
        for (Values input : inputs) {
            double[] part = new double[shares.length];
            Arrays.setAll(part, i -> input.data()[i] * shares[i]);
            tally.addKept(Arrays.stream(part).sum());
            received.add(part);
        }
        return received;
    }

    private double[] shares(Values sums, double[] relevance, Tally tally) {
        double[] stabilizers = stabilizer.of(sums);
        double[] shares = new double[relevance.length];
        for (int i = 0; i < shares.length; i++) {
            double denominator = sums.data()[i] + stabilizers[i];
            if (denominator == 0) {
                tally.addStabilizer(relevance[i]);
            } else {
                shares[i] = relevance[i] / denominator;
                tally.addStabilizer(stabilizers[i] * shares[i]);
            }
        }
        return shares;
    }
}
