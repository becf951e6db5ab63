package org.dl4jplasticity.relevance;

import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import org.dl4jplasticity.relevance.RulePart.Term;
import org.nd4j.linalg.activations.IActivation;

/**
 * A linear map, its bias and an activation function, with a rule. Relevance passes the activation
 * function unchanged.
 */
final class LinearNode implements Node {
    private final LinearMap map;
    private final IActivation activation;
    private final List<BoundPart> parts;

    /**
     * A node.
     *
     * @param activation the activation function; null for none
     * @param rule how relevance is handed on
     */
    LinearNode(LinearMap map, IActivation activation, RelevanceRule rule) {
        this.map = map;
        this.activation = activation;
        this.parts = RulePart.of(rule).stream().map(part -> new BoundPart(part, map)).toList();
    }

    /** A part of a rule with the weights it makes of the map's. */
    private static final class BoundPart {
        private final RulePart rule;
        private final double[] bias;
        private final LinearMap map;
        private final double[][] weights;

        BoundPart(RulePart rule, LinearMap map) {
            this.rule = rule;
            this.map = map;
            this.bias = Arrays.stream(map.bias()).map(rule.bias()).toArray();
            this.weights = new double[rule.terms().size()][];
        }

        /** The weights of a term, made when first needed. */
        double[] weights(int term) {
            if (weights[term] == null) {
                weights[term] = rule.terms().get(term).weight().of(map);
            }
            return weights[term];
        }
    }

    LinearMap map() {
        return map;
    }

    @Override
    public int[] outputShape(List<int[]> inputs) {
        return map.outputShape(inputs.get(0));
    }

    @Override
    public long workspace(List<int[]> inputs) {
        return map.workspace(inputs.get(0));
    }

    @Override
    public Forward forward(List<Values> inputs) {
        Values x = inputs.get(0);
        Values sums = outputs(map.apply(x, map.weights()), x);
        addBias(sums, map.bias());
        return new Forward(sums, activation == null ? sums : sums.through(activation));
    }

    private Values outputs(double[] data, Values x) {
        return new Values(x.examples(), map.outputShape(x.shape()), data);
    }

    private static void addBias(Values sums, double[] bias) {
        int positions = Values.positions(sums.shape());
        for (int i = 0; bias.length > 0 && i < sums.data().length; i++) {
            sums.data()[i] += bias[i / positions % bias.length];
        }
    }

    @Override
    public List<double[]> backward(
            List<Values> inputs, Forward forward, double[] relevance, Tally tally) {
        Values x = inputs.get(0);
        double[] received = new double[x.data().length];
        for (BoundPart part : parts) {
            handOn(part, x, forward.sums(), relevance, received, tally);
        }
        tally.addKept(Arrays.stream(received).sum());
        return List.of(received);
    }

    private void handOn(
            BoundPart part,
            Values x,
            Values sums,
            double[] relevance,
            double[] received,
            Tally tally) {
        boolean plain = part.rule.isPlain();
        List<Values> transformed =
                plain
                        ? List.of(x)
                        : part.rule.terms().stream().map(term -> transform(x, term)).toList();
        double[] denominators = plain ? sums.data() : denominators(part, transformed, x).data();
        Values shares = outputs(shares(part, denominators, sums, relevance, tally), x);
        for (int t = 0; t < transformed.size(); t++) {
            Values input = transformed.get(t);
            if (input != null) {
                double[] weights = part.weights(t);
                double[] c = map.applyTransposed(shares, x.shape(), weights);
                for (int i = 0; i < c.length; i++) {
                    received[i] += input.data()[i] * c[i]; // R_i = x_i sum_j v_ij s_j
                }
                if (tally.weightsWanted() && weights.length > 0) {
                    tally.addWeights(
                            map.products(input, shares),
                            map.products(amounts(input), amounts(shares)),
                            weights);
                }
            }
        }
    }

    /** The inputs of a term; null if all are 0. */
    private static Values transform(Values x, Term term) {
        DoubleUnaryOperator function = term.input();
        double[] data = new double[x.data().length];
        boolean any = false;
        for (int i = 0; i < data.length; i++) {
            data[i] = function.applyAsDouble(x.data()[i]);
            any |= data[i] != 0;
        }
        return any ? new Values(x.examples(), x.shape(), data) : null;
    }

    private static Values amounts(Values values) {
        double[] amounts = Arrays.stream(values.data()).map(Math::abs).toArray();
        return new Values(values.examples(), values.shape(), amounts);
    }

    private Values denominators(BoundPart part, List<Values> transformed, Values x) {
        Values sums =
                outputs(new double[x.examples() * Values.size(map.outputShape(x.shape()))], x);
        for (int t = 0; t < transformed.size(); t++) {
            if (transformed.get(t) != null) {
                double[] term = map.apply(transformed.get(t), part.weights(t));
                for (int j = 0; j < term.length; j++) {
                    sums.data()[j] += term[j];
                }
            }
        }
        addBias(sums, part.bias);
        return sums;
    }

    /** The shares {@code s_j = factor R_j / D_j}; notes what bias and stabilizer absorb. */
    private static double[] shares(
            BoundPart part, double[] denominators, Values sums, double[] relevance, Tally tally) {
        double[] shares = new double[denominators.length];
        double[] stabilizers = part.rule.stabilizer().of(sums);
        double[] bias = part.bias;
        int positions = Values.positions(sums.shape());
        double byBias = 0;
        double byStabilizer = 0;
        for (int j = 0; j < shares.length; j++) {
            if (part.rule.outputs().contain(sums.data()[j])) {
                double denominator = denominators[j] + stabilizers[j];
                double toHandOn = part.rule.factor() * relevance[j];
                if (denominator == 0) {
                    byStabilizer += toHandOn;
                } else {
                    shares[j] = toHandOn / denominator;
                    byStabilizer += stabilizers[j] * shares[j];
                    byBias += bias.length == 0 ? 0 : bias[j / positions % bias.length] * shares[j];
                }
            }
        }
        tally.addBias(byBias);
        tally.addStabilizer(byStabilizer);
        return shares;
    }
}
