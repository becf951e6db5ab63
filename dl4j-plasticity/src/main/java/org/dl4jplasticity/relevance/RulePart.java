package org.dl4jplasticity.relevance;

import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import org.dl4jplasticity.relevance.RelevanceRule.AlphaBeta;
import org.dl4jplasticity.relevance.RelevanceRule.Epsilon;
import org.dl4jplasticity.relevance.RelevanceRule.Flat;
import org.dl4jplasticity.relevance.RelevanceRule.Gamma;
import org.dl4jplasticity.relevance.RelevanceRule.RelativeEpsilon;
import org.dl4jplasticity.relevance.RelevanceRule.WSquared;
import org.dl4jplasticity.relevance.RelevanceRule.ZBox;
import org.dl4jplasticity.relevance.RelevanceRule.Zero;

/**
 * A share of a rule that has one denominator per output: what all rules are sums of. With the terms
 * t it gives {@code R_ij = factor sum_t x_ti v_tij / D_j R_j}, where {@code D_j = sum_ti x_ti v_tij
 * + bias_j + stabilizer_j}, and x and v are functions of the inputs and the weights. Of the terms
 * and parts of a rule at most one is not 0 for any i and j.
 *
 * @param factor what the relevance is multiplied with
 * @param outputs which outputs it is for
 * @param terms the terms
 * @param bias the share of the bias, as a function of it
 * @param stabilizer the size of the stabilizer
 */
record RulePart(
        double factor,
        Outputs outputs,
        List<Term> terms,
        DoubleUnaryOperator bias,
        Stabilizer stabilizer) {

    /** The outputs a part is for, by the sign of z. */
    enum Outputs {
        ALL,
        NOT_NEGATIVE,
        NEGATIVE;

        boolean contain(double z) {
            return switch (this) {
                case ALL -> true;
                case NOT_NEGATIVE -> z >= 0;
                case NEGATIVE -> z < 0;
            };
        }
    }

    /** A product of inputs and weights. */
    record Term(DoubleUnaryOperator input, WeightFunction weight) {}

    /** Makes other weights of those of a layer. */
    interface WeightFunction {
        double[] of(LinearMap map);
    }

    /** The size of what is added to a denominator; relative to the root mean square of z or not. */
    record Stabilizer(double epsilon, boolean relative) {
        static final Stabilizer NONE = new Stabilizer(0, false);

        /**
         * {@return the stabilizer of every sum, of the sum's sign}
         *
         * @param z the sums
         */
        double[] of(Values z) {
            double[] sizes = new double[z.data().length];
            for (int start = 0; start < sizes.length; start += z.size()) {
                double size = size(z.data(), start, start + z.size());
                for (int j = start; j < start + z.size(); j++) {
                    sizes[j] = z.data()[j] >= 0 ? size : -size;
                }
            }
            return sizes;
        }

        private double size(double[] z, int from, int to) {
            if (!relative) {
                return epsilon;
            }
            double squares = 0;
            for (int j = from; j < to; j++) {
                squares += z[j] * z[j];
            }
            return epsilon * Math.sqrt(squares / (to - from));
        }
    }

    /** What rules make of inputs, weights and biases. */
    private enum Share implements DoubleUnaryOperator {
        ITSELF,
        PLUS,
        MINUS,
        ZERO,
        ONE;

        @Override
        public double applyAsDouble(double x) {
            return switch (this) {
                case ITSELF -> x;
                case PLUS -> Math.max(x, 0);
                case MINUS -> Math.min(x, 0);
                case ZERO -> 0;
                case ONE -> 1;
            };
        }
    }

    /** {@return what a rule is the sum of} */
    static List<RulePart> of(RelevanceRule rule) {
        if (rule instanceof Zero) {
            return plain(Stabilizer.NONE);
        } else if (rule instanceof Epsilon epsilon) {
            return plain(new Stabilizer(epsilon.epsilon(), false));
        } else if (rule instanceof RelativeEpsilon epsilon) {
            return plain(new Stabilizer(epsilon.epsilon(), true));
        } else if (rule instanceof Gamma gamma) {
            return gamma(gamma.gamma());
        } else if (rule instanceof AlphaBeta shares) {
            return alphaBeta(shares.alpha(), shares.beta());
        } else if (rule instanceof WSquared) {
            return List.of(withoutBias(new Term(Share.ONE, each(w -> w * w))));
        } else if (rule instanceof Flat) {
            return List.of(withoutBias(new Term(Share.ONE, LinearMap::ones)));
        } else if (rule instanceof ZBox box) {
            return List.of(
                    withoutBias(
                            new Term(a -> a - box.low(), each(Share.PLUS)),
                            new Term(a -> a - box.high(), each(Share.MINUS))));
        }
        throw new IllegalArgumentException("a layer needs a rule, got " + rule);
    }

    /** {@return the stabilizer of the zero rule or of an epsilon rule} */
    static Stabilizer stabilizerOf(RelevanceRule rule) {
        if (rule instanceof Zero || rule instanceof Epsilon || rule instanceof RelativeEpsilon) {
            return of(rule).get(0).stabilizer();
        }
        throw new IllegalArgumentException(
                "sums need the zero rule or an epsilon rule, got " + rule);
    }

    /** Whether the only term is that of the layer itself, so that its sums are z. */
    boolean isPlain() {
        return terms.size() == 1
                && terms.get(0).input().equals(Share.ITSELF)
                && bias.equals(Share.ITSELF);
    }

    private static List<RulePart> plain(Stabilizer stabilizer) {
        return List.of(
                new RulePart(
                        1,
                        Outputs.ALL,
                        List.of(new Term(Share.ITSELF, LinearMap::weights)),
                        Share.ITSELF,
                        stabilizer));
    }

    private static List<RulePart> gamma(double gamma) {
        DoubleUnaryOperator up = w -> w + gamma * Math.max(w, 0);
        DoubleUnaryOperator down = w -> w + gamma * Math.min(w, 0);
        return List.of(
                part(1, Outputs.NOT_NEGATIVE, up, bySign(up, down)),
                part(1, Outputs.NEGATIVE, down, bySign(down, up)));
    }

    private static List<RulePart> alphaBeta(double alpha, double beta) {
        RulePart supporting = part(alpha, Outputs.ALL, Share.PLUS, bySign(Share.PLUS, Share.MINUS));
        return beta == 0
                ? List.of(supporting)
                : List.of(
                        supporting,
                        part(-beta, Outputs.ALL, Share.MINUS, bySign(Share.MINUS, Share.PLUS)));
    }

    private static List<Term> bySign(DoubleUnaryOperator ofPlus, DoubleUnaryOperator ofMinus) {
        return List.of(new Term(Share.PLUS, each(ofPlus)), new Term(Share.MINUS, each(ofMinus)));
    }

    private static RulePart part(
            double factor, Outputs outputs, DoubleUnaryOperator bias, List<Term> terms) {
        return new RulePart(factor, outputs, terms, bias, Stabilizer.NONE);
    }

    private static RulePart withoutBias(Term... terms) {
        return part(1, Outputs.ALL, Share.ZERO, List.of(terms));
    }

    private static WeightFunction each(DoubleUnaryOperator function) {
        return map -> Arrays.stream(map.weights()).map(function).toArray();
    }
}
