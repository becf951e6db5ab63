package org.dl4jplasticity.transformer;

/**
 * Scaled dot-product attention of several heads (Vaswani et al. 2017, arXiv:1706.03762, sec. 3.2)
 * for one minibatch, with dropped attention weights:
 *
 * <pre>
 * context(t) = sum over u of m(t, u) softmax over u of (q(t) k(u) / sqrt(head size)) v(u)
 * </pre>
 *
 * <p>Queries, keys, values and contexts are [minibatch, steps, width] in 'c' order, each head has
 * {@code width / heads} neighbouring columns. Weights and masks are [minibatch, heads, steps,
 * steps].
 */
final class DotProductAttention {
    private final int examples;
    private final int steps;
    private final int width;
    private final int heads;
    private final double[] q;
    private final double[] k;
    private final double[] v;
    private final double[] mask;
    private final double[] weights;

    /**
     * Computes the attention weights.
     *
     * @param present which steps there are, 1 or 0, [minibatch, steps]; null for all
     * @param mask by which weights are multiplied; null for none
     */
    DotProductAttention(
            int steps,
            int width,
            int heads,
            double[] q,
            double[] k,
            double[] v,
            double[] present,
            double[] mask) {
        this.examples = q.length / (steps * width);
        this.steps = steps;
        this.width = width;
        this.heads = heads;
        this.q = q;
        this.k = k;
        this.v = v;
        this.mask = mask;
        this.weights = new double[examples * heads * steps * steps];
        for (int example = 0; example < examples; example++) {
            for (int head = 0; head < heads; head++) {
                for (int t = 0; t < steps; t++) {
                    softmax(example, head, t, present);
                }
            }
        }
    }

    private int row(int example, int t, int head) {
        return (example * steps + t) * width + head * (width / heads);
    }

    private int weight(int example, int head, int t, int u) {
        return ((example * heads + head) * steps + t) * steps + u;
    }

    private double scale() {
        return 1 / Math.sqrt((double) width / heads);
    }

    private void softmax(int example, int head, int t, double[] present) {
        double largest = Double.NEGATIVE_INFINITY;
        for (int u = 0; u < steps; u++) {
            boolean there = present == null || present[example * steps + u] > 0;
            double product =
                    there ? dot(q, row(example, t, head), k, row(example, u, head)) * scale() : 0;
            weights[weight(example, head, t, u)] = there ? product : Double.NEGATIVE_INFINITY;
            largest = there ? Math.max(largest, product) : largest;
        }
        double sum = 0;
        for (int u = 0; u < steps; u++) {
            int at = weight(example, head, t, u);
            // Nothing is attended to where there is no step.
            weights[at] =
                    weights[at] == Double.NEGATIVE_INFINITY ? 0 : Math.exp(weights[at] - largest);
            sum += weights[at];
        }
        for (int u = 0; u < steps && sum > 0; u++) {
            weights[weight(example, head, t, u)] /= sum;
        }
    }

    private double dot(double[] a, int fromA, double[] b, int fromB) {
        double sum = 0;
        for (int i = 0; i < width / heads; i++) {
            sum += a[fromA + i] * b[fromB + i];
        }
        return sum;
    }

    private void add(double factor, double[] from, int source, double[] to, int target) {
        for (int i = 0; i < width / heads; i++) {
            to[target + i] += factor * from[source + i];
        }
    }

    private double kept(int at) {
        return mask == null ? 1 : mask[at];
    }

    /** {@return the contexts} */
    double[] forward() {
        double[] context = new double[q.length];
        for (int example = 0; example < examples; example++) {
            for (int head = 0; head < heads; head++) {
                for (int t = 0; t < steps; t++) {
                    for (int u = 0; u < steps; u++) {
                        int at = weight(example, head, t, u);
                        add(
                                weights[at] * kept(at),
                                v,
                                row(example, u, head),
                                context,
                                row(example, t, head));
                    }
                }
            }
        }
        return context;
    }

    /**
     * {@return the gradients of queries, keys and values}
     *
     * @param gradient at the contexts
     */
    double[][] backward(double[] gradient) {
        double[][] result = new double[3][q.length];
        double[] ofWeights = new double[steps];
        for (int example = 0; example < examples; example++) {
            for (int head = 0; head < heads; head++) {
                for (int t = 0; t < steps; t++) {
                    int query = row(example, t, head);
                    double mean = 0;
                    for (int u = 0; u < steps; u++) {
                        int at = weight(example, head, t, u);
                        int key = row(example, u, head);
                        add(weights[at] * kept(at), gradient, query, result[2], key);
                        ofWeights[u] = kept(at) * dot(gradient, query, v, key);
                        mean += weights[at] * ofWeights[u];
                    }
                    for (int u = 0; u < steps; u++) {
                        double ofProduct =
                                weights[weight(example, head, t, u)]
                                        * (ofWeights[u] - mean)
                                        * scale();
                        int key = row(example, u, head);
                        add(ofProduct, k, key, result[0], query);
                        add(ofProduct, q, query, result[1], key);
                    }
                }
            }
        }
        return result;
    }
}
