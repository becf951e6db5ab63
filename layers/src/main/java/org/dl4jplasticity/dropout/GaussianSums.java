package org.dl4jplasticity.dropout;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Weighted sums of a layer whose weights are normal and independent, with means W and variances V:
 * they are normal themselves, with the mean {@code x W + b} and the variance {@code x^2 V} (the
 * local reparametrization of Kingma et al. 2015, sec. 2.2). A forward pass, then a backward pass.
 */
final class GaussianSums {
    /** Added to variances, so that a deviation has a derivative. */
    private static final double LEAST = 1e-10;

    private final INDArray x;
    private final INDArray w;
    private final INDArray v;
    private final INDArray mean;
    private final INDArray variance;

    /**
     * Computes means and variances.
     *
     * @param x [minibatch, nIn]
     * @param w [nIn, nOut], 'f' order
     * @param v [nIn, nOut], 'f' order
     * @param b [nOut], or null for none
     */
    GaussianSums(INDArray x, INDArray w, INDArray v, INDArray b) {
        this.x = x.castTo(w.dataType());
        this.w = w;
        this.v = v;
        mean = product(this.x, w);
        if (b != null) {
            mean.addiRowVector(b);
        }
        variance = product(this.x.mul(this.x), v).addi(LEAST);
    }

    private static INDArray product(INDArray left, INDArray right) {
        INDArray result =
                Nd4j.createUninitialized(
                        right.dataType(), new long[] {left.size(0), right.size(1)}, 'c');
        return Nd4j.matmul(left, right, result);
    }

    /** {@return the means, [minibatch, nOut]; not a copy} */
    INDArray mean() {
        return mean;
    }

    /** {@return the variances, [minibatch, nOut]; not a copy} */
    INDArray variance() {
        return variance;
    }

    /**
     * {@return the gradient by V, [nIn, nOut]}
     *
     * @param ofMean the gradient by the means, [minibatch, nOut]
     * @param ofVariance the gradient by the variances, [minibatch, nOut]
     * @param wGradient the gradient by W with V held fast; overwritten
     * @param bGradient overwritten; or null for none
     * @param xGradient [minibatch, nIn]; overwritten
     */
    INDArray backward(
            INDArray ofMean,
            INDArray ofVariance,
            INDArray wGradient,
            INDArray bGradient,
            INDArray xGradient) {
        Nd4j.gemm(x, ofMean, wGradient, true, false, 1, 0);
        if (bGradient != null) {
            bGradient.assign(ofMean.sum(0));
        }
        Nd4j.gemm(ofMean, w, xGradient, false, true, 1, 0);
        xGradient.addi(product(ofVariance, v.transpose()).muli(x).muli(2));
        INDArray vGradient = Nd4j.createUninitialized(v.dataType(), v.shape(), 'f');
        return Nd4j.gemm(x.mul(x), ofVariance, vGradient, true, false, 1, 0);
    }
}
