package org.dl4jplasticity.relevance;

import org.dl4jplasticity.relevance.RelevanceRule.AlphaBeta;
import org.dl4jplasticity.relevance.RelevanceRule.Epsilon;
import org.dl4jplasticity.relevance.RelevanceRule.Flat;
import org.dl4jplasticity.relevance.RelevanceRule.Gamma;
import org.dl4jplasticity.relevance.RelevanceRule.RelativeEpsilon;
import org.dl4jplasticity.relevance.RelevanceRule.WSquared;
import org.dl4jplasticity.relevance.RelevanceRule.ZBox;

/** Every rule as it is written down: one message after the other, for one example. */
final class SlowRules {
    private SlowRules() {}

    /**
     * {@return the messages {@code R_ij}}
     *
     * @param a inputs
     * @param w weights [inputs][outputs]; NaN where there is no connection
     * @param b biases of the outputs
     * @param relevance of the outputs
     */
    static double[][] messages(
            RelevanceRule rule, double[] a, double[][] w, double[] b, double[] relevance) {
        double[][] messages = new double[a.length][b.length];
        double[] z = new double[b.length];
        double squares = 0;
        for (int j = 0; j < b.length; j++) {
            z[j] = b[j];
            for (int i = 0; i < a.length; i++) {
                z[j] += Double.isNaN(w[i][j]) ? 0 : a[i] * w[i][j];
            }
            squares += z[j] * z[j] / b.length;
        }
        for (int j = 0; j < b.length; j++) {
            for (int i = 0; i < a.length; i++) {
                if (!Double.isNaN(w[i][j])) {
                    messages[i][j] =
                            share(rule, a, w, b[j], z[j], Math.sqrt(squares), i, j) * relevance[j];
                }
            }
        }
        return messages;
    }

    private static double share(
            RelevanceRule rule,
            double[] a,
            double[][] w,
            double b,
            double z,
            double size,
            int i,
            int j) {
        double sign = z >= 0 ? 1 : -1;
        if (rule instanceof Epsilon epsilon) {
            return a[i] * w[i][j] / (z + sign * epsilon.epsilon());
        } else if (rule instanceof RelativeEpsilon epsilon) {
            return a[i] * w[i][j] / (z + sign * epsilon.epsilon() * size);
        } else if (rule instanceof Gamma gamma) {
            return ratio(
                    gamma(gamma.gamma(), a[i] * w[i][j], sign),
                    column(a, w, j, p -> gamma(gamma.gamma(), p, sign))
                            + gamma(gamma.gamma(), b, sign));
        } else if (rule instanceof AlphaBeta shares) {
            double product = a[i] * w[i][j];
            return shares.alpha() * ratio(plus(product), column(a, w, j, SlowRules::plus) + plus(b))
                    - shares.beta()
                            * ratio(minus(product), column(a, w, j, SlowRules::minus) + minus(b));
        } else if (rule instanceof WSquared) {
            double sum = 0;
            for (double[] row : w) {
                sum += Double.isNaN(row[j]) ? 0 : row[j] * row[j];
            }
            return w[i][j] * w[i][j] / sum;
        } else if (rule instanceof Flat) {
            double count = 0;
            for (double[] row : w) {
                count += Double.isNaN(row[j]) ? 0 : 1;
            }
            return 1 / count;
        } else if (rule instanceof ZBox box) {
            double sum = 0;
            for (int k = 0; k < a.length; k++) {
                sum += Double.isNaN(w[k][j]) ? 0 : box(box, a[k], w[k][j]);
            }
            return box(box, a[i], w[i][j]) / sum;
        }
        return a[i] * w[i][j] / z;
    }

    private interface Function {
        double of(double product);
    }

    /** The sum over the inputs of a function of each product of input and weight. */
    private static double column(double[] a, double[][] w, int j, Function function) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += Double.isNaN(w[i][j]) ? 0 : function.of(a[i] * w[i][j]);
        }
        return sum;
    }

    /** Products of the sign of z count 1 + gamma times: what the four cases come to. */
    private static double gamma(double gamma, double product, double sign) {
        return product * sign > 0 ? (1 + gamma) * product : product;
    }

    private static double box(ZBox box, double a, double w) {
        return a * w - box.low() * plus(w) - box.high() * minus(w);
    }

    private static double ratio(double part, double sum) {
        return sum == 0 ? 0 : part / sum;
    }

    private static double plus(double x) {
        return x > 0 ? x : 0;
    }

    private static double minus(double x) {
        return x < 0 ? x : 0;
    }
}
